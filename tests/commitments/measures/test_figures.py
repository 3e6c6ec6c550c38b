"""Figures by region and axis add up to the whole, whatever the measures are."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.commitments.measures.figures import Figures, tally
from app.commitments.measures.lateness import is_late
from app.commitments.models import Measure, MeasureState, Milestone

TODAY = date(2022, 1, 20)
PARTS = ["national", "01", "02"]

days = st.none() | st.dates(date(2021, 1, 1), date(2023, 1, 1))
measures = st.lists(
    st.builds(
        lambda region, amount, state, ends, due, done: Measure(
            region_code=region,
            amount_mad=amount,
            state=state,
            ends_on=ends,
            milestones=[Milestone(due_on=due, done_on=done)],
        ),
        st.sampled_from([None, "01", "02", "03"]),
        st.none() | st.integers(0, 10**12),
        st.sampled_from([state.value for state in MeasureState]),
        days,
        days,
        days,
    ),
    max_size=30,
)


@given(measures)
def test_each_measure_counts_in_one_part_and_the_parts_make_the_total(
    found: list[Measure],
) -> None:
    made = tally(found, lambda one: one.region_code or "national", PARTS, TODAY)

    rows = [figures for _part, figures in made.rows]
    for name in ("n", "amount", "n_stated", "n_unstated", "n_done", "n_late"):
        assert sum(getattr(row, name) for row in rows) == getattr(made.total, name)
    assert made.total.n == len(found)
    assert made.total.amount == sum(one.amount_mad or 0 for one in found)
    assert made.total.n_unstated == sum(one.amount_mad is None for one in found)
    assert made.total.n_late == sum(is_late(one, TODAY) for one in found)
    assert [part for part, _figures in made.rows][:3] == PARTS


def test_an_amount_of_nought_is_known_and_none_is_not() -> None:
    found = [Measure(amount_mad=0, state="signed"), Measure(amount_mad=None, state="signed")]

    made = tally(found, lambda _one: "national", [], TODAY)

    assert made.total == Figures(n=2, amount=0, n_stated=1)
    assert made.total.n_unstated == 1
