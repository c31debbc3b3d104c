import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import format as fmt
from core.difference import DifferenceParams
from core.histograms import Histograms
from core.noise.params import NoiseParams
from core.places.params import PlacesParams
from core.settings import Settings
from core.types import Contents, MeasureValue

NONE = np.zeros((0, 256), np.int64)


def value(v, unit="", better="lower"):
    return MeasureValue("m", "M", v, unit, better, 10)


@pytest.mark.parametrize(
    ("given_value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (7, "7"),
        (1234567, "1,234,567"),
        (1234567.0, "1,234,567"),
        (-1234, "−1,234"),
        (0.5, "0.5"),
        (34.30000001, "34.3"),
        (1234.56789, "1,234.57"),
        (12345678.4, "12,345,678.4"),
        (0.971234499, "0.971234"),
        (0.99999999, "0.99999999"),
        (0.9999999999999999, "1"),  # binary noise, not a difference
        (0.00012345678, "0.000123457"),
        (1.5e-9, "1.5e−9"),
        (2.5e20, "2.5e20"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "–"),
    ],
)
def test_numbers(given_value, text):
    assert fmt.number(given_value) == text


def back(text):
    return float(text.replace(",", "").replace("−", "-"))


@given(st.floats(-1e18, 1e18, allow_subnormal=False))
def test_a_number_is_read_back_within_six_digits(v):
    # Six significant digits are off by at most half a unit of the sixth: 5e-6 of the value.
    assert back(fmt.number(v)) == pytest.approx(v, rel=5e-6, abs=0)


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_lose_no_digit(n):
    assert int(back(fmt.number(n))) == n


@given(st.floats(1e-9, 1 - 1e-9))
def test_a_share_is_never_rounded_to_none_or_all(share):
    assert fmt.percent(share) not in ("0 %", "100 %")


def test_a_measure_has_its_unit_and_a_share_is_a_percentage():
    assert fmt.measure_text(value(1234.5, "levels")) == "1,234.5 levels"
    assert fmt.measure_text(value(0.07, "share")) == "7 %"
    assert fmt.measure_text(value(math.inf, "dB")) == "∞ dB"
    assert fmt.measure_text(value(math.nan, "dB")) == "–"
    assert fmt.measure_text(value(math.nan, "share")) == "–"
    assert fmt.direction(value(1.0, better="higher")) == "↑"


@pytest.mark.parametrize(
    ("interval", "unit", "text"),
    [
        (None, "levels", ""),
        ((12.3049, 14.0561), "levels", "12.3 … 14.06"),
        ((0.99812, 0.99834), "", "0.9981 … 0.9983"),
        ((0.998121, 0.998124), "", "0.998121 … 0.998124"),
        ((0.1, 0.25), "share", "10 … 25 %"),
        ((0.0, 0.0), "share", "0 … 0 %"),
        ((31.5, math.inf), "dB", "31.5 … ∞"),
        ((-1.5, 1234.5), "levels", "−1.5 … 1,234"),
    ],
)
def test_intervals(interval, unit, text):
    assert fmt.interval_text(replace(value(1.0, unit), interval=interval)) == text


def result(over, *, pixels=200, tolerance=0.0, regions=1, size_b=(20, 10), measures=None, small=0):
    difference = np.zeros(256, np.int64)
    difference[0], difference[3], difference[200] = pixels - over - small, small, over
    picture = SimpleNamespace(width=20, height=10)
    return SimpleNamespace(
        a=picture,
        b=SimpleNamespace(width=size_b[0], height=size_b[1]),
        settings=Settings((DifferenceParams(tolerance=tolerance),)),
        histograms=Histograms((), NONE, NONE, difference),
        measures=measures or {},
        pixels=pixels,
        over=over,
        region_count=regions,
        differs=over > 0 or size_b != (20, 10),
    )


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (result(0), "No difference: all 200 pixels are equal."),
        (result(0, tolerance=4.0), "No difference: all 200 pixels are equal."),
        (result(0, small=5, tolerance=4.0), "No difference beyond the tolerance of 4."),
        (result(1), "They differ: 1 of 200 pixels (0.5 %) differs, in 1 region."),
        (
            result(30, tolerance=4.0, regions=2),
            "They differ: 30 of 200 pixels (15 %) differ by more than 4, in 2 regions.",
        ),
        (result(30, regions=0), "They differ: 30 of 200 pixels (15 %) differ."),
        (
            result(30, tolerance=4.5),
            "They differ: 30 of 200 pixels (15 %) differ by more than 4.5, in 1 region.",
        ),
        (
            result(0, size_b=(9, 8)),
            "They differ in size, 20 × 10 and 9 × 8; where both exist, no pixel differs.",
        ),
        (
            result(0, pixels=0, size_b=(9, 8)),
            "They differ in size, 20 × 10 and 9 × 8; there is no pixel where both pictures exist.",
        ),
        (
            result(0, pixels=0),
            "They cannot be compared: there is no pixel where both pictures exist.",
        ),
    ],
)
def test_verdicts(made, sentence):
    assert fmt.verdict(made) == sentence


@pytest.mark.parametrize(
    ("contents", "text"),
    [
        (Contents(), ""),
        (Contents(10, 2), "page 3 of 10"),
        (Contents(1, 0, ("z", "n"), "n"), "n"),
        (Contents(2, 1, ("z", "n"), "z"), "page 2 of 2, z"),
        (Contents(1, 0, ("z",), "z"), ""),  # there is no other
    ],
)
def test_which_picture_of_its_file(contents, text):
    info = SimpleNamespace(width=900, height=600, contents=contents)
    assert fmt.part_text(contents) == text
    assert fmt.picture_text(info) == ", ".join(filter(None, ["900 × 600", text]))


def test_what_is_over_the_tolerance_is_not_what_counts_beyond_the_noise():
    made = result(30, tolerance=4.0)
    assert (fmt.over_tolerance(made), fmt.decided_otherwise(made)) == (30, False)
    assert fmt.over_tolerance(result(30, tolerance=4.5)) == 30
    for more in (NoiseParams(enabled=True), PlacesParams(place="rect 1,2 3x4 tolerance=9")):
        made = result(30, tolerance=4.0)
        made.settings, made.over = made.settings.replacing(more), 7
        assert (fmt.over_tolerance(made), fmt.decided_otherwise(made)) == (30, True)
        made.settings = made.settings.replacing(DifferenceParams(tolerance=4.5))
        assert fmt.over_tolerance(made) is None
