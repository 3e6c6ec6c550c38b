"""Parts of the search for themes: neighbours, coordinates, consensus, context, other matters."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize

from nlp import AnalysisOptions, Text, analyse
from nlp.clustering import ThemeClusterer, neighbour_graph
from nlp.clustering.cells import CellIndex
from nlp.clustering.consensus import best_overlaps, consensus_labels, votes
from nlp.clustering.spectrum import Spectrum
from nlp.clustering.themes import candidate_numbers
from nlp.elsewhere import ElsewhereJudge
from nlp.features import Views
from nlp.features.counts import LatentDimensions, Rarity
from nlp.features.space import smoothed
from nlp.lexicon import load_lexicon
from tests.nlp.samples import FRENCH


def blobs(n, n_groups, *, d=24, noise=0.12, seed=0):
    """Return unit vectors around random directions, and the group of each."""
    generator = np.random.default_rng(seed)
    centres = normalize(generator.standard_normal((n_groups, d)))
    labels = np.arange(n) % n_groups
    return normalize(centres[labels] + noise * generator.standard_normal((n, d))), labels


def test_neighbours_by_cells_are_nearly_always_the_nearest():
    vectors, _ = blobs(6000, 40, noise=0.15)
    numbers, cosines = CellIndex(vectors).nearest(vectors, 5, same=True)
    exact = vectors @ vectors.T
    np.fill_diagonal(exact, -2)
    nearest = np.argsort(-exact, axis=1)[:, :5]
    found = np.mean([len(set(a) & set(b)) / 5 for a, b in zip(numbers, nearest, strict=True)])
    assert found > 0.95
    rows = np.arange(len(vectors))
    assert (numbers != rows[:, None]).all()
    np.testing.assert_allclose(cosines[:, 0], exact[rows, numbers[:, 0]], atol=1e-5)


def test_iterated_coordinates_span_those_solved_exactly():
    vectors, _ = blobs(700, 6)
    graph = neighbour_graph(Views(vectors, vectors), ["fr"] * 700)
    exact = Spectrum(6).fit(graph)
    warm = Spectrum(6).fit(graph, near=exact)
    np.testing.assert_allclose(warm.values_, exact.values_, atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(exact.coordinates(), axis=1), 1)


@pytest.mark.parametrize("n", [240, 3600])
def test_clear_groups_are_found_with_their_number_known(n):
    vectors, labels = blobs(n, 8)
    graph = neighbour_graph(Views(vectors, vectors), ["fr"] * n)
    clusterer = ThemeClusterer(n_themes=8).fit(graph)
    assert adjusted_rand_score(labels, clusterer.labels_) > 0.95
    assert (clusterer.partition_.stabilities > 0.9).all()
    assert ((clusterer.partition_.margins >= 0) & (clusterer.partition_.margins <= 1)).all()


def test_consensus_follows_the_runs_that_agree():
    truth = np.arange(90) % 3
    runs = [truth, (truth + 1) % 3, truth.copy(), np.arange(90) // 30]
    labels = consensus_labels(runs, 3, 0)
    assert adjusted_rand_score(truth, labels) == 1
    shares = votes(runs, labels, 3)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert (np.argmax(shares, axis=1) == labels).all()
    np.testing.assert_allclose(best_overlaps(labels, truth), 1)


def test_more_passages_may_have_more_themes_within_bounds():
    for n in (2, 40, 1_100, 10_000, 10**6):
        numbers = candidate_numbers(n)
        assert numbers == sorted(set(numbers))
        assert 1 <= numbers[0] <= numbers[-1] <= 70
    assert 16 in candidate_numbers(1_100)
    assert candidate_numbers(10_000)[0] > candidate_numbers(400)[0]


def test_a_passage_takes_a_share_of_the_others_of_its_text():
    vectors = np.eye(3)
    mixed = smoothed(vectors, np.array([7, 7, 9]), 0.5)
    expected = normalize([[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]])
    np.testing.assert_allclose(mixed, expected, atol=1e-6)
    np.testing.assert_array_equal(smoothed(vectors, np.array([0, 1, 2]), 0.5), vectors)


def test_latent_dimensions_keep_the_angles_of_flat_rows_and_take_new_ones():
    generator = np.random.default_rng(0)
    flat = normalize(generator.standard_normal((50, 5)) @ generator.standard_normal((5, 40)))
    model = LatentDimensions(8).fit(sparse.csr_matrix(flat[:40]))
    short = model.transform(sparse.csr_matrix(flat))
    assert short.shape == (50, 8)
    np.testing.assert_allclose(short @ short.T, flat @ flat.T, atol=1e-5)


def test_rare_columns_weigh_more_and_rows_have_length_one():
    counts = sparse.csr_matrix([[1.0, 1.0, 0.0], [1.0, 0.0, 2.0], [1.0, 0.0, 0.0]])
    weighted = Rarity(least=1).fit(counts).transform(counts).toarray()
    assert weighted[0, 1] > weighted[0, 0]
    np.testing.assert_allclose(np.linalg.norm(weighted, axis=1), 1)
    squared = Rarity(least=1, power=2).fit(counts).transform(counts).toarray()
    assert squared[0, 1] / squared[0, 0] > weighted[0, 1] / weighted[0, 0]
    assert Rarity(least=2).fit(counts).transform(counts).toarray()[0, 1] == 0


def concept_rows_of(*slugs):
    """Return a matrix of 100 passages about children, the last ones about the slugs given."""
    numbers = {c.slug: i for i, c in enumerate(load_lexicon().thesaurus.concepts)}
    rows = [["children"]] * (100 - len(slugs)) + [list(found) for found in slugs]
    where = [(i, numbers[slug]) for i, found in enumerate(rows) for slug in found]
    shape = (100, len(numbers))
    return sparse.csr_matrix((np.ones(len(where)), np.transpose(where)), shape=shape)


def elsewhere(concepts, texts):
    """Return which of 100 passages are about something else, by what they learn themselves."""
    judge = ElsewhereJudge(load_lexicon()).fit(concepts)
    return judge.predict(concepts, np.array(texts))


def test_only_what_speaks_of_others_matters_alone_is_elsewhere():
    concepts = concept_rows_of(["visas-travel"], ["visas-travel", "women"], ["hospital"])
    assert np.flatnonzero(elsewhere(concepts, range(100))).tolist() == [97]
    assert not elsewhere(concepts, [*range(98), 97, 99]).any()


def test_a_matter_that_many_speak_of_is_a_subject():
    concepts = concept_rows_of(*[["roads"]] * 5)
    assert not elsewhere(concepts, range(100)).any()


def test_a_visa_among_answers_about_children_is_off_topic_and_has_no_theme():
    pairs = [f"{one} {other}" for one in FRENCH for other in FRENCH if one != other]
    texts = [Text(f"{n}", pair) for n, pair in enumerate(pairs)]
    odd = Text("odd", "Mon visa Schengen a encore été refusé par le consulat.")
    result = analyse([*texts, odd], AnalysisOptions(n_themes=3, unit="row"))
    found = next(p for p in result.passages if p.key == "odd")
    assert found.state == "off_topic"
    assert found.theme is None
    assert [p.state for p in result.passages].count("off_topic") == 1


def test_importing_the_package_loads_no_heavy_library():
    code = "import sys, nlp; print({'sklearn', 'scipy', 'spacy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
