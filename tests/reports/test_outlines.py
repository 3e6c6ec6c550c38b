"""What people decide of a report's sections: pure functions on outlines."""

import pytest

from app.reports.body.outline import lay, section
from app.reports.drafting import outlines
from app.reports.errors import (
    BothTitlesError,
    SectionFixedError,
    UnknownSectionError,
    WordsTooLongError,
)

TITLE = {"fr": "Avant-propos", "ar": "تقديم"}


@pytest.fixture
def sections():
    """Five sections of a first draft, with three claims."""
    return [
        section("summary", "summary", claims=["summary.first", "summary.second"]),
        section("participation", "participation"),
        section("theme.1", "theme", theme=1, quotations=["quote.1.0"]),
        section("set-aside", "set_aside", claims=["set-aside.count"]),
        section("annexes", "annexes"),
    ]


def ids(outline, sections):
    """Return the order of all sections."""
    return [one.id for one in outlines.arranged(outline, sections)]


def test_the_first_draft_has_its_own_order(sections):
    assert ids({}, sections) == ["summary", "participation", "theme.1", "set-aside", "annexes"]


@pytest.mark.parametrize(
    ("by", "place"), [(-1, 1), (1, 3), (-99, 0), (99, 4)], ids=["up", "down", "top", "end"]
)
def test_a_section_moves_and_stops_at_the_ends(sections, by, place):
    outline = outlines.step({}, sections, "theme.1", by=by)
    assert ids(outline, sections).index("theme.1") == place
    assert sorted(ids(outline, sections)) == sorted(ids({}, sections))


def test_moving_up_and_down_again_changes_nothing(sections):
    there = outlines.step({}, sections, "theme.1", by=-1)
    back = outlines.step(there, sections, "theme.1", by=1)
    assert lay(back, sections) == lay({}, sections)


def test_the_outline_given_is_never_changed(sections):
    before = outlines.hide({}, sections, "theme.1")
    kept = {"hidden": ["theme.1"]}
    outlines.show(before, sections, "theme.1")
    outlines.write(before, sections, "summary", words={"fr": "Bien.", "ar": "حسنا."})
    assert before == kept


def test_a_hidden_section_is_not_laid_and_can_be_shown_again(sections):
    hidden = outlines.hide({}, sections, "theme.1")
    assert "theme.1" not in [one["id"] for one in lay(hidden, sections)]
    assert outlines.find(hidden, sections, "theme.1").is_hidden
    shown = outlines.show(hidden, sections, "theme.1")
    assert lay(shown, sections) == lay({}, sections)


@pytest.mark.parametrize("identity", ["participation", "set-aside", "annexes"])
def test_what_a_report_cannot_do_without_is_not_hidden(sections, identity):
    with pytest.raises(SectionFixedError):
        outlines.hide({}, sections, identity)


def test_single_claims_and_quotations_are_dropped_and_restored(sections):
    outline = outlines.drop({}, sections, "summary", claim="summary.first")
    outline = outlines.drop(outline, sections, "theme.1", claim="quote.1.0")
    outline = outlines.drop(outline, sections, "theme.1", claim="quote.1.0")
    laid = {one["id"]: one for one in lay(outline, sections)}
    assert laid["summary"]["claims"] == ["summary.second"]
    assert laid["theme.1"]["quotations"] == []

    outline = outlines.restore(outline, sections, "theme.1", claim="quote.1.0")
    outline = outlines.restore(outline, sections, "summary", claim="summary.first")
    assert lay(outline, sections) == lay({}, sections)
    assert outline["dropped"] == {}


def test_nothing_is_dropped_of_what_was_set_aside(sections):
    with pytest.raises(SectionFixedError):
        outlines.drop({}, sections, "set-aside", claim="set-aside.count")


@pytest.mark.parametrize("decide", [outlines.drop, outlines.restore])
def test_a_claim_of_another_section_is_unknown(sections, decide):
    with pytest.raises(UnknownSectionError):
        decide({}, sections, "summary", claim="quote.1.0")


@pytest.mark.parametrize(
    "decide", [outlines.hide, outlines.show, outlines.remove], ids=["hide", "show", "remove"]
)
def test_an_unknown_section_is_refused(sections, decide):
    with pytest.raises(UnknownSectionError):
        decide({}, sections, "theme.99")


def test_words_are_kept_in_both_languages_and_cleaned(sections):
    words = {"fr": " Un mot.\r\n\r\nDeux.\u202e ", "ar": "كلمة."}
    outline = outlines.write({}, sections, "theme.1", words=words)
    place = outlines.find(outline, sections, "theme.1")
    assert place.narrative == {"fr": "Un mot.\n\nDeux.", "ar": "كلمة."}

    empty = outlines.write(outline, sections, "theme.1", words={"fr": " ", "ar": ""})
    assert empty["narrative"] == {}


def test_words_have_an_end(sections):
    with pytest.raises(WordsTooLongError):
        outlines.write({}, sections, "summary", words={"ar": "ا" * (outlines.LONGEST + 1)})


def test_a_section_of_ones_own_has_a_title_in_both_languages(sections):
    outline = outlines.add({}, sections, title=TITLE)
    assert ids(outline, sections)[-1] == outlines.newest_own(outline) == "own.1"
    assert lay(outline, sections)[-1]["title"] == TITLE
    with pytest.raises(BothTitlesError):
        outlines.add({}, sections, title={"fr": "Avant-propos", "ar": " "})
    with pytest.raises(WordsTooLongError):
        outlines.rename(outline, sections, "own.1", title={"fr": "x" * 201, "ar": "س"})


def test_only_own_sections_are_renamed_and_removed(sections):
    outline = outlines.add({}, sections, title=TITLE)
    other = {"fr": "Contexte", "ar": "السياق"}
    renamed = outlines.rename(outline, sections, "own.1", title=other)
    assert lay(renamed, sections)[-1]["title"] == other
    removed = outlines.remove(renamed, sections, "own.1")
    assert lay(removed, sections) == lay({}, sections)
    with pytest.raises(SectionFixedError):
        outlines.remove(outline, sections, "summary")
    with pytest.raises(UnknownSectionError):
        outlines.rename(outline, sections, "summary", title=other)


def test_the_name_of_a_removed_section_is_never_given_again(sections):
    outline = outlines.add({}, sections, title=TITLE)
    outline = outlines.remove(outline, sections, "own.1")
    outline = outlines.add(outline, sections, title=TITLE)
    assert outlines.newest_own(outline) == "own.2"


def test_what_is_not_there_any_more_is_let_go(sections):
    outline = outlines.step({}, sections, "theme.1", by=-1)
    fewer = [one for one in sections if one["id"] != "theme.1"]
    assert ids(outline, fewer) == ["summary", "participation", "set-aside", "annexes"]
