"""The bilingual space: its file, its words, the vectors of texts."""

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.space import Space, SpaceFileError, store

FRENCH = [
    "Il faut un transport scolaire pour les élèves des villages.",
    "Les femmes veulent des coopératives et un revenu.",
    "Le médecin manque au centre de santé de la commune.",
    "Nous demandons de l'eau potable et l'électricité dans le quartier.",
    "Les personnes âgées restent seules et ont besoin d'aide à domicile.",
    "Mon fils est en situation de handicap et l'école le refuse.",
]
ARABIC = [
    "يجب توفير النقل المدرسي لتلاميذ القرى.",
    "تريد النساء تعاونيات ودخلا.",
    "ينقص الطبيب في المركز الصحي بالجماعة.",
    "نطلب الماء الصالح للشرب والكهرباء في الحي.",
    "يبقى المسنون وحيدين ويحتاجون إلى المساعدة في المنزل.",
    "ابني في وضعية إعاقة والمدرسة ترفضه.",
]
DARIJA = [
    "خاص طرونسبور ديال المدرسة للدراري",
    "bghina tbib f sbitar",
]


@pytest.fixture(scope="module")
def space() -> Space:
    return Space.load()


def embed_both(space: Space) -> tuple[np.ndarray, np.ndarray]:
    languages = ["fr"] * len(FRENCH) + ["ar"] * len(ARABIC)
    vectors, _ = space.embed([*FRENCH, *ARABIC], languages)
    return vectors[: len(FRENCH)], vectors[len(FRENCH) :]


def test_the_file_is_small_and_read_in_under_a_second():
    path = Path("nlp/data/space.bin")
    assert path.stat().st_size <= 20_000_000
    start = time.process_time()
    Space(*store.read(path))
    assert time.process_time() - start < 1


def test_each_french_sentence_is_nearest_to_its_arabic_translation(space):
    french, arabic = embed_both(space)
    assert (french @ arabic.T).argmax(axis=1).tolist() == list(range(len(FRENCH)))


def test_a_word_is_near_its_translation_in_the_other_language(space):
    for french, arabic in [
        ("santé", "صحة"),
        ("femme", "امرأة"),
        ("eau", "ماء"),
        ("école", "مدرسة"),
    ]:
        own = float(space.word(french, "fr") @ space.word(arabic, "ar"))
        other = max(
            float(space.word(french, "fr") @ space.word(word, "ar"))
            for word in ("سيارة", "قمر", "ثلاجة", "موسيقى")
        )
        assert own > other + 0.2


def test_darija_in_both_scripts_meets_french(space):
    doctor = space.word("médecin", "fr")
    assert float(space.word("tbib", "ary-Latn") @ doctor) > 0.4
    assert float(space.word("طبيب", "ar-MA") @ doctor) > 0.4
    _, coverage = space.embed(DARIJA, ["ar-MA", "ary-Latn"])
    assert coverage.min() > 0.5


def test_inflected_and_joined_forms_are_found(space):
    table = space.table
    for form, lemma, language in [
        ("écoles", "école", "fr"),
        ("travaillent", "travailler", "fr"),
        ("infectées", "infecter", "fr"),
        ("sociaux", "social", "fr"),
        ("والمستشفى", "مستشفى", "ar"),
        ("للمدرسة", "مدرسة", "ar"),
        ("يستخدم", "استخدم", "ar"),
    ]:
        assert table.find(form, language), form
        assert float(space.word(form, language) @ space.word(lemma, language)) > 0.5, form


def test_accents_left_out_do_not_hide_a_word(space):
    assert space.table.find("ecole", "fr") == space.table.find("école", "fr")
    assert space.table.find("marché", "fr") != space.table.find("marche", "fr")


def test_an_expression_counts_as_one_meaning(space):
    names = [near.word for near in space.nearest(space.word("transport scolaire", "fr"), "ar", n=8)]
    assert any("المدرسي" in name or "مدرسي" in name for name in names)


def test_nearest_words_are_shown_as_they_are_written(space):
    words = [near.word for near in space.nearest(space.word("handicap", "fr"), "ar", n=5)]
    assert any("إعاقة" in word for word in words)


def test_nearest_keeps_to_the_words_asked_for(space):
    found = space.nearest(space.word("école", "fr"), "fr", n=5, among=["hôpital", "lycée"])
    assert [near.word for near in found] == ["lycée", "hôpital"]
    assert space.nearest(space.word("école", "fr"), "xx") == []


def test_the_order_of_texts_does_not_matter(space):
    texts, languages = [*FRENCH, *ARABIC], ["fr"] * len(FRENCH) + ["ar"] * len(ARABIC)
    straight, coverage = space.embed(texts, languages)
    back, back_coverage = space.embed(texts[::-1], languages[::-1])
    np.testing.assert_allclose(straight, back[::-1], atol=1e-5)
    np.testing.assert_allclose(coverage, back_coverage[::-1], atol=1e-6)


def test_the_same_texts_give_the_same_bytes(space):
    first, _ = space.embed(FRENCH, ["fr"] * len(FRENCH))
    second, _ = space.embed(FRENCH, ["fr"] * len(FRENCH))
    assert first.tobytes() == second.tobytes()


def test_a_new_text_is_placed_by_the_reference_of_its_corpus(space):
    languages = ["fr"] * len(FRENCH)
    reference = space.reference(FRENCH, languages)
    whole, _ = space.embed(FRENCH, languages, reference=reference)
    alone, _ = space.embed(FRENCH[2:3], ["fr"], reference=reference)
    np.testing.assert_allclose(alone[0], whole[2], atol=1e-5)


def test_texts_without_words_have_no_vector(space):
    vectors, coverage = space.embed(["", "12 000", "😀 !!", "ⵣⵣⴱⵔⴽⵅ"], ["fr", "fr", "ar", "zgh"])
    assert not vectors.any()
    assert not coverage.any()


def test_no_text_at_all_gives_no_row(space):
    vectors, coverage = space.embed([], [])
    assert vectors.shape == (0, space.n_dimensions)
    assert coverage.shape == (0,)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(max_size=60), st.sampled_from(["fr", "ar", "ar-MA", "ary-Latn", "zgh", "other"])
        ),
        max_size=6,
    )
)
def test_any_text_has_a_finite_vector_of_length_one_or_zero(rows):
    space = Space.load()
    vectors, coverage = space.embed([text for text, _ in rows], [code for _, code in rows])
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.isfinite(vectors).all()
    assert np.all((np.abs(lengths - 1) < 1e-4) | (lengths == 0))
    assert np.all((coverage >= 0) & (coverage <= 1))


def test_a_very_long_text_is_embedded(space):
    vectors, _ = space.embed(["La commune doit ouvrir une crèche. " * 3_000], ["fr"])
    assert abs(float(np.linalg.norm(vectors[0])) - 1) < 1e-4


def test_a_missing_or_damaged_file_is_refused(tmp_path):
    with pytest.raises(SpaceFileError):
        Space.load(tmp_path / "none.bin")
    (tmp_path / "other.bin").write_bytes(b"something else")
    with pytest.raises(SpaceFileError):
        Space.load(tmp_path / "other.bin")
    data = bytearray(Path("nlp/data/space.bin").read_bytes())
    data[-1] ^= 1
    (tmp_path / "flipped.bin").write_bytes(bytes(data))
    with pytest.raises(SpaceFileError):
        Space.load(tmp_path / "flipped.bin")


@pytest.mark.parametrize("bits", [4, 8])
def test_packed_numbers_come_back(bits):
    vectors = np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)
    whole, scale = store.quantise(vectors, bits=bits)
    back = store.unpack(store.pack(whole, bits=bits), whole.shape, bits=bits)
    assert np.array_equal(back, whole)
    assert np.abs(back * scale - vectors).mean() < (0.15 if bits == 4 else 0.02)
