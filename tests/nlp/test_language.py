"""Languages of texts and passages."""

import numpy as np
import pytest

from nlp.lexicon import load_lexicon
from nlp.text.language import LANGUAGES, LanguageDetector
from nlp.text.table import word_table


@pytest.fixture(scope="module")
def detector():
    return LanguageDetector(load_lexicon())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Il n'y a pas de centre social dans ma commune.", "fr"),
        ("Crèche municipale", "fr"),
        ("لا يوجد مركز اجتماعي في الجماعة القروية.", "ar"),
        ("ماكاينش شي سبيطار حدانا، خاصنا بزاف ديال الحوايج.", "ar-MA"),
        ("khassna tbib f douar dyalna 7it l 7ala s3iba bzaf", "ary-Latn"),
        ("ⴰⵣⵓⵍ ⵎⴰⴷ ⵜⵔⵉⴷ", "zgh"),
        ("The social centre is too far from our village and the bus is expensive.", "other"),
        ("社会中心太远了", "other"),
        ("🙂🙂 123 !!", "und"),
        ("", "und"),
    ],
)
def test_each_language_is_told_from_the_others(detector, text, language):
    assert detector.guess(text).language == language


def language_of_passage(detector, whole, passage):
    """Return the language of a passage of a text."""
    table = word_table([whole, passage])
    evidence = detector.evidence(table.vocabulary)
    of_text = detector.guess_all(table.chosen(np.array([0])), [whole], evidence)
    codes = detector.of_passages(table.chosen(np.array([1])), [passage], evidence, of_text)
    return LANGUAGES[codes[0]]


def test_a_short_passage_leans_on_the_whole_text(detector):
    whole = "المركز بعيد علينا بزاف وماكاينش الطرانسبور ديال الدراري، شنو نديرو دابا."
    assert detector.guess(whole).language == "ar-MA"
    assert language_of_passage(detector, whole, "المركز بعيد") == "ar-MA"


def test_a_long_passage_keeps_its_own_language(detector):
    whole = "المركز بعيد علينا بزاف وماكاينش الطرانسبور ديال الدراري."
    passage = "Nous demandons une antenne du centre social dans la commune."
    assert language_of_passage(detector, whole, passage) == "fr"


def test_gulf_dialect_is_not_taken_for_darija(detector):
    assert detector.guess("وش رايكم يا بنات في هالقرار والله انه حلو").language == "ar"
