"""What lies beyond 255: counted, told, and never taken for 255."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.buffer import ImageBuffer
from core.difference import SLACK, DifferenceParams
from core.engine import compare
from core.reports import default_look, make_report
from core.result import Request
from core.settings import Settings
from core.types import MapKind


@settings(max_examples=40, deadline=None)
@given(
    scale=st.sampled_from([0.5, 200.0, 4000.0]), low=st.sampled_from([0.0, -100.0]),
    tolerance=st.integers(0, 255), seed=st.integers(0, 99),
)  # fmt: skip
def test_the_count_over_a_tolerance_and_the_ends_are_exact(scale, low, tolerance, seed):
    rng = np.random.default_rng(seed)
    a, b = (rng.uniform(low, low + scale, (20, 45)).astype(np.float32) for _ in "ab")
    pictures = [ImageBuffer.from_array(p, peak=255.0) for p in (a, b)]
    made = compare(*pictures, Settings([DifferenceParams(tolerance=float(tolerance))]))
    size = np.abs(a - b)
    over = np.count_nonzero(size > (tolerance + SLACK if tolerance else 0))
    h = made.histograms
    assert h.over(tolerance) == over == made.measures["l0"].value
    assert h.beyond == np.count_nonzero(size > 255 + SLACK)
    assert (h.below, h.above) == (min(a.min(), b.min()) < -0.5, max(a.max(), b.max()) > 255.5)
    assert h.value_text(0) == ("≤ 0" if h.below else "0")
    assert h.value_text(255) == ("≥ 255" if h.above else "255")
    assert h.difference_text(255) == ("≥ 255" if h.beyond else "255")
    assert (h.value_text(7), h.difference_text(0)) == ("7", "0")
    assert made.map.beyond == (h.beyond > 0)


@pytest.mark.parametrize(
    ("kind", "top", "ends"),
    [
        ("absolute", 255.0, ("0", "≥ 255")),
        ("signed", 255.0, ("≤ −255", "≥ 255")),
        ("squared", 65025.0, ("0", "≥ 65,025")),
        ("relative", 1.0, ("0", "≥ 1")),
    ],
)
def test_a_report_says_where_the_last_colour_stands_for_more(kind, top, ends):
    a = np.full((20, 45), 40.0, np.float32)
    b = a.copy()
    quiet = ImageBuffer.from_array(b, peak=255.0)
    b[3, 4], b[9, 30] = -5000.0, 5000.0
    wild = ImageBuffer.from_array(b, peak=255.0)
    chosen = Settings([DifferenceParams(map=kind)])
    look = default_look(MapKind(kind))
    look = type(look)(look.colormap, top)
    first = ImageBuffer.from_array(a, peak=255.0)
    for other, expected in ((wild, ends), (quiet, tuple(e.split()[-1] for e in ends))):
        result = compare(first, other, chosen)
        report = make_report(Request(first, other, chosen), result, look=look)
        assert report.ends == expected
