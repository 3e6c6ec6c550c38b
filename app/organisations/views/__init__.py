"""Pages of the registry, of mandates, and those that links sent by e-mail open."""

from __future__ import annotations

from app.organisations.blueprint import bp
from app.organisations.views import entry, imports, people, registry

__all__ = ["bp", "entry", "imports", "people", "registry"]
