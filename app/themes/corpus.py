"""The corpus of an analysis: which texts, and the hash that proves they are the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.consultations.models import ANALYSED
from app.themes.errors import CorpusChangedError
from app.themes.queries import long_texts


@dataclass(frozen=True)
class CorpusText:
    """A long text as it was written.

    :ivar group: region and actor type, so that quotations can be chosen from varied people.
    """

    answer_id: int
    submission_id: int
    text: str
    group: str

    @property
    def key(self) -> str:
        """The name by which the analysis gives its results back."""
        return str(self.answer_id)


@dataclass(frozen=True)
class Corpus:
    """The long texts of a consultation at an instant, by answer."""

    texts: tuple[CorpusText, ...]

    @property
    def answer_ids(self) -> list[int]:
        """The answers, in order."""
        return [text.answer_id for text in self.texts]

    @property
    def n_submissions(self) -> int:
        """Submissions with at least one text: the denominator of the themes' shares."""
        return len({text.submission_id for text in self.texts})

    @property
    def sha256(self) -> str:
        """Hash of everything the analysis is given."""
        whole = hashlib.sha256()
        for text in self.texts:
            own = hashlib.sha256(text.text.encode()).hexdigest()
            whole.update(f"{text.answer_id}\t{text.group}\t{own}\n".encode())
        return whole.hexdigest()


def read_corpus(session: Session, consultation_id: int, *, also_withdrawn: bool = False) -> Corpus:
    """Return every long text of the consultation as it is now."""
    rows = session.execute(long_texts(consultation_id, *ANALYSED, also_withdrawn=also_withdrawn))
    return Corpus(
        tuple(
            CorpusText(
                row.id, row.submission_id, row.text, f"{row.region_code or ''}|{row.actor_type}"
            )
            for row in rows
        )
    )


def read_frozen_corpus(
    session: Session, consultation_id: int, answer_ids: Sequence[int], sha256: str
) -> Corpus:
    """Return the texts that an analysis began with; those that came later are left out.

    One that was withdrawn meanwhile stays in the run, and every query leaves its passages out.

    :raises CorpusChangedError: if one of them is no longer what it was.
    """
    wanted = set(answer_ids)
    now = read_corpus(session, consultation_id, also_withdrawn=True)
    frozen = Corpus(tuple(text for text in now.texts if text.answer_id in wanted))
    if frozen.sha256 != sha256:
        raise CorpusChangedError(
            "A text was changed or removed while it was being analysed; start a new analysis."
        )
    return frozen
