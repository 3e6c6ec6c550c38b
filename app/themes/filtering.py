"""The filters over a list of passages, as the address says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from app.core.db import db
from app.core.i18n import language
from app.territories.models import Region
from app.themes import labels
from app.themes.models import PassageState
from app.themes.queries import Narrowing

#: Names of the filters in the address.
NAMES = ("state", "region", "actor_type", "language", "q")


def asked_state(
    default: PassageState | None = None, asked_for: Mapping[str, str] | None = None
) -> PassageState | None:
    """Return the state asked for in the address, or in a form that carries the filters along."""
    asked = (request.values if asked_for is None else asked_for).get("state", "")
    return PassageState(asked) if asked in set(PassageState) else default


def asked_part(part: Narrowing, asked_for: Mapping[str, str] | None = None) -> Narrowing:
    """Return the part of the corpus asked for, within what the reader may read."""
    asked = request.values if asked_for is None else asked_for
    return Narrowing(
        region=asked.get("region") or None,
        actor_type=asked.get("actor_type") or None,
        language=asked.get("language") or None,
        regions=part.regions,
    )


def filters() -> dict[str, Any]:
    """Return what the filters over a list of passages offer and what is chosen."""
    chosen = {name: value for name in NAMES if (value := request.values.get(name, ""))}
    regions = list(db.session.query(Region).order_by(Region.code))
    code = language().code
    return {
        "regions_by_code": {region.code: region for region in regions},
        "region_choices": [(region.code, region.names.best(code)[0]) for region in regions],
        "state_choices": [(str(key), str(label)) for key, label in labels.STATES.items()],
        "language_choices": [(key, str(label)) for key, label in labels.LANGUAGES.items()],
        "chosen": chosen,
    }
