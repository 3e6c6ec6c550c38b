"""Free words of a report: what is flagged, what is not, and how values are filled in."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from app.reports.claims.narrative import Piece, expand, flags
from app.reports.claims.narrative.numerals import arabic, french

CLAIM = {
    "id": "theme.1.share",
    "kind": "share",
    "result": {"count": 1129, "of": 2000, "differs": None},
    "sentence": {
        "fr": "Par \u20661\u202f129\u2069 sur \u20662\u202f000\u2069, \u206656,5\u202f%\u2069.",
        "ar": "أثاره \u20661\u202f129\u2069 من أصل \u20662\u202f000\u2069، \u206656,5%\u2069.",
    },
}
DATED = {
    "id": "theme.1.trend",
    "kind": "trend",
    "result": {"until": "2022-01-02", "of": 0, "count": 0, "low": 0.125},
    "sentence": {"fr": "Jusqu’au 2 janvier 2022.", "ar": "إلى 2 يناير 2022."},
}


#: A third of them: 40 of 120, with an interval that reaches over a half.
FEW = {
    "id": "few",
    "kind": "share",
    "result": {"count": 40, "of": 120, "low": 0.25, "high": 0.55, "themes": [[1, 2], [3, 4]]},
    "sentence": {"fr": "Par 40 sur 120.", "ar": "أثاره 40 من أصل 120."},
}


def body(lang, text):
    """Return the least body that holds a narrative."""
    return {
        "claims": [CLAIM, DATED, FEW],
        "themes": [{"name": {"fr": "1000 jours", "ar": "1000 يوم"}}],
        "participation": {"by_region": [{"names": {"fr": "Fès-Meknès", "ar": "فاس-مكناس"}}]},
        "consultation": {"title": {"fr": "Demain", "ar": "غدا"}},
        "sections": [{"id": "summary", "narrative": {lang: text}}],
    }


@pytest.fixture(autouse=True)
def in_app(app):
    """Figures are written as the application does."""
    with app.app_context():
        yield


#: What analysts might write, with a quantity in it ("quantity") or only what looks like one
#: ("plain"): "plusieurs" and "certains" are none, nor are names, dates and ages. The rules
#: were mended on one half of the sentences; the other half was looked at once. The first ones are
#: older. Those called fresh were written after the rules, which found 41 of 55 and flagged 5 of 42
#: wrongly, and were then mended.
SENTENCES = [
    tuple(row.values())
    for row in csv.DictReader(
        (Path(__file__).parent / "data" / "narrative_sentences.tsv")
        .read_text("utf-8")
        .splitlines(),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
]
#: Those of the held half that are missed or wrongly flagged, at most.
HELD_WRONG = {("fr", "quantity"): 1, ("fr", "plain"): 1}


def test_the_sentences_are_as_many_as_the_methods_say():
    assert Counter(row[:3] for row in SENTENCES) == {
        ("fr", "first", "quantity"): 42,
        ("fr", "first", "plain"): 42,
        ("ar", "first", "quantity"): 42,
        ("ar", "first", "plain"): 40,
        ("fr", "mended", "quantity"): 50,
        ("fr", "mended", "plain"): 50,
        ("fr", "held", "quantity"): 50,
        ("fr", "held", "plain"): 50,
        ("fr", "fresh", "quantity"): 25,
        ("fr", "fresh", "plain"): 22,
        ("ar", "mended", "quantity"): 50,
        ("ar", "mended", "plain"): 52,
        ("ar", "held", "quantity"): 50,
        ("ar", "held", "plain"): 53,
        ("ar", "fresh", "quantity"): 30,
        ("ar", "fresh", "plain"): 20,
    }


def wrong(lang, half, sort):
    """Return the sentences that are flagged and should not be, or the other way round."""
    return [
        one
        for *about, one in SENTENCES
        if about == [lang, half, sort] and bool(flags(body(lang, one))) != (sort == "quantity")
    ]


@pytest.mark.parametrize("half", ["first", "mended", "fresh"])
@pytest.mark.parametrize("sort", ["quantity", "plain"])
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_what_the_rules_were_mended_on_is_told_apart(lang, sort, half):
    assert wrong(lang, half, sort) == []


@pytest.mark.parametrize("sort", ["quantity", "plain"])
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_what_was_held_out_is_told_apart_as_measured(lang, sort):
    assert len(wrong(lang, "held", sort)) <= HELD_WRONG.get((lang, sort), 0)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "La plupart le demandent [[theme.1.share]]."),
        ("fr", "Plus de la moitié le demande [[theme.1.share]]."),
        ("fr", "Ils sont plus d’un sur deux [[theme.1.share]]."),
        ("fr", "Le sujet arrive en tête [[theme.1.share]]."),
        ("fr", "Les femmes en parlent trois fois plus [[theme.1.share]]."),
        ("ar", "معظم المساهمين يطالبون بذلك [[theme.1.share]]."),
        ("ar", "أكثر من نصف المساهمين يطالبون بذلك [[theme.1.share]]."),
        ("ar", "يأتي الموضوع في المرتبة الأولى [[theme.1.share]]."),
    ],
)
def test_a_claim_behind_the_words_stands_for_them(lang, text):
    assert flags(body(lang, text)) == []
    assert flags(body(lang, text.replace("[[theme.1.share]]", ""))) != []


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("fr", "La plupart le demandent [[few]].", "La plupart"),
        ("fr", "La quasi-totalité le demande [[theme.1.share]].", "quasi-totalité"),
        ("fr", "Tous les contributeurs le demandent [[theme.1.share]].", "Tous les contributeurs"),
        ("fr", "Une minorité le demande [[theme.1.share]].", "Une minorité"),
        ("fr", "Aucun contributeur ne le demande [[theme.1.share]].", "Aucun contributeur"),
        ("fr", "Les deux tiers le demandent [[theme.1.share]].", "Les deux tiers"),
        ("fr", "Moins de la moitié le demande [[theme.1.share]].", "moitié"),
        ("ar", "معظم المساهمين يطالبون بذلك [[few]].", "معظم"),
        ("ar", "ثلثا المساهمين يطالبون بذلك [[theme.1.share]].", "ثلثا"),
        ("ar", "جميع المساهمين يطالبون بذلك [[theme.1.share]].", "جميع المساهمين"),
        ("ar", "الأقلية تطالب بذلك [[theme.1.share]].", "الأقلية"),
    ],
)
def test_words_of_quantity_need_a_claim_that_says_as_much(lang, text, found):
    assert [flag.found for flag in flags(body(lang, text))] == [found]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Il est évoqué par 1 129 personnes [[theme.1.share]]."),
        ("fr", "Il est évoqué par 56,5 % des contributeurs. [[theme.1.share]]"),
        ("fr", "Il est évoqué par 57 % des contributeurs. [[theme.1.share]]"),
        ("ar", "أثاره ١١٢٩ شخصا [[theme.1.share]]."),
        ("ar", "أثاره 57 بالمائة من المساهمين [[theme.1.share]]."),
        ("fr", "Il est évoqué par mille cent vingt-neuf personnes [[theme.1.share]]."),
        ("fr", "Il est évoqué par plus de mille personnes [[theme.1.share]]."),
        ("fr", "Il est évoqué par environ 1 100 personnes [[theme.1.share]]."),
        ("fr", "Il est évoqué par un millier de personnes [[theme.1.share]]."),
        ("fr", "Il est évoqué par cinquante-sept pour cent d’entre eux [[theme.1.share]]."),
        ("fr", "Il est évoqué par 57 p. 100 d’entre eux [[theme.1.share]]."),
        ("fr", "Un contributeur sur trois l’évoque [[few]]."),
        ("fr", "Le tiers des contributeurs l’évoque [[few]]."),
        ("fr", "Ils sont ⅓ à l’évoquer, soit 40 sur 120 [[few]]."),
        ("fr", "Ils sont 1 129 sur 2 000 [[theme.1.share]]."),
        ("fr", "Deux thèmes s’y croisent [[few]]."),
        ("ar", "أثاره ألف ومائة وتسعة وعشرون شخصا [[theme.1.share]]."),
        ("ar", "أثاره أكثر من ألف شخص [[theme.1.share]]."),
        ("ar", "أثاره سبعة وخمسون في المائة من المساهمين [[theme.1.share]]."),
        ("ar", "أثاره ثلث المساهمين [[few]]."),
        ("ar", "أثاره واحد من كل ثلاثة [[few]]."),
        ("ar", "أثاره أربعون مساهما [[few]]."),
        ("ar", "أثاره ⅓ المساهمين [[few]]."),
    ],
)
def test_a_number_that_the_claim_holds_or_that_rounds_it_is_proved(lang, text):
    assert flags(body(lang, text)) == []


@pytest.mark.parametrize(
    ("text", "found", "why"),
    [
        ("Ils sont 1 130 [[theme.1.share]].", "1 130", "number"),
        ("C’est 57 personnes [[theme.1.share]].", "57", "number"),
        ("C’est 56,4 % [[theme.1.share]].", "56,4 %", "number"),
        ("Ils sont mille cent trente [[theme.1.share]].", "mille cent trente", "number"),
        ("Ils sont moins de mille [[theme.1.share]].", "mille", "number"),
        ("C’est 1 130 sur 2 000 [[theme.1.share]].", "1 130 sur 2 000", "number"),
        ("Ils sont une dizaine [[few]].", "dizaine", "number"),
        ("Un sur deux l’évoque [[few]].", "Un sur deux", "number"),
        ("C’est vrai [[theme.9.share]].", "theme.9.share", "unknown"),
        ("C’est [[theme.1.share:weight]] vrai.", "theme.1.share:weight", "value"),
        ("C’est [[theme.1.share:differs]] vrai.", "theme.1.share:differs", "value"),
    ],
)
def test_a_claim_does_not_stand_for_what_it_does_not_hold(text, found, why):
    [flag] = flags(body("fr", text))
    assert (flag.found, flag.why) == (found, why)
    assert flag.section == "summary"
    assert "[[" not in flag.sentence


def test_a_claim_proves_its_own_sentence_and_no_other():
    text = "Ils sont 1 129. [[theme.1.share]] La plupart sont jeunes."
    [flag] = flags(body("fr", text))
    assert flag.found == "La plupart"
    assert flag.sentence == "La plupart sont jeunes."


@pytest.mark.parametrize(("lang", "share"), [("fr", "56,5\u202f%"), ("ar", "56,5%")])
def test_values_are_written_in_the_language_and_proofs_numbered(lang, share):
    text = "A [[theme.1.share:count]] b [[theme.1.share:share]]\nc [[theme.1.trend]].\r\n\r\n D."
    assert expand(text, lang, [CLAIM, DATED]) == [
        [
            Piece("text", "A "),
            Piece("value", "1\u202f129", "theme.1.share"),
            Piece("text", " b "),
            Piece("value", share, "theme.1.share"),
            Piece("text", " c "),
            Piece("proof", "2", "theme.1.trend"),
            Piece("text", "."),
        ],
        [Piece("text", "D.")],
    ]


@pytest.mark.parametrize(("lang", "day"), [("fr", "2 janvier 2022"), ("ar", "2 يناير 2022")])
def test_dates_are_written_in_the_language(lang, day):
    [[piece]] = expand("[[theme.1.trend:until]]", lang, [CLAIM, DATED])
    assert piece.text == day


def test_what_is_not_there_is_an_empty_piece_and_words_stay_words():
    pieces = expand("<b>[[none]]</b> [[theme.1.trend:share]]", "fr", [CLAIM, DATED])
    assert pieces == [
        [
            Piece("text", "<b>"),
            Piece("proof", "", "none"),
            Piece("text", "</b> "),
            Piece("value", "", "theme.1.trend"),
        ]
    ]
    assert expand(" \n\n ", "fr", [CLAIM]) == []


@pytest.mark.parametrize(
    ("read", "words", "number"),
    [
        (french, "dix-sept", 17),
        (french, "soixante et onze", 71),
        (french, "deux cent quatre-vingt-douze", 292),
        (french, "trois mille quatre cent cinq", 3405),
        (french, "deux millions trois cent mille", 2_300_000),
        (arabic, "سبعة عشر", 17),
        (arabic, "احد عشر", 11),
        (arabic, "اثنتا عشرة", 12),
        (arabic, "ثلاث مئة", 300),
        (arabic, "ثلاثمائة وخمسين", 350),
        (arabic, "الف ومئتان", 1200),
        (arabic, "ثلاثة الاف وخمسمائة", 3500),
        (arabic, "خمسة وعشرون الف", 25_000),
        (arabic, "طناش", 12),
    ],
)
def test_numbers_in_words_are_read(read, words, number):
    assert read(words) == number
