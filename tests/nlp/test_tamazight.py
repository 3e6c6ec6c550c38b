"""Words of Tamazight in the space: their list, their forms, the sentences they make."""

import re
import unicodedata
from collections import Counter

import numpy as np
import pytest

from nlp.lexicon.files import read_rows, split_cell
from nlp.space import Space
from nlp.space.tamazight import is_function, key_of, load_words

KINDS = {"noun", "adjective", "verb", "number", "function"}
#: Sentences of Tamazight and of French that mean the same.
PAIRS = [
    ("ⵓⵔ ⵉⵍⵍⵉ ⵓⵎⵙⴳⵏⴰⴼ ⴳ ⵓⵙⴳⵏⴰⴼ ⵏⵏⵖ", "Il n'y a pas de médecin dans notre hôpital."),
    ("ⴰⵔ ⵇⵇⵔⴰⵏ ⵉⵏⵍⵎⴰⴷⵏ ⴳ ⵜⵉⵏⵎⵍ ⵏ ⵜⴰⴷⴷⴰⵔⵜ", "Les élèves étudient à l'école du village."),
    ("ⵏⵔⴰ ⴰⵎⴰⵏ ⵉ ⵜⴳⵎⵎⴰ ⵏⵏⵖ", "Nous voulons de l'eau pour nos maisons."),
    ("ⵜⵜⴰⵡⵙ ⵜⵎⵙⵎⵓⵏⵜ ⵉⵎⵥⵍⴰⴹ ⴷ ⵉⴳⵉⴳⵉⵍⵏ", "L'association aide les pauvres et les orphelins."),
    ("ⴰⵖⴰⵔⴰⵙ ⵏ ⵓⴷⵔⴰⵔ ⵉⵇⵇⵏ ⵙ ⵓⴷⴼⵍ", "La route de la montagne est fermée par la neige."),
    ("ⵉⵔⵉⵏ ⵉⵔⴱⴰⵏ ⴰⴷ ⵜⵜⵓⵔⴰⵔⵏ ⵜⴰⴽⵓⵔⵜ", "Les garçons veulent jouer au football."),
    ("ⵉⵣⵣⵏⵣⴰ ⵓⴼⵍⵍⴰⵃ ⵉⵣⴰⵎⴰⵔⵏ ⴳ ⵙⵙⵓⵇ", "L'agriculteur a vendu les moutons au marché."),
    ("ⵉⴳⴰ ⵓⵥⴰⵡⴰⵏ ⴷ ⵓⵎⴰⵔⴳ ⵜⴰⵥⵓⵔⵉ ⵉⴼⵓⵍⴽⵉⵏ", "La musique et la chanson sont un bel art."),
    ("ⵉⵎⵎⵓⵜ ⴽⵔⴰⴹ ⵏ ⵉⵙⵔⴷⴰⵙⵏ ⴳ ⵉⵎⵏⵖⵉ", "Trois soldats sont morts à la guerre."),
    ("ⵜⴰⴷⴰⵎⵙⴰ ⵏ ⵜⵎⵓⵔⵜ ⵜⵃⵜⴰⵊⵊⴰ ⵉⵇⴰⵔⵉⴹⵏ", "L'économie du pays a besoin d'argent."),
]


@pytest.fixture(scope="module")
def space() -> Space:
    """Return the space of the package."""
    return Space.load()


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """Return the rows of the list."""
    return read_rows("tamazight.tsv")


def meaning(word: str) -> tuple[str, ...] | None:
    """Return the French words of a form, None when it is not found."""
    entry = load_words().find(word)
    return entry and entry.french


def test_the_list_is_large_and_covers_each_kind_of_word(rows):
    """Count entries by kind."""
    kinds = Counter(row["note"] for row in rows)
    assert set(kinds) == KINDS
    assert kinds["verb"] >= 150
    assert kinds["function"] >= 90
    assert len(rows) - kinds["function"] >= 500


def test_both_spellings_of_an_entry_are_one_word(rows):
    """Compare the two columns letter by letter."""
    for row in rows:
        tifinagh, latin = split_cell(row["tifinagh"]), split_cell(row["latin"])
        assert [key_of(word) for word in tifinagh] == [key_of(word) for word in latin], row
        assert all(re.fullmatch("[\u2d30-\u2d6f]+", word) for word in tifinagh), row
        assert all(unicodedata.is_normalized("NFC", word) for word in latin), row


def test_a_spelling_belongs_to_one_entry(rows):
    """Look for spellings given twice."""
    words = Counter(word for row in rows for word in split_cell(row["tifinagh"]))
    assert [word for word, n in words.items() if n > 1] == []


def test_the_space_knows_each_french_word_and_function_words_have_none(rows, space):
    """Seek every French word of the list."""
    for row in rows:
        words = split_cell(row["fr"])
        assert (not words) == (row["note"] == "function"), row
        assert len(words) <= 2, row
        assert all(space.table.find(word, "fr") for word in words), row


@pytest.mark.parametrize(
    ("form", "listed"),
    [
        ("ⵓⵔⴳⴰⵣ", "ⴰⵔⴳⴰⵣ"),
        ("ⵡⴰⴽⴰⵍ", "ⴰⴽⴰⵍ"),
        ("ⵢⵉⵔⴳⴰⵣⵏ", "ⴰⵔⴳⴰⵣ"),
        ("ⵜⵎⵖⴰⵔⵜ", "ⵜⴰⵎⵖⴰⵔⵜ"),
        ("ⵜⵎⵙⵎⵓⵏⵉⵏ", "ⵜⴰⵎⵙⵎⵓⵏⵜ"),
        ("ⵜⴰⵎⴰⵢⵏⵓⵜ", "ⴰⵎⴰⵢⵏⵓ"),
        ("ⵜⵉⵏⵍⵎⴰⴷⵉⵏ", "ⴰⵏⵍⵎⴰⴷ"),
        ("ⵜⵉⵙⵍⵎⴰⴷⵉⵏ", "ⴰⵙⵍⵎⴰⴷ"),
        ("ⵜⵉⴳⵎⵎⵉⵏⵏⵙ", "ⵜⵉⴳⵎⵎⵉ"),
        ("ⵏⵓⵖⵔⴱⴰⵣ", "ⴰⵖⵔⴱⴰⵣ"),
        ("ⵍⵎⴷⵖ", "ⵍⵎⴷ"),
        ("ⵜⵙⵙⵓⵜⵔⵎ", "ⵙⵙⵓⵜⵔ"),
        ("ⵉⵜⵜⵓⵙⴽⵔ", "ⵙⴽⵔ"),
        ("ⵜⴰⵎⵟⵟⵓⵟ", "ⵜⴰⵎⵟⵟⵓⵜ"),
        ("tamghart", "ⵜⴰⵎⵖⴰⵔⵜ"),
        ("Amuddu", "ⴰⵎⵓⴷⴷⵓ"),
        ("tadamsa", "ⵜⴰⴷⴰⵎⵙⴰ"),
    ],
)
def test_a_form_has_the_meaning_of_its_listed_word(form, listed):
    """Seek states, plurals, feminines, joined words, persons and Latin spellings."""
    assert meaning(listed)
    assert meaning(form) == meaning(listed)


def test_rounded_letters_are_found_however_they_are_written():
    """Seek a year with its mark, without it, and as compatibility forms turn it."""
    assert meaning("ⴰⵙⴳⴳⵯⴰⵙ") == meaning("ⴰⵙⴳⴳⴰⵙ") == meaning("ⴰⵙⴳⴳⵡⴰⵙ") == ("année", "an")


def test_a_listed_form_goes_before_a_derived_one():
    """Seek a word that could also be another one with its ending off."""
    assert meaning("ⴰⵎⴰⵏ") == ("eau",)
    assert meaning("ⵉⴼⵔⵏ") == ("choisir",)


@pytest.mark.parametrize("word", ["ⵣⵣⴱⵔⴽⵅ", "ⵣ", "ⵜⴰⵜ", "ⵜ" * 60])
def test_letters_that_are_no_word_are_not_found(word, space):
    """Seek made-up words."""
    assert space.table.find(word, "zgh") == ()


def test_a_word_has_the_rows_of_its_french_words(space):
    """Compare rows across languages, in both scripts."""
    school = space.table.find("école", "fr")
    assert space.table.find("ⵓⵖⵔⴱⴰⵣ", "zgh") == school
    assert space.table.find("aɣrbaz", "zgh") == school
    both = {*space.table.find("route", "fr"), *space.table.find("chemin", "fr")}
    assert set(space.table.find("ⴰⵖⴰⵔⴰⵙ", "fr")) == both


def test_latin_spellings_are_sought_in_texts_of_tamazight_alone(space):
    """Seek one spelling in two languages."""
    assert space.table.find("anlmad", "zgh")
    assert not space.table.find("anlmad", "fr")


def test_function_words_have_no_vector_and_do_not_lower_the_coverage(space):
    """Embed a sentence with and without its function words."""
    assert is_function("ⵖⵔ", "zgh")
    assert not is_function("is", "fr")
    vectors, coverage = space.embed(["ⵓⵔ ⴰⴷ ⵖⵔ ⵏⵏⵙ", "ⴰⴷ ⵖⵔ ⵜⵉⵏⵎⵍ", "ⵜⵉⵏⵎⵍ"], ["zgh"] * 3)
    assert not vectors[0].any()
    assert coverage.tolist() == [0, 1, 1]
    np.testing.assert_allclose(vectors[1], vectors[2], atol=1e-6)


def test_unknown_words_of_tifinagh_lower_the_coverage(space):
    """Embed a known word beside a made-up one."""
    _, coverage = space.embed(["ⵜⵉⵏⵎⵍ ⵣⵣⴱⵔⴽⵅ"], ["zgh"])
    assert 0 < coverage[0] < 0.8


def test_sentences_are_nearest_to_their_french_translation(space):
    """Place sentences of both languages in one space."""
    tamazight, french = ([pair[side] for pair in PAIRS] for side in (0, 1))
    n = len(PAIRS)
    vectors, coverage = space.embed([*tamazight, *french], ["zgh"] * n + ["fr"] * n)
    nearest = (vectors[:n] @ vectors[n:].T).argmax(axis=1)
    assert (nearest == np.arange(n)).sum() >= n - 1
    assert coverage[:n].min() > 0.5


def test_the_order_of_sentences_does_not_matter(space):
    """Embed sentences forwards and backwards."""
    texts = [pair[0] for pair in PAIRS]
    straight, _ = space.embed(texts, ["zgh"] * len(texts))
    back, _ = space.embed(texts[::-1], ["zgh"] * len(texts))
    np.testing.assert_allclose(straight, back[::-1], atol=1e-5)


def test_other_texts_keep_their_vectors_beside_tamazight(space):
    """Embed French, Arabic and Darija with and without sentences of Tamazight."""
    texts = [*(pair[1] for pair in PAIRS), "ينقص الطبيب في المركز الصحي", "bghina tbib f sbitar"]
    languages = [*["fr"] * len(PAIRS), "ar", "ary-Latn"]
    alone, _ = space.embed(texts, languages)
    mixed, _ = space.embed([*texts, PAIRS[0][0]], [*languages, "zgh"])
    np.testing.assert_allclose(mixed[:-1], alone, atol=1e-6)


def test_words_of_other_languages_are_never_sought_in_the_list(space, monkeypatch):
    """Embed texts of other languages while the list refuses to answer."""
    texts, languages = (
        ["Le sin de la ville", "المدرسة بعيدة", "had chi ma kaynch"],
        [
            "fr",
            "ar",
            "ary-Latn",
        ],
    )
    before, _ = space.embed(texts, languages)

    def refuse(_self: object, token: str) -> None:
        """Fail on any look-up."""
        raise AssertionError(token)

    monkeypatch.setattr(type(load_words()), "find", refuse)
    monkeypatch.setattr(space.table, "_found", {})
    after, _ = space.embed(texts, languages)
    assert before.tobytes() == after.tobytes()
