"""Personal data: what is found, what is left alone, and masks that can be undone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.errors import OptionsError
from nlp.personal import KINDS, Kind, find_personal_data, mask
from nlp.personal.kinds import LABELS
from nlp.personal.numbers import is_account, is_iban, passes_luhn

ACCOUNT = "011519000001205000534921"
IBAN = f"MA64{ACCOUNT}"
CARD = "4111111111111111"

PLANTED = [
    ("0612345678", Kind.TELEPHONE),
    ("06 61 23-45.67", Kind.TELEPHONE),
    ("+212 5 37 12 34 56", Kind.TELEPHONE),
    ("00212661234567", Kind.TELEPHONE),
    ("+212 (0)661 23 45 67", Kind.TELEPHONE),
    ("+33 6 12 34 56 78", Kind.TELEPHONE),
    ("٠٦١٢٣٤٥٦٧٨", Kind.TELEPHONE),
    ("nadia.b-72@exemple.ma", Kind.EMAIL),
    ("https://www.facebook.com/nadia.b.72", Kind.PROFILE),
    ("wa.me/212661234567", Kind.PROFILE),
    ("BK123456", Kind.IDENTITY),
    (ACCOUNT, Kind.BANK),
    ("011 519 0000012050005349 21", Kind.BANK),
    (IBAN, Kind.BANK),
    ("MA64 0115 1900 0001 2050 0053 4921", Kind.BANK),
    ("4111 1111 1111 1111", Kind.CARD),
    ("14 bis, rue Ibn Toumert", Kind.ADDRESS),
    ("Hay Salam n° 45", Kind.ADDRESS),
    ("شارع محمد الخامس رقم 12", Kind.ADDRESS),
]
CARRIERS = [
    "Écrivez-moi, {}, pour la suite.",
    "Nous avons donné {} au guichet",
    "المرجو التواصل معنا: {} وشكرا.",
    "هذا هو {} كما طلبتم",
    "\u202bتركت {} عند الإدارة\u202c",
    "hada howa {} 3afak",
]
#: Text, what is found in it, its kind.
CUED = [
    ("Mon CIN est le jb 45678.", "jb 45678", Kind.IDENTITY),
    ("رقم البطاقة الوطنية: EE٤٥٦٧٨٩", "EE٤٥٦٧٨٩", Kind.IDENTITY),
    ("Passeport n° AB1234567", "AB1234567", Kind.PASSPORT),
    ("جواز السفر رقم XY7654321", "XY7654321", Kind.PASSPORT),
    ("née le 3 mars 1961 à Taza", "3 mars 1961", Kind.BIRTH),
    ("Date de naissance : 12/05/1975", "12/05/1975", Kind.BIRTH),
    ("مزدادة بتاريخ 12/05/1975 بفاس", "12/05/1975", Kind.BIRTH),
    ("Immatriculation CNSS : 123456789", "123456789", Kind.SOCIAL),
    ("بطاقة راميد رقم 1234567890", "1234567890", Kind.SOCIAL),
    ("Tél : 661234567", "661234567", Kind.TELEPHONE),
    ("هاتفي هو 661 23 45 67", "661 23 45 67", Kind.TELEPHONE),
    ("RIB : 123456789012345678901234", "123456789012345678901234", Kind.BANK),
    (
        "Adresse : douar Aït Oufella, km 14, Azilal",
        "douar Aït Oufella, km 14, Azilal",
        Kind.ADDRESS,
    ),
    ("Instagram @nadia_tisse", "@nadia_tisse", Kind.PROFILE),
    ("Mme Fatima Zahra El Idrissi attend.", "Fatima Zahra El Idrissi", Kind.NAME),
    ("J'ai vu M. BENJELLOUN hier.", "BENJELLOUN", Kind.NAME),
    ("Le Dr. Aït Ouazzou est parti", "Aït Ouazzou", Kind.NAME),
    ("je m'appelle naïma et je suis veuve", "naïma", Kind.NAME),
    ("Mon fils Ilyas ne parle pas.", "Ilyas", Kind.NAME),
    ("Mon nom est Samira Tahiri.", "Samira Tahiri", Kind.NAME),
    ("Signé : Rachid Ouazzani", "Rachid Ouazzani", Kind.NAME),
    ("Nom et prénom : TAZI Karim\nVille : Fès", "TAZI Karim", Kind.NAME),
    ("استقبلتنا السيدة فاطمة العلوي بالمركز", "فاطمة العلوي", Kind.NAME),
    ("قال الأستاذ عبد الرحيم بنكيران ذلك", "عبد الرحيم بنكيران", Kind.NAME),
    ("اسمي خديجة وأسكن بتنغير", "خديجة", Kind.NAME),
    ("ضربني المدعو حميدة أمام الناس", "حميدة", Kind.NAME),
    ("ابني ياسين لا يتكلم", "ياسين", Kind.NAME),
    ("أخبرتنا السيدة مريم عسيري بذلك", "مريم عسيري", Kind.NAME),
    ("السيد عبد السلام، رئيس الجمعية", "عبد السلام", Kind.NAME),
    ("اسمي الكامل محمد بن الطاهر الزياني", "محمد بن الطاهر الزياني", Kind.NAME),
    ("أنا الموقع أسفله عبد الله أيت حدو", "عبد الله أيت حدو", Kind.NAME),
    ("السيّدة خَدِيجَة تنتظر", "خَدِيجَة", Kind.NAME),
    ("سميتي عائشة وعندي ثلاثة د الدراري", "عائشة", Kind.NAME),
    ("smiti hassan w ana mn tinghir", "hassan", Kind.NAME),
    ("wldi Yassine ma kayhderch", "Yassine", Kind.NAME),
]
#: Texts in which there is nothing to find.
PLAIN = [
    "La loi 09-08 et la loi 65-15 existent depuis 2009.",
    "Le centre a coûté 1 500 000 dirhams, puis 0612345678 DH.",
    "Du 05/06/2021 08:30 au 18-02-2022, sur la période 2021-2026.",
    "Appelez le 19, le 177 ou le 2511 ; 38 % des 2 400 ménages l'ont fait.",
    "M. le ministre, Mme la directrice, Monsieur le Président du conseil",
    "Madame, Monsieur, nous vous écrivons de Sidi Moumen et de Moulay Yacoub.",
    "Bonjour Madame Nous voulons un centre",
    "L'avenue Hassan II et l'hôpital Moulay Youssef sont loin.",
    "Ma fille est malade et mon mari aussi. Mon fils CNSS ?",
    "L'article AB12345 et le dossier n° AB123456 sont clos.",
    "La commune a signé la convention avec l'Entraide Nationale.",
    "Les dossiers RAMED ont coûté 1500000 dirhams.",
    "السيد الوزير المحترم، السيد رئيس الجماعة، السيد عامل الإقليم",
    "Il paie le mariage de sa fille, Qu'ont-ils fait ?",
    "من حق المواطن المغربي أن يعرف",
    "نحن الموقعين أسفله سكان الدوار",
    "السيدات والسادة أعضاء المجلس الجهوي",
    "ابني سعيد في المدرسة وابنتي جميلة",
    "لا أعرف اسمها، أشكرها هنا. وعند التوقيع طلبوا الملف.",
    "دفعنا 12000 درهم سنة 2021 حسب القانون 65.15",
    "المركز قريب من شارع محمد الخامس",
    "ولدي عندو 7 سنين و كيمشي 240 كيلومتر",
    "3tawna 1200 dh f 2021, w si lmodir ma jawbnach",
]


def found_in(text):
    """Return what is found in a text, as written, with its kind."""
    return [(text[item.start : item.end], item.kind) for item in find_personal_data(text)]


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize(("data", "kind"), PLANTED)
def test_planted_data_is_found_in_any_language(carrier, data, kind):
    assert found_in(carrier.format(data)) == [(data, kind)]


@pytest.mark.parametrize(("text", "data", "kind"), CUED)
def test_a_cue_announces_what_its_shape_alone_would_not_prove(text, data, kind):
    assert found_in(text) == [(data, kind)]


@pytest.mark.parametrize("text", PLAIN)
def test_what_leads_to_nobody_is_left_alone(text):
    assert found_in(text) == []
    assert mask(text).text == text


def test_marks_inside_a_number_are_masked_with_it():
    assert mask("رقمي \u200e06\u200e12345678\u200e").text == "رقمي \u200e[هاتف]\u200e"


def test_labels_speak_the_language_of_the_text():
    assert mask("Appelez le 0612345678").text == "Appelez le [téléphone]"
    assert mask("اتصلوا بالرقم 0612345678").text == "اتصلوا بالرقم [هاتف]"


def test_blocks_keep_every_offset():
    text = "Mme Alaoui : 0612345678"
    masked = mask(text, style="block").text
    assert masked == "Mme ██████ : ██████████"


def test_only_the_kinds_asked_for_are_masked():
    text = "Mme Alaoui : 0612345678"
    assert mask(text, kinds={Kind.NAME}).text == "Mme [nom] : 0612345678"


def test_an_unknown_kind_or_style_is_refused():
    with pytest.raises(OptionsError):
        mask("texte", kinds={"shoe-size"})
    with pytest.raises(OptionsError):
        mask("texte", style="rot13")


def test_every_kind_has_a_label_in_both_scripts():
    assert set(LABELS) == KINDS
    assert all(len(set(pair)) == 2 for pair in LABELS.values())


def test_a_quotation_is_found_again_in_the_masked_text():
    text = "Avant. Mme Alaoui attend depuis mars. Après."
    masked = mask(text)
    start = text.index("attend")
    moved = masked.masked_range(start, start + 6)
    assert masked.text[moved[0] : moved[1]] == "attend"
    assert masked.original_range(*moved) == (start, start + 6)


def test_a_stretch_that_cuts_a_mask_is_widened_to_it():
    text = "Mme Alaoui attend"
    masked = mask(text)
    moved = masked.masked_range(6, 12)
    assert masked.text[moved[0] : moved[1]] == "[nom] a"
    assert masked.original_range(5, 8) == (4, 10)


@pytest.mark.parametrize("digit", range(10))
def test_check_digits_refuse_a_wrong_digit(digit):
    for number, check in ((ACCOUNT, is_account), (IBAN, is_iban), (CARD, passes_luhn)):
        changed = f"{number[:-3]}{digit}{number[-2:]}"
        assert check(changed) == (changed == number)


def test_a_wrong_key_hides_an_account_only_where_it_is_announced():
    wrong = f"{ACCOUNT[:-1]}2"
    assert found_in(f"Le chiffre {wrong} est long") == []
    assert found_in(f"Mon compte bancaire {wrong}") == [(wrong, Kind.BANK)]


#: Pieces of text that come near every pattern.
NEAR = st.sampled_from(
    [data for data, _ in PLANTED]
    + [text for text, _, _ in CUED]
    + PLAIN
    + list("0123456789+-./()@ ,:;\n٠٦\u200e\u202b")
    + ["tél ", "CIN ", "rue ", " n° ", "Mme ", "M. ", "السيد ", "اسمي ", "Nadia ", "فاطمة ",
       "[nom]", "[هاتف]", "█", "né le ", "06 12 34 ", "AB1234", "compte ", " dh",
       "Ben ", "Si ", "mon fils "]
)  # fmt: skip
TEXTS = st.lists(NEAR | st.text(max_size=4), max_size=8).map("".join)


@given(TEXTS, st.sampled_from(["label", "block"]))
@settings(max_examples=150, deadline=None)
def test_masking_twice_changes_nothing_more(text, style):
    once = mask(text, style=style).text
    assert mask(once, style=style).text == once


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_everything_outside_the_masks_is_unchanged(text):
    masked = mask(text)
    rebuilt, at = [], 0
    for span in masked.spans:
        rebuilt += [masked.text[at : span.masked_start], text[span.start : span.end]]
        at = span.masked_end
    assert "".join([*rebuilt, masked.text[at:]]) == text


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_found_stretches_are_apart_and_in_order(text):
    found = find_personal_data(text)
    ends = [0, *(item.end for item in found)]
    assert all(
        end <= item.start < item.end <= len(text) for end, item in zip(ends, found, strict=False)
    )
    assert all(0 < item.certainty <= 1 for item in found)


@given(TEXTS, st.data())
@settings(max_examples=100, deadline=None)
def test_ranges_go_there_and_back(text, data):
    masked = mask(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    there = masked.masked_range(start, end)
    back = masked.original_range(*there)
    assert 0 <= there[0] <= there[1] <= len(masked.text) or start == end
    assert start == end or (back[0] <= start and end <= back[1])


@pytest.mark.parametrize(
    "unit", ["06 12 34 56 7", "M. ", "MA64 0", "12 rue Aa ", "1", "اسمي ", "[nom]"]
)
def test_a_long_text_is_read_to_its_end(unit):
    text = unit * (20_000 // len(unit)) + "\nEnfin : nadia@exemple.ma"
    assert found_in(text)[-1] == ("nadia@exemple.ma", Kind.EMAIL)
