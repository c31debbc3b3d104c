"""The least and the largest value in each column of pixels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sequence.columns import (
    columns,
    dip,
    extent,
    first_change,
    over,
    peak,
    shares,
    under,
    window,
)

VALUES = st.lists(
    st.one_of(st.just(math.nan), st.floats(-1e6, 1e6), st.just(math.inf)), min_size=1, max_size=400
)


@st.composite
def views(draw):
    """Some values, and a part of them that may reach beyond their ends."""
    values = draw(VALUES)
    start = draw(st.floats(-20, len(values) + 5))
    span = draw(st.floats(0.5, len(values) + 20))
    return values, start, start + span, draw(st.integers(1, 300))


def slowly(values, start, end, pixels):
    """Put one frame after the other into its column."""
    kept = [[] for _ in range(pixels)]
    edges = [start + i * ((end - start) / pixels) for i in range(1, pixels)]
    for frame, value in enumerate(values):
        if start <= frame <= end:
            column = sum(edge <= frame for edge in edges)
            kept[column] += [] if math.isnan(value) else [value]
    low = [min(part, default=math.nan) for part in kept]
    return low, [max(part, default=math.nan) for part in kept]


@given(views())
def test_every_column_holds_the_least_and_the_largest_of_its_frames(view) -> None:
    low, high = columns(*view)
    wanted = slowly(*view)
    np.testing.assert_array_equal(low, wanted[0])
    np.testing.assert_array_equal(high, wanted[1])


@given(VALUES, st.integers(1, 300))
def test_the_extremes_of_a_curve_are_those_of_its_columns(values, pixels) -> None:
    low, high = columns(values, -0.5, len(values) - 0.5, pixels)
    known = [v for v in values if not math.isnan(v)]
    assert np.fmax.reduce(high) == max(known) if known else np.isnan(high).all()
    assert np.fmin.reduce(low) == min(known) if known else np.isnan(low).all()
    assert (np.isnan(low) == np.isnan(high)).all()


@pytest.mark.parametrize("at", [0, 1, 41_417, 99_998, 99_999])
def test_a_peak_of_one_frame_of_many_is_seen_where_it_is(at) -> None:
    values = np.zeros(100_000)
    values[at] = 1.0
    _, high = columns(values, -0.5, 99_999.5, 1156)
    assert np.flatnonzero(high).tolist() == [int((at + 0.5) * 1156 / 100_000)]


def test_a_gap_between_values_is_a_gap_between_columns() -> None:
    values = [1.0, 2.0, math.nan, math.nan, 5.0, math.nan]
    low, high = columns(values, -0.5, 5.5, 3)
    np.testing.assert_array_equal(low, [1.0, math.nan, 5.0])
    np.testing.assert_array_equal(high, [2.0, math.nan, 5.0])


def test_no_value_is_no_column() -> None:
    low, high = columns([], -0.5, 10.5, 4)
    assert np.isnan(low).all()
    assert high.shape == (4,)


@pytest.mark.parametrize(
    ("start", "end", "pixels"), [(0, 5, 0), (5, 5, 10), (6, 5, 10), (math.nan, 5, 3)]
)
def test_no_room_is_an_error(start, end, pixels) -> None:
    with pytest.raises(ValueError, match="start that lies before the end"):
        columns([1.0], start, end, pixels)


@given(views())
def test_a_window_holds_the_frames_from_edge_to_edge(view) -> None:
    values, start, end, _ = view
    first, seen = window(values, start, end)
    wanted = [i for i in range(len(values)) if start <= i <= end]
    np.testing.assert_array_equal(seen, [values[i] for i in wanted])
    assert not wanted or first == wanted[0]


def test_what_is_over_a_limit_keeps_its_value() -> None:
    values = [0.1, 0.3, 0.5, math.nan, 0.3]
    nan = math.nan
    np.testing.assert_array_equal(over(values, [0.4, 0.3]), [nan, nan, 0.5, nan, nan])
    np.testing.assert_array_equal(over(values, []), [nan] * 5)
    own = [0.05, nan, 0.6, 0.0]  # the last frame has none
    np.testing.assert_array_equal(over(values, [], own), [0.1, nan, nan, nan, nan])
    np.testing.assert_array_equal(over(values, [0.4], own), [0.1, nan, 0.5, nan, nan])


def test_what_is_under_a_limit_keeps_its_value() -> None:
    values = [0.1, 0.3, 0.5, math.nan, 0.3]
    nan = math.nan
    np.testing.assert_array_equal(under(values, [0.2, 0.3]), [0.1, nan, nan, nan, nan])
    np.testing.assert_array_equal(under(values, []), [nan] * 5)
    own = [0.15, nan, 0.4, 1.0]  # the last frame has none
    np.testing.assert_array_equal(under(values, [], own), [0.1, nan, nan, nan, nan])
    np.testing.assert_array_equal(under(values, [0.4], own), [0.1, 0.3, nan, nan, 0.3])
    np.testing.assert_array_equal(under([math.inf, -math.inf], [3.0]), [nan, -math.inf])


@given(VALUES, st.floats(-1e6, 1e6))
def test_a_value_is_over_a_limit_or_under_it_or_neither(values, limit) -> None:
    high, low = over(values, [limit]), under(values, [limit])
    for value, above, below in zip(values, high, low, strict=True):
        assert math.isnan(above) or above == value > limit
        assert math.isnan(below) or below == value < limit
        neither = math.isnan(above) and math.isnan(below)
        assert neither == (math.isnan(value) or value == limit)


def test_extent_leaves_out_what_no_axis_reaches() -> None:
    assert extent([3.0, math.nan, -2.0, math.inf, 0.0, 0.5]) == (-2.0, 3.0, 0.5)
    assert np.isnan(extent([math.nan, math.inf])).all()
    assert np.isnan(extent([-1.0, 0.0])[2])


@given(views())
def test_a_peak_is_the_largest_of_its_frames(view) -> None:
    values, start, end, _ = view
    found = peak(values, start, end)
    inside = [i for i in range(len(values)) if start <= i < end and not math.isnan(values[i])]
    assert found == max(inside, key=lambda i: (values[i], -i), default=None)


@given(views())
def test_a_dip_is_the_least_of_its_frames(view) -> None:
    values, start, end, _ = view
    found = dip(values, start, end)
    inside = [i for i in range(len(values)) if start <= i < end and not math.isnan(values[i])]
    assert found == min(inside, key=lambda i: (values[i], i), default=None)


@pytest.mark.parametrize("log", [False, True])
@given(value=st.floats(-10, 1e5))
def test_a_share_rises_from_0_to_1_and_stays_there(value, log) -> None:
    low, high = (0.01, 100.0) if log else (-1.0, 3.0)
    at, more, ends = shares([value, value + 1, math.nan], low, high, log=log)
    assert 0 <= at <= more <= 1
    assert math.isnan(ends)
    if value <= low or value >= high:
        assert at == (value > low)


def test_equal_factors_or_differences_are_equal_distances() -> None:
    np.testing.assert_allclose(shares([0.1, 1, 10], 0.01, 100, log=True), [0.25, 0.5, 0.75])
    np.testing.assert_allclose(shares([0, 1, 2], -1, 3, log=False), [0.25, 0.5, 0.75])


@given(VALUES, st.integers(0, 399), st.floats(-5, 5))
def test_the_first_change_is_found(values, at, other) -> None:
    assert first_change(values, list(values)) is None
    at %= len(values)
    if values[at] != other:
        assert first_change(values, [*values[:at], other, *values[at + 1 :]]) == at
    assert first_change(values[:at], values) == at
    assert first_change(values, values[:at]) == at


def test_no_curve_at_all_is_an_empty_one() -> None:
    assert first_change(None, None) is None
    assert first_change(None, []) is None
    assert first_change(None, [1.0]) == 0
