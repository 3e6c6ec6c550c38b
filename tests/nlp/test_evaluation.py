"""The evaluation: measures, sets, methods, the scorecard."""

import argparse
import csv
import json
import subprocess
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import v_measure_score

from nlp.errors import InputError
from nlp.evaluation import command, methods, runs, scores, sets, speed
from nlp.evaluation.methods import BerTopic, Found, Lsa, MiniLm, Nmf, Ours, PeerError
from nlp.evaluation.passages import SENTENCES, made_texts
from nlp.evaluation.sets import EvaluationSet, read_sets
from nlp.evaluation.speed import Cost, SpeedRow
from nlp.evaluation.table import scorecard, sets_table, speed_table
from tests.nlp.samples import ARABIC, FRENCH

#: The samples speak of four subjects, three sentences each.
SUBJECTS = [subject for subject in ("crèche", "handicap", "transport", "marché") for _ in range(3)]


def table(path, header, rows, *, delimiter=","):
    """Write a CSV file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)
    return path


@pytest.fixture
def folder(tmp_path):
    """A folder with a stranger's set and a parallel one."""
    rows = zip(
        SUBJECTS * 2, FRENCH + ARABIC, ["fr"] * len(FRENCH) + ["ar"] * len(ARABIC), strict=True
    )
    table(tmp_path / "sets/labelled/avis.csv", ("label", "text", "language"), rows, delimiter=";")
    rows = zip(SUBJECTS, FRENCH, ARABIC, strict=True)
    table(tmp_path / "sets/parallel/phrases_fr_ar.csv", ("goal", "fr", "ar"), rows)
    return tmp_path / "sets"


# Measures


def test_b_cubed_is_the_one_computed_by_hand():
    # Precision (2/3 + 2/3 + 1/3 + 1) / 4 = 2/3, recall (1 + 1 + 1/2 + 1/2) / 4 = 3/4.
    assert scores.b_cubed(["a", "a", "b", "b"], [0, 0, 0, 1]) == pytest.approx(12 / 17)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(-1, 3)), min_size=1, max_size=30))
def test_b_cubed_is_its_definition_text_by_text(pairs):
    labels, found = zip(*pairs, strict=True)
    both, gold, own = Counter(pairs), Counter(labels), Counter(found)
    precision = np.mean([both[label, one] / own[one] for label, one in pairs])
    recall = np.mean([both[label, one] / gold[label] for label, one in pairs])
    expected = 2 * precision * recall / (precision + recall)
    assert scores.b_cubed(labels, found) == pytest.approx(expected)


def test_the_same_division_under_other_numbers_has_all_scores_at_one():
    got = scores.cluster_scores(["a", "a", "b", "c"], [7, 7, -1, 2])
    assert got == pytest.approx({"clusters": 3, "V": 1, "AMI": 1, "ARI": 1, "B-cubed F1": 1})


def test_scores_are_not_those_of_labels_and_clusters_mixed_up():
    labels, found = ["a", "a", "a", "b", "b", "b"], [0, 0, 1, 1, 2, 2]
    got = scores.cluster_scores(labels, found)
    assert got["clusters"] == 3
    assert got["V"] == pytest.approx(v_measure_score(labels, found))
    # Pairs: together in both 2, in labels 6, in clusters 3, of 15; expected 6 * 3 / 15.
    assert got["ARI"] == pytest.approx((2 - 18 / 15) / (4.5 - 18 / 15))
    assert got["AMI"] < got["V"]


def test_leak_is_one_for_clusters_that_are_languages_and_zero_for_blind_ones():
    labels, languages = ["a", "b", "a", "b"], ["fr", "fr", "ar", "ar"]
    assert scores.cluster_scores(labels, [0, 0, 1, 1], languages)["leak"] == pytest.approx(1)
    assert scores.cluster_scores(labels, [0, 1, 0, 1], languages)["leak"] == pytest.approx(0)
    assert "leak" not in scores.cluster_scores(labels, [0, 1, 0, 1], ["fr"] * 4)


def test_agreement_compares_every_pair_of_runs():
    same, renumbered, blind = [0, 0, 1, 1], [5, 5, 3, 3], [0, 1, 0, 1]
    assert scores.agreement([same, renumbered]) == pytest.approx(1)
    # The adjusted Rand index of the blind one with each of the others is -1/2.
    assert scores.agreement([same, renumbered, blind]) == pytest.approx((1 - 0.5 - 0.5) / 3)
    assert scores.agreement([same]) is None


def test_a_theme_is_distinct_only_if_both_its_names_are():
    names = [
        ("Crèches", "الحضانات"),
        ("crèches ", "المدارس"),
        ("Marchés", "الأسواق"),
        ("", "النقل"),
    ]
    assert scores.distinct_share(names) == pytest.approx(1 / 4)
    assert scores.distinct_share([]) is None


def test_keyword_overlap_is_the_mean_jaccard_index_of_all_pairs():
    keywords = [["crèche", "mères"], ["Crèche", "école"], ["marché"], []]
    assert scores.keyword_overlap(keywords) == pytest.approx((1 / 3 + 0 + 0) / 3)
    assert scores.keyword_overlap([["crèche"], []]) is None


def test_vectors_that_are_all_the_same_find_no_more_than_chance():
    same = np.tile([1.0, 0.0], (40, 1))
    assert scores.retrieval(same, same) == pytest.approx((1 / 40, 10 / 40))
    assert scores.retrieval(np.zeros((40, 2)), same) == pytest.approx((1 / 40, 10 / 40))


def test_the_nearest_row_is_a_translation_only_if_it_is_its_own():
    left = np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
    right = np.array([[0.0, 1.0], [1.0, 0.0]])
    # The third row's own translation is the second nearest.
    assert scores.retrieval(left, right, [1, 0, 1]) == pytest.approx((2 / 3, 1))
    assert scores.retrieval(left[:2], right) == (0, 1)


def test_retrieval_has_two_directions():
    left, right = np.eye(2), np.array([[0.6, 0.5], [0.1, 0.4]])
    assert scores.retrieval(left, right) == (0.5, 1)
    assert scores.retrieval(right, left) == (1, 1)


def test_retrieval_in_blocks_is_that_of_the_whole(monkeypatch):
    rng = np.random.default_rng(0)
    left = rng.normal(size=(50, 4))
    right = left + rng.normal(size=(50, 4))
    left, right = (side / np.linalg.norm(side, axis=1, keepdims=True) for side in (left, right))
    ranks = [(left[i] @ right.T > left[i] @ right[i] + 1e-6).sum() for i in range(50)]
    monkeypatch.setattr(scores, "_BLOCK", 7)
    got = scores.retrieval(left, right)
    assert got == pytest.approx((np.mean([r < 1 for r in ranks]), np.mean([r < 10 for r in ranks])))
    assert 0 < got.first < got.tenth


# Sets


def test_a_strangers_table_is_read_with_its_languages(folder):
    (data,) = read_sets(folder, ["avis"])
    assert data.texts == FRENCH + ARABIC
    assert data.labels == SUBJECTS * 2
    assert Counter(data.languages) == {"fr": len(FRENCH), "ar": len(ARABIC)}
    assert not data.is_parallel


def test_a_title_joins_its_body_and_rows_without_text_or_label_are_left_out(tmp_path):
    rows = [("Garde", "Une crèche.", "a"), ("Route", "Un car.", "b"), ("Rien", "Rien.", " ")]
    path = table(tmp_path / "labelled/avis.csv", ("title", "body", "label"), rows)
    (data,) = sets.labelled_sets(path)
    assert data.texts == ["Garde. Une crèche.", "Route. Un car."]
    assert data.labels == ["a", "b"]
    path = table(path, ("text", "label"), [("", "a"), ("Un car.", "b"), ("Un taxi.", "c")])
    assert sets.labelled_sets(path)[0].labels == ["b", "c"]


def test_a_parallel_table_with_goals_makes_three_sets(folder):
    french, arabic, both = read_sets(folder, ["phrases_fr_ar"])
    assert (french.name, french.texts) == ("phrases_fr", FRENCH)
    assert (arabic.name, arabic.texts) == ("phrases_ar", ARABIC)
    assert (both.texts, both.labels) == (FRENCH + ARABIC, SUBJECTS * 2)
    assert both.is_parallel
    assert not french.is_parallel
    assert [data.name for data in read_sets(folder, ["phrases_fr"])] == ["phrases_fr"]


def test_a_parallel_table_without_labels_is_for_retrieval_only(tmp_path):
    path = table(tmp_path / "phrases_fr_ar.csv", ("fr", "ar"), zip(FRENCH, ARABIC, strict=True))
    (both,) = sets.parallel_sets(path)
    assert both.labels == []
    assert both.texts == FRENCH + ARABIC


def test_rows_that_shaped_the_space_are_not_measured(tmp_path):
    path = table(tmp_path / "tico19_fr_ar.csv", ("fr", "ar"), zip(FRENCH, ARABIC, strict=True))
    (both,) = sets.parallel_sets(path)
    assert both.texts == FRENCH[1::2] + ARABIC[1::2]


@pytest.mark.parametrize(
    ("name", "header", "rows", "said"),
    [
        ("labelled/a.csv", ("text", "theme"), [("Un car.", "a")], 'has no column "label"'),
        ("labelled/a.csv", ("label", "texte"), [("a", "Un car.")], 'has no column "text"'),
        ("labelled/a.csv", ("label", "text"), [("a", "Un car.")], "two labels or more"),
        ("parallel/a.csv", ("fr", "text"), [("Un car.", "b")], 'has no column "ar"'),
        ("parallel/a.csv", ("fr", "ar"), [("Un car.", "")], "no row with a text"),
        ("other/a.csv", ("label", "text"), [], "holds no labelled"),
    ],
)
def test_a_folder_that_cannot_be_measured_says_why(tmp_path, name, header, rows, said):
    table(tmp_path / name, header, rows)
    with pytest.raises(InputError, match=said):
        read_sets(tmp_path)


def test_an_unknown_set_is_refused_with_the_known_ones(folder):
    with pytest.raises(InputError, match="phrases_fr_ar"):
        read_sets(folder, ["avis", "nulle-part"])


# Methods


@pytest.mark.parametrize("method", [Ours(), Lsa(), Nmf()], ids=lambda method: method.name)
def test_methods_give_every_text_a_cluster_and_clusters_keywords(method):
    found = method.find([*FRENCH, "..."], 4, 0)
    assert len(found.clusters) == len(FRENCH) + 1
    assert v_measure_score(SUBJECTS, found.clusters[:-1]) > 0.3
    assert all(keywords for keywords in found.keywords)
    assert bool(found.names) == isinstance(method, Ours)


def test_a_text_without_a_theme_is_in_a_cluster_of_its_own():
    assert Ours().find([*FRENCH, "qsdfgh qsdfgh qsdfgh"], 4, 0).clusters[-1] == -1


@pytest.mark.parametrize("method", [Lsa(), Nmf()], ids=lambda method: method.name)
def test_peers_refuse_texts_without_a_word(method):
    with pytest.raises(PeerError):
        method.find(["!", "?", "..."], 2, 0)


def test_our_vectors_find_translations_better_than_latent_semantic_analysis_does():
    data = EvaluationSet("p", "p", FRENCH + ARABIC, [], [], is_parallel=True)
    ours, lsa = runs.score_sets([data], [Ours(), Lsa()], seeds=1, shuffles=1)
    assert ours.retrieval.there.tenth > 0.9
    assert ours.retrieval.there.first > lsa.retrieval.there.first
    assert ours.scores == lsa.scores == {}


class ByText:
    """A method that divides texts by their label, and knows in which order they came."""

    name = "by text"

    def __init__(self, *, is_cheap):
        self.is_cheap = is_cheap
        self.orders, self.seeds = [], []

    def find(self, texts, n_clusters, seed):
        self.orders.append(list(texts))
        self.seeds.append(seed)
        subjects = dict(zip(FRENCH + ARABIC, SUBJECTS * 2, strict=True))
        numbers = {subject: number for number, subject in enumerate(dict.fromkeys(SUBJECTS))}
        return Found([numbers[subjects[text]] for text in texts], [], [])

    def vectors(self, texts):
        return None


def test_a_translation_that_is_there_twice_is_sought_once():
    class Known(ByText):
        """A method with given vectors."""

        def vectors(self, texts):
            return np.array(
                [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
            )

    texts = ["Oui.", "D'accord.", "Non.", "نعم", "نعم", "لا"]
    data = EvaluationSet("p", "p", texts, [], [], is_parallel=True)
    (row,) = runs.score_sets([data], [Known(is_cheap=True)], seeds=1)
    assert row.retrieval.there.first == 1
    # Two French texts are equally near to the Arabic word: each is right half of the time.
    assert row.retrieval.back.first == pytest.approx(2 / 3)


@pytest.mark.parametrize(("is_cheap", "n_runs"), [(True, 6), (False, 2)])
def test_each_run_has_another_order_and_clusters_come_back_in_that_of_the_set(is_cheap, n_runs):
    method = ByText(is_cheap=is_cheap)
    data = EvaluationSet("s", "s", FRENCH + ARABIC, SUBJECTS * 2, [])
    (row,) = runs.score_sets([data], [method], seeds=2, shuffles=6)
    assert row.scores["V"] == pytest.approx([1, 1])
    assert (row.stability, row.n_runs) == (pytest.approx(1), n_runs)
    assert method.seeds == list(range(n_runs))
    assert len({tuple(order) for order in [data.texts, *method.orders]}) == n_runs + 1


@pytest.fixture
def no_bertopic(monkeypatch):
    """BERTopic is not installed, wherever the tests run."""
    monkeypatch.setattr(methods, "find_spec", lambda package: None)


@pytest.mark.usefixtures("no_bertopic")
def test_a_missing_peer_says_so_in_its_cells(folder):
    rows = runs.score_sets(
        read_sets(folder, ["avis"]), [ByText(is_cheap=True), BerTopic(MiniLm())], seeds=1
    )
    ours, peer = sets_table(list(rows)).splitlines()[2:]
    assert "not installed" not in ours
    assert peer.count("not installed") == 11


@pytest.mark.parametrize("by_kmeans", [False, True])
def test_bertopic_keeps_the_letters_of_all_languages(monkeypatch, by_kmeans):
    class Package:
        """Stands for both packages, and gives back what it was asked for."""

        UMAP = staticmethod(dict)
        BERTopic = staticmethod(dict)

    monkeypatch.setattr(methods.importlib, "import_module", lambda name: Package)
    asked = BerTopic(MiniLm(), by_kmeans=by_kmeans)._topic_model(4, 7)
    assert asked["language"] == "multilingual"
    assert asked["umap_model"]["random_state"] == 7
    assert ("nr_topics" in asked, "hdbscan_model" in asked) == (not by_kmeans, by_kmeans)


# Passages and times


def test_made_passages_are_all_different_and_of_the_usual_length():
    texts = made_texts(SENTENCES, 400)
    assert len(set(texts)) == len(texts) == 400
    assert 180 < np.mean([len(text) for text in texts]) < 220
    is_arabic = [any("\u0600" <= letter <= "\u06ff" for letter in text) for text in texts]
    assert is_arabic == [False, True] * 200
    assert made_texts(SENTENCES, 100) == texts[:100]


def test_sentences_that_are_missing_or_too_few_are_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        made_texts(tmp_path, 1)
    segment = {"theme": "distance", "text": FRENCH[6]}
    for language in ("fr", "ar"):
        line = json.dumps({"answers": {"besoin": [segment]}})
        (tmp_path / f"{language}.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(InputError, match="too few"):
        made_texts(tmp_path, 1)


def test_a_process_of_its_own_measures_time_and_memory():
    cost = speed._measured("ours", 12, SENTENCES)
    assert cost.seconds > 0
    assert 20 < cost.peak < 5000


def test_other_passages_are_assigned_by_a_model_read_from_its_file(capsys):
    speed.main(["assign", "12", str(SENTENCES)])
    seconds, processor, peak = json.loads(capsys.readouterr().out)
    assert seconds > 0
    assert processor > 0
    assert peak > 20


@pytest.mark.usefixtures("no_bertopic")
def test_a_missing_peer_is_not_timed(monkeypatch):
    monkeypatch.setattr(speed, "_measured", lambda method, n, folder, **_: Cost(1.0, 1.0, 1.0))
    *_, peer = speed.speed_rows([12], SENTENCES)
    assert (peer.cost, peer.note) == (None, "not installed")


def fake_costs(monkeypatch, *, slow_from):
    """Let ours take 1 ms a passage, BERTopic 10, and more than its time from some size on."""
    asked = []

    def measured(method, n, folder, *, patience=None):
        asked.append((method, n))
        if method == "bertopic" and n >= slow_from:
            raise subprocess.TimeoutExpired("bertopic", patience)
        return Cost(n / 1000 * (10 if method == "bertopic" else 1), 1.0, 100.0)

    monkeypatch.setattr(speed, "_measured", measured)
    monkeypatch.setattr(MiniLm, "is_installed", True)
    return asked


def test_bertopic_is_timed_beside_ours_on_the_sizes_small_enough_for_it(monkeypatch):
    asked = fake_costs(monkeypatch, slow_from=20_000)
    rows = speed.speed_rows([100_000, 10_000], SENTENCES)
    assert [one for one in asked if one[0] != "assign"] == [
        ("ours", 10_000),
        ("bertopic", 10_000),
        ("ours", 100_000),
    ]
    assert rows[2].ratio == pytest.approx(10)


def test_bertopic_when_too_slow_is_measured_on_fewer_passages_with_ours(monkeypatch):
    asked = fake_costs(monkeypatch, slow_from=5000)
    rows = speed.speed_rows([10_000], SENTENCES)
    assert asked[3:] == [("ours", 2000), ("bertopic", 2000)]
    assert rows[2].cost is None
    assert "300" in rows[2].note
    assert [row.n_passages for row in rows[2:]] == [10_000, 2000, 2000]
    assert rows[4].ratio == pytest.approx(10)


def test_growth_is_relative_to_the_fewest_passages_of_the_same_method():
    rows = [
        SpeedRow(speed.OURS, 1000, Cost(2.0, 1.5, 300.0)),
        SpeedRow(speed.BERTOPIC, 1000, None, note="not installed"),
        SpeedRow(speed.OURS, 10_000, Cost(30.0, 31.0, 900.0)),
    ]
    lines = speed_table(rows).splitlines()[2:]
    assert lines[0] == "| 1,000 | Tachawor | 2.0 | 1.5 | 2.00 | 1.00 | 300 | – |"
    assert lines[1].count("not installed") == 6
    assert lines[2] == "| 10,000 | Tachawor | 30.0 | 31.0 | 3.00 | 1.50 | 900 | – |"


# The scorecard


def test_figures_are_the_mean_and_the_deviation_of_the_seeds():
    data = EvaluationSet("a|b", "a", FRENCH, SUBJECTS, [])
    row = runs.SetScores(data, "ours", {"V": [0.25, 0.75], "clusters": [4.0]}, 0.5, 10)
    cells = [cell.strip() for cell in sets_table([row]).splitlines()[2].split(" | ")]
    assert cells[0] == r"| a\|b"
    assert cells[4:6] == ["4.0", "0.500 ± 0.354"]
    assert "0.500 (10)" in cells
    assert cells[6] == "–"


def test_the_part_on_speed_is_there_only_when_measured():
    rows = [SpeedRow(speed.OURS, 10, Cost(1.0, 1.0, 1.0))]
    assert "## Speed" in scorecard("e", "m", "c", [], rows)
    assert "## Speed" not in scorecard("e", "m", "c", [], [])


def parsed(*arguments):
    """Return the options of a command line."""
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args([str(argument) for argument in arguments])


@pytest.mark.usefixtures("no_bertopic")
def test_what_is_saved_is_what_is_printed(folder, tmp_path, capsys):
    out = tmp_path / "new" / "scorecard.md"
    command.run(parsed(folder, "--out", out, "--seeds", 2, "--runs", 2, "--speed", "none"))
    printed = capsys.readouterr().out
    assert out.read_text(encoding="utf-8") == printed
    lines = [line for line in printed.splitlines() if line.startswith("| ")]
    assert len({line.count(" | ") for line in lines}) == 1
    cells = [line.strip("| ").split(" | ") for line in lines[2:]]
    assert {row[0] for row in cells} == {"avis", "phrases_fr", "phrases_ar", "phrases_fr_ar"}
    assert len(cells) == 4 * 5
    leaks = {row[0]: row[9] for row in cells if row[3] == "Tachawor"}
    assert leaks["phrases_fr"] == "–"
    assert leaks["avis"] != "–"
    assert str(folder.parent) not in printed


def test_without_peers_only_ours_is_scored(folder, tmp_path, capsys):
    out = tmp_path / "scorecard.md"
    arguments = (
        "--peers",
        "none",
        "--speed",
        "none",
        "--sets",
        "phrases_fr",
        "--seeds",
        1,
        "--runs",
        1,
    )
    command.run(parsed(folder, "--out", out, *arguments))
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    assert [line.split(" | ")[3] for line in lines[2:]] == ["Tachawor"]


def test_a_folder_in_the_place_of_the_scorecard_is_refused_before_any_work(folder, tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        command.run(parsed(folder, "--out", tmp_path))


@pytest.mark.parametrize(
    "wrong", [("--seeds", "0"), ("--peers", "lda"), ("--speed", "many"), ("--seeds", "-1")]
)
def test_wrong_options_are_refused(folder, wrong, capsys):
    with pytest.raises(SystemExit) as stopped:
        parsed(folder, *wrong)
    assert stopped.value.code == 2
    assert wrong[0] in capsys.readouterr().err
