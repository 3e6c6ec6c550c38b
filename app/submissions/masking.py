"""Personal data kept out of what is shown: where it is, and words with labels in its place.

This module alone of the feature asks :mod:`nlp.personal`, a pure library of its own that needs
neither the word vectors nor a language pipeline. The original words stay in the answer; what is
masked is told by rows (:class:`app.submissions.models.Redaction`), so that a mask can be added or
lifted by people, and by a reading on the spot for texts that nothing has screened yet.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.submissions.models import Answer, Redaction, Submission

#: What a moderator masks that is none of the kinds the machine knows.
OTHER: Final = "other"
_OTHER_LABELS: Final = ("passage masqué", "مقطع محجوب")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_ARABIC = re.compile(r"[\u0620-\u064a]")


class Spot(NamedTuple):
    """A stretch of a text, in code points, and the kind of personal data that it is."""

    start: int
    end: int
    kind: str


@cache
def kinds() -> dict[str, tuple[str, str]]:
    """Return the labels by kind: for texts in Latin and in Arabic letters."""
    from nlp.personal.kinds import LABELS

    return {kind.value: labels for kind, labels in LABELS.items()} | {OTHER: _OTHER_LABELS}


def found_in(text: str) -> list[Spot]:
    """Return the personal data that the machine finds in a text."""
    from nlp.personal import find_personal_data

    return [Spot(one.start, one.end, one.kind.value) for one in find_personal_data(text)]


@dataclass(frozen=True)
class Covered:
    """A text with labels in the place of personal data, and where everything has gone.

    :ivar labels: for each label where the words were (start, end) and where it stands now.
    """

    text: str
    labels: tuple[tuple[int, int, int, int], ...] = ()

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the original stands; labels it touches are whole in it."""
        return self._moved(start, is_end=False), self._moved(end, is_end=True)

    def _moved(self, offset: int, *, is_end: bool) -> int:
        """Return where an offset of the original is; inside hidden words, the label's edge."""
        shift = 0
        for start, end, now_start, now_end in self.labels:
            if offset <= start:
                break
            if offset < end:
                return now_end if is_end else now_start
            shift = now_end - end
        return offset + shift


def cover(words: str, spots: Iterable[Spot], *, at: int = 0) -> Covered:
    """Put a label in the place of each spot.

    :param at: offset of the words in the text that the spots are told of; a spot that begins
        before the words or ends after them covers what of it they hold.
    """
    is_arabic = len(_ARABIC.findall(words)) > len(_LATIN.findall(words))
    parts: list[str] = []
    labels: list[tuple[int, int, int, int]] = []
    done = length = 0
    for spot in sorted(spots):
        start, end = max(spot.start - at, done), min(spot.end - at, len(words))
        if start < end:
            label = f"[{kinds().get(spot.kind, _OTHER_LABELS)[is_arabic]}]"
            parts += [words[done:start], label]
            place = length + start - done
            length = place + len(label)
            labels.append((start, end, place, length))
            done = end
    return Covered("".join([*parts, words[done:]]), tuple(labels))


def covered(words: str, spots: Iterable[Spot], *, at: int = 0) -> str:
    """Return words with a label in the place of each spot, as :func:`cover` does."""
    return cover(words, spots, at=at).text


class Masks:
    """The masks of some answers.

    :ivar unscreened: answers that nothing has screened yet; their words are read on the spot.
    """

    def __init__(self, spots: Mapping[int, list[Spot]], unscreened: set[int]) -> None:
        self._spots = spots
        self.unscreened = unscreened

    def words(self, answer_id: int, words: str, start: int = 0) -> str:
        """Return words of an answer, beginning at ``start`` of its text, as they may be shown."""
        return self.cover(answer_id, words, start).text

    def cover(self, answer_id: int, words: str, start: int = 0) -> Covered:
        """Return words of an answer as they may be shown, and where each place of them went."""
        spots = [*self._spots.get(answer_id, ())]
        if answer_id in self.unscreened:
            spots += [Spot(one.start + start, one.end + start, one.kind) for one in found_in(words)]
        return cover(words, spots, at=start) if spots else Covered(words)

    def hides(self, answer_id: int, words: str, start: int = 0) -> bool:
        """Tell whether anything of these words is masked."""
        return self.words(answer_id, words, start) != words


def masks_of(session: Session, answer_ids: Iterable[int]) -> Masks:
    """Return the masks of some answers, those of earlier screenings and those that are wanting."""
    wanted = sorted(set(answer_ids))
    spots: dict[int, list[Spot]] = defaultdict(list)
    unscreened: set[int] = set()
    for begin in range(0, len(wanted), 500):
        some = wanted[begin : begin + 500]
        rows = session.execute(
            select(Redaction.answer_id, Redaction.start, Redaction.end, Redaction.kind).where(
                Redaction.answer_id.in_(some), Redaction.is_lifted.is_(False)
            )
        )
        for row in rows:
            spots[row.answer_id].append(Spot(row.start, row.end, row.kind))
        unscreened |= set(
            session.scalars(
                select(Answer.id)
                .join(Submission, Submission.id == Answer.submission_id)
                .where(Answer.id.in_(some), Submission.screened_version < Submission.version)
            )
        )
    return Masks(spots, unscreened)
