"""Broad themes: the table of axes, and each theme's place by its own evidence."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import normalize

from nlp.broad import (
    CLEAR_LEAD,
    CROSS_CUTTING,
    NO_AXIS,
    OTHER,
    Axis,
    BroadTheme,
    axis_meanings,
    broad_themes,
    read_axes,
)
from nlp.errors import OptionsError
from nlp.lexicon import Concept, load_lexicon
from nlp.lexicon.files import read_rows, split_cell
from nlp.space import Space

CONCEPTS = load_lexicon().thesaurus.concepts
AXES = read_axes(CONCEPTS)

#: A small thesaurus: two concepts an axis, and one of none.
FEW = [
    Concept("clinic", "health", "Dispensaires", "المستوصفات"),
    Concept("nurse", "health", "Infirmiers", "الممرضون"),
    Concept("lesson", "school", "Cours", "الدروس"),
    Concept("teacher", "school", "Enseignants", "المدرسون"),
    Concept("judge", "justice", "Juges", "القضاة"),
    Concept("women", "justice", "Femmes", "النساء"),
    Concept("weather", "other", "Météo", "الطقس"),
]
FEW_AXES = [
    Axis("health", "Santé", "الصحة", (0, 1)),
    Axis("school", "École", "المدرسة", (2, 3)),
    Axis("justice", "Justice", "العدالة", (4, 5)),
]
MEANINGS = np.eye(3, 6)


def grouped(centres, votes, sizes=None):
    """Group themes under the small axes."""
    centres = np.array(centres, dtype=float).reshape(-1, 6)
    return broad_themes(
        centres,
        sizes or [20] * len(centres),
        np.array(votes, dtype=float).reshape(-1, len(FEW)),
        axes=FEW_AXES,
        meanings=MEANINGS,
        concepts=FEW,
    )


def slugs(broad):
    """Return the slug of each theme's broad theme."""
    return [broad.themes[label].slug for label in broad.labels]


def test_every_axis_of_the_thesaurus_has_a_name_and_every_other_matter_one_place():
    rows = read_rows("axes.tsv")
    listed = [slug for row in rows for slug in split_cell(row["concepts"])]
    others = [concept.slug for concept in CONCEPTS if concept.axis == OTHER]
    assert sorted(listed) == sorted(others)
    named = {row["slug"] for row in rows if not row["concepts"]}
    assert named == {concept.axis for concept in CONCEPTS} - {OTHER}
    held = [number for axis in AXES for number in axis.concepts]
    assert sorted(held) == list(range(len(CONCEPTS)))


def test_axes_are_three_to_twelve_with_names_of_their_own_in_both_languages():
    assert 3 <= len(AXES) <= 12
    for names, letters in (
        ([axis.name_fr for axis in AXES] + [NO_AXIS[0]], r"[A-Za-zÀ-ÿ ,]+"),
        ([axis.name_ar for axis in AXES] + [NO_AXIS[1]], r"[\u0621-\u064a ،]+"),
    ):
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(letters, name) for name in names)


def test_what_says_of_whom_is_in_the_thesaurus():
    assert {concept.slug for concept in CONCEPTS} >= CROSS_CUTTING


def test_a_theme_goes_where_its_concepts_are_even_if_another_axis_is_nearer_in_meaning():
    broad = grouped([MEANINGS[1]], [[12, 6, 3, 0, 0, 0, 0]])
    assert slugs(broad) == ["health"]
    assert broad.certainties[0] == pytest.approx((18 - 3) / (18 + 3 + 3))


@pytest.mark.parametrize(("nearest", "slug"), [(0, "health"), (1, "school"), (2, "health")])
def test_between_close_axes_meaning_chooses_but_never_one_far_behind(nearest, slug):
    centre = MEANINGS[nearest] + 0.3 * MEANINGS[0]
    broad = grouped([centre], [[10, 0, 9, 0, 2, 0, 0]])
    assert slugs(broad) == [slug]
    assert broad.certainties[0] < CLEAR_LEAD


def test_whom_a_theme_is_about_weighs_less_than_what_it_is_about():
    women_at_school = [0, 0, 8, 4, 0, 20, 0]
    assert slugs(grouped([MEANINGS[2]], [women_at_school])) == ["school"]


def test_without_a_concept_meaning_alone_decides_and_nothing_is_certain():
    broad = grouped([MEANINGS[2], np.zeros(6), -MEANINGS.sum(axis=0)], [[0] * 7] * 3)
    assert slugs(broad) == ["justice", None, None]
    assert broad.certainties == [0.0, 0.0, 0.0]
    assert broad.themes[-1] == BroadTheme(None, *NO_AXIS, n_themes=2, certainty=0.0)


def test_a_single_word_on_whom_a_theme_is_about_says_nothing():
    broad = grouped([MEANINGS[0]], [[0, 0, 0, 0, 0, 2, 0]])
    assert slugs(broad) == ["health"]
    assert broad.certainties == [0.0]


def test_a_concept_of_no_axis_says_nothing():
    assert slugs(grouped([np.zeros(6)], [[0, 0, 0, 0, 0, 0, 15]])) == [None]


def test_broad_themes_stand_in_the_order_of_the_axes_and_only_where_there_is_a_theme():
    votes = [[0, 0, 0, 0, 9, 0, 0], [9, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 7, 0, 0]]
    broad = grouped([MEANINGS[2], MEANINGS[0], MEANINGS[2]], votes, [10, 20, 30])
    assert [theme.slug for theme in broad.themes] == ["health", "justice"]
    assert broad.labels == [1, 0, 1]
    assert [(theme.name_fr, theme.name_ar, theme.n_themes) for theme in broad.themes] == [
        ("Santé", "الصحة", 1),
        ("Justice", "العدالة", 2),
    ]
    first, last = 9 / 12, 6 / 11
    assert broad.themes[1].certainty == pytest.approx((10 * first + 30 * last) / 40, abs=1e-3)


@st.composite
def corpora(draw):
    """Draw the centres and the votes of 2 to 12 themes, and a part of their numbers."""
    n = draw(st.integers(2, 12))
    seed = draw(st.integers(0, 10**6))
    generator = np.random.default_rng(seed)
    centres = normalize(generator.standard_normal((n, 6)))
    votes = generator.integers(0, 9, size=(n, len(FEW))) * (generator.random((n, 1)) > 0.2)
    kept = draw(st.lists(st.integers(0, n - 1), min_size=1, unique=True))
    return centres, votes, kept


@given(corpora())
@settings(max_examples=100, deadline=None)
def test_a_theme_keeps_its_broad_theme_whatever_the_others_are_and_their_order(corpus):
    centres, votes, kept = corpus
    everyone = grouped(centres, votes)
    some = grouped(centres[kept], votes[kept])
    assert slugs(some) == [slugs(everyone)[theme] for theme in kept]
    assert some.certainties == [everyone.certainties[theme] for theme in kept]


@given(corpora())
@settings(max_examples=50, deadline=None)
def test_every_theme_is_in_one_broad_theme_and_none_is_empty(corpus):
    centres, votes, _ = corpus
    broad = grouped(centres, votes)
    assert np.bincount(broad.labels).tolist() == [theme.n_themes for theme in broad.themes]
    assert all(0 <= certainty <= 1 for certainty in broad.certainties)


@pytest.mark.parametrize(
    ("language", "text", "slug"),
    [
        ("fr", "Le médecin de l'hôpital est absent et les médicaments manquent.", "health"),
        ("ar", "الطبيب غائب عن المستشفى والأدوية غير متوفرة.", "health"),
        ("fr", "Les élèves du collège attendent toujours un professeur.", "school"),
        ("ar", "تلاميذ الإعدادية ما زالوا ينتظرون أستاذا.", "school"),
    ],
)
def test_axes_have_a_meaning_in_both_languages(language, text, slug):
    meanings = axis_meanings(AXES, CONCEPTS)
    np.testing.assert_allclose(np.linalg.norm(meanings, axis=1), 1)
    vectors, _ = Space.load().embed([text], [language])
    broad = broad_themes(
        vectors,
        [1],
        np.zeros((1, len(CONCEPTS))),
        axes=AXES,
        meanings=meanings,
        concepts=CONCEPTS,
    )
    assert slugs(broad) == [slug]


def test_a_theme_without_a_known_word_or_concept_is_under_no_axis():
    meanings = axis_meanings(AXES, CONCEPTS)
    broad = broad_themes(
        np.zeros((1, meanings.shape[1])),
        [3],
        np.zeros((1, len(CONCEPTS))),
        axes=AXES,
        meanings=meanings,
        concepts=CONCEPTS,
    )
    assert slugs(broad) == [None]


def test_no_theme_is_no_broad_theme():
    assert grouped([], []) == ([], [], [])


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(OptionsError, match="same numbers"):
        grouped([MEANINGS[0]], [[1, 0, 0, 0, 0, 0, 0]], [1, 2])
