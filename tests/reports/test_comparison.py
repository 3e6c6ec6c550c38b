"""Two states of a report side by side: what differs, and the sentence that says why."""

from datetime import timedelta

import pytest

from app.core.access import System
from app.core.i18n import in_language
from app.reports import queries
from app.reports.body import build, record
from app.reports.body.changes import difference
from app.reports.body.outline import default, lay
from app.reports.comparison import Comparison, Stated
from app.reports.drafting.outlines import add, hide, step, write
from app.reports.worddiff import compared
from app.submissions.models import Submission, SubmissionState
from tests.reports.publishing import publish


def stated(session, corpus, label="", outline=None):
    """Return the report as the data stand."""
    built = build(session, corpus.consultation, outline)
    return Stated(label, built.body, built.cells)


def laid(state, outline):
    """Return the same data with another outline."""
    body = state.body | {"sections": lay(outline, default(state.body))}
    return Stated("1.1", body, state.cells)


def test_late_and_withdrawn_submissions_are_told_apart(session, corpus, now):
    old = stated(session, corpus, "1.0")
    corpus.says("Une crèche de plus.", corpus.themes[0])
    corpus.says("Encore une crèche.", corpus.themes[0])
    gone = session.get(Submission, old.cells[record.KEY]["submissions"][0])
    gone.state, gone.changed_at = SubmissionState.WITHDRAWN, now
    session.flush()

    new = stated(session, corpus, "2.0")
    comparison = Comparison(old, new)

    assert (comparison.changes.late, comparison.changes.gone) == (2, 1)
    sentence = comparison.sentence().striptags()
    assert "2 " in sentence
    assert "1.0" in sentence
    with in_language("en"):
        english = comparison.sentence().striptags()
    assert english.startswith(
        "Version 2.0 differs from version 1.0 because 2 late submissions entered, "
        "1 submission was withdrawn"
    )


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_sentence_is_written_in_both_languages(session, corpus, lang):
    old = stated(session, corpus, "1.0")
    corpus.themes[0].name = {"fr": "Garde d’enfants", "ar": "حضانة الأطفال"}
    new = stated(session, corpus)
    with in_language(lang):
        assert '<bdi dir="ltr">1.0</bdi>' in Comparison(old, new).sentence()


def test_a_report_without_a_record_counts_only_the_difference(session, corpus):
    old = stated(session, corpus, "1.0")
    corpus.says("Une crèche de plus.", corpus.themes[0])
    new = stated(session, corpus, "2.0")
    comparison = Comparison(Stated("1.0", old.body), new)
    assert comparison.changes.late is None
    with in_language("en"):
        assert "1 late submission entered" in comparison.sentence().striptags()


def test_themes_renamed_merged_new_and_ended_are_named(session, corpus):
    old = build(session, corpus.consultation).body
    by_id = {theme["id"]: theme for theme in old["themes"]}
    first, second = list(by_id)[:2]
    new = old | {
        "themes": [
            by_id[first] | {"name": {"fr": "Autre", "ar": "آخر"}, "merged": [second]},
            by_id[second] | {"id": 999, "name": {"fr": "Neuf", "ar": "جديد"}},
        ]
    }
    changes = difference(old, new)
    assert changes.renamed[0][1]["fr"] == "Autre"
    assert changes.merged == [(by_id[second]["name"], {"fr": "Autre", "ar": "آخر"})]
    assert [name["fr"] for name in changes.born] == ["Neuf"]
    without = difference(old, old | {"themes": old["themes"][:1]})
    assert [name["fr"] for name in without.ended] == [
        theme["name"]["fr"] for theme in old["themes"][1:]
    ]


def test_sections_moved_hidden_added_and_rewritten_are_told_apart(session, corpus):
    old = stated(session, corpus, "1.0")
    sections = default(old.body)
    outline = write({}, sections, "summary", words={"fr": "Des mots.", "ar": "كلمات."})
    outline = hide(outline, sections, "minority")
    outline = add(outline, sections, title={"fr": "Suite", "ar": "تتمة"})
    outline = step(outline, sections, "method", by=-1)

    comparison = Comparison(old, laid(old, outline))

    assert comparison.changes.rewritten == ["summary"]
    assert len(comparison.changes.moved) == 1
    assert comparison.changes.hidden == ["minority"]
    assert len(comparison.left_out) == 1
    assert comparison.changes.shown == ["own.1"]
    assert not comparison.changes.is_of_data
    [(_title, texts)] = comparison.rewritten
    assert [lang for lang, _text in texts] == ["fr", "ar"]
    assert "<ins>" in texts[0][1]


def test_one_section_that_goes_to_the_top_is_the_only_one_that_moved(session, corpus):
    old = stated(session, corpus, "1.0")
    outline = step({}, default(old.body), "annexes", by=-99)
    assert difference(old.body, laid(old, outline).body).moved == ["annexes"]


def test_the_same_twice_is_no_difference(session, corpus):
    state = stated(session, corpus, "1.0")
    comparison = Comparison(state, Stated("", state.body, state.cells))
    assert not comparison
    assert comparison.sentence() == ""


def test_sentences_that_differ_show_both_states_in_one(session, corpus):
    old = stated(session, corpus, "1.0")
    corpus.says("Une crèche de plus.", corpus.themes[0])
    comparison = Comparison(old, stated(session, corpus, "2.0"))
    both = [row[3] for row in comparison.claims if row[3]]
    assert both
    assert all("<ins>" in text or "<del>" in text for text in both)
    assert not any(row[0].startswith("quote.") for row in comparison.claims)
    assert comparison.n_quotations[0] >= 0


def test_what_a_version_changed_is_kept_with_it(session, corpus, render, now):
    publish(session, System(), corpus.consultation, now=now, render=render)
    corpus.says("Une crèche de plus.", corpus.themes[0])
    later = now + timedelta(days=1)

    second = publish(session, System(), corpus.consultation, now=later, render=render)

    assert (second.label, second.changes["late"], second.changes["gone"]) == ("2.0", 1, 0)
    assert record.KEY in queries.cells_of(session, second)
    assert record.KEY not in second.body


def test_words_are_compared_whole_in_french():
    marked = compared("Trois crèches ouvriront.", "Quatre crèches ouvriront ici.")
    assert marked == ("<del>Trois</del><ins>Quatre</ins> crèches ouvriront<ins> ici</ins>.")


def test_words_are_compared_whole_in_arabic():
    marked = compared("ستُفتح حضانات جديدة.", "ستُفتح مدارس جديدة.")
    assert "<del>حضانات</del><ins>مدارس</ins>" in marked
    assert marked.endswith("جديدة.")


def test_what_people_typed_is_escaped_and_figures_stay_isolated():
    marked = compared("<b>5</b>", "\u20665\u2069 <i>")
    assert "<b>" not in marked
    assert '<bdi dir="ltr">5</bdi>' in marked


def test_the_public_reads_narratives_without_what_points_at_claims(session, corpus):
    old = stated(session, corpus, "1.0")
    claim = next(c for c in old.body["claims"] if c["template"] == "first")
    fr = f"Le besoin est là [[{claim['id']}]]. Ils sont [[{claim['id']}:count]]."
    words = {"fr": fr, "ar": ""}
    outline = write({}, default(old.body), "summary", words=words)

    comparison = Comparison(old, laid(old, outline), shows_pointers=False)

    [(_title, [(lang, text)])] = comparison.rewritten
    assert lang == "fr"
    count = claim["result"]["count"]
    assert text.striptags() == f"Le besoin est là. Ils sont {count}."
