"""What became of a contribution: where each of its passages is in the newest published report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.commitments.answers.queries import Families, load_followed, public_answers
from app.commitments.models import Measure, ThemeAnswer
from app.consultations.models import ANALYSED
from app.core.db import Texts
from app.core.files.operations import page_at
from app.reports.models import Report
from app.reports.queries import newest_report
from app.submissions.attachments.queries import answered_by
from app.submissions.models import Answer, Submission
from app.themes.models import Passage, PassageState, Placement, Theme

#: States in which a passage counts for its theme, where it has one.
_COUNTED = (PassageState.IN_THEME, PassageState.COPY)


def placements_of(run_id: int, submission_id: int) -> Select[Passage, Placement]:
    """Select the passages of a submission in a run and their places, in the order of the text."""
    return (
        select(Passage, Placement)
        .join(Placement, Placement.passage_id == Passage.id)
        .where(Placement.run_id == run_id, Passage.submission_id == submission_id)
        .order_by(Passage.answer_id, Passage.start)
    )


def copies_of(run_id: int, passage_ids: Iterable[int]) -> Select[int | None, int]:
    """Select how many copies each of these passages has in a run, of submissions that stand."""
    return (
        select(Placement.copy_of_id, func.count())
        .join(Passage, Passage.id == Placement.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(
            Submission.is_standing,
            Placement.run_id == run_id,
            Placement.state == PassageState.COPY,
            Placement.copy_of_id.in_(list(passage_ids)),
        )
        .group_by(Placement.copy_of_id)
    )


@dataclass(frozen=True)
class Landing:
    """A stretch of a text: a passage and where it landed, or words between two passages.

    :ivar state: None for words between passages, and before anything is published.
    :ivar theme: the theme it counts under after all merges, or the one it was excluded with.
    :ivar name: the theme's name in the published report.
    :ivar reported: what the report's body says of the theme, None if it does not speak of it.
    :ivar claims: the report's sentences about the theme that concern this contributor.
    :ivar answer: the ministry's published answer to the theme.
    :ivar measures: the public measures that answer the theme or these very words.
    :ivar as_in: number of the passage that stands before it in the same theme, where all of this
        is shown once; None for the first.
    :ivar is_quoted: True if the report quotes these very words.
    :ivar evidence: those of the words that the report puts the pen under; all of them if it
        singles none out.
    :ivar n_others: contributors' passages with the same text, for a campaign's.
    :ivar reason: why it was excluded, itself or its theme.
    :ivar page: the page of the attached file on which it is, None for a text that was typed.
    """

    text: str
    language: str = "other"
    number: int | None = None
    state: PassageState | None = None
    theme: Theme | None = None
    name: Texts = field(default_factory=Texts)
    reported: dict[str, Any] | None = None
    claims: tuple[dict[str, Any], ...] = ()
    answer: ThemeAnswer | None = None
    measures: tuple[Measure, ...] = ()
    as_in: int | None = None
    is_quoted: bool = False
    evidence: str = ""
    n_others: int = 0
    reason: str = ""
    page: int | None = None

    @property
    def is_counted(self) -> bool:
        """Tell whether it counts for a theme, itself or as a copy."""
        return self.theme is not None and self.state in _COUNTED


@dataclass(frozen=True)
class Said:
    """A text, verbatim, cut where passages begin and end."""

    answer: Answer
    landings: list[Landing]


@dataclass
class Contribution:
    """A submission and what became of it.

    :ivar report: the newest published report, None before the first.
    """

    submission: Submission
    report: Report | None
    said: list[Said] = field(default_factory=list)

    @property
    def landings(self) -> list[Landing]:
        """The passages placed, in order."""
        return [place for said in self.said for place in said.landings if place.state]

    @property
    def is_placed(self) -> bool:
        """Tell whether the published report has placed passages of it."""
        return bool(self.landings)

    @property
    def placed_at(self) -> datetime | None:
        """When the analysis that the report shows was finished."""
        return self.report.run.finished_at if self.report and self.is_placed else None

    def count(self, *states: PassageState) -> int:
        """Count the passages in some states."""
        return sum(landing.state in states for landing in self.landings)

    @property
    def n_in_theme(self) -> int:
        """Passages that count for a theme, copies among them."""
        return sum(
            landing.is_counted or landing.state == PassageState.IN_THEME
            for landing in self.landings
        )

    @property
    def themes(self) -> list[Landing]:
        """The passages that are the first in their theme, in order."""
        return [one for one in self.landings if one.is_counted and one.as_in is None]

    @property
    def n_answered(self) -> int:
        """Themes of it that the ministry has answered."""
        return sum(one.answer is not None for one in self.themes)

    @property
    def measures(self) -> list[Measure]:
        """The public measures that answer any of it, each one once."""
        return list(dict.fromkeys(m for landing in self.landings for m in landing.measures))

    @property
    def is_place_small(self) -> bool:
        """Tell whether too few people of its region took part for the report to describe them."""
        groups = self.report.body.get("groups", {}).get("region", []) if self.report else []
        return any(
            row["hidden"] and row["code"] == self.submission.region_code and row["code"]
            for row in groups
        )


def load_contribution(session: Session, submission: Submission) -> Contribution:
    """Return a submission with where each of its passages landed."""
    report = newest_report(session, submission.consultation_id)
    landings = _landings(session, report, submission) if report else {}
    texts = [
        answer for answer in submission.answers if answer.text and answer.question.kind in ANALYSED
    ]
    said = [Said(answer, _cut(answer.text or "", landings.get(answer.id, []))) for answer in texts]
    _number(said)
    return Contribution(submission, report, said)


def _cut(text: str, placed: list[tuple[Passage, Landing]]) -> list[Landing]:
    """Return all of a text in order: its passages, and any words that stand between them."""
    stretches: list[Landing] = []
    reached = 0
    for passage, landing in placed:
        stretches.append(Landing(text[reached : passage.start]))
        stretches.append(landing)
        reached = max(reached, passage.end)
    stretches.append(Landing(text[reached:]))
    return [stretch for stretch in stretches if stretch.text.strip()]


def _number(said: list[Said]) -> None:
    """Number the passages through all the texts; the first of each theme speaks for the others."""
    number, first = 0, dict[int, int]()
    for one in said:
        for place, landing in enumerate(one.landings):
            if not landing.state:
                continue
            number += 1
            known = None
            if landing.theme is not None and landing.is_counted:
                known = first.setdefault(landing.theme.id, number)
            one.landings[place] = replace(
                landing, number=number, as_in=known if known != number else None
            )


def _landings(
    session: Session, report: Report, submission: Submission
) -> dict[int, list[tuple[Passage, Landing]]]:
    """Return, for each text, its passages and where they are in the report's run."""
    rows = session.execute(placements_of(report.run_id, submission.id)).all()
    originals = {placement.copy_of_id or passage.id for passage, placement in rows}
    copies = dict(session.execute(copies_of(report.run_id, originals)).all())
    families = Families(session, submission.consultation_id)
    published = _Published(report.body, families, submission)
    answers = public_answers(session, submission.consultation_id)
    followed = load_followed(
        session, submission.consultation_id, families, [passage.id for passage, _place in rows]
    )
    page_of = _pages(session, submission)
    found: dict[int, list[tuple[Passage, Landing]]] = {}
    for passage, placement in rows:
        state = PassageState(placement.state)
        theme = _root(session, families, _theme_id(session, placement))
        held = theme.id if theme is not None and state in _COUNTED else None
        landing = Landing(
            text=passage.text,
            language=passage.language,
            state=state,
            theme=theme,
            name=published.name_of(theme),
            reported=published.find(theme),
            claims=published.claims(theme),
            answer=answers.get(held or 0),
            measures=tuple(followed.of(held, [passage.id])),
            is_quoted=published.quotes(passage),
            evidence=published.evidence(passage),
            n_others=copies.get(placement.copy_of_id or passage.id, 0),
            reason=placement.reason or (theme.excluded_reason if theme else ""),
            page=page_of(passage),
        )
        found.setdefault(passage.answer_id, []).append((passage, landing))
    return found


def _pages(session: Session, submission: Submission) -> Callable[[Passage], int | None]:
    """Return what tells the page of an attached file on which a passage is."""
    files = answered_by(session, submission.id)
    by_answer = {
        answer.id: files[answer.question.key].file
        for answer in submission.answers
        if answer.question.key in files
    }

    def page(passage: Passage) -> int | None:
        """Return the page, None for a text that was typed or a file of one page."""
        file = by_answer.get(passage.answer_id)
        return page_at(file, passage.start) if file else None

    return page


def _theme_id(session: Session, placement: Placement) -> int | None:
    """Return the theme found for a passage; a copy without one has that of its original."""
    if placement.theme_id is not None or placement.copy_of_id is None:
        return placement.theme_id
    return session.scalar(
        select(Placement.theme_id).where(
            Placement.run_id == placement.run_id, Placement.passage_id == placement.copy_of_id
        )
    )


def _root(session: Session, families: Families, theme_id: int | None) -> Theme | None:
    """Follow the merges to the theme that another counts under."""
    return session.get(Theme, families.holder(theme_id)) if theme_id is not None else None


class _Published:
    """What a report's body says of themes and quotations to one contributor."""

    def __init__(self, body: dict[str, Any], families: Families, reader: Submission) -> None:
        themes = body.get("themes", [])
        self._families = families
        self._reader = reader
        self._themes = {theme["id"]: theme for theme in themes}
        # A sentence that people left out of every section is not what the report says.
        printed = {name for one in body.get("sections", []) for name in one["claims"]}
        self._claims = {
            claim["id"]: claim for claim in body.get("claims", []) if claim.get("id") in printed
        }
        self.pens = {
            (quotation["answer"], quotation["start"], quotation["end"]): (
                None if quotation.get("is_masked") else quotation.get("pen")
            )
            for theme in themes
            for quotation in theme.get("quotations", [])
        }

    def find(self, theme: Theme | None) -> dict[str, Any] | None:
        """Return what is said of a theme, or of one that was merged into it since."""
        if theme is None:
            return None
        known = [theme.id, *self._families.members(theme.id)]
        return next((self._themes[one] for one in known if one in self._themes), None)

    def name_of(self, theme: Theme | None) -> Texts:
        """Return the published name of a theme, or else the one it has."""
        found = self.find(theme)
        if found is not None:
            return Texts(found["name"])
        return theme.names if theme is not None else Texts()

    def claims(self, theme: Theme | None) -> tuple[dict[str, Any], ...]:
        """Return the sentences on a theme: for everybody, for one's region and for one's like."""
        found = self.find(theme)
        if found is None:
            return ()
        about = f"theme.{found['id']}"
        wanted = (
            f"{about}.share",
            f"{about}.spread",
            f"{about}.region.{self._reader.region_code}",
            f"{about}.actor.{self._reader.actor_type}",
        )
        return tuple(self._claims[name] for name in wanted if name in self._claims)

    def quotes(self, passage: Passage) -> bool:
        """Tell whether these very words are quoted."""
        return (passage.answer_id, passage.start, passage.end) in self.pens

    def evidence(self, passage: Passage) -> str:
        """Return the words that the pen is under, none for a passage that is not quoted."""
        if not self.quotes(passage):
            return ""
        pen = self.pens[passage.answer_id, passage.start, passage.end]
        return passage.text[pen[0] : pen[1]] if pen else passage.text
