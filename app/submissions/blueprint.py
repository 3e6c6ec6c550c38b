"""The blueprint that the pages of answering, of staff and of imports share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("submissions", __name__, template_folder="templates")
