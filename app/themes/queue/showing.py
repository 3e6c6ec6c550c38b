"""A passage of the queue with all that its page shows, and why it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flask_babel
from sqlalchemy.orm import Session

from app.core.i18n import language, plain_number
from app.submissions.masking import masks_of
from app.submissions.models import Submission
from app.territories.models import Region
from app.themes.choosing import parts_of
from app.themes.labels import language_name
from app.themes.models import AnalysisRun, Passage, PassageState, Placement, Theme
from app.themes.queries import root_of, themes_of
from app.themes.queue.drawing import Draw
from app.themes.queue.worth import REPRESENTED

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext

#: Under this margin the machine is said to be in doubt.
DOUBT = 0.2
#: From this many signatories on they are a reason of their own.
MANY = 5
#: A group with less than this part of its share is seldom heard.
SELDOM = 0.5


@dataclass(frozen=True)
class Card:
    """A passage in its context, personal data masked.

    :ivar before: what the answer says before it; ``after``: and after it.
    :ivar region: None where it was not stated.
    """

    passage: Passage
    submission: Submission
    before: str
    words: str
    after: str
    region: Region | None


@dataclass(frozen=True)
class Shown:
    """A card of the queue.

    :ivar guess: the theme that the machine, or a decision, has it in; None if in none.
    """

    card: Card
    placement: Placement
    draw: Draw
    guess: Theme | None
    reasons: list[str]


def card_of(session: Session, passage: Passage) -> Card:
    """Return a passage in its context."""
    answer, submission = passage.answer, passage.submission
    masks = masks_of(session, [passage.answer_id])
    parts = parts_of(answer.text or "", passage.start, passage.end)
    before, words, after = (masks.words(answer.id, part, start) for start, part in parts)
    region = session.get(Region, submission.region_code) if submission.region_code else None
    return Card(passage, submission, before, words, after, region)


def shown_of(session: Session, run: AnalysisRun, placement: Placement, draw: Draw) -> Shown:
    """Return a passage as the queue shows it."""
    card = card_of(session, placement.passage)
    guess = None
    if placement.theme_id is not None:
        themes = {theme.id: theme for theme in session.scalars(themes_of(run.consultation_id))}
        guess = root_of(themes[placement.theme_id], themes)
    return Shown(card, placement, draw, guess, reasons_of(run, card, placement, draw))


def reasons_of(run: AnalysisRun, card: Card, placement: Placement, draw: Draw) -> list[str]:
    """Say why a passage is shown; of those shown blind only that they are."""
    if draw is not Draw.WORTH:
        return [
            _(
                "Drawn by chance, or shown a second time: such looks, given without the "
                "machine’s guess, measure how often it is right and how consistent people are."
            )
        ]
    represented = (run.carried or {}).get(REPRESENTED, {})
    reasons = []
    if placement.state == PassageState.TO_ARBITRATE:
        reasons.append(_("The machine could not place it."))
    elif placement.state == PassageState.IN_THEME and placement.margin < DOUBT:
        reasons.append(_("The machine is in doubt: margin %(margin)s.", margin=_margin(placement)))
    signatories = placement.n_copies + 1
    if signatories >= MANY:
        reasons.append(
            ngettext(
                "One text, %(number)s signatory.",
                "One text, %(number)s signatories.",
                signatories,
                number=plain_number(signatories),
            )
        )
    if _is_seldom(represented, "language", card.passage.language):
        name = language_name(card.passage.language)
        reasons.append(_("A language seldom heard here: %(language)s.", language=name))
    if card.region is not None and _is_seldom(represented, "region", card.region.code):
        name = card.region.names.best(language().code)[0]
        reasons.append(_("A region seldom heard here: %(region)s.", region=name))
    return reasons or [_("Next in the order of what a look is worth.")]


def _margin(placement: Placement) -> str:
    """Write a margin."""
    return plain_number(placement.margin, decimals=2)


def _is_seldom(represented: dict[str, dict[str, float]], kind: str, code: str) -> bool:
    """Tell whether a group has much less than its share of the passages."""
    return represented.get(kind, {}).get(code, 1.0) < SELDOM
