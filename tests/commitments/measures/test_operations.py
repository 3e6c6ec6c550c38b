"""Measures are written with their history; nothing is written over unseen; lateness follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.commitments.measures import errors, operations, tying
from app.commitments.measures.details import Details, Step, details_of
from app.commitments.measures.lateness import civil_day, is_late, late_steps
from app.commitments.models import Measure, MeasureEvent, MeasurePassage, MeasureState
from app.consultations.models import Consultation
from app.core.access import Role, System
from app.core.audit import AppendOnlyError
from app.core.db import Texts
from app.core.errors import ForbiddenError
from app.core.jobs import Job
from tests import factories
from tests.architecture.things import analysed
from tests.conftest import NOW

ACTOR = System("test")
TITLE = Texts(fr="Un centre de jour", ar="مركز نهاري")


def details(**values: Any) -> Details:
    """Return what a measure says."""
    return Details(**{"title": TITLE} | values)


def changes(measure: Measure) -> list[dict[str, Any]]:
    """Return what each event changed."""
    return [event.changes for event in measure.events]


def test_a_new_measure_has_an_event_that_says_all_of_it(
    session: Session, consultation: Consultation
) -> None:
    made = operations.create(session, ACTOR, consultation, details(amount_mad=0), now=NOW).measure

    assert made.key == "un-centre-de-jour"
    assert made.revision == 1
    assert changes(made)[0]["amount_mad"] == [None, 0]
    assert changes(made)[0]["title"] == [None, dict(TITLE)]
    assert "region" not in changes(made)[0]


def test_two_measures_of_one_title_get_two_keys(
    session: Session, consultation: Consultation
) -> None:
    keys = [
        operations.create(session, ACTOR, consultation, details(), now=NOW).measure.key
        for _ in range(3)
    ]

    assert keys == ["un-centre-de-jour", "un-centre-de-jour-2", "un-centre-de-jour-3"]


def test_a_key_that_is_taken_is_refused(session: Session, consultation: Consultation) -> None:
    operations.create(session, ACTOR, consultation, details(), key="k", now=NOW)

    with pytest.raises(errors.KeyTakenError):
        operations.create(session, ACTOR, consultation, details(), key="k", now=NOW)


def test_a_change_says_what_was_and_what_is(session: Session, consultation: Consultation) -> None:
    made = factories.measure(consultation, amount_mad=5)

    operations.change(
        session,
        ACTOR,
        made,
        replace(details_of(made), amount_mad=None, region="08", axis="family"),
        seen=1,
        now=NOW,
        note="Corrected",
    )

    session.refresh(made)
    event = made.events[-1]
    assert event.changes == {
        "amount_mad": [5, None],
        "region": [None, "08"],
        "axis": [None, "family"],
    }
    assert (event.note, event.actor_label, event.revision) == ("Corrected", "test", 2)


def test_saving_what_stands_makes_no_event(session: Session, consultation: Consultation) -> None:
    made = factories.measure(consultation)

    saved = operations.change(session, ACTOR, made, details_of(made), seen=1, now=NOW)

    assert saved.event is None
    assert made.revision == 1


def test_what_somebody_has_not_seen_is_not_written_over(
    session: Session, consultation: Consultation
) -> None:
    made = factories.measure(consultation)
    other = replace(details_of(made), source="The gazette")
    operations.change(session, ACTOR, made, other, seen=1, now=NOW)

    with pytest.raises(errors.MeasureChangedError):
        operations.change(session, ACTOR, made, replace(other, source="The wall"), seen=1, now=NOW)

    assert made.source == "The gazette"


def test_events_are_never_changed(session: Session, consultation: Consultation) -> None:
    event = factories.measure(consultation).events[0]
    event.note = "Something else"

    with pytest.raises(AppendOnlyError):
        session.flush()


def test_milestones_keep_their_rows_while_one_is_taken_out(
    session: Session, consultation: Consultation
) -> None:
    steps = tuple(Step(Texts(fr=word, ar=word)) for word in ("a", "b", "c"))
    made = factories.measure(consultation, milestones=steps)

    operations.change(
        session, ACTOR, made, replace(details_of(made), milestones=steps[1:]), seen=1, now=NOW
    )

    session.expire_all()
    assert [(one.position, one.title["fr"]) for one in made.milestones] == [(1, "b"), (2, "c")]


WRONG = {
    "one language": (details(title=Texts(fr="Un centre")), errors.TitleMissingError),
    "a party in one": (details(parties=(Texts(ar="جمعية"),)), errors.OneLanguageError),
    "a milestone in one": (details(milestones=(Step(Texts(fr="Plan")),)), errors.OneLanguageError),
    "ends first": (
        details(starts_on=date(2022, 2, 1), ends_on=date(2022, 1, 1)),
        errors.DatesOutOfOrderError,
    ),
    "done tomorrow": (
        details(milestones=(Step(TITLE, done_on=civil_day(NOW) + timedelta(days=1)),)),
        errors.DoneInTheFutureError,
    ),
    "below nought": (details(amount_mad=-1), errors.AmountError),
    "a province elsewhere": (
        details(region="06", province="08.401"),
        errors.PlaceOutsideError,
    ),
    "a province of nowhere": (details(province="08.401"), errors.PlaceOutsideError),
    "an axis of another": (details(axis="unknown"), errors.NotOfConsultationError),
    "a script": (details(source_url="javascript:alert(1)"), errors.AddressError),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_stand_is_refused(
    session: Session, consultation: Consultation, case: str
) -> None:
    wrong, error = WRONG[case]

    with pytest.raises(error):
        operations.create(session, ACTOR, consultation, wrong, now=NOW)

    assert session.scalars(select(Measure)).all() == []


def test_a_coordinator_follows_the_measures_of_the_own_region_alone(
    session: Session, consultation: Consultation, staff: Any
) -> None:
    own, other, national = (
        factories.measure(consultation, region=region) for region in ("08", "06", None)
    )
    person = staff(Role.COORDINATOR, "08")

    operations.follow(session, person, own, state=MeasureState.SUSPENDED, done={}, seen=1, now=NOW)

    assert own.state == MeasureState.SUSPENDED
    for measure in (other, national):
        with pytest.raises(ForbiddenError):
            operations.follow(
                session, person, measure, state=MeasureState.DONE, done={}, seen=1, now=NOW
            )


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OBSERVER, Role.MODERATOR])
def test_only_administrators_and_analysts_write_measures(
    session: Session, consultation: Consultation, staff: Any, role: Role
) -> None:
    made = factories.measure(consultation, region="08")
    person = staff(role, "08")

    with pytest.raises(ForbiddenError):
        operations.create(session, person, consultation, details(region="08"), now=NOW)
    with pytest.raises(ForbiddenError):
        operations.change(session, person, made, details_of(made), seen=1, now=NOW)
    with pytest.raises(ForbiddenError):
        tying.set_themes(session, person, made, [], seen=1, now=NOW)


def test_a_regional_analyst_cannot_move_a_measure_into_another_region(
    session: Session, consultation: Consultation, staff: Any
) -> None:
    made = factories.measure(consultation, region="08")

    with pytest.raises(ForbiddenError):
        operations.change(
            session,
            staff(Role.ANALYST, "08"),
            made,
            replace(details_of(made), region="06"),
            seen=1,
            now=NOW,
        )


def test_following_notes_the_day_of_a_milestone(
    session: Session, consultation: Consultation
) -> None:
    steps = (Step(Texts(fr="Plan", ar="تصميم"), date(2022, 1, 15)), Step(TITLE))
    made = factories.measure(consultation, milestones=steps)
    first = made.milestones[0]

    operations.follow(
        session,
        ACTOR,
        made,
        state=MeasureState.UNDER_WAY,
        done={first.id: date(2022, 1, 18)},
        seen=1,
        now=NOW,
    )

    assert first.done_on == date(2022, 1, 18)
    assert list(made.events[-1].changes) == ["milestones"]


# --- lateness -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "days", "expected"),
    [
        (MeasureState.UNDER_WAY, 0, False),
        (MeasureState.UNDER_WAY, 1, True),
        (MeasureState.SUSPENDED, 1, True),
        (MeasureState.DONE, 1, False),
        (MeasureState.ABANDONED, 1, False),
    ],
)
def test_a_measure_is_late_from_the_day_after_its_end(
    session: Session, consultation: Consultation, state: MeasureState, days: int, expected: bool
) -> None:
    end = date(2022, 6, 17)
    made = factories.measure(consultation, state=state, ends_on=end)

    assert is_late(made, end + timedelta(days=days)) is expected


def test_a_milestone_due_and_not_done_makes_a_measure_late(
    session: Session, consultation: Consultation
) -> None:
    steps = (
        Step(TITLE, date(2022, 1, 10), date(2022, 1, 19)),
        Step(TITLE, date(2022, 1, 15)),
        Step(TITLE),
    )
    made = factories.measure(consultation, milestones=steps[1:], ends_on=date(2030, 1, 1))
    in_time = factories.measure(consultation, milestones=steps[:1])

    assert is_late(made, date(2022, 1, 16))
    assert late_steps(made, date(2022, 1, 16)) == [made.milestones[0]]
    assert not is_late(made, date(2022, 1, 15))
    assert not is_late(in_time, date(2022, 1, 20))


def test_the_day_is_that_of_rabat() -> None:
    assert civil_day(datetime(2022, 1, 20, 23, 30, tzinfo=UTC)) == date(2022, 1, 21)


# --- ties ---------------------------------------------------------------------------------------


def test_only_passages_and_themes_of_the_consultation_are_tied(
    session: Session, consultation: Consultation
) -> None:
    made = factories.measure(consultation)
    stranger = factories.ConsultationFactory()
    _run, theme = analysed(stranger, factories.submission(stranger, "Loin de tout."))
    passage = theme.consultation_id and session.scalars(select(MeasurePassage.passage_id)).first()

    assert passage is None
    with pytest.raises(errors.NotOfConsultationError):
        tying.add_theme(session, ACTOR, made, theme.id, seen=1, now=NOW)
    with pytest.raises(errors.NotOfConsultationError):
        tying.add_passage(session, ACTOR, made, 1, seen=1, now=NOW)
    with pytest.raises(errors.NotOfConsultationError):
        tying.add_passage(session, ACTOR, made, 10**12, seen=1, now=NOW)


def test_a_passage_tied_twice_is_tied_once(session: Session, consultation: Consultation) -> None:
    made = factories.measure(consultation)
    analysed(consultation, factories.submission(consultation, "Le centre est loin."))

    first = tying.add_passage(session, ACTOR, made, 1, seen=1, now=NOW)
    again = tying.add_passage(session, ACTOR, made, 1, seen=2, now=NOW)

    assert first.event is not None
    assert first.event.changes == {"passages": [[], [1]]}
    assert again.event is None


def test_those_who_spoke_are_told_of_another_state_alone(
    session: Session, consultation: Consultation
) -> None:
    made = factories.measure(consultation)
    _run, theme = analysed(consultation, factories.submission(consultation, "Loin."))
    tying.add_theme(session, ACTOR, made, theme.id, seen=1, now=NOW)
    told = select(Job).where(Job.kind == "commitments.letters")

    other_words = replace(details_of(made), source="The gazette")
    operations.change(session, ACTOR, made, other_words, seen=2, now=NOW)
    before = len(session.scalars(told).all())
    operations.follow(session, ACTOR, made, state="done", done={}, seen=3, now=NOW)

    assert before == 0
    assert [job.payload["revision"] for job in session.scalars(told)] == [4]


def test_a_document_is_a_file_or_an_address(session: Session, consultation: Consultation) -> None:
    made = factories.measure(consultation)
    address = "https://example.org/convention"

    tying.add_document(session, ACTOR, made, tying.Paper(TITLE, url=address), seen=1, now=NOW)

    assert made.documents[0].url == address
    for wrong in (tying.Paper(TITLE), tying.Paper(TITLE, url="ftp://example.org")):
        with pytest.raises((errors.DocumentMissingError, errors.AddressError)):
            tying.add_document(session, ACTOR, made, wrong, seen=2, now=NOW)


def test_all_events_of_all_measures_are_numbered_from_one(
    session: Session, consultation: Consultation
) -> None:
    made = factories.measure(consultation)
    for state in ("signed", "done"):
        operations.follow(session, ACTOR, made, state=state, done={}, seen=None, now=NOW)

    revisions = session.scalars(select(MeasureEvent.revision).order_by(MeasureEvent.id)).all()
    assert revisions == [1, 2, 3]
