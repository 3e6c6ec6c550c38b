"""The pages of what followed: "my contribution", the ministry's answers, measures."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("commitments", __name__, template_folder="templates")
