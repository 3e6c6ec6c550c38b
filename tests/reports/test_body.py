"""The body of a report, counted by hand beside it."""

import json
from hashlib import sha256

import pytest
from sqlalchemy import select

from app.reports.body import build, canonical
from app.reports.body.cells import Filter, filtered
from app.reports.body.changes import difference
from app.reports.body.checks import verify
from app.reports.body.quotations import pen
from app.reports.errors import NothingToReportError, QuotationMismatchError
from app.submissions.models import Redaction, Submission
from app.submissions.moderation.screening import screen
from app.themes.models import PassageState, Placement
from tests import factories
from tests.reports.corpus import FRENCH, WHEN, analysed


def by_code(rows):
    return {row["code"]: row for row in rows}


def test_a_consultation_without_an_analysis_has_no_report(session):
    consultation = factories.ConsultationFactory()
    with pytest.raises(NothingToReportError):
        build(session, consultation)


def test_an_analysis_of_nothing_has_no_report(session):
    with pytest.raises(NothingToReportError):
        build(session, analysed(session).consultation)


def test_the_states_are_all_there_and_print_a_hundred(session, corpus):
    coverage = build(session, corpus.consultation).body["coverage"]

    counts = {row["state"]: row["count"] for row in coverage["states"]}
    assert counts == {
        "in_theme": 22,
        "copy": 2,
        "to_arbitrate": 1,
        "off_topic": 1,
        "unreadable": 1,
        "excluded": 3,
    }
    assert coverage["total"] == 30
    assert sum(row["tenths"] for row in coverage["states"]) == 1000


def test_themes_are_ranked_by_voices_with_merged_ones_counted_under_their_target(session, corpus):
    themes = build(session, corpus.consultation).body["themes"]

    assert [(t["name"]["fr"], t["voices"], t["passages"]) for t in themes] == [
        (FRENCH, 12, 12),
        ("Des routes", 10, 10),
    ]
    assert themes[1]["merged"] == [corpus.themes[2].id]
    assert themes[0]["share"] == round(12 / 30, 6)
    assert themes[0]["low"] < themes[0]["share"] < themes[0]["high"]


def test_copies_are_signatories_and_not_voices(session, corpus):
    childcare = build(session, corpus.consultation).body["themes"][0]
    assert (childcare["voices"], childcare["signatories"]) == (12, 2)


def test_somebody_who_signs_and_speaks_is_a_voice_only(session, corpus):
    said = factories.submission(corpus.consultation, "Une crèche. Nous demandons la même chose.")
    corpus.place(said, 0, 11, corpus.themes[0])
    corpus.place(said, 12, 41, corpus.themes[0], state=PassageState.COPY)

    childcare = build(session, corpus.consultation).body["themes"][0]

    assert (childcare["voices"], childcare["signatories"]) == (13, 2)


def test_groups_too_small_are_not_described(session, corpus):
    body = build(session, corpus.consultation).body
    regions = by_code(body["themes"][0]["by_region"])

    assert regions["12"] == {
        "code": "12",
        "of": 2,
        "hidden": True,
        "count": None,
        "share": None,
        "low": None,
        "high": None,
        "differs": None,
    }
    # Region 12 (2 people) could be found by subtraction: those without a region are hidden with it.
    assert regions[""]["hidden"]
    assert (regions["08"]["count"], regions["08"]["of"]) == (10, 12)


def test_only_differences_that_are_there_are_marked(session, corpus):
    childcare, roads = build(session, corpus.consultation).body["themes"]
    assert by_code(childcare["by_region"])["08"]["differs"] == "more"
    assert by_code(childcare["by_region"])["06"]["differs"] is None  # 2 of 12 against 10 of 18
    assert by_code(roads["by_region"])["08"]["differs"] == "less"


def test_quotations_are_exact_and_traceable(session, corpus):
    from app.submissions.models import Answer

    body = build(session, corpus.consultation).body
    quotations = [q for theme in body["themes"] for q in theme["quotations"]]

    assert quotations
    for q in quotations:
        stored = session.get(Answer, q["answer"]).text
        assert stored[q["start"] : q["end"]] == q["text"]
        assert sha256(q["text"].encode()).hexdigest() == q["sha256"]
        assert q["number"].startswith("S-")
        if q["pen"]:
            start, end = q["pen"]
            assert 0 <= start < end <= len(q["text"])


def test_quotations_are_few_and_varied(session, corpus):
    quotations = build(session, corpus.consultation).body["themes"][0]["quotations"]

    assert len(quotations) == 6
    assert len({q["number"] for q in quotations}) == 6
    assert {q["language"] for q in quotations[:2]} == {"fr", "ar"}
    assert {q["region"] for q in quotations} == {"06", "08"}


def test_a_telephone_number_is_masked_in_what_is_quoted(session, corpus):
    theme = corpus.theme("La route", "الطريق")
    corpus.ranks[theme.id] = 0
    corpus.says("Appelez-moi au 06 61 23 45 67 pour la route.", theme, quoted=True)
    corpus.says("La route est coupée.", theme, quoted=True)

    draft = build(session, corpus.consultation)
    verify(session, draft)
    quoted = next(t for t in draft.body["themes"] if t["id"] == theme.id)["quotations"]

    assert "23 45 67" not in canonical(draft.body)
    assert [q["is_masked"] for q in quoted] == [False, True]
    assert quoted[1]["text"] == "Appelez-moi au [téléphone] pour la route."


def test_a_hidden_submission_is_counted_but_not_quoted(session, corpus):
    corpus.ranks[corpus.themes[1].id] = -1
    said = corpus.says("Une route avant tout.", corpus.themes[1], quoted=True)
    session.get(Submission, said.submission_id).hidden_reason = "insult"
    session.flush()

    body = build(session, corpus.consultation).body

    assert "Une route avant tout" not in canonical(body)
    assert body["themes"][1]["voices"] == 11


def test_lifting_a_mask_after_the_draft_refuses_its_publication(session, corpus):
    theme = corpus.theme("La route", "الطريق")
    corpus.ranks[theme.id] = 0
    said = corpus.says("Appelez-moi au 06 61 23 45 67.", theme, quoted=True)
    row = session.get(Submission, said.submission_id)
    screen(session, [row], now=WHEN)
    draft = build(session, corpus.consultation)

    session.scalars(select(Redaction)).one().is_lifted = True
    session.flush()

    with pytest.raises(QuotationMismatchError):
        verify(session, draft)


def test_excluded_themes_are_published_with_their_reason(session, corpus):
    body = build(session, corpus.consultation).body
    assert [(t["name"]["fr"], t["reason"], t["passages"]) for t in body["excluded"]] == [
        ("Divers", "Trop mêlé.", 3)
    ]


def test_passages_excluded_one_by_one_are_published_with_their_reason(session, corpus):
    passage = corpus.says("Vive le café.", state=PassageState.EXCLUDED, region_code="08")
    row = session.scalars(select(Placement).where(Placement.passage_id == passage.id)).one()
    row.reason = "Hors du champ"
    session.flush()

    body = build(session, corpus.consultation).body

    assert body["set_aside"] == [{"reason": "Hors du champ", "passages": 1}]


def test_participation_counts_everyone_even_without_a_text(session, corpus):
    factories.submission(corpus.consultation, region_code="01")
    waiting = factories.submission(corpus.consultation, "Arrivé trop tard.", region_code="01")

    figures = build(session, corpus.consultation).body["participation"]

    assert waiting.id
    assert (figures["submissions"], figures["analysed"]) == (32, 30)
    assert (figures["without_text"], figures["waiting"]) == (1, 1)
    regions = by_code(figures["by_region"])
    assert len(regions) == 12
    assert sum(r["count"] for r in regions.values()) + figures["without_region"] == 32
    assert sum(week["count"] for week in figures["by_week"]) == 32
    assert abs(sum(r["population_share"] for r in regions.values()) - 1) < 1e-4


def test_the_same_data_give_the_same_body_and_hash(session, corpus):
    first, second = build(session, corpus.consultation), build(session, corpus.consultation)
    assert canonical(first.body) == canonical(second.body)
    assert first.sha256 == second.sha256
    assert json.loads(canonical(first.body)) == first.body


def test_claims_are_true(session, corpus):
    body = build(session, corpus.consultation).body
    claims = {claim["id"]: claim for claim in body["claims"]}
    results = {identity: claim["result"] for identity, claim in claims.items()}

    assert claims["summary.first"]["themes"] == [corpus.themes[0].id]
    assert results["summary.first"]["count"] == 12
    assert results["summary.first"]["of"] == 30
    assert claims["summary.second"]["themes"] == [corpus.themes[1].id]
    assert results["summary.spread"] == {"count": 2, "of": 2}
    assert results["summary.tongues"] == {"count": 2, "of": 2}
    assert results["summary.copies"] == {"count": 2, "of": 30, "texts": 1}
    assert results["summary.open"] == {"count": 1, "of": 30}
    region = results["summary.region"]
    rest, rest_of = region["all"] - region["count"], region["everyone"] - region["of"]
    assert region["count"] / region["of"] > rest / rest_of


def test_themes_with_as_many_voices_come_first_together(session):
    corpus = analysed(session)
    for name in ("Un", "Deux"):
        theme = corpus.theme(name, name)
        for i in range(3):
            corpus.says(f"{name} {i}", theme)

    claims = build(session, corpus.consultation).body["claims"]

    assert claims[0]["id"] == "summary.first"
    assert claims[0]["themes"] == [theme.id for theme in corpus.themes]
    assert all(claim["id"] != "summary.second" for claim in claims)


def test_cells_recompute_every_figure(session, corpus):
    draft = build(session, corpus.consultation)

    of, rows = filtered(draft.body, draft.cells, Filter())

    assert of == draft.body["participation"]["analysed"]
    assert [row["voices"] for row in rows] == [t["voices"] for t in draft.body["themes"]]


def test_a_filter_narrows_numerator_and_denominator(session, corpus):
    draft = build(session, corpus.consultation)

    of, rows = filtered(draft.body, draft.cells, Filter(region="06"))
    voices = {row["name"]["fr"]: row["voices"] for row in rows}

    assert of == 12
    assert voices == {"Des routes": 9, FRENCH: 2}
    assert rows[0]["name"]["fr"] == "Des routes"


def test_somebody_who_writes_in_two_languages_is_found_by_both(session, corpus):
    said = factories.submission(corpus.consultation, "Une crèche. حضانة", region_code="08")
    corpus.place(said, 0, 11, corpus.themes[0], language="fr")
    corpus.place(said, 12, 17, corpus.themes[1], language="ar")
    draft = build(session, corpus.consultation)
    total, _rows = filtered(draft.body, draft.cells, Filter())

    french, in_french = filtered(draft.body, draft.cells, Filter(language="fr"))
    arabic, in_arabic = filtered(draft.body, draft.cells, Filter(language="ar"))

    assert french + arabic == total + 1
    roads = corpus.themes[1].id
    assert next(r["voices"] for r in in_arabic if r["id"] == roads) == 1
    assert next(r["voices"] for r in in_french if r["id"] == roads) == 10


def test_a_part_of_fewer_than_five_shows_nothing(session, corpus):
    draft = build(session, corpus.consultation)
    assert filtered(draft.body, draft.cells, Filter(region="12")) == (2, [])


def test_the_pen_lies_under_the_clause_with_the_themes_words():
    text = "Bonjour à tous. Il manque une Crèche près du souk ! Merci."
    start, end = pen(text, ["creche", "souk"])
    assert text[start:end] == "Il manque une Crèche près du souk !"
    assert pen("Rien de tel.", ["creche"]) is None


def test_changes_between_two_bodies_are_counted(session, corpus):
    old = build(session, corpus.consultation).body
    corpus.themes[0].name = {"fr": "Garde d’enfants", "ar": "حضانة الأطفال"}
    corpus.says("Encore une crèche.", corpus.themes[0])

    changes = difference(old, build(session, corpus.consultation).body)

    assert changes.submissions == (30, 31)
    assert [(name["fr"], a, b) for name, a, b in changes.themes] == [("Garde d’enfants", 12, 13)]
    assert [(a["fr"], b["fr"]) for a, b in changes.renamed] == [(FRENCH, "Garde d’enfants")]


def test_examples_that_people_chose_are_quoted_first(session, corpus):
    theme = corpus.themes[0]
    passage = corpus.says("Une crèche ouverte le soir.", theme, region_code="08")
    row = session.scalars(select(Placement).where(Placement.passage_id == passage.id)).one()
    row.is_pinned = True
    session.flush()

    body = build(session, corpus.consultation).body

    [first, *_] = next(t for t in body["themes"] if t["id"] == theme.id)["quotations"]
    assert first["text"] == "Une crèche ouverte le soir."
