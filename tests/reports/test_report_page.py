"""The page of a report: every figure leads to its proof, every section has its place."""

import re

import lxml.html
import pytest

from app.core.access import System
from app.reports.drafting import operations as drafting
from app.reports.drafting.queries import find_open
from tests.reports.publishing import publish

#: Where figures need no claim around them: tables and charts are data, quotations are words of
#: others, the cover says which edition this is.
FREE = {"table", "blockquote", "figure", "header", "svg", "nav", "footer"}


@pytest.fixture
def page(client, session, corpus, render, now):
    """What gives the page of a published report in a language."""
    publish(session, System(), corpus.consultation, now=now, render=render)
    session.commit()
    slug = corpus.consultation.slug

    def read(lang):
        response = client.get(f"/{lang}/consultations/{slug}/reports/1")
        assert response.status_code == 200
        return lxml.html.document_fromstring(response.text)

    return read


def bare_figures(tree):
    """Return the texts with a figure that stand in no claim and in nothing that is free of one."""
    found = []
    for element in tree.get_element_by_id("main").iter():
        if not isinstance(element.tag, str):
            continue
        for text, holder in ((element.text, element), (element.tail, element.getparent())):
            if not text or not re.search(r"\d", text):
                continue
            above = [holder, *holder.iterancestors()]
            if any(one.tag in FREE or one.get("data-claim") for one in above):
                continue
            found.append(text.strip())
    return found


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_every_sentence_with_a_figure_stands_in_a_claim(page, lang):
    tree = page(lang)
    assert bare_figures(tree) == []
    assert len(tree.xpath("//details[@data-claim]")) > 10


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_claim_named_on_the_page_is_a_claim_of_the_report(page, corpus, session, lang):
    from app.reports.queries import newest_report

    body = newest_report(session, corpus.consultation.id).body
    known = {claim["id"] for claim in body["claims"]}
    named = {i for e in page(lang).xpath("//*[@data-claim]") for i in e.get("data-claim").split()}
    assert named <= known
    listed = {
        claim
        for section in body["sections"]
        for claim in section["claims"]
        if section["kind"] != "region"
    }
    assert listed <= named


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_anchors_are_there_once_and_the_contents_lead_to_each(page, lang):
    tree = page(lang)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    inside = {href[1:] for href in tree.xpath("//main//a/@href") if href.startswith("#")}
    assert inside <= set(ids)
    assert {"summary", "participation", "themes", "set-aside", "method", "annexes"} <= inside


def test_the_page_says_the_same_claims_in_french_and_in_arabic(page):
    found = [
        [one.get("data-claim") for one in page(lang).xpath("//details[@data-claim]")]
        for lang in ("fr", "ar")
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_chart_has_words_a_table_and_nothing_inline(page, lang):
    tree = page(lang)
    pictures = tree.xpath("//figure[contains(@class, 'chart')]//img")
    assert len(pictures) >= 4
    assert all(len(img.get("alt")) > 20 for img in pictures)
    assert all(img.get("loading") == "lazy" and img.get("height") for img in pictures)
    assert not tree.xpath("//main//*[@style]")
    assert not tree.xpath("//main//style")


def test_a_sections_words_lead_to_their_proofs(client, session, corpus, render, now):
    drafting.start(session, System(), corpus.consultation, now=now)
    draft = find_open(session, corpus.consultation.id)
    claim = draft.body["sections"][0]["claims"][0]
    words = f"On y parle surtout de crèches, {{}} fois. [[{claim}]]\n\nRien d’autre."
    outline = {"narrative": {"summary": {"fr": words.format(f"[[{claim}:count]]"), "ar": ""}}}
    drafting.change(session, System(), draft, lambda *_: outline, seen=draft.revision, now=now)
    publish(session, System(), corpus.consultation, now=now, render=render)
    session.commit()
    slug = corpus.consultation.slug
    tree = lxml.html.document_fromstring(client.get(f"/fr/consultations/{slug}/reports/1").text)
    told = tree.xpath("//section[@id='summary']//span[@data-claim]")
    assert told[0].get("data-claim") == claim
    assert "12 fois" in told[0].text_content()
    assert "[[" not in tree.text_content()
    assert told[0].xpath(".//a/@href") == ["#proof-1"]


def test_a_section_that_was_left_out_is_not_on_the_page(client, session, corpus, render, now):
    drafting.start(session, System(), corpus.consultation, now=now)
    draft = find_open(session, corpus.consultation.id)
    drafting.change(
        session,
        System(),
        draft,
        lambda *_: {"hidden": ["summary"], "order": ["method"]},
        seen=draft.revision,
        now=now,
    )
    publish(session, System(), corpus.consultation, now=now, render=render)
    session.commit()
    slug = corpus.consultation.slug
    tree = lxml.html.document_fromstring(client.get(f"/fr/consultations/{slug}/reports/1").text)
    sections = tree.xpath("//main//section/@id")
    assert "summary" not in sections
    assert sections[0] == "method"
