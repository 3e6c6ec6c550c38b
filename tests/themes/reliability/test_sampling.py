"""A blind sample by language and region."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.themes.reliability.sampling import LEAST_OF_A_LANGUAGE, Candidate, stratified


def corpus(**sizes: int) -> list[Candidate]:
    """Return passages: so many of each language, half of them in each of two regions."""
    found = []
    for language, size in sizes.items():
        for number in range(size):
            found.append(Candidate(len(found) + 1, language, "08" if number % 2 else "04"))
    return found


def test_the_same_seed_draws_the_same_passages_and_another_one_others() -> None:
    everything = corpus(fr=500, ar=300)

    drawn = stratified(everything, 100, 7)

    assert stratified(reversed(everything), 100, 7) == drawn
    assert stratified(everything, 100, 8) != drawn
    assert len(set(drawn)) == 100


def test_a_language_with_few_passages_has_enough_of_them() -> None:
    everything = corpus(fr=900, ar=600, darija=40, zgh=4)
    languages = {one.passage_id: one.language for one in everything}

    counts = Counter(languages[number] for number in stratified(everything, 100, 1))

    assert counts["darija"] >= LEAST_OF_A_LANGUAGE
    assert counts["zgh"] == 4
    assert counts["fr"] > counts["ar"] > counts["darija"]
    assert counts.total() == 100


def test_within_a_language_regions_have_their_share() -> None:
    everything = corpus(fr=400)
    regions = {one.passage_id: one.region for one in everything}

    counts = Counter(regions[number] for number in stratified(everything, 100, 3))

    assert counts == {"04": 50, "08": 50}


def test_every_passage_has_its_chance() -> None:
    everything = corpus(fr=60)
    times = Counter(n for seed in range(200) for n in stratified(everything, 20, seed))

    assert set(times) == {one.passage_id for one in everything}
    assert max(times.values()) < 110


@given(
    st.dictionaries(st.sampled_from(["fr", "ar", "zgh", "und"]), st.integers(1, 60), min_size=1),
    st.integers(1, 120),
    st.integers(0, 99),
)
def test_as_many_are_drawn_as_asked_for_or_there_are(
    sizes: dict[str, int], size: int, seed: int
) -> None:
    everything = corpus(**sizes)

    drawn = stratified(everything, size, seed)

    assert len(drawn) == len(set(drawn)) == min(size, len(everything))
