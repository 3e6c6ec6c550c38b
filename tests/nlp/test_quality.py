"""What is unreadable, what is off topic by itself, and what must be left alone."""

import pytest

from nlp.lexicon import load_lexicon
from nlp.text.quality import QualityJudge


@pytest.fixture(scope="module")
def judge():
    return QualityJudge(load_lexicon()).judge


@pytest.mark.parametrize(
    "text", ["...", "🙂🙂", "12345", "qsdfqsdf mlkjh", "ههههههههه", "fghjk dfgh sdfg"]
)
def test_what_holds_no_word_is_unreadable(judge, text):
    assert judge(text) == "unreadable"


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, merci à vous.",
        "السلام عليكم ورحمة الله وبركاته",
        "Rien à signaler",
        "لا شيء",
        "Crédit rapide, WhatsApp 0612345678, livraison gratuite",
    ],
)
def test_greetings_no_answer_and_advertising_are_off_topic(judge, text):
    assert judge(text) == "off_topic"


@pytest.mark.parametrize(
    "text",
    [
        "Merci de construire une crèche.",
        "CNSS",
        "Azilal",
        "ya pa dotobus",
        "khassna tbib",
        "المدرسة",
        "Bonjour, il manque un médecin. WhatsApp 0612345678",
        "ⴰⵣⵓⵍ ⵎⴰⴷ ⵜⵔⵉⴷ",
    ],
)
def test_anything_with_a_word_to_it_is_kept(judge, text):
    assert judge(text) == "ok"
