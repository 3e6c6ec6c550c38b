"""Pages of this feature."""

from __future__ import annotations

from flask import Blueprint

from app.reports import labels

bp = Blueprint("reports", __name__, template_folder="templates")
bp.add_app_template_filter(labels.language_name, "passage_language")
bp.add_app_template_filter(labels.channel_name, "channel")
