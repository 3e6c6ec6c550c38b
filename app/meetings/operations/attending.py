"""Attendance: ticked at the door, typed in later, or brought in from a list made offline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor
from app.core.errors import DomainError
from app.core.tables import Table
from app.core.text import clean_text, fold
from app.meetings.access import ensure_organises
from app.meetings.errors import ListColumnsError, ListRowError
from app.meetings.models import Meeting, Participant
from app.meetings.operations.inviting import Person, add_person
from app.organisations.models import ActorType

#: Names of columns, folded, by what they hold.
_COLUMNS = {
    "name": {"name", "nom", "nom et prenom", "prenom et nom", "participant", "الاسم",
             "الاسم الكامل", "الاسم والنسب"},
    "organisation": {"organisation", "organization", "structure", "institution", "association",
                     "organisme", "الهيئه", "الجمعيه", "المؤسسه"},
    "email": {"email", "e-mail", "courriel", "adresse electronique", "mail",
              "البريد الالكتروني"},
    "phone": {"phone", "telephone", "tel", "gsm", "الهاتف"},
    "workshop": {"workshop", "atelier", "الورشه"},
    "present": {"present", "presence", "presente", "emargement", "signature", "حاضر", "الحضور",
                "التوقيع"},
    "lang": {"language", "langue", "lang", "اللغه"},
}  # fmt: skip
_NO = frozenset(("0", "n", "no", "non", "absent", "absente", "false", "faux", "لا", "غائب"))


def note_presence(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    changes: Mapping[int, bool],
    *,
    now: datetime,
) -> int:
    """Write who came, for those whose tick was changed alone, flushed; return how many.

    Two people at two doors do not undo what the other one ticked.
    """
    ensure_organises(actor, meeting)
    n_changed = 0
    for participant in meeting.participants:
        came = changes.get(participant.id)
        if came is not None and participant.was_present is not came:
            _note(participant, came=came, actor=actor, now=now)
            n_changed += 1
    session.flush()
    if n_changed:
        detail = {"changed": n_changed}
        audit.record(session, actor, "meetings.attendance", at=now, target=meeting, detail=detail)
    return n_changed


def _note(participant: Participant, *, came: bool, actor: Actor, now: datetime) -> None:
    """Write whether someone came, when that was written and by whom."""
    participant.was_present = came
    participant.noted_at, participant.noted_by_id = now, actor.id


def close_list(session: Session, actor: Actor, meeting: Meeting, *, now: datetime) -> None:
    """Write that whoever was not ticked did not come."""
    ensure_organises(actor, meeting)
    session.execute(
        update(Participant)
        .where(Participant.meeting_id == meeting.id, Participant.was_present.is_(None))
        .values(was_present=False, noted_at=now, noted_by_id=actor.id)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    audit.record(session, actor, "meetings.close_attendance", at=now, target=meeting)


def add_present(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    person: Person,
    *,
    token: str,
    now: datetime,
) -> Participant:
    """Add someone who came without being on the list, flushed; sent twice, they are one.

    :param token: the form's own.
    """
    ensure_organises(actor, meeting)
    participant, _new = add_person(session, meeting, person, origin="list", now=now, token=token)
    _note(participant, came=True, actor=actor, now=now)
    session.flush()
    audit.record(session, actor, "meetings.add_person", at=now, target=meeting)
    return participant


@dataclass
class ListReport:
    """What a list of attendance brought.

    :ivar problems: the number of each row that could not be taken, with why.
    """

    n_added: int = 0
    n_known: int = 0
    n_absent: int = 0
    problems: list[tuple[int, DomainError]] = field(default_factory=list)


def columns_of(table: Table) -> dict[str, int]:
    """Return where the columns that are known stand in a table."""
    found: dict[str, int] = {}
    for position, name in enumerate(table.header):
        folded = fold(name).replace("_", " ")
        for key, names in _COLUMNS.items():
            if folded in names:
                found.setdefault(key, position)
    return found


def import_list(
    session: Session, actor: Actor, meeting: Meeting, table: Table, *, now: datetime
) -> ListReport:
    """Write who came from a list, flushed; a list brought in twice adds nobody twice.

    :raises ListColumnsError: if no column gives a name or an organisation.
    """
    ensure_organises(actor, meeting)
    where = columns_of(table)
    if not {"name", "organisation"} & where.keys():
        raise ListColumnsError
    report = ListReport()
    for row in table.rows():
        if row.problems:
            report.problems.append((row.number, row.problems[0].error))
            continue
        cells = {key: clean_text(row.cells[position]) for key, position in where.items()}
        if not cells.get("name") and not cells.get("organisation"):
            report.problems.append((row.number, ListRowError(number=row.number)))
            continue
        _take(session, actor, meeting, cells, report, now=now)
    session.flush()
    detail = {"added": report.n_added, "known": report.n_known}
    audit.record(session, actor, "meetings.import_list", at=now, target=meeting, detail=detail)
    return report


def _take(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    cells: Mapping[str, str],
    report: ListReport,
    *,
    now: datetime,
) -> None:
    """Write one row of a list down."""
    came = fold(cells.get("present", "")) not in _NO
    person = person_of(cells, meeting)
    participant = _find_known(meeting, person)
    is_new = False
    if participant is None:
        participant, is_new = add_person(
            session, meeting, person, origin="list", now=now, token=_row_token(meeting, person)
        )
    report.n_added += is_new
    report.n_known += not is_new
    report.n_absent += not came
    if participant.was_present is not came:
        _note(participant, came=came, actor=actor, now=now)


def person_of(cells: Mapping[str, str], meeting: Meeting) -> Person:
    """Return whom a row of a list names."""
    email = cells.get("email", "")
    workshop = fold(cells.get("workshop", ""))
    return Person(
        name=cells.get("name", ""),
        organisation=cells.get("organisation", ""),
        email=email if "@" in email else "",
        phone=cells.get("phone", ""),
        lang="ar" if fold(cells.get("lang", "")) in {"ar", "arabe", "العربيه"} else "fr",
        actor_type=ActorType.UNKNOWN,
        workshop_id=next(
            (
                one.id
                for one in meeting.workshops
                if workshop and (workshop in {fold(t) for t in one.title.values()}
                                 or workshop == str(one.position))
            ),
            None,
        ),
    )  # fmt: skip


def _find_known(meeting: Meeting, person: Person) -> Participant | None:
    """Return the one person on the list who bears that name for that organisation."""
    if not person.name or person.email:
        return None
    wanted = fold(person.name), fold(person.organisation)
    found = [
        one
        for one in meeting.participants
        if (fold(one.name), fold(one.organisation_name)) == wanted
    ]
    return found[0] if len(found) == 1 else None


def _row_token(meeting: Meeting, person: Person) -> str:
    """Return a token by which the same row is the same person."""
    said = "\t".join((str(meeting.id), fold(person.name), fold(person.organisation), person.phone))
    return f"list-{sha256(said.encode()).hexdigest()[:48]}"
