"""The map of passages: near means alike, the same input gives the same map."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from nlp.errors import OptionsError
from nlp.landscape import landscape, place, quality


def clouds(n_clouds, n_each, *, spread=0.12, seed=0):
    """Return rows of length 1 in clouds around axes of many dimensions, and their clouds."""
    generator = np.random.default_rng(seed)
    centres = np.repeat(np.eye(60)[:n_clouds], n_each, axis=0)
    rows = centres + spread * generator.standard_normal((len(centres), 60))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32), np.repeat(np.arange(n_clouds), n_each)


VECTORS, CLOUDS = clouds(8, 50)
MAP = landscape(VECTORS)


def own_share(places, labels):
    """Return the share of the five nearest on the map that are of the same cloud."""
    far = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(far, np.inf)
    return float((labels[np.argsort(far, axis=1)[:, :5]] == labels[:, None]).mean())


def test_places_lie_in_the_unit_square_and_fill_it():
    assert MAP.shape == (400, 2)
    assert MAP.min() >= 0
    assert MAP.max() <= 1
    assert np.ptp(MAP, axis=0).max() > 0.9


def test_the_same_input_gives_the_same_map():
    assert np.array_equal(landscape(VECTORS), MAP)


def test_clouds_are_areas_of_the_map():
    assert own_share(MAP, CLOUDS) > 0.97


def test_the_map_keeps_neighbours_better_than_principal_components():
    plane = PCA(2, random_state=0).fit_transform(VECTORS)
    assert quality(VECTORS, MAP) > quality(VECTORS, plane) + 0.05


def test_themes_draw_together():
    labels = np.arange(400) % 3
    by_theme = landscape(VECTORS, labels)
    assert own_share(by_theme, labels) > own_share(MAP, labels) + 0.1


def test_passages_that_are_like_nothing_have_no_place():
    rows = np.vstack([VECTORS[:100], np.zeros((2, 60), dtype=np.float32)])
    places = landscape(rows, n_rounds=20)
    assert np.isnan(places[100:]).all()
    assert not np.isnan(places[:100]).any()


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 9])
def test_few_passages_have_places_too(n):
    places = landscape(VECTORS[:n], n_rounds=5)
    assert places.shape == (n, 2)
    assert ((places >= 0) & (places <= 1)).all()


def test_passages_that_say_the_same_are_no_trouble():
    places = landscape(np.repeat(VECTORS[:2], 40, axis=0), n_rounds=30)
    assert ((places >= 0) & (places <= 1)).all()


def test_new_passages_are_placed_among_their_like_and_nobody_moves():
    kept, before = MAP[::2].copy(), MAP.copy()
    found = place(VECTORS[1::2], VECTORS[::2], kept)
    middles = np.array([kept[CLOUDS[::2] == cloud].mean(axis=0) for cloud in range(8)])
    nearest = np.linalg.norm(found[:, None] - middles[None], axis=2).argmin(axis=1)
    assert (nearest == CLOUDS[1::2]).mean() > 0.95
    assert np.array_equal(kept, before[::2])
    assert np.isnan(place(np.zeros((1, 60)), VECTORS, MAP)).all()
    assert np.isnan(place(VECTORS[:1], VECTORS[:0], MAP[:0])).all()


def test_quality_is_not_told_of_a_few():
    assert quality(VECTORS[:10], MAP[:10]) is None


def test_impossible_options_are_refused():
    with pytest.raises(OptionsError):
        landscape(VECTORS, [1])
    with pytest.raises(OptionsError):
        landscape(VECTORS, n_rounds=0)
    with pytest.raises(OptionsError):
        place(VECTORS, VECTORS, MAP[:3])
