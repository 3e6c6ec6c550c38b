"""The analysis as a whole: partition, order, seed, checkpoints, odd texts."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import (
    STAGES,
    STATES,
    AnalysisOptions,
    DirectoryCheckpoints,
    DuplicateKeyError,
    OptionsError,
    Text,
    analyse,
)
from tests.nlp.samples import ARABIC, FRENCH, corpus, texts_of

LINES = """
    crèche école transport centre femme marché handicap loin cher enfants merci qsdfgh dyal bzaf
    حضانة مدرسة نقل مركز نساء سوق إعاقة بعيد الأطفال 🙂 ...
"""
WORDS = st.sampled_from(LINES.split())
SENTENCES = st.lists(WORDS, max_size=12).map(" ".join)


@pytest.fixture(scope="module")
def analysis():
    return analyse(corpus(), AnalysisOptions(n_themes=4))


def as_rows(analysis):
    """Return what must not depend on the order of the texts."""
    return sorted(
        (p.key, p.start, p.end, p.language, p.state, p.theme, p.margin) for p in analysis.passages
    )


@settings(max_examples=25, deadline=None)
@given(
    lines=st.lists(st.one_of(SENTENCES, st.text(max_size=60)), max_size=14),
    unit=st.sampled_from(["passage", "row"]),
)
def test_states_partition_passages_that_cover_each_text(lines, unit):
    texts = texts_of(lines)
    result = analyse(texts, AnalysisOptions(unit=unit))
    for text in texts:
        found = [p for p in result.passages if p.key == text.key]
        ends = [0, *(p.end for p in found)]
        gaps = [text.text[a : p.start] for a, p in zip(ends, found, strict=False)] + [
            text.text[ends[-1] :]
        ]
        assert not "".join(gaps).strip()
    assert all(p.state in STATES and 0 <= p.margin <= 1 for p in result.passages)
    assert sum(result.counts.values()) == len(result.passages)
    assert sum(t.n_passages for t in result.themes) == result.counts["in_theme"]
    assert all((p.theme is None) for p in result.passages if p.state in {"off_topic", "unreadable"})
    assert all((p.copy_of is not None) == (p.state == "copy") for p in result.passages)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_the_order_of_the_texts_does_not_matter(analysis, seed):
    texts = corpus()
    random.Random(seed).shuffle(texts)
    shuffled = analyse(texts, AnalysisOptions(n_themes=4))
    assert as_rows(shuffled) == as_rows(analysis)
    assert shuffled.themes == analysis.themes
    assert shuffled.fingerprint == analysis.fingerprint


def test_same_input_and_seed_give_the_same_bytes(analysis):
    assert analyse(corpus(), AnalysisOptions(n_themes=4)).to_json() == analysis.to_json()


def test_a_theme_gathers_both_languages(analysis):
    theme_of = {p.key: p.theme for p in analysis.passages}
    pairs = [(theme_of[f"t{n}"], theme_of[f"t{n + len(FRENCH)}"]) for n in range(len(FRENCH))]
    assert sum(french == arabic for french, arabic in pairs) >= 8


def test_names_and_keywords_exist_in_both_languages_and_differ(analysis):
    for names in ([t.name_fr for t in analysis.themes], [t.name_ar for t in analysis.themes]):
        assert all(names)
        assert len(set(names)) == len(names)
    for theme in analysis.themes:
        assert 0 < len(theme.keywords_fr) <= 8
        assert 0 < len(theme.keywords_ar) <= 8
        assert not any(keyword.isdigit() for keyword in theme.keywords_fr + theme.keywords_ar)


def test_a_theme_of_french_evidence_is_named_in_arabic():
    result = analyse(texts_of(FRENCH), AnalysisOptions(n_themes=3))
    assert all(any("\u0620" <= c <= "\u064a" for c in theme.name_ar) for theme in result.themes)


def test_a_theme_of_arabic_evidence_is_named_in_french():
    result = analyse(texts_of(ARABIC), AnalysisOptions(n_themes=3))
    assert all(any("a" <= c.lower() <= "z" for c in theme.name_fr) for theme in result.themes)


def test_quotations_are_exact_pieces_of_passages_in_the_theme(analysis):
    texts = {text.key: text.text for text in corpus()}
    for theme in analysis.themes:
        assert 0 < len(theme.quotations) <= 8
        assert len({q.key for q in theme.quotations}) == len(theme.quotations)
        for q in theme.quotations:
            homes = [
                p
                for p in analysis.passages
                if p.key == q.key and p.start <= q.start and q.end <= p.end
            ]
            assert [home.theme for home in homes] == [theme.index]
            assert texts[q.key][q.start : q.end].strip() == texts[q.key][q.start : q.end] != ""


def test_themes_are_sorted_by_size_then_name(analysis):
    order = [(-theme.n_passages, theme.name_fr) for theme in analysis.themes]
    assert order == sorted(order)
    assert [theme.index for theme in analysis.themes] == list(range(len(analysis.themes)))


@pytest.mark.parametrize("n", range(7))
def test_few_texts_are_enough_whatever_the_number_of_themes(n):
    for n_themes in (None, 1, 30):
        result = analyse(texts_of(FRENCH[:n]), AnalysisOptions(n_themes=n_themes))
        assert len(result.passages) == n
        assert len(result.themes) <= max(1, n)


def test_no_text_gives_an_empty_analysis():
    result = analyse([])
    assert result.passages == []
    assert result.themes == []


@pytest.mark.parametrize(
    "odd",
    [
        "",
        " \n",
        "mot",
        "🙂👩🏽‍🦽",
        "\u202eabc\u202c",
        "\ud800 crèche",
        "a" * 100_000,
        "é" * 3,
        "\0",
    ],
)
def test_odd_texts_among_others_do_no_harm(odd):
    result = analyse([*corpus(), Text("odd", odd)])
    found = [p for p in result.passages if p.key == "odd"]
    assert bool(found) == bool(odd.strip())
    assert {text.key for text in corpus()} <= {p.key for p in result.passages}


def test_what_shares_no_word_with_the_rest_is_left_to_arbitrate():
    result = analyse([*corpus(), Text("odd", "ⴰⵣⵓⵍ ⵎⴰⴷ ⵜⵔⵉⴷ ⵙⴳ ⵖⵉⴷ")])
    assert [p.state for p in result.passages if p.key == "odd"] == ["to_arbitrate"]


def test_at_most_the_given_share_is_left_to_arbitrate():
    none = analyse(corpus(), AnalysisOptions(arbitrate_share=0))
    assert none.counts["to_arbitrate"] == 0
    some = analyse(corpus(), AnalysisOptions(arbitrate_share=0.15))
    assert some.counts["to_arbitrate"] <= 0.15 * len(some.passages)


def test_two_texts_with_one_key_are_refused():
    with pytest.raises(DuplicateKeyError):
        analyse([Text("a", "un"), Text("a", "deux")])


@pytest.mark.parametrize(
    "wrong", [{"n_themes": 0}, {"unit": "word"}, {"arbitrate_share": 2}, {"seed": -1}]
)
def test_options_outside_their_range_are_refused(wrong):
    with pytest.raises(OptionsError):
        AnalysisOptions(**wrong)


class StopError(Exception):
    """Raised by a test to stop an analysis midway."""


@pytest.mark.parametrize("last", STAGES)
def test_a_stopped_analysis_resumes_with_the_same_result(tmp_path, analysis, last):
    def stop(stage, done):
        if stage == last:
            raise StopError

    options = AnalysisOptions(n_themes=4)
    checkpoints = DirectoryCheckpoints(tmp_path)
    with pytest.raises(StopError):
        analyse(corpus(), options, progress=stop, checkpoints=checkpoints)
    begun = []
    resumed = analyse(
        corpus(),
        options,
        progress=lambda stage, done: begun.append(stage) if done == 0 else None,
        checkpoints=checkpoints,
    )
    assert resumed.to_json() == analysis.to_json()
    assert list(dict.fromkeys(begun)) == list(STAGES[STAGES.index(last) :])


def test_checkpoints_of_another_analysis_are_ignored(tmp_path, analysis):
    checkpoints = DirectoryCheckpoints(tmp_path)
    analyse(corpus()[:10], AnalysisOptions(n_themes=4), checkpoints=checkpoints)
    analyse(corpus(), AnalysisOptions(n_themes=2), checkpoints=checkpoints)
    assert analyse(corpus(), AnalysisOptions(n_themes=4), checkpoints=checkpoints) == analysis


def test_a_torn_checkpoint_counts_as_absent(tmp_path, analysis):
    checkpoints = DirectoryCheckpoints(tmp_path)
    analyse(corpus(), AnalysisOptions(n_themes=4), checkpoints=checkpoints)
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert analyse(corpus(), AnalysisOptions(n_themes=4), checkpoints=checkpoints) == analysis


def test_a_checkpoint_gives_back_what_was_saved(tmp_path):
    checkpoints = DirectoryCheckpoints(tmp_path / "new")
    payload = {"numbers": np.array([0.1, np.nan]), "names": [["é", "ا"]], "fingerprint": "x"}
    checkpoints.save("features", payload)
    kept = checkpoints.load("features")
    assert kept is not None
    np.testing.assert_array_equal(kept.pop("numbers"), payload.pop("numbers"))
    assert kept == payload
    assert checkpoints.load("names") is None


def test_progress_names_every_stage_in_order_and_never_leaves_its_range():
    told = []
    analyse(corpus(), progress=lambda stage, done: told.append((stage, done)))
    assert list(dict.fromkeys(stage for stage, _ in told)) == list(STAGES)
    assert all(0 <= done <= 1 for _, done in told)
    assert {stage for stage, done in told if done == 1} == set(STAGES)
