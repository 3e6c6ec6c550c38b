"""The blueprint that the public pages and the builder of questionnaires share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("consultations", __name__, template_folder="templates")
