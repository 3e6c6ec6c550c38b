"""The blueprint of the registry, of mandates and of what links sent by e-mail open."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("organisations", __name__, template_folder="templates")
