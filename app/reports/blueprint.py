"""The pages of the reports and what their templates are lent."""

from __future__ import annotations

from flask import Blueprint

from app.core.access import Role
from app.reports import labels
from app.reports.claims import wording

bp = Blueprint("reports", __name__, template_folder="templates")
bp.add_app_template_filter(labels.language_name, "passage_language")
bp.add_app_template_filter(labels.channel_name, "channel")
bp.add_app_template_filter(labels.withheld_reason, "withheld_reason")
bp.add_app_template_filter(wording.to_markup, "isolated")

#: Those who read reports before the public does.
READERS = (Role.ADMINISTRATOR, Role.ANALYST, Role.OBSERVER)
