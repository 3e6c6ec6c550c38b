"""A receipt's code opens what was said and shows where each passage of it went."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.security import limiter
from app.commitments.queries import load_contribution
from app.consultations.models import Consultation
from app.core.db import Texts, db
from app.core.jobs.models import Job
from app.reports.models import Report
from app.submissions.models import Submission
from app.themes.models import AnalysisRun, Passage, PassageState, Theme
from config import Settings
from tests.conftest import NOW
from tests.factories import ConsultationFactory, placement, submission
from tests.pages import CheckedClient

TEXT = "Bonjour. Le centre est fermé. L’école est loin. La route est coupée. Merci."
PARTS = ("Le centre est fermé.", "L’école est loin.", "La route est coupée.")


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """An open consultation."""
    found: Consultation = ConsultationFactory()
    return found


@pytest.fixture
def row(session: Session, consultation: Consultation) -> Submission:
    """A contribution of three passages between a greeting and thanks."""
    return submission(consultation, TEXT, receipt_code="7K4M92QX")


class Desk:
    """Where a run places passages and a report is published."""

    def __init__(self, session: Session, consultation: Consultation) -> None:
        self.session, self.consultation = session, consultation
        job = Job(kind="themes.analyse", state="done", created_at=NOW)
        session.add(job)
        session.flush()
        self.run = self.add(AnalysisRun(
            consultation_id=consultation.id, job_id=job.id, options={}, started_at=NOW,
            finished_at=NOW,
        ))

    def add(self, thing: Any) -> Any:
        """Add a row."""
        self.session.add(thing)
        self.session.flush()
        return thing

    def theme(self, name: str, **columns: Any) -> Theme:
        """Add a theme."""
        theme: Theme = self.add(Theme(
            consultation_id=self.consultation.id, name=Texts(fr=name, ar=f"{name} ar"),
            first_run_id=self.run.id, last_run_id=self.run.id, created_at=NOW, **columns,
        ))
        return theme

    def place(
        self, row: Submission, part: str, state: PassageState, theme: Theme | None = None,
        copy_of: Passage | None = None,
    ) -> Passage:
        """Place a passage."""
        answer = row.answers[0]
        start = (answer.text or "").index(part)
        passage: Passage = self.add(Passage(
            submission_id=row.id, answer_id=answer.id, start=start, end=start + len(part),
            language="fr", sha256=sha256(part.encode()).hexdigest(),
        ))
        self.add(placement(
            run_id=self.run.id, passage_id=passage.id, state=state, margin=0.5,
            theme_id=theme.id if theme else None, copy_of_id=copy_of.id if copy_of else None,
        ))
        return passage

    def publish(
        self, *themes: Theme, quoted: Passage | None = None, pen: list[int] | None = None,
        version: int = 1,
    ) -> Report:
        """Publish a report that holds the themes."""
        quotations = [] if quoted is None else [
            {"answer": quoted.answer_id, "start": quoted.start, "end": quoted.end, "pen": pen}
        ]
        body = {"themes": [
            {"id": theme.id, "name": dict(theme.name), "quotations": quotations}
            for theme in themes
        ]}
        report: Report = self.add(Report(
            consultation_id=self.consultation.id, run_id=self.run.id, version=version,
            label=f"{version}.0",
            published_at=NOW, body=body, sha256="0" * 64,
        ))
        return report


@pytest.fixture
def desk(session: Session, consultation: Consultation) -> Desk:
    """The desk of the consultation."""
    return Desk(session, consultation)


def page_of(client: CheckedClient, session: Session, lang: str = "en") -> str:
    """Return the contribution's page."""
    session.commit()
    page = client.get(f"/{lang}/my-contribution/7K4M92QX")
    assert page.status_code == 200
    return unescape(page.text)


def test_before_publication_every_text_is_verbatim_and_being_read(
    client: CheckedClient, session: Session, row: Submission, desk: Desk
) -> None:
    desk.place(row, PARTS[0], PassageState.IN_THEME, desk.theme("Thème secret"))
    page = page_of(client, session)
    assert TEXT in page
    assert "Being read" in page
    assert "Thème secret" not in page


def test_after_publication_each_passage_shows_where_it_landed(
    client: CheckedClient, session: Session, row: Submission, desk: Desk
) -> None:
    theme = desk.theme("Centres ouverts")
    desk.place(row, PARTS[0], PassageState.IN_THEME, theme)
    desk.place(row, PARTS[1], PassageState.TO_ARBITRATE)
    desk.place(row, PARTS[2], PassageState.OFF_TOPIC)
    desk.publish(theme)
    page = page_of(client, session)
    assert "1 passage out of 3 is in a theme." in page
    assert f'/results/themes/{theme.id}">' in page
    assert "Centres ouverts" in page
    for words in ("“to arbitrate” until a person decides", "counted as off-topic"):
        assert words in page


def test_words_between_passages_are_shown_too(
    session: Session, row: Submission, desk: Desk
) -> None:
    theme = desk.theme("T")
    for part in PARTS:
        desk.place(row, part, PassageState.IN_THEME, theme)
    desk.publish(theme)
    (said,) = load_contribution(session, row).said
    assert [place.number for place in said.landings] == [None, 1, 2, 3, None]
    assert [place.text.strip() for place in said.landings] == ["Bonjour.", *PARTS, "Merci."]


def test_a_merged_theme_leads_to_the_one_at_the_end_of_the_merges(
    session: Session, row: Submission, desk: Desk
) -> None:
    end = desk.theme("Le bout")
    middle = desk.theme("Milieu", state="merged", merged_into_id=end.id)
    start = desk.theme("Début", state="merged", merged_into_id=middle.id)
    desk.place(row, PARTS[0], PassageState.IN_THEME, start)
    desk.publish(end)
    (landing,) = load_contribution(session, row).landings
    assert landing.theme is end
    assert landing.reported is not None
    assert landing.reported["id"] == end.id


def test_a_theme_keeps_the_name_under_which_it_was_published(
    client: CheckedClient, session: Session, row: Submission, desk: Desk
) -> None:
    theme = desk.theme("Nom publié")
    desk.place(row, PARTS[0], PassageState.IN_THEME, theme)
    desk.publish(theme)
    theme.name = Texts(fr="Nom de travail", ar="اسم")
    page = page_of(client, session)
    assert "Nom publié" in page
    assert "Nom de travail" not in page


def test_a_theme_that_is_not_in_the_report_has_no_link(
    client: CheckedClient, session: Session, row: Submission, desk: Desk
) -> None:
    theme = desk.theme("Sans page")
    desk.place(row, PARTS[0], PassageState.IN_THEME, theme)
    desk.publish()
    page = page_of(client, session)
    assert "Sans page" in page
    assert f"/results/themes/{theme.id}" not in page


def test_an_excluded_passage_says_why(
    client: CheckedClient, session: Session, row: Submission, desk: Desk
) -> None:
    theme = desk.theme("Publicité", state="excluded", excluded_reason="Réclame commerciale")
    desk.place(row, PARTS[0], PassageState.EXCLUDED, theme)
    desk.publish()
    assert "Réclame commerciale" in page_of(client, session)


def test_a_copy_is_counted_once_with_the_others(
    session: Session, consultation: Consultation, row: Submission, desk: Desk
) -> None:
    theme = desk.theme("Campagne")
    original = desk.place(submission(consultation, TEXT), PARTS[0], PassageState.IN_THEME, theme)
    desk.place(submission(consultation, TEXT), PARTS[0], PassageState.COPY, theme, original)
    own = desk.place(row, PARTS[0], PassageState.COPY, None, original)
    desk.publish(theme)
    (landing,) = load_contribution(session, row).landings
    assert landing.theme is theme  # its original's
    assert landing.n_others == 2
    first = load_contribution(session, original.submission).landings[0]
    assert first.n_others == 2
    assert load_contribution(session, row).n_in_theme == 1
    assert own.submission_id == row.id


def test_a_quotation_is_marked_and_only_the_very_words(
    client: CheckedClient, session: Session, row: Submission, desk: Desk
) -> None:
    theme = desk.theme("T")
    quoted = desk.place(row, PARTS[0], PassageState.IN_THEME, theme)
    desk.place(row, PARTS[1], PassageState.IN_THEME, theme)
    desk.publish(theme, quoted=quoted)
    page = page_of(client, session)
    assert page.count("Quoted in the report") == 1
    assert f'<mark class="hl">{PARTS[0]}</mark>' in page


def test_the_newest_report_decides(
    client: CheckedClient, session: Session, consultation: Consultation, row: Submission,
    desk: Desk,
) -> None:
    old = desk.theme("Ancien")
    desk.place(row, PARTS[0], PassageState.IN_THEME, old)
    desk.publish(old)
    newer = Desk(session, consultation)
    new = newer.theme("Nouveau")
    answer = row.answers[0]
    passage = session.query(Passage).filter_by(answer_id=answer.id).one()
    newer.add(placement(run_id=newer.run.id, passage_id=passage.id, state="in_theme",
                        theme_id=new.id, margin=0.9))
    newer.publish(new, version=2)
    page = page_of(client, session)
    assert "Nouveau" in page
    assert "Ancien" not in page
    assert 'Version <bdi dir="ltr">2</bdi>' in page


def test_what_came_after_the_analysis_is_said_to_be_unplaced(
    client: CheckedClient, session: Session, row: Submission, desk: Desk
) -> None:
    desk.publish()
    page = page_of(client, session)
    assert "was made without your texts" in page
    assert TEXT in page


def test_someone_who_wrote_no_long_text_is_counted(
    client: CheckedClient, session: Session, consultation: Consultation
) -> None:
    submission(consultation, values={"place": {"region": "08", "province": None, "commune": None}},
               receipt_code="7K4M92QX")
    page = page_of(client, session)
    assert "Your answers are counted." in page
    assert "Drâa-Tafilalet" in page


def test_a_contribution_shows_nothing_of_another(
    client: CheckedClient, session: Session, consultation: Consultation, row: Submission,
    desk: Desk,
) -> None:
    other = submission(consultation, "Les mots d’une autre personne.")
    theme = desk.theme("Commun")
    desk.place(row, PARTS[0], PassageState.IN_THEME, theme)
    desk.place(other, "Les mots d’une autre personne.", PassageState.IN_THEME, theme)
    desk.publish(theme)
    assert "Les mots d’une autre personne." not in page_of(client, session)


# --- the code


@pytest.mark.parametrize(("pen", "marked"), [(None, PARTS[0]), ([3, 9], "centre")])
def test_the_pen_is_where_the_report_put_it(
    client: CheckedClient, session: Session, row: Submission, desk: Desk, pen: list[int] | None,
    marked: str,
) -> None:
    theme = desk.theme("T")
    desk.publish(theme, quoted=desk.place(row, PARTS[0], PassageState.IN_THEME, theme), pen=pen)
    assert f'<mark class="hl">{marked}</mark>' in page_of(client, session)


@pytest.mark.parametrize("typed", ["7K4M92QX", "7k4m-92qx", " 7K4M 92QX ", "7K4M92OX", "٧K4M-٩٢QX"])
def test_a_code_opens_however_it_is_typed(
    client: CheckedClient, session: Session, row: Submission, typed: str
) -> None:
    session.commit()
    answer = client.post("/ar/my-contribution", data={"code": typed})
    assert answer.status_code == 303
    assert answer.location.endswith("/ar/my-contribution/7K4M92QX")


def test_an_address_with_a_hyphen_leads_to_the_one_without(
    client: CheckedClient, session: Session, row: Submission
) -> None:
    session.commit()
    answer = client.get("/fr/my-contribution/7k4m-92qx")
    assert answer.location.endswith("/fr/my-contribution/7K4M92QX")


@pytest.mark.parametrize("typed", ["", "AAAA-BBBB", "abcd", "<b>", "x" * 5000])
def test_a_code_that_opens_nothing_is_refused_and_stays_typed(
    client: CheckedClient, session: Session, row: Submission, typed: str
) -> None:
    session.commit()
    page = client.post("/fr/my-contribution", data={"code": typed})
    assert page.status_code == 422
    assert 'href="#code"' in page.text
    assert typed in unescape(page.text)


def test_an_unknown_code_in_the_address_is_not_found(
    client: CheckedClient, session: Session
) -> None:
    assert client.get("/fr/my-contribution/AAAABBBB", unchecked=True).status_code == 404


def test_two_readings_that_both_exist_open_neither(
    client: CheckedClient, session: Session, consultation: Consultation
) -> None:
    submission(consultation, "a", receipt_code="7K4M92QX")
    submission(consultation, "b", receipt_code="7K4M92DX")
    session.commit()
    assert client.post("/fr/my-contribution", data={"code": "7K4M92OX"}).status_code == 422


def test_a_contribution_is_neither_stored_by_browsers_nor_indexed(
    client: CheckedClient, session: Session, row: Submission
) -> None:
    session.commit()
    page = client.get("/fr/my-contribution/7K4M92QX")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"


@pytest.fixture
def guarded(settings: Settings) -> Iterator[Flask]:
    """The application with its limits on, over the same database."""
    extra = settings.extra | {"RATELIMIT_ENABLED": True}
    guarded = create_app(Settings(**{**vars(settings), "extra": extra}))
    yield guarded
    limiter.reset()
    limiter.enabled = False
    with guarded.app_context():
        db.engine.dispose()


def test_guessing_is_stopped_after_twenty_wrong_codes_and_looking_is_not(
    session: Session, row: Submission, guarded: Flask
) -> None:
    session.commit()
    browser = guarded.test_client()
    for _look in range(30):
        assert browser.get("/fr/my-contribution/7K4M92QX").status_code == 200
    wrong = [
        browser.post("/fr/my-contribution", data={"code": "AAAABBBB"}).status_code
        for _guess in range(10)
    ]
    wrong += [browser.get("/fr/my-contribution/AAAABBBB").status_code for _guess in range(10)]
    assert set(wrong) == {422, 404}
    assert browser.post("/fr/my-contribution", data={"code": "AAAABBBB"}).status_code == 429
    assert browser.get("/fr/my-contribution/7K4M92QX").status_code == 429


def test_wrong_codes_posted_by_one_click_are_guesses_though_nothing_tells_them_apart(
    session: Session, row: Submission, guarded: Flask
) -> None:
    session.commit()
    program, form = guarded.test_client(), {"List-Unsubscribe": "One-Click"}
    right, wrong = (f"/fr/my-contribution/{code}/letters" for code in ("7K4M92QX", "AAAABBBB"))
    for _again in range(30):
        assert program.post(right, data=form).status_code == 200
    answers = [program.post(wrong, data=form) for _guess in range(20)]
    assert {one.status_code for one in answers} == {200}
    assert program.post(wrong, data=form).status_code == 429
