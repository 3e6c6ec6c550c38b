"""Staff pages of the analysis and of its review."""

from __future__ import annotations

from app.themes.blueprint import bp
from app.themes.card import views as card
from app.themes.codebook import views as codebook
from app.themes.contrasting import views as contrasting
from app.themes.decisions import views as decisions
from app.themes.exploring import views as exploring
from app.themes.proposals import division_views as divisions
from app.themes.proposals import views as proposals
from app.themes.queue import views as queue
from app.themes.reliability import views as reliability
from app.themes.views import analyses, comparing, review
from app.themes.workbench import decisions as workbench_decisions
from app.themes.workbench import views as workbench

__all__ = [
    "analyses",
    "bp",
    "card",
    "codebook",
    "comparing",
    "contrasting",
    "decisions",
    "divisions",
    "exploring",
    "proposals",
    "queue",
    "reliability",
    "review",
    "workbench",
    "workbench_decisions",
]
