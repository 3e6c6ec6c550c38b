"""Two states of a report side by side: what differs, and the sentence that says why."""

from datetime import timedelta

import pytest
from markupsafe import Markup

from app.core.access import System
from app.core.i18n import in_language
from app.reports import queries
from app.reports.body import build, record
from app.reports.body.changes import difference
from app.reports.body.outline import default, lay
from app.reports.comparison import Comparison, Stated
from app.reports.drafting.outlines import add, hide, step, write
from app.reports.publishing.listing import changed
from app.reports.publishing.opening import open_archive
from app.reports.worddiff import compared
from app.submissions.afterwards.applying import rewrite, said_values
from app.submissions.models import Redaction, Submission, SubmissionState
from app.submissions.moderation.operations import mask_words, set_lifted
from app.submissions.moderation.screening import screen
from app.submissions.recording import Said
from tests.reports.publication.conftest import Copy, content
from tests.reports.publishing import publish


def stated(session, corpus, label="", outline=None):
    """Return the report as the data stand."""
    built = build(session, corpus.consultation, outline)
    return Stated(label, built.body, built.cells)


def laid(state, outline):
    """Return the same data with another outline."""
    body = state.body | {"sections": lay(outline, default(state.body))}
    return Stated("1.1", body, state.cells)


def counted(session, corpus):
    """Return the submissions whose passages are in themes, in order."""
    rows = session.query(Submission).filter_by(consultation_id=corpus.consultation.id)
    return [one for one in rows.order_by(Submission.id) if one.answers]


def correct(session, said, now, **values):
    """Let a contributor correct answers; the same answer given again is none."""
    given = {k: v for k, v in said_values(said).items() if k not in {"actor_type", "organisation"}}
    actor = values.pop("actor_type", said.actor_type)
    what = Said(
        questionnaire=said.questionnaire,
        values=given | values,
        actor_type=actor,
        organisation=said.organisation,
        channel=said.channel,
        lang=said.lang,
        key=said.idempotency_key,
    )
    assert rewrite(session, said, what, now=now)


def english(comparison):
    """Return the sentence in English."""
    with in_language("en"):
        return comparison.sentence().striptags()


def test_corrected_answers_are_counted_once_each(session, corpus, now):
    first, second, third = counted(session, corpus)[:3]
    correct(session, third, now, story="Avant la première version.")
    old = stated(session, corpus, "1.0")
    correct(session, first, now, story="Autre chose.", place={"region": "06"})
    correct(session, first, now, story="Encore autre chose.")
    correct(session, second, now, actor_type="association")

    comparison = Comparison(old, stated(session, corpus, "2.0"))

    # Story and place of the first, the story once for two corrections; who the second is.
    assert comparison.changes.corrected == 3
    assert comparison.changes.masked == 0
    assert "3 answers were corrected" in english(comparison)
    assert "masked" not in english(comparison)


def test_passages_masked_are_counted_however_many_words_of_them(session, corpus, now):
    screen(session, counted(session, corpus), now=now)
    old = stated(session, corpus, "1.0")
    first, second = counted(session, corpus)[:2]
    for said, words in ((first, "souk"), (first, "lundi"), (second, "السوق")):
        mask_words(session, System(), said, words, now=now)

    comparison = Comparison(old, stated(session, corpus, "2.0"))

    assert (comparison.changes.corrected, comparison.changes.masked) == (0, 2)
    assert english(comparison) == (
        "Version 2.0 differs from version 1.0 because 2 passages were masked."
    )


def test_corrections_and_masks_are_told_with_what_came(session, corpus, now):
    old = stated(session, corpus, "1.0")
    first, second = counted(session, corpus)[:2]
    late = corpus.says("Le souk du jeudi.", corpus.themes[0])
    mask_words(session, System(), session.get(Submission, late.submission_id), "souk", now=now)
    mask_words(session, System(), first, "souk", now=now)
    correct(session, second, now, story="Le souk du mardi.")
    mask_words(session, System(), second, "mardi", now=now)

    comparison = Comparison(old, stated(session, corpus))

    # The mask on what came, and on what was corrected, is no reason of its own.
    assert (comparison.changes.corrected, comparison.changes.masked) == (1, 1)
    assert english(comparison).startswith(
        "The draft differs from version 1.0 because 1 late submission entered, "
        "1 answer was corrected, 1 passage was masked"
    )


def test_what_the_machine_notes_later_was_masked_before(session, corpus, now):
    passage = corpus.says("Appelez le 0612345678 pour le souk.", corpus.themes[0])
    said = session.get(Submission, passage.submission_id)
    old = stated(session, corpus, "1.0")
    screen(session, [said], now=now)
    noted = stated(session, corpus, "1.1")
    mask_words(session, System(), said, "souk", now=now)

    assert session.query(Redaction).count() == 2
    assert Comparison(old, noted).changes.masked == 0
    assert Comparison(old, stated(session, corpus, "2.0")).changes.masked == 1


def test_a_mask_that_was_lifted_and_put_back_masks_again(session, corpus, now):
    passage = corpus.says("Appelez le 0612345678 pour le souk.", corpus.themes[0])
    screen(session, counted(session, corpus), now=now)
    [mask] = session.query(Redaction)
    set_lifted(session, System(), mask, is_lifted=True, now=now)
    old = stated(session, corpus, "1.0")
    set_lifted(session, System(), mask, is_lifted=False, now=now)

    masked = record.between(old.cells, stated(session, corpus).cells).masked

    assert passage.answer_id == mask.answer_id
    assert masked == 1


def test_a_record_of_before_tells_neither_corrections_nor_masks(session, corpus, now):
    old = stated(session, corpus, "1.0")
    mask_words(session, System(), counted(session, corpus)[0], "souk", now=now)
    new = stated(session, corpus, "2.0")
    kept = {key: old.cells[record.KEY][key] for key in ("submissions", "decision")}

    changes = Comparison(Stated("1.0", old.body, {record.KEY: kept}), new).changes

    assert (changes.late, changes.corrected, changes.masked) == (0, None, None)


def test_what_changes_no_word_of_the_report_is_no_reason(session, corpus, now):
    old = stated(session, corpus, "1.0")
    mask_words(session, System(), counted(session, corpus)[0], "souk", now=now)
    new = stated(session, corpus, "1.1")
    assert Comparison(old, Stated("1.1", old.body, new.cells)).sentence() == ""


def test_the_number_told_is_the_one_that_anybody_counts_in_the_open_data(
    session, corpus, render, now, client
):
    screen(session, counted(session, corpus), now=now)
    first = publish(session, System(), corpus.consultation, now=now, render=render)
    mask_words(session, System(), counted(session, corpus)[0], "souk", now=now)
    later = now + timedelta(days=1)
    second = publish(session, System(), corpus.consultation, now=later, render=render)
    session.commit()

    def hashes(report):
        """Return the hash of each passage's words in a version's open data, by its place."""
        rows = Copy(open_archive(content(report, "zip"), "zip")).rows("passages")
        return {(r["number"], r["question"], r["start"], r["end"]): r["sha256"] for r in rows}

    before, after = hashes(first), hashes(second)
    differing = sum(before[place] != after[place] for place in before.keys() & after.keys())
    assert differing == second.changes["masked"] == 1
    with in_language("en"):
        assert "1 passage was masked" in changed(second).striptags()
    slug = corpus.consultation.slug
    page = Markup(client.get(f"/en/consultations/{slug}/reports/2/changes").text).striptags()
    assert "Version 2.0 differs from version 1.0 because 1 passage was masked." in page
    assert "Passages masked" in page
    for lang in ("fr", "ar"):
        assert client.get(f"/{lang}/consultations/{slug}/reports/2/changes").status_code == 200


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
