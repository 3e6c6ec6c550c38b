"""Parts of a report counted by hand: registry, weights, positions, time, minorities, regions."""

from datetime import timedelta

import pytest

from app.organisations.models import OrganisationState
from app.reports.body import build
from app.reports.body.checks import verify
from app.reports.figures import fisher, wilson
from app.themes.models import Passage
from tests import factories
from tests.reports.corpus import WHEN, analysed
from tests.reports.test_reduced import crowded


def by_code(rows):
    return {row["code"]: row for row in rows}


def claims_of(body):
    return {claim["id"]: claim for claim in body["claims"]}


def test_organisations_that_took_part_are_counted_beside_the_registry(session, corpus):
    one, _two = (factories.OrganisationFactory(region_code="06") for _each in range(2))
    factories.OrganisationFactory(
        region_code="08", state=OrganisationState.DECLARED, decided_at=None
    )
    for _twice in range(2):
        corpus.says("Notre position.", corpus.themes[0], organisation_id=one.id, region_code="06")

    body = build(session, corpus.consultation).body

    assert by_code(body["participation"]["registry"])["06"] == {
        "code": "06",
        "organisations": 2,
        "took_part": 1,
    }
    assert by_code(body["participation"]["registry"])["08"]["organisations"] == 0
    assert claims_of(body)["participation.registry"]["result"] == {"count": 1, "of": 2}


def test_a_weighted_share_is_that_of_regions_in_proportion_to_their_people(session, corpus):
    body = build(session, corpus.consultation).body

    people = {row["code"]: row["population"] for row in body["participation"]["by_region"]}
    both = people["06"] + people["08"]
    share = people["06"] / both * 2 / 12 + people["08"] / both * 10 / 12
    spread = (people["06"] / both) ** 2 / 12 + (people["08"] / both) ** 2 / 12
    weighting = body["participation"]["weighting"]

    assert body["themes"][0]["weighted"]["share"] == pytest.approx(share, abs=1e-6)
    assert weighting["effective"] == pytest.approx(1 / spread, abs=1e-5)
    assert weighting["of"] == 24
    low, high = wilson(share / spread, 1 / spread)
    assert body["themes"][0]["weighted"]["low"] == pytest.approx(low, abs=1e-5)
    assert body["themes"][0]["weighted"]["high"] == pytest.approx(high, abs=1e-5)
    weights = by_code(weighting["regions"])
    assert weights["06"]["weight"] == pytest.approx(people["06"] / both * 2, abs=1e-6)


def test_one_region_alone_is_not_weighted(session):
    corpus = analysed(session)
    theme = corpus.theme("Un", "واحد")
    for i in range(6):
        corpus.says(f"Une chose, {i}.", theme)
    body = build(session, corpus.consultation).body
    assert body["themes"][0]["weighted"] is None
    assert body["participation"]["weighting"] == {"regions": [], "effective": 0.0, "of": 0}


def take_positions(session, corpus, stances):
    """Let the voices of the first theme say these stances, in order."""
    rows = [
        passage
        for passage in session.query(Passage).order_by(Passage.id)
        if passage.text.startswith(("Il faut", "نريد"))
    ]
    for passage, stance in zip(rows, stances, strict=False):
        passage.stance = stance
    session.flush()


def test_positions_are_of_voices_and_silent_under_five(session, corpus):
    take_positions(session, corpus, ["for", "for", "against", "mixed"])
    assert build(session, corpus.consultation).body["themes"][0]["stance"] is None

    take_positions(session, corpus, ["for", "for", "against", "mixed", "for"])
    body = build(session, corpus.consultation).body

    assert body["themes"][0]["stance"] == {"for": 3, "against": 1, "mixed": 1, "silent": 7}
    claim = claims_of(body)[f"theme.{body['themes'][0]['id']}.stance"]
    assert claim["result"]["count"] == 5


def test_a_position_of_few_is_told_from_five_people_on(session):
    corpus = analysed(session)
    theme = corpus.theme("Le péage", "الأداء")
    for i in range(25):
        said = corpus.says(
            f"Voici ce que nous pensons du péage, lettre numéro {i}, en toutes lettres.", theme
        )
        said.stance = "against" if i < 4 else "for"
    session.flush()
    assert build(session, corpus.consultation).body["minority"] == []

    said = corpus.says("Nous sommes contre le péage, en toutes lettres, pour les gens.", theme)
    said.stance = "against"
    session.flush()
    body = build(session, corpus.consultation).body
    [row] = body["minority"]

    assert (row["kind"], row["stance"], row["count"], row["of"]) == ("position", "against", 5, 26)
    assert row["quotations"]
    assert all(q["stance"] == "against" for q in row["quotations"])
    verify(session, build(session, corpus.consultation))


def test_a_theme_of_few_is_carried_by_the_group_that_raises_it(session):
    corpus = analysed(session)
    small, large = corpus.theme("Les puits", "الآبار"), corpus.theme("La route", "الطريق")
    for i in range(8):
        corpus.says(f"Le puits du village est à sec depuis {i} étés.", small, region_code="09")
    for i in range(80):
        corpus.says(f"La route est coupée au kilomètre {i}.", large, region_code="06")
    body = build(session, corpus.consultation).body
    [row] = [row for row in body["minority"] if row["theme"] == small.id]
    assert (row["kind"], row["dimension"], row["code"]) == ("carried", "region", "09")
    assert (row["count"], row["of"], row["rest"], row["rest_of"]) == (8, 8, 0, 80)
    assert {q["region"] for q in row["quotations"]} == {"09"}


def test_what_comes_in_the_second_half_is_told_and_tested(session):
    corpus = analysed(session)
    early, late = corpus.theme("Tôt", "مبكر"), corpus.theme("Tard", "متأخر")
    for i in range(20):
        corpus.says(f"Avant, {i}.", early, submitted_at=WHEN)
        corpus.says(f"Après, {i}.", late, submitted_at=WHEN + timedelta(days=14))
    body = build(session, corpus.consultation).body
    trends = {theme["id"]: theme["trend"] for theme in body["themes"]}
    # Three weeks: two before, one after; the border is the Sunday of the second.
    assert trends[late.id] == {
        "before": 0,
        "before_of": 20,
        "after": 20,
        "after_of": 20,
        "differs": "more",
        "until": "2022-01-30",
    }
    assert trends[early.id]["differs"] == "less"
    assert claims_of(body)[f"theme.{late.id}.trend"]["kind"] == "trend"


def test_a_collection_of_one_week_has_no_trend(session, corpus):
    assert build(session, corpus.consultation).body["themes"][0]["trend"] is None


def test_the_matrix_shows_what_the_rows_show(session):
    corpus = crowded(session)
    body = build(session, corpus.consultation).body
    matrix = body["participation"]["matrix"]
    rows = by_code(matrix["rows"])
    shown = claims_of(body)["participation.matrix"]["result"]["count"]
    assert sum(n for row in matrix["rows"] for n in row["cells"] if n) == shown
    assert set(rows["11"]["cells"]) == {None}
    assert rows["11"]["total"] == 3
    assert sum(row["total"] for row in matrix["rows"]) == body["participation"]["submissions"]


def test_region_sheets_hold_their_themes_and_varied_exact_words(session):
    corpus = crowded(session)
    body = build(session, corpus.consultation).body
    sheets = by_code(body["regions"])
    assert len(sheets) == 12
    sheet = sheets["06"]
    counts = [row["count"] for row in sheet["themes"]]
    assert counts == sorted(counts, reverse=True)
    assert 0 < len(sheet["quotations"]) <= 4
    assert {q["region"] for q in sheet["quotations"]} == {"06"}
    assert len({q["theme"] for q in sheet["quotations"]}) > 1
    assert sheets["11"]["hidden"]
    verify(session, build(session, corpus.consultation))


def test_words_withdrawn_after_publication_are_gone_from_regions_and_claims(session):
    from app.reports.withheld import AUTHOR, Gone, shown

    corpus = crowded(session)
    body = build(session, corpus.consultation).body
    quotation = by_code(body["regions"])["06"]["quotations"][0]
    number = int(quotation["number"].removeprefix("S-"))

    found = shown(body, Gone({number: AUTHOR}))

    assert quotation["text"] not in str(found)
    assert quotation["text"] in str(body)


@pytest.mark.parametrize("table", [(3, 12, 2, 20), (0, 5, 7, 9), (10, 10, 0, 30), (50, 400, 9, 80)])
def test_fishers_test_is_scipys(table):
    from scipy.stats import fisher_exact

    count, of, rest, rest_of = table
    expected = fisher_exact([[count, of - count], [rest, rest_of - rest]]).pvalue
    assert fisher(*table) == pytest.approx(float(expected), rel=1e-9)
