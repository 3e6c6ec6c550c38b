"""What the public may see answers every claim of a report alike."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.reports.body.build import build, compose
from app.reports.body.cells import Filter, filtered
from app.reports.body.corpus import read
from app.reports.claims.dataset import Dataset, Person, Said
from app.reports.claims.disclosure import shown
from app.reports.claims.proving import prove
from app.reports.claims.reducing import reduce
from tests.reports.corpus import analysed, filled


def composed(session, corpus):
    return compose(session, read(session, corpus.consultation, corpus.run))


def crowded(session):
    """Return a corpus of several regions, actor types and themes, small groups among them."""
    corpus = analysed(session)
    themes = [corpus.theme(f"Thème {i}", f"موضوع {i}") for i in range(4)]
    kinds = ("citizen", "association", "expert", "elected_official", "university")
    for i in range(90):
        region = ("08", "06", "01", "12", None, "04")[(i * i) % 11 % 6]
        corpus.says(
            f"Voici la demande numéro {i}, écrite avec assez de mots pour être citée.",
            themes[(i * 7) % 9 % 4],
            region_code=region,
            actor_type=kinds[(i * 5) % 13 % 5],
            language=("fr", "ar", "ar-MA")[i % 3],
            quoted=i % 4 == 0,
        )
    for i in range(5):
        corpus.says(
            f"Une demande venue de loin, la numéro {i}, avec assez de mots.",
            themes[0],
            region_code="11" if i < 3 else "10",
            quoted=True,
        )
    return corpus


@pytest.mark.parametrize("make", [filled, crowded])
def test_a_report_is_proved_by_what_the_public_may_see(session, make):
    body, data = composed(session, make(session))

    assert len(body["claims"]) > 20
    assert prove(body, data) == []
    assert prove(body, reduce(data)) == []


def test_what_the_public_may_see_names_nobody_of_a_small_group(session):
    _body, data = composed(session, crowded(session))

    reduced = reduce(data)

    for dimension in ("region", "actor_type"):
        described = set(data.described[dimension])
        seen = {person.stated(dimension) for person in reduced.people.values()} - {None}
        assert seen <= described
    told = {key for key in reduced.residuals if key[0] == "voices"}
    assert all(code in data.described[dimension] for _m, _t, dimension, code in told)


def test_a_residual_that_is_missing_is_noticed(session):
    body, data = composed(session, crowded(session))
    reduced = reduce(data)
    key = ("submissions", 0, "region", "11")
    less = {name: n for name, n in reduced.residuals.items() if name != key}
    wrong = prove(body, Dataset(**{**vars_of(reduced), "residuals": less}))

    assert wrong


def vars_of(data):
    """Return the fields of a dataset."""
    return {name: getattr(data, name) for name in ("people", "said", "themes", "residuals", "told")}


places = st.tuples(st.sampled_from(["", "01", "02", "03"]), st.sampled_from("abcd"))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(places, st.sets(st.integers(1, 3))), min_size=1, max_size=70))
def test_any_dataset_answers_alike_once_reduced(rows):
    where = {f"S-{i}": place for i, (place, _themes) in enumerate(rows)}
    said = [
        Said(f"S-{i}", "q", theme, theme + 1, "h", "fr", "in_theme", theme)
        for i, (_place, themes) in enumerate(rows)
        for theme in sorted(themes)
    ]
    visible = shown(where, {one.number for one in said})
    data = Dataset(
        people={n: Person(n, region, actor, visible[n]) for n, (region, actor) in where.items()},
        said=said,
        themes=[1, 2, 3],
        told={"populations": {"01": 100, "02": 50, "03": 10}},
    )
    reduced = reduce(data)
    assert reduced.described == data.described
    for query in questions(data):
        assert reduced.ask(query) == data.ask(query), query


def questions(data):
    """Yield every query that a body's claims may ask of groups."""
    for measure in ("heard", "located", "busiest", "crossed", "kinds", "regions", "effective"):
        yield {"measure": measure}
    for dimension, codes in (("region", ["", "01", "02", "03"]), ("actor_type", "abcd")):
        for code in codes:
            yield {"measure": "submissions", dimension: code}
            yield {"measure": "analysed", dimension: code}
        for code in data.described[dimension]:
            yield {"measure": "ranking", dimension: code}
            for theme in (1, 2, 3):
                yield {"measure": "voices", "theme": [theme], dimension: code}
                yield {"measure": "differs", "theme": [theme], dimension: code}
    for code in data.described["region"]:
        yield {"measure": "kinds", "region": code}
        yield {"measure": "spoken", "region": code}
        yield {"measure": "passages", "region": code}
    for theme in (1, 2, 3):
        yield {"measure": "weighted", "theme": [theme], "value": "share"}
        yield {"measure": "unsurpassed", "theme": [theme]}


def test_evidence_is_the_same_from_either_source(session):
    _body, data = composed(session, crowded(session))
    reduced = reduce(data)
    for query in (
        {"measure": "passages", "theme": [data.themes[0]], "region": "08"},
        {"measure": "passages", "theme": data.themes[:2], "actor_type": "citizen"},
        {"measure": "passages", "state": "in_theme"},
    ):
        assert data.evidence(query) == reduced.evidence(query)


def test_a_hidden_persons_place_is_not_in_the_rows_at_all(session):
    _body, data = composed(session, crowded(session))
    hidden = next(n for n, person in data.people.items() if person.shown[0] is None)
    assert reduce(data).people[hidden] == replace(
        data.people[hidden], region=None, actor_type=data.people[hidden].shown[1]
    )


def test_filters_together_count_what_the_rows_of_the_open_data_show(session):
    corpus = crowded(session)
    draft = build(session, corpus.consultation)
    matrix = draft.body["participation"]["matrix"]
    told = {
        (row["code"], actor): n
        for row in matrix["rows"]
        for actor, n in zip(matrix["actor_types"], row["cells"], strict=True)
        if row["code"]
    }

    assert None in told.values()
    assert any(told.values())
    for (region, actor), n in told.items():
        of, rows = filtered(draft.body, draft.cells, Filter(region=region, actor_type=actor))
        assert (of, bool(rows)) == ((n, True) if n else (0, False))


def test_a_filter_alone_is_what_the_report_prints(session):
    corpus = crowded(session)
    draft = build(session, corpus.consultation)

    for dimension, groups in draft.body["groups"].items():
        for group in groups:
            if not group["code"]:
                continue
            of, rows = filtered(draft.body, draft.cells, Filter(**{dimension: group["code"]}))
            assert (of, bool(rows)) == (group["of"], not group["hidden"] and bool(group["of"]))
