"""Claims: every figure of a report is one, and whatever is touched is refused by its name."""

import copy
import json
import re

import pytest
from sqlalchemy import select

from app.core.i18n import in_language
from app.reports.body import build
from app.reports.body.build import Draft
from app.reports.body.checks import verify
from app.reports.claims import KINDS
from app.reports.claims.making.quotations import all_of
from app.reports.claims.wording import bare
from app.reports.errors import (
    ClaimMismatchError,
    CoverageMismatchError,
    FigureMismatchError,
    QuotationMismatchError,
)
from app.submissions.models import Answer, Submission
from app.themes.models import Passage, Placement
from tests.reports.corpus import WHEN, analysed
from tests.reports.test_reduced import crowded


@pytest.fixture
def draft(session, corpus):
    """The first draft of a small report, proved."""
    built = build(session, corpus.consultation)
    verify(session, built)
    return Draft(built.run_id, json.loads(json.dumps(built.body)), built.cells)


def claim_of(draft, identity):
    return next(claim for claim in draft.body["claims"] if claim["id"] == identity)


def refused(session, draft, lang="fr"):
    """Return the refusal to publish a draft."""
    session.expire_all()
    with in_language(lang), pytest.raises(ClaimMismatchError) as refusal:
        verify(session, draft)
    return refusal.value


def test_identifiers_stand_once_and_kinds_are_known(draft):
    claims = draft.body["claims"]
    assert len({claim["id"] for claim in claims}) == len(claims)
    assert {claim["kind"] for claim in claims} <= set(KINDS)


def test_a_report_has_claims_of_every_kind(session):
    corpus = crowded(session)
    for i in range(12):
        corpus.says(f"Rien de tel ici, {i}.", corpus.themes[1], region_code="08", submitted_at=WHEN)
    kinds = {claim["kind"] for claim in build(session, corpus.consultation).body["claims"]}
    assert kinds >= {"count", "share", "ranking", "contrast", "quotation", "coverage", "trend"}
    assert "reliability" in kinds


def test_a_claim_says_the_same_in_both_languages_and_of_the_same_figures(session):
    body = build(session, crowded(session).consultation).body
    for claim in body["claims"]:
        assert set(claim["sentence"]) == {"fr", "ar"}
        if claim["kind"] == "quotation" or claim["template"] == "run":
            continue
        figures = [
            {re.sub(r"\D", "", n) for n in re.findall(r"\u2066([^\u2069]*)\u2069", sentence)}
            for sentence in claim["sentence"].values()
        ]
        # Arabic says one and two in words.
        assert figures[0] - figures[1] <= {"0", "1", "2"}, claim["sentence"]
        assert figures[1] <= figures[0] | {""}, claim["sentence"]


def test_every_section_prints_sentences_of_claims_only(draft):
    identities = {claim["id"] for claim in draft.body["claims"]}
    for section in draft.body["sections"]:
        assert set(section["claims"] + section["quotations"]) <= identities
    named = {i for section in draft.body["sections"] for i in section["claims"]}
    assert {i for i in identities if not i.startswith(("quote.", "themes."))} == named


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_one_submission_withdrawn_is_refused(session, corpus, draft, lang):
    said = session.scalars(select(Submission).where(Submission.region_code == "06")).first()
    said.state = "withdrawn"
    said.withdrawn_at = WHEN
    session.flush()
    with in_language(lang), pytest.raises((CoverageMismatchError, ClaimMismatchError)):
        verify(session, draft)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_one_submission_moved_to_another_region_is_refused_by_its_sentence(
    session, corpus, draft, lang
):
    said = session.scalars(select(Submission).where(Submission.region_code == "06")).first()
    said.region_code = "08"
    session.flush()
    found = refused(session, draft, lang)
    claim = claim_of(draft, found.values["claim"])
    assert found.values["sentence"] == bare(claim["sentence"][lang])
    assert found.values["sentence"] in found.text()


def test_one_placement_in_another_theme_is_refused(session, corpus, draft):
    row = session.scalars(
        select(Placement).where(Placement.theme_id == corpus.themes[1].id)
    ).first()
    row.theme_id = corpus.themes[0].id
    session.flush()
    with pytest.raises((FigureMismatchError, ClaimMismatchError)) as refusal:
        verify(session, draft)
    assert "route" in str(refusal.value.values) or "crèche" in str(refusal.value.values)


def test_a_placement_that_leaves_every_count_is_refused_by_its_evidence(session, corpus, draft):
    # Somebody of the same region and language takes the place of another in each of two themes.
    rows = {}
    for theme in (corpus.themes[0], corpus.themes[1]):
        rows[theme.id] = session.scalars(
            select(Placement)
            .join(Passage, Passage.id == Placement.passage_id)
            .join(Submission, Submission.id == Passage.submission_id)
            .where(
                Placement.theme_id == theme.id,
                Placement.state == "in_theme",
                Submission.region_code == "06",
                Passage.language == "fr",
            )
        ).first()
    one, two = rows.values()
    authors = [session.get(Passage, row.passage_id).submission_id for row in (one, two)]
    for author in authors:
        session.get(Submission, author).actor_type = "citizen"
    session.flush()
    draft = build(session, corpus.consultation)
    one.theme_id, two.theme_id = two.theme_id, one.theme_id
    session.flush()
    found = refused(session, draft)
    assert str(found.values["what"]) in {"Preuve", "Evidence"}


def test_words_changed_after_the_analysis_name_a_claim_that_rests_on_them(session, corpus, draft):
    quoted = {q["answer"] for theme in draft.body["themes"] for q in theme["quotations"]}
    quoted |= {q["answer"] for sheet in draft.body["regions"] for q in sheet["quotations"]}
    answer = session.scalars(
        select(Answer)
        .join(Passage, Passage.answer_id == Answer.id)
        .join(Placement, Placement.passage_id == Passage.id)
        .where(Placement.theme_id == corpus.themes[2].id, Answer.id.not_in(quoted))
    ).first()
    answer.text = "L" + "x" + answer.text[2:]
    session.flush()
    # Even a draft that was written after the words were changed.
    fresh = build(session, corpus.consultation)
    for one in (draft, fresh):
        found = refused(session, one)
        claim = claim_of(one, found.values["claim"])
        assert corpus.themes[1].id in claim["themes"] or claim["about"].get("region") == "06"


def test_one_count_in_the_draft_is_refused(session, draft):
    claim_of(draft, "summary.first")["result"]["count"] += 1
    found = refused(session, draft)
    assert found.values["claim"] == "summary.first"
    assert (found.values["written"], found.values["found"]) == ("13", "12")


def test_one_sentence_is_refused(session, draft):
    claim = claim_of(draft, "participation.received")
    claim["sentence"]["ar"] = claim["sentence"]["ar"].replace("30", "31")
    assert refused(session, draft).values["claim"] == "participation.received"


def test_one_evidence_hash_is_refused(session, draft):
    claim_of(draft, "summary.open")["evidence"]["sha256"] = "0" * 64
    assert refused(session, draft).values["claim"] == "summary.open"


@pytest.mark.parametrize(
    "query",
    [
        {"measure": "submissions", "region": "08"},
        {"measure": "no such measure"},
        {"measure": "told", "name": "weeks", "path": [99]},
        {},
    ],
)
def test_one_query_is_refused(session, draft, query):
    claim_of(draft, "participation.received")["queries"]["count"] = query
    assert refused(session, draft).values["claim"] == "participation.received"


def test_a_query_that_answers_alike_but_asks_otherwise_is_refused(session, draft):
    claim_of(draft, "participation.analysed")["queries"]["of"] = {"measure": "analysed"}
    assert refused(session, draft).values["claim"] == "participation.analysed"


def test_a_claim_taken_away_is_refused(session, draft):
    draft.body["claims"] = [c for c in draft.body["claims"] if c["id"] != "set-aside.sum"]
    assert refused(session, draft).values["claim"] == "set-aside.sum"


def test_one_quoted_character_is_refused(session, draft):
    quotation = draft.body["themes"][0]["quotations"][0]
    quotation["text"] = quotation["text"].replace("e", "é", 1).replace("ا", "أ", 1)
    with pytest.raises(QuotationMismatchError) as refusal:
        verify(session, draft)
    assert refusal.value.values["number"] == quotation["number"]


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("Qui a participé", lambda body: body["participation"]["by_week"][0].update(count=99)),
        (
            "Qui a participé",
            lambda body: body["participation"]["matrix"]["rows"][0].update(total=9),
        ),
        ("Des crèches", lambda body: body["themes"][0]["by_region"][1].update(low=0.5)),
        ("Fiches régionales", lambda body: body["regions"][7].update(contributors=99)),
    ],
)
def test_one_figure_of_a_table_is_refused_by_the_name_of_its_part(session, draft, part, change):
    change(draft.body)
    with in_language("fr"), pytest.raises(FigureMismatchError) as refusal:
        verify(session, draft)
    with in_language("fr"):
        assert part in refusal.value.text()


def leaves(value):
    """Yield every text and number of a value."""
    if isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)
    else:
        yield value


def test_nothing_is_said_of_a_small_group(session):
    corpus = crowded(session)
    body = build(session, corpus.consultation).body
    hidden = {
        dimension: {g["code"] for g in body["groups"][dimension] if g["hidden"] and g["code"]}
        for dimension in ("region", "actor_type")
    }
    assert "11" in hidden["region"]
    names = {
        text
        for row in body["participation"]["by_region"]
        if row["code"] in hidden["region"]
        for text in row["names"].values()
    }
    for claim in body["claims"]:
        for dimension, codes in hidden.items():
            assert claim["about"].get(dimension) not in codes
            for query in claim["queries"].values():
                assert query.get(dimension) not in codes
            if claim["evidence"]:
                assert claim["evidence"]["query"].get(dimension) not in codes
        assert not any(
            name in sentence for name in names for sentence in claim["sentence"].values()
        )
    quotations = list(all_of(body))
    assert quotations
    for quotation in quotations:
        assert quotation["region"] not in hidden["region"]
        assert quotation["actor_type"] not in hidden["actor_type"]
    for sheet in body["regions"]:
        if sheet["code"] in hidden["region"]:
            assert sheet["hidden"]
            assert sheet["themes"] == sheet["quotations"] == sheet["actor_types"] == []
    cells = [n for row in body["participation"]["matrix"]["rows"] for n in row["cells"] if n]
    assert min(cells) >= 5


def test_every_number_that_a_body_counts_for_everybody_is_in_a_claim(draft):
    said = {value for claim in draft.body["claims"] for value in leaves(claim["result"])}
    part = draft.body["participation"]
    assert {part["submissions"], part["analysed"], part["passages"], part["without_region"]} <= said
    assert {theme["voices"] for theme in draft.body["themes"]} <= said
    assert {theme["passages"] for theme in draft.body["themes"]} <= said
    assert {row["count"] for row in draft.body["coverage"]["states"]} <= said
    assert {row["passages"] for row in draft.body["excluded"]} <= said


def test_an_unbuilt_body_is_not_changed_by_being_proved(session, draft):
    before = copy.deepcopy(draft.body)
    verify(session, draft)
    assert draft.body == before


def test_a_report_of_one_theme_and_nobody_located_is_proved(session):
    corpus = analysed(session)
    theme = corpus.theme("Un", "واحد")
    for i in range(3):
        corpus.says(f"Une seule chose, {i}.", theme, region_code=None)
    built = build(session, corpus.consultation)
    verify(session, built)
    assert not any("region" in claim["about"] for claim in built.body["claims"])
