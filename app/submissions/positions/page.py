"""What the page of a common draft shows: where it stands, its answers, who said what of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.consultations.models import Consultation, Stage
from app.organisations.mandates import civil_day
from app.organisations.models import Mandate, MandateRole, Organisation, OrganisationState
from app.submissions.display import Written, write
from app.submissions.models import (
    Position,
    PositionApproval,
    PositionComment,
    PositionEdit,
    PositionState,
)
from app.submissions.operations import check_draft
from app.submissions.positions import queries
from app.submissions.positions.operations import WRITERS
from app.submissions.positions.way import position_way
from app.submissions.steps import Step


@dataclass(frozen=True)
class Line:
    """A question with its answer.

    :ivar errors: what is wrong with the answer.
    """

    written: Written
    errors: list[str]
    comments: list[PositionComment]


@dataclass(frozen=True)
class Part:
    """A section of the questionnaire."""

    step: Step
    lines: list[Line]


@dataclass
class View:
    """A common draft as one of its holders sees it.

    :ivar approvals: the newest of each person, and whether it is of the draft as it stands.
    :ivar n_writers: how many people may approve today.
    """

    organisation: Organisation
    consultation: Consultation
    mandate: Mandate
    position: Position | None
    is_open: bool
    parts: list[Part] = field(default_factory=list)
    remarks: list[PositionComment] = field(default_factory=list)
    edits: list[PositionEdit] = field(default_factory=list)
    approvals: list[tuple[PositionApproval, bool]] = field(default_factory=list)
    n_problems: int = 0
    n_unresolved: int = 0
    n_writers: int = 0
    signatory: User | None = None

    @property
    def revision(self) -> int:
        """The draft's revision."""
        draft = self.position.draft if self.position else None
        return draft.revision if draft is not None else 0

    @property
    def state(self) -> str:
        """Where the position stands, ``none`` before it is begun."""
        return self.position.state if self.position else "none"

    @property
    def may_write(self) -> bool:
        """Tell whether the reader may change something now."""
        is_free = self.state != PositionState.SIGNED
        return self.is_open and is_free and self.mandate.role in WRITERS

    @property
    def is_signatory(self) -> bool:
        """Tell whether the reader may sign and reopen."""
        return self.mandate.role == MandateRole.SIGNATORY

    @property
    def is_verified(self) -> bool:
        """Tell whether the organisation may have an official position."""
        return self.organisation.state == OrganisationState.VERIFIED

    @property
    def has_approved(self) -> bool:
        """Tell whether the reader agreed with the draft as it stands."""
        return any(
            is_fresh and approval.user_id == self.mandate.user_id
            for approval, is_fresh in self.approvals
        )


def view_of(
    session: Session,
    mandate: Mandate,
    consultation: Consultation,
    *,
    now: datetime,
) -> View:
    """Gather what the page of a common draft shows."""
    organisation = mandate.organisation
    selection = queries.position_of(organisation.id, consultation.id)
    position = session.scalars(selection).one_or_none()
    view = View(
        organisation=organisation,
        consultation=consultation,
        mandate=mandate,
        position=position,
        is_open=consultation.stage_at(now) is Stage.OPEN,
        n_writers=sum(
            one.holds_on(civil_day(now)) and one.role in WRITERS for one in organisation.mandates
        ),
    )
    if position is None or position.draft is None:
        return view
    comments = list(session.scalars(queries.comments_on(position)))
    view.remarks = [one for one in comments if not one.question_key]
    view.n_unresolved = sum(one.resolved_at is None for one in comments)
    view.edits = list(session.scalars(queries.edits_of(position).limit(30)))
    view.approvals = _approvals(session, position)
    if position.signed_by_id is not None:
        view.signatory = session.get(User, position.signed_by_id)
    _write_parts(session, view, comments)
    return view


def _approvals(session: Session, position: Position) -> list[tuple[PositionApproval, bool]]:
    """Return the newest approval of each person, with whether it is of the draft as it stands."""
    revision = position.draft.revision if position.draft is not None else 0
    newest: dict[int, PositionApproval] = {}
    for approval in session.scalars(queries.approvals_of(position)):
        newest.setdefault(approval.user_id, approval)
    return [(one, one.revision == revision) for one in newest.values()]


def _write_parts(session: Session, view: View, comments: list[PositionComment]) -> None:
    """Write the answers, with what is wrong with them and the remarks on them."""
    if view.position is None or view.position.draft is None:
        return
    draft = view.position.draft
    checked = check_draft(session, draft)
    wrong: dict[str, list[str]] = defaultdict(list)
    for problem in checked.problems:
        wrong[problem.key].append(problem.error.text())
    view.n_problems = len(checked.problems)
    said: dict[str, list[PositionComment]] = defaultdict(list)
    for one in comments:
        said[one.question_key].append(one)
    way = position_way(draft)
    for step in way.steps:
        lines = [
            Line(
                write(session, question, checked.values.get(question.key)),
                wrong.get(question.key, []),
                said.get(question.key, []),
            )
            for question in way.asked_in(step.section)
        ]
        view.parts.append(Part(step, lines))
