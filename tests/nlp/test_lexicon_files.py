"""The form of the two word lists written for the project: thesaurus and Darija entries."""

import csv
import re
import unicodedata
from collections import defaultdict
from importlib import resources

import pytest

AXES = {"social-environment", "equality-empowerment", "family-values", "governance", "other"}
#: ``function`` words tell Darija from Arabic; ``shared`` ones are written alike in both.
DARIJA_FIELDS = {
    "administration", "body", "family", "feeling", "food", "function", "health", "housing",
    "justice", "language", "money", "people", "place", "quality", "request", "school",
    "service", "shared", "social", "tech", "time", "transport", "verb", "work",
}  # fmt: skip
THESAURUS_COLUMNS = [
    "concept", "axis", "label_fr", "label_ar", "terms_fr", "terms_ar", "terms_ary",
]  # fmt: skip
DARIJA_COLUMNS = ["latin", "arabic", "fr", "ar", "field"]
ARABIC = re.compile(r"[\u0621-\u064a\u067e\u06a9\u06af]")
LATIN = re.compile(r"[A-Za-zÀ-ÿŒœ]")
#: Letters that typed Darija has in Arabic script beyond the standard alphabet: p and hard g.
ARABIC_TERM = re.compile(r"[\u0621-\u063a\u0641-\u0652\u067e\u06af0-9 .%-]+")
LATIN_DARIJA = re.compile(r"[a-zà-ÿ0-9' -]+")
#: French words so common that, as Darija cues, they would turn French texts into Darija.
FRENCH = {
    "aide", "appartement", "avec", "budget", "bureau", "carte", "centre", "commune", "convention",
    "dans", "dossier", "formation", "internet", "mandat", "message", "patron", "portable", "pour",
    "reunion", "site", "stage", "taxi", "transport",
}  # fmt: skip


def read(name):
    """Return the header and the rows of a data file."""
    text = (resources.files("nlp") / "data" / name).read_text(encoding="utf-8")
    lines = list(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    return text, lines[0], [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def cell(text):
    """Return the variants of a cell."""
    return text.split("|") if text else []


def fold(text):
    """Return a term as it is compared: no case, accents, Arabic vowel signs or letter variants."""
    text = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("’", "'"))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return text.replace("ى", "ي").replace("ة", "ه").replace("\u0640", "")


def shared_terms(rows, key, columns, change=fold):
    """Return the changed terms that two rows have in common, with the rows' keys."""
    owners = defaultdict(set)
    for row in rows:
        for column in columns:
            for term in cell(row[column]):
                owners[change(term)].add(row[key])
    return {term: sorted(keys) for term, keys in owners.items() if len(keys) > 1}


@pytest.fixture(scope="module")
def thesaurus():
    return read("thesaurus.tsv")[2]


@pytest.fixture(scope="module")
def darija():
    return read("darija.tsv")[2]


@pytest.mark.parametrize(
    ("name", "columns"), [("thesaurus.tsv", THESAURUS_COLUMNS), ("darija.tsv", DARIJA_COLUMNS)]
)
def test_a_file_has_its_columns_and_is_plain_normalised_text(name, columns):
    text, header, rows = read(name)
    assert header == columns
    assert rows
    assert text == unicodedata.normalize("NFC", text)
    assert text.endswith("\n")
    assert not re.search(r"[\r\u00a0\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", text)


@pytest.mark.parametrize("name", ["thesaurus.tsv", "darija.tsv"])
def test_no_variant_is_empty_padded_or_given_twice(name):
    for row in read(name)[2]:
        for value in row.values():
            parts = cell(value)
            assert all(part and part == " ".join(part.split()) for part in parts), row
            assert len(parts) == len(set(parts)), row


def test_the_thesaurus_is_large_enough_and_covers_every_axis(thesaurus):
    axes = [row["axis"] for row in thesaurus]
    assert len(thesaurus) >= 440
    assert set(axes) == AXES
    assert min(axes.count(axis) for axis in AXES) >= 40


@pytest.mark.parametrize("column", ["concept", "label_fr", "label_ar"])
def test_slugs_and_labels_are_unique(thesaurus, column):
    values = [fold(row[column]) for row in thesaurus]
    assert sorted(values) == sorted(set(values))


def test_slugs_are_lower_case_words_joined_by_hyphens(thesaurus):
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["concept"]) for row in thesaurus)


def test_labels_are_short_phrases_in_their_own_script(thesaurus):
    for row in thesaurus:
        french, arabic = row["label_fr"], row["label_ar"]
        assert LATIN.search(french), row
        assert not ARABIC.search(french), row
        assert french[0].isupper(), row
        assert len(french) <= 60, row
        assert ARABIC.search(arabic), row
        assert not LATIN.search(arabic), row
        assert len(arabic.split()) <= 6, row


def test_every_concept_has_two_to_twelve_terms_in_french_and_arabic(thesaurus):
    for row in thesaurus:
        assert 2 <= len(cell(row["terms_fr"])) <= 12, row["concept"]
        assert 2 <= len(cell(row["terms_ar"])) <= 12, row["concept"]
        assert len(cell(row["terms_ary"])) <= 14, row["concept"]


def test_most_concepts_have_darija_terms(thesaurus):
    assert sum(bool(row["terms_ary"]) for row in thesaurus) >= 0.85 * len(thesaurus)


def test_terms_are_in_the_script_of_their_column(thesaurus):
    for row in thesaurus:
        assert not any(ARABIC.search(term) for term in cell(row["terms_fr"])), row["concept"]
        assert all(ARABIC_TERM.fullmatch(term) for term in cell(row["terms_ar"])), row["concept"]
        for term in cell(row["terms_ary"]):
            assert bool(ARABIC.search(term)) != bool(LATIN.search(term)), (row["concept"], term)


def test_a_term_belongs_to_one_concept_in_all_languages(thesaurus):
    assert shared_terms(thesaurus, "concept", ["terms_fr", "terms_ar", "terms_ary"]) == {}


def test_terms_are_told_apart_by_words_not_by_numbers_alone(thesaurus):
    def without_numbers(term):
        words = fold(term).split()
        return " ".join(word for word in words if not re.fullmatch(r"[0-9.%-]+", word))

    columns = ["terms_fr", "terms_ar", "terms_ary"]
    assert shared_terms(thesaurus, "concept", columns, without_numbers) == {}


def test_no_label_is_the_term_of_another_concept(thesaurus):
    labels = {fold(row[c]): row["concept"] for row in thesaurus for c in ("label_fr", "label_ar")}
    stray = {
        (term, row["concept"])
        for row in thesaurus
        for column in ("terms_fr", "terms_ar", "terms_ary")
        for term in cell(row[column])
        if labels.get(fold(term), row["concept"]) != row["concept"]
    }
    assert stray == set()


def test_the_darija_list_is_large_enough_and_its_fields_are_known(darija):
    assert len(darija) >= 650
    assert {row["field"] for row in darija} == DARIJA_FIELDS


def test_every_darija_entry_has_both_spellings_and_both_meanings(darija):
    assert all(row[column] for row in darija for column in DARIJA_COLUMNS)


def test_darija_spellings_and_meanings_are_in_the_script_of_their_column(darija):
    for row in darija:
        assert all(LATIN_DARIJA.fullmatch(word) for word in cell(row["latin"])), row
        assert not ARABIC.search(row["fr"]), row
        for column in ("arabic", "ar"):
            assert ARABIC.search(row[column]), row
            assert not re.search(r"[A-Za-z0-9]", row[column]), row


@pytest.mark.parametrize("column", ["latin", "arabic"])
def test_a_darija_spelling_belongs_to_one_entry(darija, column):
    rows = [{**row, "number": number} for number, row in enumerate(darija)]
    assert shared_terms(rows, "number", [column], str) == {}


def test_no_common_french_word_stands_as_a_darija_spelling(darija):
    assert not FRENCH & {word for row in darija for word in cell(row["latin"])}


def test_function_words_most_typed_are_listed(darija):
    listed = {word for row in darija if row["field"] == "function" for word in cell(row["latin"])}
    assert {"dyal", "bzaf", "daba", "wakha", "hadchi", "chno", "fin", "kifach", "walo"} <= listed
    verbs = {word for row in darija for word in cell(row["latin"])}
    assert {"bghina", "kaynin", "ma3ndnach", "khassna"} <= verbs
