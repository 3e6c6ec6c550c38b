"""Charts: their figures, their words, their direction, and their drawings."""

import io
import re

import pytest
from defusedxml import ElementTree
from PIL import Image

from app.reports.body import build
from app.reports.charts import charts_of, png, pngs, rendering, svg

#: The identifiers that every report has.
ALWAYS = {"participation.regions", "participation.weeks", "themes.ranking", "themes.by_region"}


@pytest.fixture
def body(session, corpus):
    return build(session, corpus.consultation).body


def values(part):
    """Return every row of figures that a specification draws."""
    found = list(part.get("data", {}).get("values", []))
    for name in ("layer", "hconcat", "vconcat"):
        for inner in part.get(name, []):
            found += values(inner)
    return found


def scales(part):
    """Return every horizontal scale of a specification that has a domain."""
    scale = (part.get("encoding", {}).get("x") or {}).get("scale") or {}
    found = [scale] if scale.get("domain") else []
    for name in ("layer", "hconcat", "vconcat"):
        for inner in part.get(name, []):
            found += scales(inner)
    return found


def words(drawing):
    """Return the texts of a drawing, without the signs of direction."""
    found = ElementTree.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text")
    return {re.sub("[\u202a-\u202e\u2066-\u2069]", "", "".join(t.itertext())) for t in found}


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_every_theme_and_region_has_its_charts(body, lang):
    charts = charts_of(body, lang)
    theme = body["themes"][0]["id"]
    assert charts.keys() >= ALWAYS | {f"theme.{theme}.region", f"theme.{theme}.actor_type"}
    assert "region.08.themes" in charts
    assert len(charts) == 4 + 2 * len(body["themes"]) + len(body["participation"]["by_region"])
    for chart in charts.values():
        assert chart.title
        assert chart.alt
        assert all(len(row) == len(chart.head) for row in chart.rows)


@pytest.mark.parametrize("narrow", [False, True])
def test_every_kind_of_specification_is_what_altair_accepts(body, narrow):
    from altair import load_schema
    from altair.utils.schemapi import validate_jsonschema

    charts = charts_of(body, "ar", narrow=narrow)
    theme = body["themes"][0]["id"]
    for identity in (*ALWAYS, f"theme.{theme}.region", "region.08.themes"):
        validate_jsonschema(charts[identity].spec, load_schema())


def test_no_specification_names_an_address(body):
    for chart in charts_of(body, "fr").values():
        assert "http" not in repr({k: v for k, v in chart.spec.items() if k != "$schema"})
        assert "'url'" not in repr(chart.spec)


def test_a_specification_that_names_an_address_is_refused():
    spec = {
        "data": {"url": "https://example.org/figures.json"},
        "mark": "bar",
        "encoding": {"x": {"field": "a", "type": "quantitative"}},
    }
    with pytest.raises(ValueError, match="not allowed"):
        rendering.convert(spec)


def test_figures_run_from_the_right_in_arabic_alone(body):
    for lang, reverse in (("fr", False), ("ar", True)):
        for chart in charts_of(body, lang).values():
            assert all(bool(s.get("reverse")) is reverse for s in scales(chart.spec)), chart.id
    identity = f"theme.{body['themes'][0]['id']}.region"
    assert scales(charts_of(body, "ar")[identity].spec)


def test_weeks_run_from_the_right_in_arabic(body):
    body["participation"]["by_week"] = [
        {"monday": "2022-01-03", "count": 4},
        {"monday": "2022-01-10", "count": 9},
    ]
    places = {}
    for lang in ("fr", "ar"):
        rows = values(charts_of(body, lang)["participation.weeks"].spec)
        places[lang] = next(row["x"] for row in rows if row.get("value") == 4)
    assert places["fr"] < 320 < places["ar"]


def test_a_small_group_is_absent_from_the_drawing_and_named_in_the_alternative(body):
    theme = body["themes"][0]
    chart = charts_of(body, "fr")[f"theme.{theme['id']}.region"]
    hidden = [g["code"] for g in theme["by_region"] if g["hidden"]]
    assert hidden == ["12", ""]
    assert "Dakhla-Oued Ed-Dahab" in chart.alt
    assert "Dakhla-Oued Ed-Dahab" not in words(svg(chart))
    row = next(row for row in chart.rows if row[0] == "Dakhla-Oued Ed-Dahab")
    assert row[1:4] == ["–", "–", "–"]
    drawn = {row["y"] for row in values(chart.spec) if "low" in row}
    assert len(drawn) == sum(g["count"] is not None for g in theme["by_region"])


def test_a_region_too_small_is_said_to_be_so_on_its_own_chart(body):
    chart = charts_of(body, "en")["region.12.themes"]
    assert chart.rows == []
    assert "Dakhla-Oued Ed-Dahab" in chart.alt
    assert "Too few" in chart.title
    assert "<svg" in svg(chart)


def test_the_alternative_says_the_highest_and_the_lowest(body):
    theme = body["themes"][0]
    chart = charts_of(body, "en")[f"theme.{theme['id']}.region"]
    described = [g for g in theme["by_region"] if g["count"] is not None and g["code"]]
    high = max(described, key=lambda g: g["share"])
    assert high["code"] == "08"
    assert "Highest: Drâa-Tafilalet, \u206683.3%\u2069" in chart.alt
    assert "Everyone: \u2066" in chart.alt


@pytest.mark.parametrize(("lang", "written"), [("fr", "83,3\u202f%"), ("ar", "83,3%")])
def test_the_table_and_the_drawing_say_the_same_figures(body, lang, written):
    theme = body["themes"][0]
    chart = charts_of(body, lang)[f"theme.{theme['id']}.region"]
    shares = {row[0]: row[1] for row in chart.rows if row[1] != "–"}
    assert written in shares.values()
    assert {row["value"] for row in values(chart.spec) if "low" in row} == {
        g["share"] for g in theme["by_region"] if g["share"] is not None
    }
    assert set(list(shares.values())[:-1]) <= words(svg(chart))


def test_what_differs_is_filled_and_the_rest_is_hollow(body):
    theme = body["themes"][0]
    theme["by_region"][7]["differs"] = "more"
    spec = charts_of(body, "fr")[f"theme.{theme['id']}.region"].spec
    fills = {}
    for part in spec["vconcat"][0]["layer"]:
        if part["mark"]["type"] == "point":
            for row in part["data"]["values"]:
                fills[row["value"]] = part["mark"]["fill"]
    assert fills[theme["by_region"][7]["share"]] == "#0b5540"
    assert len(set(fills.values())) == 2


def test_the_weighted_share_is_drawn_where_there_is_one(body):
    for theme in body["themes"]:
        theme["weighted"] = {"share": 0.123, "low": 0.1, "high": 0.2}
    chart = charts_of(body, "en")["themes.ranking"]
    assert chart.head[-1] == "Weighted share"
    assert {row[-1] for row in chart.rows} == {"12.3%"}
    assert [r["mark"] for r in values(chart.spec) if r.get("mark")]


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_drawing_holds_every_name_in_whole_and_no_script(body, lang):
    chart = charts_of(body, lang)["participation.regions"]
    drawing = svg(chart)
    said = words(drawing)
    assert {row[0] for row in chart.rows} <= said
    assert "<script" not in drawing
    assert "href=" not in drawing.replace("xlink:href", "")
    assert " style=" not in drawing


def test_a_long_name_is_broken_into_lines_and_not_cut(body):
    name = "Des centres d’accueil de jour pour les personnes âgées dans les communes rurales"
    body["themes"][0]["name"]["fr"] = name
    said = words(svg(charts_of(body, "fr")["themes.ranking"]))
    assert name not in said
    assert {word for line in said for word in line.split()} >= set(name.split())


def test_pictures_are_painted_and_differ(body):
    charts = list(charts_of(body, "ar").values())[:3]
    found = pngs(charts)
    assert len(set(found.values())) == 3
    image = Image.open(io.BytesIO(found["participation.regions"]))
    assert image.getpixel((2, 2))[:3] == (255, 255, 255)
    small = Image.open(io.BytesIO(png(charts[0], scale=1)))
    assert abs(image.width - 2 * small.width) <= 1


def test_a_dark_page_gets_light_letters(body):
    drawing = svg(charts_of(body, "fr")["themes.ranking"])
    assert "prefers-color-scheme:dark" in drawing
    assert 'fill="white"' not in drawing


def test_a_drawing_is_made_once_and_kept(body, app, monkeypatch):
    chart = charts_of(body, "fr")["themes.ranking"]
    first = svg(chart)
    rendering._kept.clear()
    monkeypatch.setattr(rendering, "convert", lambda _spec: pytest.fail("drawn again"))
    assert svg(chart) == first
    assert svg(charts_of(body, "fr")["themes.ranking"]) == first
