"""Words in context: what is found, where, and what is shown around it."""


import pytest

from nlp.errors import OptionsError
from nlp.words_in_context import concordance

TEXTS = [
    "L'école du douar est fermée. Les ÉCOLES aussi.",
    "لا توجد مدرسة في الدوار، والمدرسة البعيدة مغلقة.",
    "Une ecole\u0301 mal écrite, puis école.",
    "نطالب بالمَدْرَسَة وللمدرسة مكانة",
    "Le cœur de la coopérative ; les coopératives du COEUR.",
]


def found(query, texts=TEXTS, **options):
    """Return the words found, by text."""
    return [(line.text, line.words) for line in concordance(texts, query, **options).lines]


def test_case_and_accents_make_no_difference():
    assert found("ecole") == [(0, "école"), (2, "ecole\u0301"), (2, "école")]
    assert found("ÉCOLE") == found("ecole")


def test_a_star_finds_beginnings():
    assert found("ecole*")[:2] == [(0, "école"), (0, "ÉCOLES")]
    assert found("coop*") == [(4, "coopérative"), (4, "coopératives")]
    assert found("coop") == []


def test_letters_written_together_are_found_apart():
    assert found("coeur") == found("cœur") == [(4, "cœur"), (4, "COEUR")]


def test_arabic_words_are_found_with_what_is_joined_to_them():
    expected = [(1, "مدرسة"), (1, "والمدرسة"), (3, "بالمَدْرَسَة"), (3, "وللمدرسة")]
    assert found("مدرسه") == found("المدرسة") == expected
    assert found("مدرسة", ignore_proclitics=False) == [(1, "مدرسة")]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("اسره", "أسرة"), ("إنسان", "انسان"), ("مستشفي", "مستشفى"), ("مسؤول", "مسوول"),
        ("كراء", "ﻛﺮاء"), ("سلام", "ﺳﻼم"), ("كتاب", "کتاب"), ("حق", "حـــق"),
    ],
)  # fmt: skip
def test_variants_of_arabic_letters_make_no_difference(query, text):
    assert found(query, [text]) == [(0, text)]
    assert found(text, [query]) == [(0, query)]


def test_a_word_inside_another_is_not_found():
    assert found("ou", ["douar, ou bien outil; trou"]) == [(0, "ou")]
    assert found("درس", ["مدرسة", "درسا"]) == []


def test_expressions_are_found_across_spaces_and_apostrophes():
    texts = ["l’aide  sociale", "المجتمع المدني", "de la\nla maison", "xla la la", "aide. sociale"]
    assert found("l'aide sociale", texts) == [(0, "l’aide sociale")]
    assert found("مجتمع مدني", texts) == [(1, "المجتمع المدني")]
    assert found("la la", texts) == [(2, "la la"), (3, "la la")]
    assert found("fin debut", ["la fin", "début"]) == []


def test_offsets_are_those_of_the_text_as_written():
    for line in concordance(TEXTS, "مدرسة").lines:
        assert TEXTS[line.text][line.start : line.end] == line.words


def test_context_holds_whole_words():
    text = "Depuis deux ans les familles attendent une réponse du ministère de la santé publique"
    line = concordance([text], "réponse", width=18).lines[0]
    assert (line.left, line.right) == ("attendent une", "du ministère de")
    assert line.is_cut_left
    assert line.is_cut_right
    whole = concordance([text], "réponse", width=500).lines[0]
    assert f"{whole.left} {whole.words} {whole.right}" == text
    assert (whole.is_cut_left, whole.is_cut_right) == (False, False)
    assert concordance([text], "réponse", width=0).lines[0].left == ""


def test_lines_are_put_in_order_by_the_words_around():
    texts = ["un centre social", "mon centre ancien", "le centre école", "Centre"]
    right = [line.right for line in concordance(texts, "centre", order="right").lines]
    assert right == ["", "ancien", "école", "social"]
    left = [line.left for line in concordance(texts, "centre", order="left").lines]
    assert left == ["", "le", "mon", "un"]


def test_all_places_are_counted_and_some_given():
    result = concordance(["ici et ici"] * 30, "ici", most=7)
    assert (len(result.lines), result.n_found, result.n_texts) == (7, 60, 30)


@pytest.mark.parametrize("query", ["", "  ", "*", "!?", "a " * 9])
def test_a_query_without_words_or_with_too_many_is_refused(query):
    with pytest.raises(OptionsError):
        concordance(TEXTS, query)


@pytest.mark.parametrize(
    ("query", "n"), [("a.b", 1), ("[x]", 1), ("a|b", 1), ("12", 1), ("z*(", 0)]
)
def test_signs_in_a_query_mean_nothing(query, n):
    assert concordance(["a.b (x) 12"], query).n_found == n


def test_many_texts_are_searched():
    texts = [
        f"{n} Les familles du douar demandent une école et نطلب مدرسة قريبة " * 3
        for n in range(9000)
    ]
    assert concordance(texts, "مدرسة").n_found == 27000
