"""Proposals: made by a run, shown with reason and evidence, accepted or refused, undone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.access import Role, System
from app.core.db import Texts
from app.themes import deciding, errors
from app.themes.ledger import settling
from app.themes.models import AnalysisRun, Placement, Proposal, Theme
from app.themes.proposals import dividing
from app.themes.proposals.queries import n_open_proposals
from nlp.durable import PassageRef
from nlp.proposing import ThemeProposal
from tests.factories import submission
from tests.themes.deciding import divided_in_two, passages_in

Find = Callable[[str], Theme]
SALMA = System("Salma")
KINDS = ["new", "split", "merge", "rename"]


@pytest.fixture
def analyst(client: Any, sign_in: Any) -> Any:
    """A browser in which an analyst is signed in."""
    sign_in(client, Role.ANALYST)
    return client


@pytest.fixture
def proposed(
    session: Session, consultation: Any, analysed: Any, fake: Any, theme_called: Find, now: Any
) -> Callable[[], AnalysisRun]:
    """A second run, after somebody decided, that proposes one change of each kind."""
    first = analysed(consultation)
    road, school = theme_called("Routes et pistes"), theme_called("École")
    care = theme_called("Soins")
    deciding.validate(session, SALMA, school, now=now)
    deciding.validate(session, SALMA, care, now=now)
    submission(consultation, "work: no job. work: no pay. work: far. work: hard.")
    passages = [session.get_one(Placement, row) for row in _rows(session, first, road.id)][:2]
    refs = tuple(
        PassageRef(str(one.passage.answer_id), one.passage.start, one.passage.end)
        for one in passages
    )
    fake.proposals = [
        ThemeProposal(
            "split", f"t{road.id}", None, "Bus", "الحافلة", refs, {"share": 0.38, "within": 0.9}
        ),
        ThemeProposal(
            "merge", f"t{care.id}", f"t{school.id}", "", "", refs[:1], {"share": 0.7, "n": 9.0}
        ),
        ThemeProposal("rename", f"t{road.id}", None, "Chemins", "سبل", (), {"overlap": 0.5}),
    ]
    session.commit()
    return lambda: analysed(consultation)


def _rows(session: Session, run: AnalysisRun, theme_id: int) -> list[int]:
    """Return the placements in a theme."""
    rows = session.query(Placement).filter_by(run_id=run.id, theme_id=theme_id, state="in_theme")
    return sorted(row.id for row in rows)


def of_kind(session: Session, kind: str) -> Proposal:
    """Return the one proposal of a kind."""
    return session.query(Proposal).filter_by(kind=kind).one()


def picture(session: Session) -> dict[str, Any]:
    """Return themes and places as they are written."""
    themes = {
        theme.id: (theme.state, dict(theme.name), theme.merged_into_id)
        for theme in session.query(Theme)
        if not theme.is_made_by_hand
    }
    places = {row.id: (row.state, row.theme_id) for row in session.query(Placement)}
    return {"themes": themes, "places": places}


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_open_proposals_are_shown_by_kind_with_reason_and_evidence(
    session: Session, analyst: Any, consultation: Any, proposed: Any, lang: str
) -> None:
    proposed()

    answer = analyst.get(f"/{lang}/staff/consultations/{consultation.slug}/proposals")

    page = answer.get_data(as_text=True)
    assert re.findall(r'<section class="band tight" aria-labelledby="(\w+)"', page) == KINDS
    for said in ("Chemins", "Bus", "work: no job.") if lang == "fr" else ("work: no job.",):
        assert said in page
    assert "38" in page
    assert page.count("/accept") == 4
    if lang == "en":
        words = re.sub(r"<[^>]+>", "", page)
        assert "38% of this theme’s passages lie in a group of their own" in words
        assert "the same for 50% only" in words
    assert 'class="badge"' in page
    assert n_open_proposals(session, consultation.id) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_accepted_and_taken_back(
    session: Session, analyst: Any, consultation: Any, proposed: Any, kind: str
) -> None:
    proposed()
    before = picture(session)
    number = of_kind(session, kind).id
    names = {f"p{number}-name_fr": "Voies", f"p{number}-name_ar": "طرقات"}
    session.rollback()

    done = analyst.post(f"/en/staff/proposals/{number}/accept", data=names)

    assert done.status_code == 302
    session.expire_all()
    proposal = of_kind(session, kind)
    assert proposal.state == "accepted"
    assert picture(session) != before
    if kind != "merge":
        assert "Voies" in {theme.name["fr"] for theme in session.query(Theme)}
    assert not settling.compare(session, consultation.id)
    event = proposal.event_id
    session.rollback()
    page = analyst.get(f"/en/staff/consultations/{consultation.slug}/proposals")
    assert f"/decisions/{event}/undo" in page.get_data(as_text=True)
    assert analyst.post(f"/en/staff/decisions/{event}/undo").status_code == 302
    session.expire_all()
    assert picture(session) == before
    assert of_kind(session, kind).state == "open"
    assert not settling.compare(session, consultation.id)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_refused_is_not_proposed_again(
    session: Session, analyst: Any, consultation: Any, proposed: Any, kind: str
) -> None:
    proposed()
    before = picture(session)["places"]
    number = of_kind(session, kind).id
    session.rollback()

    done = analyst.post(f"/en/staff/proposals/{number}/refuse", data={f"r{number}-reason": "Non"})

    assert done.status_code == 302
    session.expire_all()
    assert {key: row[0] for key, row in picture(session)["places"].items()} == {
        key: row[0] for key, row in before.items()
    }
    proposed()
    assert of_kind(session, kind).state == "refused"
    assert n_open_proposals(session, consultation.id) == 3
    session.rollback()
    page = analyst.get(f"/en/staff/consultations/{consultation.slug}/proposals")
    assert "Non" in page.get_data(as_text=True)


def test_all_of_a_kind_are_decided_on_at_once_and_what_fails_stays_open(
    session: Session, analyst: Any, consultation: Any, proposed: Any, theme_called: Find, now: Any
) -> None:
    proposed()
    school = theme_called("École")
    session.add(
        Proposal(
            consultation_id=consultation.id,
            run_id=school.last_run_id,
            kind="rename",
            theme_id=school.id,
            payload={"name": {"fr": "Soins", "ar": "العلاجات"}, "figures": {"overlap": 0.2}},
            fingerprint="1" * 64,
            created_at=now,
        )
    )
    session.commit()
    ids = [one.id for one in session.query(Proposal).filter_by(kind="rename")]
    session.rollback()
    path = f"/en/staff/consultations/{consultation.slug}/proposals"
    page = analyst.get(path).get_data(as_text=True)

    answer = analyst.post(path, data={"proposal": ids, "verb": "accept"})

    assert page.count("give another name") == 2
    told = analyst.get(answer.location).get_data(as_text=True)
    assert "1</bdi> proposal is accepted." in told
    assert f"Proposal {ids[1]} stays open. Another theme already has the name" in told
    session.expire_all()
    assert sorted(session.get_one(Proposal, one).state for one in ids) == ["accepted", "open"]
    refused = analyst.post(path, data={"proposal": ids, "verb": "refuse"})
    assert refused.status_code == 302
    session.expire_all()
    assert sorted(session.get_one(Proposal, one).state for one in ids) == ["accepted", "refused"]


def test_a_name_that_is_taken_is_said_beside_what_was_typed(
    session: Session, analyst: Any, proposed: Any
) -> None:
    proposed()
    number = of_kind(session, "new").id
    session.rollback()

    answer = analyst.post(
        f"/en/staff/proposals/{number}/accept",
        data={f"p{number}-name_fr": "École", f"p{number}-name_ar": "شغل جديد"},
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#p{number}-name_fr"' in page
    assert 'value="شغل جديد"' in page


def test_a_proposal_decided_on_meanwhile_says_by_whom(
    session: Session, analyst: Any, proposed: Any, now: Any
) -> None:
    proposed()
    proposal = of_kind(session, "rename")
    deciding.refuse(session, SALMA, proposal, now=now)
    session.commit()
    number = proposal.id

    answer = analyst.post(
        f"/en/staff/proposals/{number}/accept", data={f"p{number}-name_fr": "Ma proposition"}
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Salma decided on this proposal meanwhile." in page
    assert "Ma proposition" in page


def test_a_proposal_on_a_theme_that_was_merged_comes_back_with_it(
    session: Session, consultation: Any, proposed: Any, theme_called: Find, now: Any
) -> None:
    proposed()
    road, school = theme_called("Routes et pistes"), theme_called("École")

    merged = deciding.merge(session, SALMA, road, school, now=now)

    assert n_open_proposals(session, consultation.id) == 2
    deciding.undo(session, SALMA, merged, now=now)
    assert n_open_proposals(session, consultation.id) == 4


def test_the_menu_counts_what_waits(
    app: Flask, session: Session, analyst: Any, consultation: Any, proposed: Any
) -> None:
    proposed()
    slug = consultation.slug
    session.rollback()

    page = analyst.get(f"/en/staff/consultations/{slug}/themes").get_data(as_text=True)

    assert "to decide on" in page


def test_a_division_takes_what_people_put_there_but_no_example_and_nothing_decided_since(
    session: Session, consultation: Any, analysed: Any, theme_called: Find, now: datetime
) -> None:
    run = analysed(consultation)
    road, school = theme_called("Routes et pistes"), theme_called("École")
    passages = passages_in(session, run, road.id)
    deciding.confirm(session, SALMA, consultation.id, passages[-1:], now=now)
    deciding.pin(session, SALMA, consultation.id, passages[:1], now=now)
    asked = dividing.read(session, road.id)
    division = divided_in_two([one.words for one in asked.members], [])

    written = dividing.write(session, asked, division, now=now)

    proposal = session.query(Proposal).one()
    assert (written.n_made, written.n_decided) == (1, 0)
    assert proposal.payload["passages"] == passages[-1:]
    assert [one.is_free for one in asked.members] == [False, True, True, True]
    moved = deciding.move(session, SALMA, school, passages[-1:], now=now)
    with pytest.raises(errors.ProposalClosedError):
        deciding.accept(session, SALMA, proposal, now=now)
    deciding.undo(session, SALMA, moved, now=now)
    deciding.accept(session, SALMA, proposal, now=now)
    [bus] = [theme for theme in session.query(Theme) if theme.name["fr"] == "Bus"]
    assert passages_in(session, run, bus.id) == passages[-1:]
    assert not settling.compare(session, consultation.id)


def test_the_same_division_is_proposed_once_and_not_after_a_refusal(
    session: Session, consultation: Any, analysed: Any, theme_called: Find, now: datetime
) -> None:
    analysed(consultation)
    road = theme_called("Routes et pistes")

    def divide() -> dividing.Written:
        """Divide it as always."""
        asked = dividing.read(session, road.id)
        division = divided_in_two([one.words for one in asked.members], [])
        return dividing.write(session, asked, division, now=now)

    assert divide().n_made == divide().n_made == 1
    proposal = session.query(Proposal).one()
    deciding.refuse(session, SALMA, proposal, now=now)

    again = divide()

    assert (again.n_made, again.n_decided) == (0, 1)
    assert session.query(Proposal).one().state == "refused"


def test_a_division_of_a_theme_that_changed_meanwhile_writes_nothing(
    session: Session, consultation: Any, analysed: Any, theme_called: Find, now: datetime
) -> None:
    analysed(consultation)
    road = theme_called("Routes et pistes")
    asked = dividing.read(session, road.id)
    division = divided_in_two([one.words for one in asked.members], [])
    deciding.exclude(session, SALMA, road, reason="Ailleurs", now=now)

    written = dividing.write(session, asked, division, now=now)

    assert written.n_made == 0
    assert session.query(Proposal).count() == 0


def test_proposals_are_listed_and_decided_on_by_command(
    app: Flask, session: Session, consultation: Any, proposed: Any
) -> None:
    proposed()
    slug = consultation.slug
    numbers = {kind: of_kind(session, kind).id for kind in KINDS}
    session.rollback()

    def themes(*words: object) -> Any:
        """Run ``flask themes``."""
        session.remove()  # type: ignore[attr-defined]
        return app.test_cli_runner().invoke(args=["themes", *map(str, words)])

    listed = themes("proposals", "list", slug)
    assert listed.output.count("\topen\t") == 4
    assert "share=0.38" in listed.output
    dry = themes("proposals", "accept", numbers["rename"], "--fr", "Voies", "--dry-run")
    assert "Would be done" in dry.output
    done = themes("proposals", "accept", numbers["rename"], "--fr", "Voies", "--ar", "طرقات")
    assert done.exit_code == 0, done.output
    refused = themes("proposals", "refuse", numbers["split"], "--reason", "Non")
    assert refused.exit_code == 0, refused.output
    twice = themes("proposals", "refuse", numbers["split"])
    assert twice.exit_code == 2
    assert themes("proposals", "list", slug).output.count("\topen\t") == 2
    assert "\trefused\t" in themes("proposals", "list", slug, "--all").output


def test_the_ledger_is_verified_and_repaired_by_command(
    app: Flask, session: Session, consultation: Any, analysed: Any, theme_called: Find, now: Any
) -> None:
    run_id = analysed(consultation).id
    road = theme_called("Routes et pistes")
    deciding.rename(session, SALMA, road, name_fr="Pistes", name_ar="مسالك", now=now)
    session.commit()
    slug, road_id = consultation.slug, road.id

    def verify(*words: str) -> Any:
        """Run ``flask themes verify``."""
        session.remove()  # type: ignore[attr-defined]
        return app.test_cli_runner().invoke(args=["themes", "verify", slug, *words])

    assert verify().exit_code == 0
    road = session.get_one(Theme, road_id)
    road.name, road.key_fr = Texts(fr="Faux", ar="خطأ"), "faux"
    number = _rows(session, session.get_one(AnalysisRun, run_id), road_id)[0]
    session.get_one(Placement, number).state = "off_topic"
    session.commit()
    wrong = verify()
    assert wrong.exit_code == 1
    assert "'Faux'" in wrong.output
    assert "off_topic" in wrong.output
    assert "Would be done" in verify("--repair", "--dry-run").output
    assert verify().exit_code == 1
    assert verify("--repair").exit_code == 0
    assert verify().exit_code == 0
    assert session.get_one(Theme, road_id).name["fr"] == "Pistes"
    assert session.get_one(Placement, number).state == "in_theme"
