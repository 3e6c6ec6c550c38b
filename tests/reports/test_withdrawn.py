"""What was withdrawn is counted and shown nowhere; what is published says that it was."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.commitments.queries import copies_of
from app.core.access import Role, System
from app.core.db import db
from app.reports.body import build
from app.reports.body.checks import verify
from app.reports.models import Report
from app.site.queries import submissions_by_consultation, submissions_by_region
from app.submissions.afterwards.forgetting import erase_everything
from app.submissions.afterwards.operations import take_back, withdraw
from app.submissions.collection import load_collection
from app.submissions.models import Submission
from app.submissions.queries import Filter, Scope, counted
from app.territories.models import Region
from app.themes.corpus import read_corpus, read_frozen_corpus
from app.themes.models import Passage, PassageState, Placement
from app.themes.overview import load_overview
from app.themes.queries import passages_of, quotations, theme_counts
from tests import factories
from tests.pages import CheckedClient
from tests.reports.corpus import Analysed
from tests.reports.publishing import publish

GONE = "Il faut une crèche près du souk du lundi, 0 enfants attendent."
SENTENCE = "A quotation was withdrawn at the request of its author."


@pytest.fixture
def gone(session: Session, corpus: Analysed) -> Submission:
    """A contribution in the first theme, proposed as its best quotation."""
    return session.scalars(
        select(Submission)
        .join(Passage, Passage.submission_id == Submission.id)
        .order_by(Submission.id)
    ).first()  # type: ignore[return-value]


def figures(session: Session, corpus: Analysed) -> dict[str, Any]:
    """Return every count of contributions that the product shows."""
    consultation = corpus.consultation
    scope = Scope(consultation.id)
    regions = list(session.scalars(select(Region)))
    state = load_collection(session, scope, regions, now=factories.EARLIER)
    view = load_overview(session, corpus.run)
    body = build(session, consultation).body
    return {
        "collection": state.total,
        "days": sum(n for _day, n in state.days),
        "table": sum(state.group_totals),
        "languages": sum(n for _code, n in state.languages),
        "list": session.scalar(counted(scope, Filter())),
        "search": session.scalar(counted(scope, Filter(words="attendent"))),
        "home": dict(session.execute(submissions_by_consultation()).all())[consultation.id],
        "map": sum(dict(session.execute(submissions_by_region(consultation.id)).all()).values()),
        "analysed": view.n_submissions,
        "passages": view.n_passages,
        "voices": session.execute(theme_counts(corpus.run)).mappings().first()["n_voices"],
        "corpus": len(read_corpus(session, consultation.id).texts),
        "report": body["participation"]["submissions"],
        "report analysed": body["participation"]["analysed"],
        "report passages": body["coverage"]["total"],
        "report voices": body["themes"][0]["voices"],
    }


def test_a_withdrawal_takes_one_from_every_count_and_taking_it_back_gives_it_again(
    session: Session, corpus: Analysed, gone: Submission, now: Any
) -> None:
    before = figures(session, corpus)
    withdraw(session, gone, now=now)
    after = figures(session, corpus)
    take_back(session, gone, now=now)

    assert after == {name: count - 1 for name, count in before.items()}
    assert figures(session, corpus) == before


def test_the_next_report_without_it_passes_its_own_checks(
    session: Session, corpus: Analysed, gone: Submission, now: Any
) -> None:
    withdraw(session, gone, now=now)
    draft = build(session, corpus.consultation)
    verify(session, draft)
    assert GONE not in str(draft.body)
    assert sum(row["tenths"] for row in draft.body["coverage"]["states"]) == 1000


def test_no_list_of_passages_shows_it(
    session: Session, corpus: Analysed, gone: Submission, now: Any
) -> None:
    theme = corpus.themes[0].id
    withdraw(session, gone, now=now)
    for rows in (quotations(corpus.run), passages_of(corpus.run, theme)):
        assert gone.id not in {row.submission_id for row in session.execute(rows)}


def test_what_moderation_hides_is_counted_and_never_quoted(
    session: Session, corpus: Analysed, gone: Submission
) -> None:
    before = figures(session, corpus)
    gone.hidden_reason = "insult"
    session.flush()
    assert figures(session, corpus) == before
    assert GONE not in str(build(session, corpus.consultation).body)


def test_staff_find_it_only_by_asking_for_what_was_withdrawn(
    client: CheckedClient,
    session: Session,
    sign_in: Any,
    corpus: Analysed,
    gone: Submission,
    now: Any,
) -> None:
    withdraw(session, gone, now=now)
    address = f"/en/staff/consultations/{corpus.consultation.slug}/submissions"
    number = gone.public_number
    session.commit()
    sign_in(client, Role.ANALYST)
    assert number not in client.get(f"{address}?words=0+enfants").text
    assert number in client.get(f"{address}?state=withdrawn").text


def test_a_run_that_had_begun_ends_without_it(
    session: Session, corpus: Analysed, gone: Submission, now: Any
) -> None:
    frozen = read_corpus(session, corpus.consultation.id)
    withdraw(session, gone, now=now)
    again = read_frozen_corpus(session, corpus.consultation.id, frozen.answer_ids, frozen.sha256)
    assert again == frozen


# --- what is published --------------------------------------------------------------------------


@pytest.fixture
def published(session: Session, corpus: Analysed, now: Any) -> Report:
    """A report that quotes it, with a real PDF in French."""
    from app.reports.rendering import render_pdf

    def render(body: dict[str, Any], edition: Any, lang: str) -> bytes:
        """Render one language only: the other is not read here."""
        return render_pdf(body, edition, lang) if lang == "fr" else b"%PDF-1.7\n"

    report = publish(session, System(), corpus.consultation, now=now, render=render)
    session.commit()
    return report


def quoted(report: Report) -> tuple[int, str]:
    """Return the contribution that the report quotes first, and its words."""
    first = report.body["themes"][0]["quotations"][0]
    return int(first["number"].removeprefix("S-")), first["text"]


def words_of(pdf: bytes) -> str:
    """Return a PDF's words."""
    return "".join(
        "".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages
    )


@pytest.mark.parametrize("way", [withdraw, erase_everything])
def test_published_pages_and_files_replace_the_words_by_a_sentence(
    client: CheckedClient,
    session: Session,
    corpus: Analysed,
    published: Report,
    now: Any,
    way: Any,
) -> None:
    number, words = quoted(published)
    theme, version = published.body["themes"][0]["id"], published.version
    base = f"/en/consultations/{corpus.consultation.slug}"
    pages = ("/results", f"/results/themes/{theme}", f"/reports/{version}")
    assert any(words in client.get(f"{base}{page}").text for page in pages)
    pdf = f"/fr/consultations/{corpus.consultation.slug}/reports/{version}/fr.pdf"
    flat = "".join(words.split())
    assert flat in words_of(client.get(pdf).data)

    body, digest = dict(published.body), published.sha256
    way(session, session.get_one(Submission, number), now=now)
    session.commit()
    shown = [client.get(f"{base}{page}").text for page in pages]
    home = client.get("/en/").text

    left = [page for page in [*shown, home] if words in page]
    assert not left
    # The other pages quote others of the theme in their place.
    assert SENTENCE in shown[1]
    again = client.get(pdf).data
    assert flat not in words_of(again)
    assert client.get(pdf).data == again
    session.expire_all()
    kept = session.get_one(Report, published.id)
    assert (kept.body, kept.sha256) == (body, digest)


def test_hidden_words_give_way_to_another_sentence(
    client: CheckedClient, session: Session, corpus: Analysed, published: Report
) -> None:
    number, words = quoted(published)
    session.get_one(Submission, number).hidden_reason = "insult"
    session.commit()
    theme = published.body["themes"][0]["id"]
    page = client.get(f"/en/consultations/{corpus.consultation.slug}/results/themes/{theme}").text
    assert words not in page
    assert "A quotation is not shown, by decision of moderation." in page


# --- campaigns ----------------------------------------------------------------------------------


def test_when_a_campaign_s_first_text_is_erased_the_next_one_carries_it(
    session: Session, corpus: Analysed, now: Any
) -> None:
    copies = session.scalars(
        select(Placement).where(Placement.state == PassageState.COPY).order_by(Placement.id)
    ).all()
    first = session.get_one(Passage, copies[0].copy_of_id)
    theme = session.scalars(
        select(Placement.theme_id).where(Placement.passage_id == first.id)
    ).one()
    gone, rows = first.id, [copy.id for copy in copies]
    erase_everything(session, session.get_one(Submission, first.submission_id), now=now)
    session.commit()
    session.expire_all()
    heir, other = (session.get_one(Placement, row) for row in rows)

    assert (heir.state, heir.theme_id, heir.copy_of_id) == ("in_theme", theme, None)
    assert (other.state, other.copy_of_id) == ("copy", heir.passage_id)
    counted = session.execute(copies_of(corpus.run.id, [heir.passage_id])).all()
    assert [tuple(row) for row in counted] == [(heir.passage_id, 1)]
    assert db.session.scalar(select(func.count(Passage.id)).where(Passage.id == gone)) == 0
    verify(session, build(session, corpus.consultation))
