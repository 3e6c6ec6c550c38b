"""Division of one theme, near themes, and the vectors both are made from."""

import numpy as np
import pytest

from nlp import Text
from nlp.dividing import divide, separation
from nlp.embedding import vectors_of
from nlp.errors import InputError, OptionsError
from nlp.nearness import near_pairs
from tests.nlp.samples import ARABIC, FRENCH

#: Two subjects in two languages: what each sentence is made of.
CHILDCARE = {
    "fr": (["La crèche", "Notre garderie", "Une crèche communale", "La halte-garderie"],
           ["ferme trop tôt pour les mères", "n'a plus de place pour les bébés",
            "manque de puéricultrices", "coûte cher aux jeunes mères", "garde peu de nourrissons"]),
    "ar": (["الحضانة", "حضانة الجماعة", "دار الحضانة", "روض الأطفال"],
           ["تغلق مبكرا على الأمهات", "لا مكان فيها للرضع", "ينقصها المربيات",
            "ثمنها مرتفع على الأمهات", "تستقبل عددا قليلا من الرضع"]),
}  # fmt: skip
ROADS = {
    "fr": (["La piste", "Notre route", "La route rurale", "Le pont"],
           ["est coupée par la pluie", "abîme les camions et les taxis",
            "manque de goudron", "empêche le bus de passer", "reste sans réparation"]),
    "ar": (["الطريق", "المسلك القروي", "طريق الدوار", "القنطرة"],
           ["مقطوعة بسبب الأمطار", "تخرب الشاحنات وسيارات الأجرة",
            "ينقصها الزفت", "تمنع الحافلة من المرور", "بقيت دون إصلاح"]),
}  # fmt: skip


def sentences(subject, language):
    """Return twenty sentences about a subject."""
    starts, ends = subject[language]
    return [f"{start} {end}." for start in starts for end in ends]


def both(*subjects):
    """Return the sentences about subjects in both languages, with the subject of each."""
    lines, gold = [], []
    for number, subject in enumerate(subjects):
        for language in ("fr", "ar"):
            lines += sentences(subject, language)
            gold += [number] * 20
    return lines, np.array(gold)


def texts_of(lines):
    """Return lines as texts."""
    return [Text(str(number), line) for number, line in enumerate(lines)]


def test_two_subjects_in_two_languages_are_divided_by_subject():
    lines, gold = both(CHILDCARE, ROADS)
    found = divide(texts_of(lines), most_parts=2)
    assert found is not None
    assert sorted(i for part in found.parts for i in part.indices) == list(range(80))
    for part in found.parts:
        share = gold[list(part.indices)].mean()
        assert min(share, 1 - share) <= 0.1
        assert min(part.languages.values()) >= 15
        assert part.name_fr
        assert part.name_ar
        assert set(part.seeds) <= set(part.indices)
    assert found.leak < 0.1
    assert 0.75 <= found.quality <= 1
    assert len({part.name_fr for part in found.parts}) == 2


def test_the_order_of_passages_changes_only_their_numbers():
    lines, _ = both(CHILDCARE, ROADS)
    order = np.random.default_rng(3).permutation(len(lines))
    one = divide(texts_of(lines), most_parts=3)
    other = divide(texts_of([lines[i] for i in order]), most_parts=3)
    said = [{lines[i] for i in part.indices} for part in one.parts]
    assert [{lines[order[i]] for i in part.indices} for part in other.parts] == said
    assert one == divide(texts_of(lines), most_parts=3)


def test_few_passages_or_empty_ones_are_not_divided():
    assert divide(texts_of(FRENCH[:5])) is None
    assert divide(texts_of([""] * 40)) is None
    assert divide(texts_of(["..."] * 40)) is None
    assert divide([]) is None


def test_what_differs_by_language_only_is_not_divided():
    lines, _ = both(CHILDCARE)
    generator = np.random.default_rng(0)
    towards = np.repeat(np.eye(12)[:2], 20, axis=0)
    vectors = towards + 0.1 * generator.standard_normal((40, 12))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    languages = ["fr"] * 20 + ["ar"] * 20
    assert divide(texts_of(lines), languages=languages, vectors=vectors, most_parts=2) is None


def test_a_cloud_without_parts_is_not_divided():
    generator = np.random.default_rng(8)
    for _ in range(3):
        vectors = generator.standard_normal((120, 40))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        lines = [f"passage {n}" for n in range(120)]
        assert divide(texts_of(lines), languages=["fr"] * 120, vectors=vectors) is None


def test_impossible_options_are_refused():
    with pytest.raises(OptionsError):
        divide(texts_of(FRENCH), most_parts=1)
    with pytest.raises(OptionsError):
        divide(texts_of(FRENCH), languages=["fr"])


def test_separation_is_that_of_tight_parts_far_apart():
    vectors = np.repeat(np.eye(4, dtype=np.float32)[:2], 5, axis=0)
    assert separation(vectors, np.repeat([0, 1], 5)) == pytest.approx(1)
    assert separation(vectors, np.tile([0, 1], 5)) < 0.2


def test_vectors_compare_languages_and_do_not_depend_on_the_order():
    lines = FRENCH + ARABIC + [""]
    vectors = vectors_of(lines)
    assert vectors.shape[0] == 25
    assert not vectors[-1].any()
    assert np.allclose(np.linalg.norm(vectors[:-1], axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors_of(lines[::-1])[::-1], vectors)
    given = vectors_of(lines, ["fr"] * 12 + ["ar"] * 12 + ["und"])
    assert np.allclose(given, vectors, atol=1e-5)
    # Passages about one thing in two languages, beside those about others.
    cosines = vectors[:12] @ vectors[12:24].T
    same = np.kron(np.eye(4), np.ones((3, 3))) > 0
    assert cosines[same].mean() > cosines[~same].mean() + 0.2


def test_unknown_languages_are_refused():
    with pytest.raises(InputError):
        vectors_of(["oui"], ["xx"])
    with pytest.raises(InputError):
        vectors_of(["oui"], [])
    assert vectors_of([]).shape == (0, 1)


def cloud(centre, n, seed, spread=0.1):
    """Return rows of length 1 around a centre."""
    rows = centre + spread * np.random.default_rng(seed).standard_normal((n, len(centre)))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_halves_of_a_theme_are_near_and_strangers_are_not():
    axes = np.eye(10)
    vectors = np.vstack([cloud(axes[0], 40, 1), cloud(axes[0], 40, 2), cloud(axes[5], 40, 3)])
    labels = np.repeat([4, 9, 2], 40)
    found = near_pairs(vectors, labels)
    assert [(pair.first, pair.second) for pair in found] == [(4, 9)]
    assert found[0].cosine > 0.9
    assert found[0].second_best == 1
    assert found[0].either > 0.9
    assert 0 < found[0].worth <= 1


def test_pairs_that_say_too_little_are_left_out():
    assert near_pairs(np.zeros((0, 3)), []) == []
    assert near_pairs(np.eye(3), [0, -1, -1]) == []
    assert near_pairs(np.ones((4, 1)), [0, 0, 1, 1]) == []
    with pytest.raises(OptionsError):
        near_pairs(np.eye(3), [0])
