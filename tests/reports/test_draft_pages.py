"""The pages on which a report is written: who may, what is refused, and that no word is lost."""

import re

import pytest
from sqlalchemy import select

from app.core.access import Role, System
from app.core.db import db
from app.core.jobs import Job
from app.core.jobs import run as run_job
from app.reports.models import Report, ReportComment, ReportDraft
from tests import factories
from tests.reports.publishing import publish

PAGES = ("", "/draft", "/draft/sections/summary", "/compare", "/preview")


@pytest.fixture
def base(corpus):
    return f"/en/staff/consultations/{corpus.consultation.slug}/reports"


@pytest.fixture
def quick(monkeypatch):
    """Files made at once, and jobs that wait until they are asked for."""
    from app.reports import operations
    from app.reports.drafting.views import overview

    monkeypatch.setattr(operations, "renderers", lambda: {"pdf": lambda *_: b"%PDF"})
    monkeypatch.setattr(overview, "announce", lambda _job: None)


@pytest.fixture
def analyst(client, session, corpus, sign_in, base):
    """An analyst with a first draft."""
    sign_in(client, Role.ANALYST)
    client.post(f"{base}/draft")
    return client


def draft():
    """Return the draft as it stands in the database."""
    db.session.rollback()
    return db.session.scalars(select(ReportDraft).order_by(ReportDraft.id.desc())).first()


def hash_of(page):
    """Return the state that a page asks to approve."""
    return re.search(r'name="sha256" value="(\w+)"', page).group(1)


def write(client, base, section="summary", revision=None, **form):
    """Send the form of a section's words."""
    form |= {"revision": draft().revision if revision is None else revision}
    return client.post(f"{base}/draft/sections/{section}", data=form)


def test_the_first_draft_is_one_button(client, session, corpus, sign_in, base):
    sign_in(client, Role.ANALYST)
    assert "Write the first draft" in client.get(base).text
    assert client.post(f"{base}/draft").status_code == 303
    page = client.get(base).text
    assert "The first draft is written" in page
    assert "Write the first draft" not in page
    assert client.post(f"{base}/draft").status_code == 409


def test_without_an_analysis_the_page_says_so(client, session, sign_in):
    slug = factories.ConsultationFactory().slug
    session.commit()
    sign_in(client, Role.ANALYST)
    base = f"/en/staff/consultations/{slug}/reports"
    page = client.get(base)
    assert "no analysis of this consultation is finished" in page.text
    assert "Write the first draft" not in page.text
    assert client.post(f"{base}/draft").status_code == 409
    assert client.get(f"{base}/draft").status_code == 409
    assert client.get(f"{base}/preview").status_code == 409


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_page_of_a_draft_is_there_in_both_languages(analyst, base, lang):
    for path in PAGES:
        page = analyst.get(base.replace("/en/", f"/{lang}/") + path)
        assert page.status_code == 200, path


def test_observers_read_and_write_nothing(app, client, session, corpus, sign_in, base):
    sign_in(client, Role.ANALYST)
    client.post(f"{base}/draft")
    sign_in(client, Role.OBSERVER)
    for path in PAGES:
        page = client.get(base + path)
        assert page.status_code == 200
        main = page.text[page.text.index("<main") :]
        assert 'method="post"' not in main
    for path in ("", "/approve", "/renew", "/discard", "/draft/order", "/draft/comments"):
        assert client.post(base + path, data={"revision": 1}).status_code == 403
    assert draft().revision == 1


def test_coordinators_do_not_even_read(client, session, corpus, sign_in, base):
    sign_in(client, Role.ANALYST)
    client.post(f"{base}/draft")
    sign_in(client, Role.COORDINATOR)
    assert {client.get(base + path).status_code for path in PAGES} == {403}


def test_an_analyst_of_another_consultation_is_refused(client, session, corpus, sign_in, base):
    sign_in(client, Role.ANALYST)
    client.post(f"{base}/draft")
    other = factories.ConsultationFactory().id
    session.commit()
    sign_in(client, Role.ANALYST, consultation=other)
    for path in PAGES:
        assert client.get(base + path).status_code == 403
    for path in ("/renew", "/approve", "/draft/order", "/draft/sections/summary"):
        assert client.post(base + path, data={"revision": 1}).status_code == 403
    assert draft().revision == 1


def test_sections_are_moved_hidden_and_shown_without_a_script(analyst, base):
    for verb, revision in (("up", 1), ("hide", 2), ("show", 3)):
        done = analyst.post(
            f"{base}/draft/order",
            data={"section": "minority", "do": verb, "revision": revision},
        )
        assert done.status_code == 303
        assert done.location.endswith("#s-minority")
    order = [one["id"] for one in draft().body["sections"]]
    assert order.index("minority") < order.index("region.01") - 1
    to = {"section": "annexes", "to": "1", "revision": 4}
    analyst.post(f"{base}/draft/order", data=to)
    assert draft().body["sections"][0]["id"] == "annexes"


def test_what_is_always_there_has_no_button_and_is_refused(analyst, base):
    page = analyst.get(f"{base}/draft").text
    row = page[page.index('id="s-method"') : page.index('id="s-annexes"')]
    assert 'value="hide"' not in row
    assert "always there" in row
    refused = analyst.post(
        f"{base}/draft/order", data={"section": "method", "do": "hide", "revision": 1}
    )
    assert refused.status_code == 409
    assert "cannot be left out" in refused.text


def test_a_section_of_ones_own_is_added_renamed_and_removed(analyst, base):
    title = {"title_fr": "Avant-propos", "title_ar": "تقديم"}
    made = analyst.post(f"{base}/draft/sections", data=title | {"revision": 1})
    assert made.location.endswith("/sections/own.1")
    other = {"title_fr": "Contexte", "title_ar": "السياق", "words_fr": "Bien."}
    assert write(analyst, base, "own.1", **other).status_code == 303
    assert draft().outline["own"][0]["title"] == {"fr": "Contexte", "ar": "السياق"}
    analyst.post(f"{base}/draft/order", data={"section": "own.1", "do": "remove", "revision": 3})
    assert draft().outline["own"] == []


def test_a_title_in_one_language_is_refused_and_kept(analyst, base):
    refused = analyst.post(
        f"{base}/draft/sections", data={"title_fr": "Avant-propos", "revision": 1}
    )
    assert refused.status_code == 422
    assert 'href="#title_ar"' in refused.text
    assert 'value="Avant-propos"' in refused.text
    assert draft().revision == 1


def test_words_are_saved_side_by_side_and_shown_as_they_will_be_read(analyst, base):
    claim = draft().body["sections"][0]["claims"][0]
    words = {
        "words_fr": f"Le besoin est là [[{claim}]].\n\nIls sont [[{claim}:count]].",
        "words_ar": f"الحاجة قائمة [[{claim}]].",
    }
    assert write(analyst, base, **words).status_code == 303
    page = analyst.get(f"{base}/draft/sections/summary").text
    assert '<textarea class="in dr-words" id="words_ar" name="words_ar"' in page
    assert 'lang="ar" dir="rtl"' in page
    preview = page[page.index('aria-labelledby="preview"') :]
    count = next(c for c in draft().body["claims"] if c["id"] == claim)["result"]["count"]
    assert f'<p>Ils sont <bdi dir="ltr">{count}</bdi>.</p>' in preview
    assert "[[" not in preview


def test_an_unproved_figure_is_flagged_beside_its_field(analyst, base):
    write(analyst, base, words_fr="Ils sont 4 812 à le dire.", words_ar="قالها معظمهم.")
    page = analyst.get(f"{base}/draft/sections/summary").text
    assert "no claim behind this sentence holds that figure" in page
    assert "a word of quantity needs a claim" in page
    assert "publication will be refused" in analyst.get(base).text
    assert "</bdi> unproved" in analyst.get(f"{base}/draft").text


def test_claims_that_one_language_alone_points_at_are_named(analyst, base):
    first, second = draft().body["sections"][0]["claims"][:2]
    write(analyst, base, words_fr=f"Un [[{first}]].", words_ar=f"واحد [[{second}]].")
    page = analyst.get(f"{base}/draft/sections/summary").text
    differs = page[page.index("dr-differs") : page.index("dr-offer")]
    assert differs.index(first) < differs.index("Only in Arabic") < differs.index(second)


def test_looking_saves_nothing(analyst, base):
    looked = write(analyst, base, words_fr="Ils sont 12.", words_ar="", do="check")
    assert looked.status_code == 200
    assert "not saved yet" in looked.text
    assert "holds that figure" in looked.text
    offered = write(analyst, base, words_fr="Ils sont 12.", do="offer", source="theme.1")
    assert "Ils sont 12." in offered.text
    assert draft().revision == 1


def test_a_conflict_keeps_what_was_typed_and_shows_what_stands(analyst, base):
    write(analyst, base, words_fr="Les mots de l’autre.", words_ar="كلمات الآخر.")
    late = write(analyst, base, revision=1, words_fr="Mes mots.", words_ar="كلماتي.")
    assert late.status_code == 409
    assert "Mes mots.</textarea>" in late.text
    assert "كلماتي.</textarea>" in late.text
    theirs = late.text[late.text.index('class="theirs"') :]
    assert "Les mots de l’autre." in theirs
    assert 'name="revision" value="2"' in late.text
    assert draft().outline["narrative"]["summary"]["fr"] == "Les mots de l’autre."
    assert write(analyst, base, words_fr="Mes mots.").status_code == 303


def test_a_conflict_over_a_new_section_keeps_its_titles(analyst, base):
    write(analyst, base, words_fr="Autre chose.")
    late = analyst.post(
        f"{base}/draft/sections",
        data={"title_fr": "Suite", "title_ar": "تتمة", "revision": 1},
    )
    assert late.status_code == 409
    assert 'value="Suite"' in late.text
    assert 'value="تتمة"' in late.text


def test_words_too_long_are_refused_and_kept(analyst, base):
    refused = write(analyst, base, words_fr="x" * 20_001)
    assert refused.status_code == 422
    assert 'href="#words_fr"' in refused.text
    assert "x" * 20_001 in refused.text


def test_what_was_typed_is_escaped(analyst, base):
    write(analyst, base, words_fr="<script>alert(1)</script> [[<b>]]")
    for path in ("/draft/sections/summary", "/preview", "/compare"):
        assert "<script>alert" not in analyst.get(base + path).text


def test_claims_are_left_out_and_taken_in(analyst, base):
    claim = draft().body["sections"][0]["claims"][0]
    for verb, there in (("drop", False), ("restore", True)):
        done = analyst.post(
            f"{base}/draft/sections/summary/claims",
            data={"claim": claim, "do": verb, "revision": draft().revision},
        )
        assert done.status_code == 303
        assert (claim in draft().body["sections"][0]["claims"]) is there
    late = analyst.post(
        f"{base}/draft/sections/summary/claims", data={"claim": claim, "revision": 1}
    )
    assert late.status_code == 409
    assert "Somebody changed the draft" in late.text


def test_comments_are_counted_beside_their_section_and_settled(analyst, base):
    said = {"section": "summary", "text": "Vrai partout ?"}
    done = analyst.post(f"{base}/draft/comments", data=said)
    row = db.session.scalars(select(ReportComment)).one().id
    assert done.location.endswith(f"#k-{row}")
    assert "</bdi> open comment" in analyst.get(f"{base}/draft").text
    assert "Read them before you approve" in analyst.get(base).text
    analyst.post(f"{base}/draft/comments/{row}")
    page = analyst.get(f"{base}/draft/sections/summary").text
    assert "Settled by" in page
    assert "</bdi> open comment" not in analyst.get(f"{base}/draft").text


@pytest.mark.parametrize("section", ["", "summary"])
def test_an_empty_comment_is_refused_at_its_field(analyst, base, section):
    refused = analyst.post(f"{base}/draft/comments", data={"section": section, "text": " "})
    assert refused.status_code == 422
    assert f'href="#text-{section or "whole"}"' in refused.text


def test_two_people_approve_and_the_job_publishes(app, analyst, base, sign_in, corpus, quick):
    state = hash_of(analyst.get(base).text)
    analyst.post(f"{base}/approve", data={"sha256": state})
    page = analyst.get(base).text
    assert "approved this state" in page
    assert "Publish version" not in page
    assert analyst.post(base, data={"sha256": state}).status_code == 409

    sign_in(analyst, Role.ADMINISTRATOR)
    analyst.post(f"{base}/approve", data={"sha256": state})
    assert "Publish version 1.0" in analyst.get(base).text
    assert "any change ends their approvals" in analyst.get(f"{base}/draft/sections/summary").text
    for _click in range(2):
        assert analyst.post(base, data={"sha256": state}).status_code == 303
    job = db.session.scalars(select(Job).where(Job.kind == "reports.publish")).one().id
    under_way = analyst.get(base)
    assert 'id="meter"' in under_way.text
    assert under_way.headers["Refresh"]
    assert "Refresh" not in analyst.get(f"{base}?live=1").headers
    assert analyst.get(f"{base}/progress").json["is_over"] is False

    db.session.rollback()
    run_job(app, job)

    assert analyst.get(f"{base}/progress").json["is_over"] is True
    page = analyst.get(base).text
    assert "Version <bdi" in page
    assert "Write the first draft" in page
    assert "Nothing has changed since version" in page
    db.session.rollback()
    assert len(db.session.scalars(select(Report)).all()) == 1


def test_a_refused_publication_says_why_on_the_page(app, analyst, base, sign_in, quick):
    write(analyst, base, words_fr="La plupart le demandent.", words_ar="يطلبه معظمهم.")
    state = hash_of(analyst.get(base).text)
    analyst.post(f"{base}/approve", data={"sha256": state})
    sign_in(analyst, Role.ADMINISTRATOR)
    analyst.post(f"{base}/approve", data={"sha256": state})
    analyst.post(base, data={"sha256": state})
    job = db.session.scalars(select(Job).where(Job.kind == "reports.publish")).one().id
    db.session.rollback()
    run_job(app, job)

    assert "La plupart le demandent." in analyst.get(base).text
    write(analyst, base, words_fr="On le demande.", words_ar="يُطلب ذلك.")
    page = analyst.get(base).text
    assert "no claim stands behind" not in page
    assert "it does not count any more" in page


def test_open_comments_warn_and_do_not_stop(analyst, base, sign_in, quick):
    analyst.post(f"{base}/draft/comments", data={"text": "Et le Souss ?"})
    state = hash_of(analyst.get(base).text)
    analyst.post(f"{base}/approve", data={"sha256": state})
    sign_in(analyst, Role.ADMINISTRATOR)
    analyst.post(f"{base}/approve", data={"sha256": state})
    assert "You may publish all the same" in analyst.get(base).text
    assert analyst.post(base, data={"sha256": state}).status_code == 303


def test_an_approval_is_taken_back(analyst, base):
    state = hash_of(analyst.get(base).text)
    analyst.post(f"{base}/approve", data={"sha256": state})
    analyst.post(f"{base}/withdraw")
    assert "approved this state" not in analyst.get(base).text


def test_a_state_that_is_not_the_drafts_cannot_be_approved(analyst, base):
    state = hash_of(analyst.get(base).text)
    write(analyst, base, words_fr="Autre chose.")
    assert analyst.post(f"{base}/approve", data={"sha256": state}).status_code == 409


def test_what_came_since_is_said_and_renewed(analyst, base, corpus):
    corpus.says("Encore une crèche.", corpus.themes[0])
    db.session.commit()
    page = analyst.get(base).text
    assert "submission came" in page
    assert "Renew the draft" in page
    analyst.post(f"{base}/renew", data={"revision": 1})
    page = analyst.get(base).text
    assert "Renew the draft" not in page
    assert analyst.post(f"{base}/renew", data={"revision": 1}).status_code == 409


def test_a_draft_given_up_is_listed_with_its_comments(analyst, base):
    analyst.post(f"{base}/draft/comments", data={"text": "À refaire."})
    number = draft().id
    analyst.post(f"{base}/discard", data={"revision": 1})
    page = analyst.get(base).text
    assert "Drafts given up" in page
    assert "À refaire." in page
    assert analyst.get(f"{base}/preview?draft={number}").status_code == 200
    assert analyst.get(f"{base}/preview?draft={number + 1}").status_code == 404


@pytest.fixture
def two_versions(session, corpus, render, now):
    publish(session, System(), corpus.consultation, now=now, render=render)
    corpus.says("Encore une crèche.", corpus.themes[0])
    publish(session, System(), corpus.consultation, now=now, render=render)
    session.commit()


def test_any_two_versions_are_compared(client, sign_in, two_versions, base):
    sign_in(client, Role.OBSERVER)
    assert "What changed" in client.get(base).text
    page = client.get(f"{base}/compare?from=1&to=2").text
    assert "late submission entered" in page
    assert "<ins>" in page
    back = client.get(f"{base}/compare?from=2&to=1").text
    assert "submission was withdrawn" in back
    assert "nothing to compare" in client.get(f"{base}/compare?from=2&to=2").text


def test_the_public_reads_what_a_version_changed(client, two_versions, corpus):
    base = f"/en/consultations/{corpus.consultation.slug}/reports"
    page = client.get(f"{base}/2/changes")
    assert page.status_code == 200
    assert "Version" in page.text
    assert "late submission entered" in page.text
    assert "dr-place" not in page.text
    assert "There is nothing to compare with" in client.get(f"{base}/1/changes").text
    assert client.get(f"{base}/3/changes").status_code == 404
