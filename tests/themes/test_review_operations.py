"""Decisions on themes: kept, refused when they conflict, undone, and seen in every figure."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.access import Role, System
from app.core.audit import AppendOnlyError, AuditEntry
from app.core.db import db
from app.core.errors import ForbiddenError
from app.themes import errors, queries
from app.themes.deciding import exclude, merge, rename, restore
from app.themes.models import AnalysisRun, PassageState, Placement, Theme, ThemeEvent
from app.themes.overview import load_overview, load_states
from app.themes.queries import Dimension, Narrowing
from tests.factories import ConsultationFactory, UserFactory, grant, submission

Find = Callable[[str], Theme]


@pytest.fixture
def run(consultation: Any, analysed: Any) -> AnalysisRun:
    """A finished analysis."""
    return analysed(consultation)


@pytest.fixture
def road(run: AnalysisRun, theme_called: Find) -> Theme:
    """Four passages of three people, and a copy."""
    return theme_called("Routes et pistes")


@pytest.fixture
def school(run: AnalysisRun, theme_called: Find) -> Theme:
    """Two passages of two people."""
    return theme_called("École")


@pytest.fixture
def care(run: AnalysisRun, theme_called: Find) -> Theme:
    """One passage."""
    return theme_called("Soins")


def figures(session: Session, run: AnalysisRun) -> dict[str, tuple[int, int]]:
    """Return passages and voices of the active themes."""
    overview = load_overview(session, run)
    return {f.theme.name["fr"]: (f.n_passages, f.n_voices) for f in overview.themes}


def states(session: Session, run: AnalysisRun) -> dict[str, int]:
    """Return the sum of the states, without zeros."""
    return {state.value: n for state, n in load_states(session, run).items() if n}


BEFORE = {"Routes et pistes": (4, 3), "École": (2, 2), "Soins": (1, 1)}


def test_themes_are_ranked_by_voices_and_copies_are_signatories(
    session: Session, run: AnalysisRun, road: Theme
) -> None:
    overview = load_overview(session, run)

    assert figures(session, run) == BEFORE
    first = overview.themes[0]
    assert first.theme is road
    assert (first.n_copies, first.n_signatories, first.share) == (1, 1, 3 / 5)
    assert first.languages == {"fr": 3, "ar": 1}
    assert overview.n_passages == 11


def test_a_rename_is_kept_logged_and_audited(session: Session, road: Theme, now: Any) -> None:
    rename(
        session,
        System("Amina"),
        road,
        name_fr="  Désenclaver   les douars ",
        name_ar="فك العزلة",
        now=now,
    )

    assert road.name == {"fr": "Désenclaver les douars", "ar": "فك العزلة"}
    assert road.is_named_by_hand
    event = session.scalars(queries.events_of(road.id)).one()
    assert (event.kind, event.actor_label, event.at) == ("rename", "Amina", now)
    assert event.payload["from"]["fr"] == "Routes et pistes"
    audit = session.query(AuditEntry).filter_by(action="themes.rename").one()
    assert (audit.actor_label, audit.target_id) == ("Amina", str(road.id))


@pytest.mark.parametrize(("fr", "ar"), [("", "طريق"), ("Routes", "  "), ("", ""), ("…", "…")])
def test_a_theme_keeps_two_names(session: Session, road: Theme, now: Any, fr: str, ar: str) -> None:
    if fr == "…":
        fr, ar = "\u200d", "ـ"
    with pytest.raises(errors.NameMissingError):
        rename(session, System(), road, name_fr=fr, name_ar=ar, now=now)


@pytest.mark.parametrize(
    ("fr", "ar"), [("ecole", "جديد"), ("  ÉCOLE", "جديد"), ("Neuf", "المَدرسه")]
)
def test_a_name_of_another_theme_is_refused_however_it_is_spelt(
    session: Session, road: Theme, school: Theme, now: Any, fr: str, ar: str
) -> None:
    with pytest.raises(errors.NameTakenError):
        rename(session, System(), road, name_fr=fr, name_ar=ar, now=now)


def test_a_theme_may_keep_its_own_name_and_another_consultations_name_is_free(
    session: Session, road: Theme, analysed: Any, now: Any
) -> None:
    other = ConsultationFactory()
    submission(other, "school: nothing.")
    session.commit()
    analysed(other)

    rename(session, System(), road, name_fr="routes et pistes", name_ar="الطرق والمسالك", now=now)
    [elsewhere] = session.scalars(queries.themes_of(other.id))
    rename(session, System(), elsewhere, name_fr="Routes et pistes", name_ar="الطرق", now=now)

    assert road.name["fr"] == "routes et pistes"


def test_a_name_that_is_too_long_is_refused(session: Session, road: Theme, now: Any) -> None:
    with pytest.raises(errors.NameTooLongError):
        rename(session, System(), road, name_fr="a" * 161, name_ar="طريق", now=now)


def test_a_merged_theme_counts_under_its_target_and_voices_are_not_counted_twice(
    session: Session, run: AnalysisRun, road: Theme, school: Theme, care: Theme, now: Any
) -> None:
    merge(session, System(), care, school, now=now)
    merge(session, System(), school, road, now=now)

    # Submissions 1 and 3 speak of two of the three: 4 people in all, not 6.
    assert figures(session, run) == {"Routes et pistes": (7, 4)}
    overview = load_overview(session, run)
    assert [(theme.id, root.id) for theme, root in overview.merged] == [
        (school.id, road.id),
        (care.id, road.id),
    ]
    assert states(session, run)["in_theme"] == 7
    by_region = session.execute(queries.theme_counts_by(run, Dimension.REGION)).all()
    assert {row.value: row.n_voices for row in by_region} == {"01": 0, "04": 2, "08": 2}
    assert len(session.execute(queries.quotations(run, road.id)).all()) == 6


def test_undoing_a_merge_gives_everything_back(
    session: Session, run: AnalysisRun, road: Theme, school: Theme, now: Any
) -> None:
    merge(session, System(), school, road, now=now)

    restore(session, System(), school, now=now)

    assert figures(session, run) == BEFORE
    kinds = session.scalars(select(ThemeEvent.kind).order_by(ThemeEvent.id)).all()
    assert kinds == ["merge", "restore"]


def test_cycles_of_merges_are_refused(
    session: Session, road: Theme, school: Theme, care: Theme, now: Any
) -> None:
    merge(session, System(), care, school, now=now)
    merge(session, System(), school, road, now=now)

    for into in (school, care, road):
        with pytest.raises(errors.MergeWithItselfError):
            merge(session, System(), road, into, now=now)


def test_merging_with_an_excluded_or_a_merged_theme_is_refused(
    session: Session, road: Theme, school: Theme, care: Theme, now: Any
) -> None:
    exclude(session, System(), school, reason="Out of scope", now=now)
    merge(session, System(), care, road, now=now)

    with pytest.raises(errors.ThemeNotActiveError):
        merge(session, System(), school, road, now=now)
    with pytest.raises(errors.MergeTargetError):
        merge(session, System(), road, school, now=now)
    with pytest.raises(errors.ThemeNotActiveError):
        merge(session, System(), care, road, now=now)


def test_merging_into_another_consultations_theme_is_refused(
    session: Session, road: Theme, analysed: Any, now: Any
) -> None:
    other = ConsultationFactory()
    submission(other, "work: none.")
    session.commit()
    analysed(other)
    [elsewhere] = session.scalars(queries.themes_of(other.id))

    with pytest.raises(errors.MergeTargetError):
        merge(session, System(), road, elsewhere, now=now)


def test_two_merges_in_opposite_directions_cannot_both_happen(
    app: Flask, session: Session, road: Theme, school: Theme, now: Any
) -> None:
    ids = (road.id, school.id)
    session.commit()
    session.remove()  # type: ignore[attr-defined]
    gate, outcomes = threading.Barrier(2), []

    def decide(theme_id: int, into_id: int) -> None:
        with app.app_context():
            theme, into = db.session.get_one(Theme, theme_id), db.session.get_one(Theme, into_id)
            db.session.rollback()
            gate.wait()
            try:
                merge(db.session, System(), theme, into, now=now)
                db.session.commit()
                outcomes.append("merged")
            except (errors.MergeWithItselfError, errors.MergeTargetError):
                outcomes.append("refused")

    threads = [threading.Thread(target=decide, args=pair) for pair in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["merged", "refused"]


def test_an_exclusion_shows_in_the_sum_and_takes_copies_with_it(
    session: Session, run: AnalysisRun, road: Theme, now: Any
) -> None:
    exclude(session, System(), road, reason="  Other ministry ", now=now)

    assert states(session, run) == {
        "in_theme": 3,
        "to_arbitrate": 1,
        "off_topic": 1,
        "unreadable": 1,
        "excluded": 5,
    }
    overview = load_overview(session, run)
    assert [(f.theme, f.n_excluded, f.theme.excluded_reason) for f in overview.excluded] == [
        (road, 5, "Other ministry")
    ]
    assert session.execute(queries.quotations(run, road.id)).all() == []


def test_undoing_an_exclusion_gives_copies_back_as_copies(
    session: Session, run: AnalysisRun, road: Theme, now: Any
) -> None:
    before = states(session, run)
    exclude(session, System(), road, reason="Other ministry", now=now)

    restore(session, System(), road, now=now)

    assert states(session, run) == before
    assert figures(session, run) == BEFORE


def test_excluding_a_theme_excludes_those_merged_into_it_and_only_the_newest_run_changes(
    session: Session,
    consultation: Any,
    run: AnalysisRun,
    analysed: Any,
    road: Theme,
    school: Theme,
    now: Any,
) -> None:
    newer = analysed(consultation)
    merge(session, System(), school, road, now=now)
    exclude(session, System(), road, reason="Other ministry", now=now)

    assert states(session, newer)["excluded"] == 7
    assert "excluded" not in states(session, run)

    restore(session, System(), school, now=now)
    assert states(session, newer)["excluded"] == 5
    assert figures(session, newer)["École"] == (2, 2)


def test_an_exclusion_without_a_reason_is_refused_by_the_operation_and_by_the_database(
    session: Session, road: Theme, now: Any
) -> None:
    with pytest.raises(errors.ReasonMissingError):
        exclude(session, System(), road, reason=" \n ", now=now)
    road.state = "excluded"
    with pytest.raises(Exception, match="excluded_with_a_reason"):
        session.flush()


def test_an_active_theme_cannot_be_restored(session: Session, road: Theme, now: Any) -> None:
    with pytest.raises(errors.ThemeActiveError):
        restore(session, System(), road, now=now)


def test_a_theme_whose_name_was_taken_meanwhile_is_not_restored(
    session: Session, road: Theme, school: Theme, now: Any
) -> None:
    exclude(session, System(), road, reason="Other ministry", now=now)
    rename(session, System(), school, name_fr="Routes et pistes", name_ar="طرق", now=now)

    with pytest.raises(errors.NameTakenError):
        restore(session, System(), road, now=now)


def test_the_log_of_decisions_cannot_be_changed(session: Session, road: Theme, now: Any) -> None:
    rename(session, System(), road, name_fr="Pistes", name_ar="مسالك", now=now)
    session.flush()
    session.scalars(select(ThemeEvent)).one().reason = "something else"

    with pytest.raises(AppendOnlyError):
        session.flush()


def test_a_refused_decision_leaves_no_trace(
    session: Session, road: Theme, school: Theme, now: Any
) -> None:
    session.commit()
    with pytest.raises(errors.NameTakenError):
        rename(session, System(), road, name_fr="École", name_ar="جديد", now=now)
    session.rollback()

    assert session.query(ThemeEvent).count() == 0
    assert session.query(AuditEntry).filter_by(action="themes.rename").count() == 0


@pytest.mark.parametrize(
    ("role", "scope", "allowed"),
    [
        (Role.ANALYST, "all", True),
        (Role.ADMINISTRATOR, "all", True),
        (Role.ANALYST, "this", True),
        (Role.ANALYST, "other", False),
        (Role.ANALYST, "region", False),
        (Role.COORDINATOR, "all", False),
        (Role.MODERATOR, "all", False),
        (Role.DATA_ENTRY, "all", False),
        (Role.OBSERVER, "all", False),
    ],
)
def test_only_analysts_and_administrators_of_the_consultation_decide(
    session: Session,
    consultation: Any,
    road: Theme,
    school: Theme,
    now: Any,
    role: Role,
    scope: str,
    allowed: bool,
) -> None:
    user = UserFactory()
    other = ConsultationFactory()
    scopes: dict[str, Any] = {
        "all": {},
        "this": {"consultation": consultation.id},
        "other": {"consultation": other.id},
        "region": {"region": "08"},
    }
    grant(user, role, **scopes[scope])

    def decide() -> None:
        rename(session, user, road, name_fr="Pistes", name_ar="مسالك", now=now)
        merge(session, user, road, school, now=now)
        restore(session, user, road, now=now)
        exclude(session, user, road, reason="Other ministry", now=now)

    if allowed:
        decide()
        assert isinstance(session.get(User, user.id), User)
        assert {e.actor_id for e in session.query(ThemeEvent)} == {user.id}
    else:
        with pytest.raises(ForbiddenError):
            decide()


def test_figures_can_be_narrowed_and_their_parts_sum_to_the_whole(
    session: Session, run: AnalysisRun, road: Theme
) -> None:
    whole = sum(load_states(session, run).values())
    parts = [
        sum(load_states(session, run, Narrowing(region=code)).values())
        for code in ("01", "04", "08")
    ]
    arabic = load_overview(session, run, Narrowing(language="ar"))

    assert sum(parts) == whole
    assert [(f.theme, f.n_passages) for f in arabic.themes if f.n_passages] == [(road, 1)]
    assert arabic.n_submissions == 1
    [associations] = [
        row
        for row in session.execute(queries.corpus_counts_by(run, Dimension.ACTOR_TYPE))
        if row.value == "association"
    ]
    assert (associations.n_passages, associations.n_submissions) == (2, 1)


def test_passages_are_listed_with_their_exact_words(
    session: Session, run: AnalysisRun, road: Theme
) -> None:
    rows = session.execute(queries.passages_of(run, road.id)).all()
    only_copies = session.execute(queries.passages_of(run, road.id, state=PassageState.COPY)).all()
    waiting = session.execute(queries.passages_in_state(run, PassageState.TO_ARBITRATE)).all()

    assert len(rows) == 5
    assert "road: الطريق مقطوعة." in {row.words for row in rows}
    assert [row.words for row in only_copies] == ["road: dup sign here."]
    assert [row.words for row in waiting] == ["?: who knows."]
    assert session.scalar(queries.n_rows(queries.passages_of(run, road.id))) == 5


def test_placements_say_what_the_run_found_whatever_is_merged(
    session: Session, run: AnalysisRun, road: Theme, school: Theme, now: Any
) -> None:
    merge(session, System(), school, road, now=now)

    found = session.query(Placement).filter_by(run_id=run.id, theme_id=school.id).count()
    assert found == 2
