"""Themes kept: new texts placed in a frozen model, human decisions in every new run."""

import random

import numpy as np
import pytest

from nlp import AnalysisOptions, ModelFileError, Text, ThemeModel, stages
from nlp.durable import (
    Create,
    DecisionError,
    Exclude,
    Merge,
    Move,
    PassageRef,
    Pin,
    Rename,
    Split,
)
from nlp.durable.log import Part
from tests.nlp.samples import ARABIC, FRENCH, corpus

OPTIONS = AnalysisOptions(n_themes=4, unit="row")


@pytest.fixture(scope="module")
def model():
    return ThemeModel(OPTIONS).fit(corpus())


def ref(text):
    """Return a reference to a whole text."""
    return PassageRef(text.key, 0, len(text.text))


def theme_of(model, key):
    """Return the key of the theme of the only passage of a text."""
    passage = next(p for p in model.analysis_.passages if p.key == key)
    return None if passage.theme is None else model.themes_[passage.theme].key


def test_texts_known_already_are_placed_where_they_were(model):
    placed = model.assign(corpus())
    known = model.analysis_.passages
    sure = [i for i, p in enumerate(known) if p.state == "in_theme"]
    assert len(sure) > 15
    assert np.mean([placed[i].theme == known[i].theme for i in sure]) > 0.9
    assert [(p.start, p.end) for p in placed] == [(p.start, p.end) for p in known]


def test_new_texts_join_the_theme_that_speaks_of_the_same_in_either_language(model):
    new = [
        Text("n1", "Les mères ont besoin d'une crèche pour travailler."),
        Text("n2", "الأمهات يحتجن إلى حضانة من أجل العمل."),
        Text("n3", "Bonjour et merci."),
        Text("n4", ""),
    ]
    french, arabic, polite = model.assign(new)
    assert french.theme == arabic.theme
    assert model.themes_[french.theme].key == theme_of(model, "t0")
    assert polite.state == "off_topic"
    assert polite.theme is None


def test_a_text_is_placed_alike_alone_and_among_others(model):
    together = model.assign(corpus())
    alone = [passage for text in corpus() for passage in model.assign([text])]
    assert [p.theme for p in alone] == [p.theme for p in together]


def test_blocks_of_texts_are_placed_as_all_of_them_together(model, monkeypatch):
    together = model.assign(corpus())
    monkeypatch.setattr("nlp.frozen.theme_model._BLOCK", 7)
    found = model.assign(corpus())
    assert [(p.key, p.start, p.end, p.theme) for p in found] == [
        (p.key, p.start, p.end, p.theme) for p in together
    ]
    # Sums of other lengths are rounded otherwise.
    margins = [[p.margin for p in passages] for passages in (found, together)]
    np.testing.assert_allclose(*margins, atol=1e-3)


def test_a_saved_model_places_as_before_and_knows_its_themes(model, tmp_path):
    model.save(tmp_path / "model.npz")
    read = ThemeModel.load(tmp_path / "model.npz")
    assert read.assign(corpus()) == model.assign(corpus())
    assert read.themes_ == model.themes_
    assert read.earlier_ == model.earlier_
    assert read.options == OPTIONS


@pytest.mark.parametrize("content", [None, b"", b"no model at all", b"PK\x03\x04 torn"])
def test_a_missing_or_damaged_file_is_refused(tmp_path, content):
    path = tmp_path / "model.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelFileError):
        ThemeModel.load(path)


def test_a_model_of_another_version_is_refused(model, tmp_path, monkeypatch):
    model.save(tmp_path / "model.npz")
    monkeypatch.setattr("nlp.frozen.theme_model.ENGINE", "another one")
    with pytest.raises(ModelFileError, match="another version"):
        ThemeModel.load(tmp_path / "model.npz")


def test_what_is_learnt_from_a_part_places_all_the_rest(monkeypatch):
    pairs = [f"{a} {b}" for lines in (FRENCH, ARABIC) for a in lines for b in lines if a != b]
    texts = [Text(f"p{n}", pair) for n, pair in enumerate(pairs)]
    monkeypatch.setattr(stages, "MOST_LEARNT", 120)
    monkeypatch.setattr(stages, "_BLOCK", 50)
    whole = ThemeModel(OPTIONS).fit(texts)
    turned = ThemeModel(OPTIONS).fit(texts[::-1])
    found = {p.key: (p.theme, p.state, p.margin) for p in whole.analysis_.passages}
    assert found == {p.key: (p.theme, p.state, p.margin) for p in turned.analysis_.passages}
    assert len(found) == len(texts)
    assert all(theme is not None for theme, state, _ in found.values() if state == "in_theme")
    placed = [state for _, state, _ in found.values()]
    assert placed.count("in_theme") > 0.8 * len(texts)


def test_the_same_texts_again_change_nothing(model):
    again = ThemeModel(OPTIONS).fit(corpus(), earlier=model.earlier_)
    assert again.earlier_.themes == model.earlier_.themes
    assert [t.name_ar for t in again.themes_] == [t.name_ar for t in model.themes_]
    assert not again.carried_.moved.any()


def test_decisions_hold_over_twenty_runs_with_other_texts_and_orders(model):
    texts = {text.key: text for text in corpus()}
    first, second = sorted({theme_of(model, "t0"), theme_of(model, "t9")})
    other = theme_of(model, "t3")
    decisions = [
        Rename("d1", other, name_fr="Inclusion à l'école", name_ar="الدمج المدرسي"),
        Merge("d2", (second,), first),
        Move("d3", (ref(texts["t6"]),), other, source=theme_of(model, "t6")),
        Exclude("d4", (ref(texts["t7"]),), "hors sujet"),
        Create("d5", "taxi", (ref(texts["t8"]),), name_fr="Prix des taxis", name_ar="ثمن الطاكسي"),
        Pin("d6", (ref(texts["t4"]),), other),
    ]
    generator = random.Random(5)
    earlier = model.earlier_
    for run in range(20):
        extra = [
            Text(f"x{run}-{n}", f"{generator.choice(FRENCH)} {generator.choice(ARABIC)}")
            for n in range(3)
        ]
        some = [*generator.sample(sorted(texts.values(), key=lambda t: t.key), 22), *extra]
        fitted = ThemeModel(AnalysisOptions(n_themes=4, unit="row", seed=run)).fit(
            some, earlier=earlier, decisions=decisions
        )
        names = {theme.key: (theme.name_fr, theme.name_ar) for theme in fitted.themes_}
        states = {p.key: p.state for p in fitted.analysis_.passages}
        assert names[other] == ("Inclusion à l'école", "الدمج المدرسي")
        assert names["taxi"] == ("Prix des taxis", "ثمن الطاكسي")
        assert second not in names
        assert first in names
        assert len(set(names.values())) == len(names)
        for key, theme in (("t6", other), ("t4", other), ("t8", "taxi")):
            if key in states:
                assert theme_of(fitted, key) == theme
                assert states[key] == "in_theme"
        assert states.get("t7", "excluded") == "excluded"
        earlier = fitted.earlier_


def test_a_divided_theme_stays_divided(model):
    texts = {text.key: text for text in corpus()}
    theme = theme_of(model, "t0")
    parts = (
        Part("hours", (ref(texts["t1"]),), name_fr="Horaires", name_ar="المواقيت"),
        Part("places", (ref(texts["t0"]),), name_fr="Places", name_ar="الأماكن"),
    )
    split = Split("d1", theme, parts)
    fitted = ThemeModel(OPTIONS).fit(corpus(), earlier=model.earlier_, decisions=[split])
    keys = {t.key for t in fitted.themes_}
    assert {"hours", "places"} <= keys
    assert theme not in keys
    assert theme_of(fitted, "t1") == "hours"
    again = ThemeModel(OPTIONS).fit(corpus(), earlier=fitted.earlier_, decisions=[split])
    assert again.earlier_.themes == fitted.earlier_.themes


def test_a_decision_about_a_copy_holds_whichever_text_is_taken_for_the_first(model):
    letter = " ".join(FRENCH[6:8])
    copies = [Text(f"c{n}", letter) for n in range(3)]
    theme = theme_of(model, "t9")
    for chosen in copies:
        decisions = [Move("d1", (ref(chosen),), theme)]
        fitted = ThemeModel(OPTIONS).fit(
            [*corpus(), *copies], earlier=model.earlier_, decisions=decisions
        )
        assert {theme_of(fitted, text.key) for text in copies} == {theme}


def test_a_passage_that_a_person_put_in_a_theme_is_no_small_talk(model):
    polite = Text("hello", "Bonjour et merci.")
    decisions = [Move("d1", (ref(polite),), theme_of(model, "t0"))]
    fitted = ThemeModel(OPTIONS).fit(
        [*corpus(), polite], earlier=model.earlier_, decisions=decisions
    )
    assert theme_of(fitted, "hello") == theme_of(model, "t0")
    assert next(p.state for p in fitted.analysis_.passages if p.key == "hello") == "in_theme"


def test_a_decision_about_an_unknown_theme_is_refused(model):
    with pytest.raises(DecisionError, match="d9"):
        ThemeModel(OPTIONS).fit(
            corpus(), earlier=model.earlier_, decisions=[Rename("d9", "nowhere", name_fr="Ici")]
        )
