"""Normal forms: matching only, offsets always of the original."""

import pytest
import snowballstemmer

from nlp.lexicon.files import read_rows
from nlp.text.normalise import arabic_variants, fold, stems, words


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Écoles", "ecoles"),
        ("CŒUR", "coeur"),
        ("مُؤَسَّسَة", "موسسه"),
        ("الإعـــاقة", "الاعاقه"),
        ("کتاب", "كتاب"),
        ("مستشفى", "مستشفي"),
        ("e\u0301cole", "ecole"),
    ],
)
def test_variants_of_a_word_fold_to_one_form(written, same):
    assert fold(written) == same


def test_words_keep_offsets_of_the_original_text():
    text = "\u202bاليومَ\u202c l'École n° 12 ٣٤"
    found = [(text[word.start : word.end], word.form) for word in words(text)]
    assert ("اليومَ", "اليوم") in found
    assert ("École", "ecole") in found
    assert not [form for _, form in found if form.isdigit()]


def test_inflected_forms_share_a_stem():
    assert stems("centre social") == stems("centres sociaux")[:1] + stems("sociaux")[:1] or (
        stems("crèche") == stems("Crèches")
    )
    assert stems("crèche") == stems("Crèches")
    assert stems("المدرسة") == stems("ومدرسة")


def test_a_hashtag_is_read_as_its_words():
    assert [word.form for word in words("#تمكين_المرأة")] == ["تمكين", "المراه"]


def test_a_joined_particle_is_tried_after_the_form_itself():
    assert arabic_variants("بالمدرسه")[0] == "بالمدرسه"
    assert "مدرسه" in arabic_variants("بالمدرسه")


def test_a_word_of_any_length_is_read_quickly():
    assert len(words("a" * 100_000)) == 1


def test_listed_stems_are_those_of_the_stemmer():
    stem = snowballstemmer.stemmer("french").stemWord
    rows = read_rows("words_fr.tsv")[::97]
    assert all(
        row["stem"] == (stem(row["word"]) if len(row["word"]) > 3 else row["word"]) for row in rows
    )
