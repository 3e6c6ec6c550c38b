"""Paper: printed with a code, typed by code, twice for a sample, compared and settled."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.consultations.models import Consultation
from app.core.access import Role
from app.core.db import db
from app.submissions.models import (
    Attachment,
    Channel,
    EntryRecord,
    PaperEntry,
    PaperForm,
    PaperRun,
    Submission,
    SubmissionVersion,
)
from app.submissions.paper import agreement
from tests.factories import texts
from tests.files import made
from tests.pages import CheckedClient
from tests.submissions.way import rich_consultation


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """A consultation with questions of several kinds."""
    return rich_consultation()


@pytest.fixture
def agent(client: CheckedClient, sign_in: Callable[..., Any], consultation: Consultation) -> Agent:
    """An agent at work."""
    one = Agent(client, consultation.slug)
    one.sign_in = sign_in
    sign_in(client, Role.DATA_ENTRY)
    return one


class Agent:
    """Someone who prints forms and types them in."""

    sign_in: Callable[..., Any]

    def __init__(self, client: CheckedClient, slug: str) -> None:
        self.client, self.base = client, f"/fr/staff/consultations/{slug}/paper"

    def print(self, n: int = 3, *, double: int = 0, lang: str = "fr", region: str = "") -> PaperRun:
        """Make a run."""
        answer = self.client.post(
            self.base,
            data={
                "lang": lang,
                "n_copies": n,
                "double": double,
                "region": region,
                "destination": "Aït Ourir",
            },
        )
        assert answer.status_code == 303, answer.text
        return db.session.scalars(select(PaperRun).order_by(PaperRun.id.desc())).first()  # type: ignore[return-value]

    def type(self, code: str, **more: Any) -> TestResponse:
        """Type a copy in."""
        data: dict[str, Any] = {
            "actor_type": "citizen",
            "q-place-region": "08",
            "q-story": "La route est coupée.",
            "q-many": ["a", "b"],
            "q-ease-x": "4",
            "q-ease-y": "0",
            "q-people": "12",
            "agree": "y",
            "said_by": "trois mères",
            **more,
        }
        data = {name: value for name, value in data.items() if value is not None}
        return self.client.post(f"{self.base}/copies/{code}", data=data)

    def leave_for_another(self) -> None:
        """Give the place to another agent."""
        self.sign_in(self.client, Role.DATA_ENTRY)


def codes(run: PaperRun) -> list[str]:
    """Return the codes of a run."""
    found = [copy.code for copy in run.copies]
    db.session.rollback()
    return found


# --- printing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_copy_bears_its_own_code_on_every_page(agent: Agent, lang: str) -> None:
    run = agent.print(3, lang=lang)
    identity, own = run.id, codes(run)
    data = agent.client.get(f"/{lang}/staff/paper/{identity}/forms.pdf").data
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    per_copy = len(pages) // 3
    assert per_copy * 3 == len(pages)
    for number, code in enumerate(own):
        written = f"{code[:4]}-{code[4:]}"
        mine = pages[number * per_copy : (number + 1) * per_copy]
        assert all(written in page for page in mine)
        assert not any(written in page for page in pages if page not in mine)
        assert sum(page.count(written) for page in mine) == per_copy + 1  # the slip has it too
    for word in ("place", "story", "many", "ease", "option b", "item y"):
        assert any(f"{word} ({lang})" in page or word in page for page in pages[:per_copy])


def test_conditions_are_said_in_words(agent: Agent) -> None:
    identity = agent.print(1).id
    db.session.rollback()
    data = agent.client.get(f"/en/staff/paper/{identity}/forms.pdf").data
    text = " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(data)).pages).split())
    assert "option other (fr)" in text
    assert "4" in text.split("option other (fr)")[2][:40]  # "... at question 4"


def test_five_hundred_copies_weigh_little_more_than_one(agent: Agent) -> None:
    one = len(agent.client.get(f"/fr/staff/paper/{_number(agent.print(1))}/forms.pdf").data)
    many = len(agent.client.get(f"/fr/staff/paper/{_number(agent.print(60))}/forms.pdf").data)
    assert many < one + 60 * 5_000


def _number(run: PaperRun) -> int:
    """Return the number of a run."""
    identity = run.id
    db.session.rollback()
    return identity


@pytest.mark.skipif(not shutil.which("zbarimg"), reason="nothing here reads squares of dots")
def test_a_camera_reads_the_code(agent: Agent, tmp_path: Path) -> None:
    run = agent.print(1)
    identity, own = run.id, codes(run)
    path = tmp_path / "a.pdf"
    path.write_bytes(agent.client.get(f"/fr/staff/paper/{identity}/forms.pdf").data)
    subprocess.run(["pdftoppm", "-r", "150", "-png", path, tmp_path / "p"], check=True)
    read = subprocess.run(
        ["zbarimg", "-q", *tmp_path.glob("p*.png")], capture_output=True, check=True
    )
    assert own[0] in read.stdout.decode()


@pytest.mark.parametrize(
    ("n", "double", "drawn"), [(10, 0, 0), (10, 10, 1), (7, 50, 4), (3, 100, 3)]
)
def test_the_sample_is_drawn_when_the_run_is_made(
    agent: Agent, n: int, double: int, drawn: int
) -> None:
    assert sum(copy.is_double for copy in agent.print(n, double=double).copies) == drawn


def test_an_agent_of_a_region_prints_and_types_for_it_alone(
    client: CheckedClient, sign_in: Callable[..., Any], consultation: Consultation
) -> None:
    agent = Agent(client, consultation.slug)
    sign_in(client, Role.DATA_ENTRY, region="08")
    assert (
        client.post(
            agent.base, data={"lang": "fr", "n_copies": 1, "double": 0, "region": "01"}
        ).status_code
        == 422
    )
    own = codes(agent.print(1, region="08"))
    assert agent.type(own[0], **{"q-place-region": "01"}).status_code == 403
    assert agent.type(own[0]).status_code == 303


# --- typing -------------------------------------------------------------------------------------


def test_a_code_typed_any_way_opens_the_form_in_the_language_of_the_copy(agent: Agent) -> None:
    code = codes(agent.print(1, lang="ar"))[0]
    answer = agent.client.post(
        f"{agent.base}/code", data={"code": f" {code[:4].lower()} {code[4:]}"}
    )
    assert answer.status_code == 303
    assert answer.location.startswith("/ar/")
    page = agent.client.get(answer.location).text
    for name in ("q-place-region", "q-story", "q-many", "q-ease-x", "q-members", "said_by", "scan"):
        assert f'name="{name}"' in page
    wrong = agent.client.post(f"{agent.base}/code", data={"code": "ZZZZ-2222"})
    assert wrong.status_code == 422


def test_what_is_typed_is_a_submission_under_the_code_of_the_copy(
    agent: Agent, session: Session
) -> None:
    code = codes(agent.print(1))[0]
    assert agent.type(code, said_on="2022-01-15").status_code == 303
    submission = session.scalars(select(Submission)).one()
    assert (submission.receipt_code, submission.channel) == (code, Channel.PAPER)
    assert submission.region_code == "08"
    assert submission.consent is not None
    record = session.scalars(select(EntryRecord)).one()
    assert (record.source, record.said_by) == ("paper", "trois mères")
    assert record.typed_by.startswith("Person")
    assert record.said_at is not None
    page = agent.client.get(f"/fr/staff/submissions/{submission.id}").text
    assert "trois mères" in page
    assert record.typed_by in page
    assert agent.client.get(f"/fr/my-contribution/{code}").status_code == 200


def test_a_copy_typed_again_stays_as_it_was(agent: Agent, session: Session) -> None:
    code = codes(agent.print(1))[0]
    agent.type(code)
    again = agent.type(code, **{"q-story": "Autre chose."})
    assert again.status_code == 409
    assert "Autre chose." in again.text
    assert len(session.scalars(select(Submission)).all()) == 1


def test_without_the_cross_nothing_is_recorded_and_nothing_typed_is_lost(
    agent: Agent, session: Session
) -> None:
    code = codes(agent.print(1))[0]
    answer = agent.type(code, agree=None)
    assert answer.status_code == 422
    assert "La route est coupée." in answer.text
    assert session.scalars(select(Submission)).all() == []
    assert session.scalars(select(PaperEntry)).all() == []


def test_what_the_paper_leaves_empty_is_recorded_once_somebody_says_so(
    agent: Agent, session: Session
) -> None:
    code = codes(agent.print(1))[0]
    gaps = {"q-ease-y": None, "q-place-region": None, "actor_type": None}
    asked = agent.type(code, **gaps)
    assert asked.status_code == 422
    assert 'name="keep_missing"' in asked.text
    assert agent.type(code, **gaps, **{"q-people": "many"}, keep_missing="y").status_code == 422
    assert agent.type(code, **gaps, keep_missing="y").status_code == 303
    submission = session.scalars(select(Submission)).one()
    assert (submission.actor_type, submission.region_code) == ("unknown", None)
    values = {answer.question.key: answer.value for answer in submission.answers}
    assert values["ease"] == {"x": 4}


def test_the_scan_goes_with_the_submission_and_agents_may_see_it(
    agent: Agent, session: Session
) -> None:
    code = codes(agent.print(1))[0]
    bad = agent.type(code, scan=(io.BytesIO(made.program()), "scan.png"))
    assert bad.status_code == 422
    agent.type(code, scan=(io.BytesIO(made.picture()), "scan.png"))
    attachment = session.scalars(select(Attachment)).one()
    record = session.scalars(select(EntryRecord)).one()
    assert (attachment.role, record.scan_id) == ("scan", attachment.file_id)
    token, identity = attachment.file.token, attachment.submission_id
    assert token in agent.client.get(f"/fr/staff/submissions/{identity}").text
    with agent.client.get(f"/fr/staff/attachments/{token}") as answer:
        assert answer.data == made.picture()
    assert token not in agent.client.get(f"/fr/my-contribution/{code}").text
    assert agent.client.get(f"/fr/my-contribution/{code}/files/{token}").status_code == 404
    agent.sign_in(agent.client, Role.OBSERVER)
    assert agent.client.get(f"/fr/staff/attachments/{token}").status_code == 403


def test_what_somebody_says_aloud_gets_a_receipt_once(agent: Agent, session: Session) -> None:
    data = {
        "page_key": "one page",
        "source": "telephone",
        "actor_type": "citizen",
        "agree": "y",
        "q-place-region": "08",
        "q-story": "Au téléphone.",
        "q-ease-x": "1",
        "q-ease-y": "2",
    }
    first = agent.client.post(f"{agent.base}/assisted", data=data)
    agent.client.post(f"{agent.base}/assisted", data=data)
    submission = session.scalars(select(Submission)).one()
    assert submission.channel == Channel.ASSISTED
    assert session.scalars(select(EntryRecord)).one().source == "telephone"
    assert submission.receipt in agent.client.get(first.location).text


# --- twice --------------------------------------------------------------------------------------


def test_the_second_reading_is_anothers_and_shows_nothing_of_the_first(
    agent: Agent, session: Session
) -> None:
    code = codes(agent.print(1, double=100))[0]
    agent.type(code)
    assert agent.type(code).status_code == 409
    assert agent.client.get(f"{agent.base}/copies/{code}").status_code == 409
    agent.leave_for_another()
    page = agent.client.get(f"{agent.base}/copies/{code}").text
    assert "La route est coupée." not in page
    assert agent.type(code).status_code == 303
    assert len(session.scalars(select(PaperEntry)).all()) == 2
    assert session.scalars(select(PaperEntry).where(PaperEntry.turn == 2)).one().differences == {}


def test_the_database_itself_refuses_the_same_agent_twice(
    agent: Agent, session: Session, now: Any
) -> None:
    from sqlalchemy.exc import IntegrityError

    code = codes(agent.print(1, double=100))[0]
    agent.type(code)
    first = session.scalars(select(PaperEntry)).one()
    session.add(
        PaperEntry(
            form_id=first.form_id, turn=2, values={}, typed_by_id=first.typed_by_id, typed_at=now
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_differences_are_shown_measured_and_settled(agent: Agent, session: Session) -> None:
    run = agent.print(1, double=100)
    number, code = run.id, codes(run)[0]
    agent.type(code)
    agent.leave_for_another()
    agent.type(code, **{"q-story": "La route est  coupée.", "q-people": "21", "q-many": ["a"]})
    page = agent.client.get(f"{agent.base}/copies/{code}/differences")
    assert page.text.count('type="radio"') == 4
    assert "coupée" not in page.text  # a space more is no difference
    run_page = agent.client.get(f"/fr/staff/paper/{number}").text
    assert f"copies/{code}/differences" in run_page
    short = agent.client.post(
        f"{agent.base}/copies/{code}/differences", data={"keep-people": "second"}
    )
    assert short.status_code == 422
    done = agent.client.post(
        f"{agent.base}/copies/{code}/differences",
        data={"keep-people": "second", "keep-many": "first"},
    )
    assert done.status_code == 303
    submission = session.scalars(select(Submission)).one()
    values = {answer.question.key: answer.value for answer in submission.answers}
    assert (values["people"], values["many"], submission.version) == (21, ["a", "b"], 2)
    assert session.scalars(select(SubmissionVersion)).one().values["people"] == 12
    again = agent.client.post(
        f"{agent.base}/copies/{code}/differences", data={"keep-people": "first"}
    )
    assert again.status_code == 409
    found = agreement.measure(session.scalars(select(PaperForm)).all())
    assert (found.overall.n_wrong, found.n_open) == (2, 0)
    assert sorted(rate.n_wrong for rate in found.by_agent.values()) == [1, 1]


@given(st.integers(0, 400), st.integers(0, 400))
def test_an_interval_holds_its_share_and_stays_within_bounds(wrong: int, right: int) -> None:
    rate = agreement.Rate(wrong, wrong + right)
    low, high = rate.interval
    assert 0 <= low <= rate.share + 1e-12 or rate.n == 0
    assert (rate.share - 1e-12 <= high <= 1) or rate.n == 0
    assert low < high


@given(st.dictionaries(st.sampled_from("abc"), st.none() | st.text(max_size=3) | st.integers(0, 3)))
def test_a_reading_never_differs_from_itself(values: dict[str, Any]) -> None:
    assert agreement.differing(values, values) == {}


def test_letters_that_look_alike_in_code_are_no_difference() -> None:
    assert agreement.differing({"a": "e\u0301te\u0301 "}, {"a": "été"}) == {}
    assert agreement.differing({"a": {"x": 1}}, {"a": {"x": 2}}) == {
        "a": {"first": {"x": 1}, "second": {"x": 2}}
    }
    assert texts("a")["fr"] == "a (fr)"
