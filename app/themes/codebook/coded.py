"""Coded passages as values, a few hundred answers at a time: masked, with offsets that hold.

An answer leaves as its masked text: labels stand where personal data was. Labels have other
lengths than the words under them, so offsets count in the masked text, and a passage is exactly
what its offsets point at there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.db import Texts
from app.organisations.models import ActorType
from app.submissions.masking import Covered, masks_of
from app.territories.models import Region
from app.themes.codebook import queries
from app.themes.codebook.book import Book
from app.themes.codebook.keys import exchange_key
from app.themes.exchange import CodedPassage, CodedProject, Source
from app.themes.models import AnalysisRun, PassageState
from app.themes.queries import Narrowing

#: Answers read at once.
_AT_ONCE = 1_000
#: States in which a passage bears the code of its theme; a suggestion is none.
CODED = frozenset({PassageState.IN_THEME, PassageState.COPY})

Progress = Callable[[float], None]


def silent(_share: float) -> None:
    """Tell nobody how far it is."""


class CodedCorpus:
    """The passages of a run that may leave, with their answers."""

    def __init__(
        self,
        session: Session,
        consultation: Consultation,
        run: AnalysisRun,
        part: Narrowing,
        lang: str,
        *,
        known: frozenset[str] = frozenset(),
        on_progress: Progress = silent,
    ) -> None:
        """:param known: keys of the codes that the codebook describes."""
        self._session, self._run, self._part, self._lang = session, run, part, lang
        self._slug, self._known, self._on_progress = consultation.slug, known, on_progress
        self._regions = {
            region.code: Texts(region.names).best(lang)[0] for region in session.query(Region)
        }
        self._machine = " · ".join(filter(None, ["Tachawor", run.engine]))

    def passages(self) -> Iterator[CodedPassage]:
        """Yield the passages in the order of the corpus."""
        for _source, found in self.answers():
            yield from found

    def answers(self) -> Iterator[tuple[Source, list[CodedPassage]]]:
        """Yield each answer with its passages."""
        ids = list(self._session.scalars(queries.coded_answers(self._run, self._part)))
        for begin in range(0, len(ids), _AT_ONCE):
            self._on_progress(begin / len(ids))
            yield from self._some(ids[begin : begin + _AT_ONCE])

    def _some(self, answer_ids: list[int]) -> Iterator[tuple[Source, list[CodedPassage]]]:
        """Yield some of the answers."""
        masks = masks_of(self._session, answer_ids)
        texts = {row.id: row for row in self._session.execute(queries.texts_of(answer_ids))}
        rows: dict[int, list[Any]] = {}
        for row in self._session.execute(queries.coded_rows(self._run, self._part, answer_ids)):
            rows.setdefault(row.answer_id, []).append(row)
        for answer_id, mine in rows.items():
            answer = texts[answer_id]
            covered = masks.cover(answer_id, answer.text or "")
            source = self._source(answer, mine, covered)
            yield source, [self._passage(row, source, covered) for row in mine]

    def _source(self, answer: Any, rows: list[Any], covered: Covered) -> Source:
        """Return an answer."""
        first = rows[0]
        languages = {row.language for row in rows}
        number = f"S-{first.submission_id:05d}"
        actor = ActorType(first.actor_type)
        attributes = {
            "submission": number,
            "question": Texts(answer.label).best(self._lang)[0],
            "region": self._regions.get(first.region_code, ""),
            "actor_type": actor.texts.best(self._lang)[0],
            # A person's name may stand there; only organisations are named.
            "organisation": first.organisation if actor.is_organisation else "",
        }
        return Source(
            key=exchange_key(self._slug, "answer", answer.id),
            label=f"{number} · {answer.key}",
            text=covered.text,
            language=languages.pop() if len(languages) == 1 else "",
            attributes=tuple((name, value) for name, value in attributes.items() if value),
        )

    def _passage(self, row: Any, source: Source, covered: Covered) -> CodedPassage:
        """Return a passage of an answer."""
        start, end = covered.place(row.start, row.end)
        known: dict[str, Any] = dict(source.attributes)
        return CodedPassage(
            key=exchange_key(self._slug, "passage", row.passage_id),
            source=source.key,
            text=covered.text[start:end],
            start=start,
            end=end,
            language=row.language,
            state=row.state,
            theme=self._theme(row),
            coder=row.actor_label or self._machine,
            coded_at=row.decided_at or self._run.finished_at,
            margin=row.margin,
            **known,
        )

    def _theme(self, row: Any) -> str | None:
        """Return the key of the code that a passage bears."""
        if row.theme_id is None or row.state not in CODED:
            return None
        key = exchange_key(self._slug, "theme", row.theme_id)
        return key if key in self._known else None


def load_project(book: Book, corpus: CodedCorpus) -> CodedProject:
    """Return the codebook, the answers and the passages, all in memory."""
    sources: list[Source] = []
    passages: list[CodedPassage] = []
    for source, found in corpus.answers():
        sources.append(source)
        passages.extend(found)
    note = _(
        "Words in square brackets stand for personal data that was masked; positions count in the "
        "masked texts. Copies of a letter bear the code of the text they copy."
    )
    return CodedProject(
        codebook=book.codebook,
        sources=tuple(sources),
        passages=tuple(passages),
        users=tuple(dict.fromkeys(p.coder for p in passages if p.coder)),
        note=note,
    )
