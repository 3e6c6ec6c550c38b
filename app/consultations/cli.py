"""Commands of this feature."""

from __future__ import annotations

from flask.cli import AppGroup

group = AppGroup("consultations", help="Commands of this feature.")
