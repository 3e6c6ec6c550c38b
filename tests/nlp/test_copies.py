"""Campaigns: near-identical texts are one text with several signatories."""

import pytest

from nlp import Text, analyse
from nlp.copies import CopyFinder
from nlp.lexicon import load_lexicon
from nlp.text.table import word_table
from tests.nlp.samples import corpus

LETTER = (
    "Nous, habitants du douar {village}, demandons l'ouverture d'un centre de proximité avec une "
    "assistante sociale, car la route est longue et nos enfants restent sans soins. Signé : {name}."
)


@pytest.fixture(scope="module")
def find():
    """Return the numbers of the originals of texts."""
    finder = CopyFinder(load_lexicon())
    return lambda texts: finder.find(word_table(texts))


def test_a_changed_name_and_village_make_a_copy(find):
    letters = [
        LETTER.format(village=village, name=name)
        for village, name in (
            ("Tamsrit", "Hammou"),
            ("Aghbalou", "Zineb B."),
            ("Ifran", "M. Ouchen"),
        )
    ]
    assert find(letters) == [-1, 0, 0]


def test_a_changed_demand_is_another_text(find):
    other = LETTER.replace("une assistante sociale", "un terrain de football").replace(
        "soins", "matchs"
    )
    first, second = (text.format(village="Ifran", name="Ali") for text in (LETTER, other))
    assert find([first, second]) == [-1, -1]


def test_case_accents_and_spaces_do_not_matter(find):
    text = "Il faut ouvrir une crèche dans chaque commune rurale"
    assert find([text, text.upper().replace(" ", "  "), f"{text} !"]) == [-1, 0, 0]


def test_short_generic_texts_are_no_campaign(find):
    assert find(["Merci beaucoup"] * 3 + ["Une crèche"] * 2) == [-1] * 5


def test_a_copy_of_a_copy_is_one_of_the_original_too(find):
    names = ["Hammou", "Hammou", "Zineb", "Zineb"]
    letters = [LETTER.format(village="Ifran", name=name) for name in names]
    assert find(letters) == [-1, 0, 0, 0]


def test_many_texts_with_the_same_beginning_are_no_copies(find):
    demands = ["une crèche", "un dispensaire", "un internat", "une route", "un marché", "un puits"]
    texts = [
        f"Nous, habitants du douar, demandons depuis des années au conseil {demand} avec {other}"
        for demand in demands
        for other in demands
        if demand != other
    ]
    assert find(texts) == [-1] * len(texts)


def test_copies_follow_their_original_and_count_as_signatories():
    letters = [
        Text(f"c{n}", LETTER.format(village=f"Village{n}", name="Ali"), "08|citizen")
        for n in range(5)
    ]
    analysis = analyse([*corpus(), *letters])
    copies = [p for p in analysis.passages if p.state == "copy"]
    assert len({p.copy_of for p in copies}) == 1
    original = analysis.passages[copies[0].copy_of]
    assert len(copies) == 4
    assert original.state in {"in_theme", "to_arbitrate"}
    assert {p.theme for p in copies} == {original.theme}
    assert sum(t.n_signatories - t.n_passages for t in analysis.themes) in {0, 4}
