"""The numbers of a sequence frame by frame."""

from __future__ import annotations

import math

import numpy as np

from core.sequence.curves import LIMIT, Curves
from core.sequence.params import SequenceParams
from core.sequence.result import FrameResult
from core.sequence.series import Limits, Series, filled
from core.sequence.types import Verdict


def _results(count: int) -> list[FrameResult]:
    rng = np.random.default_rng(3)
    out = []
    for k in range(count):
        verdicts = (Verdict.CUT,) if k in (40, 41) else (Verdict.OK,)
        out.append(
            FrameResult(k, k / 25, f"#{k}", l1_per_pixel=float(k), hist_kl=float(rng.random() / 50),
                        verdicts=verdicts)
        )  # fmt: skip
    return out


def test_every_number_stands_at_its_frame() -> None:
    series, limits = Series(), Limits(SequenceParams())
    results = _results(3000)  # more than the first room
    for part in (results[:5], results[5:]):
        series.add(part, limits.of(part))
    assert series.frames == 3000
    assert series.names == ("l1_per_pixel", "hist_kl")
    assert np.array_equal(series.values("l1_per_pixel"), np.arange(3000.0))
    assert np.array_equal(series.values("hist_kl"), [r.hist_kl for r in results])
    assert np.array_equal(series.values("time"), np.arange(3000) / 25)


def test_the_limit_is_that_of_the_report() -> None:
    params = SequenceParams()
    series, limits, curves = Series(), Limits(params), Curves(params)
    for result in _results(300):
        series.add([result], limits.of([result]))
        curves.add(result)
    points = curves.points[LIMIT]
    expected = [p.high for p in points]
    assert np.array_equal(series.values(LIMIT), expected, equal_nan=True)
    assert np.isfinite(series.values(LIMIT)).sum() > 200


def test_a_frame_that_is_left_out_is_a_gap() -> None:
    series = Series()
    a, b = FrameResult(7, 0.0, "a", hist_kl=0.1), FrameResult(9, 0.0, "b", hist_kl=0.3)
    bad = FrameResult(10, 0.0, "c", verdicts=(Verdict.UNREADABLE,), problem="It is damaged.")
    series.add([a, b, bad], [math.nan] * 3)
    assert (series.first, series.frames, series.unreadable) == (7, 4, [10])
    values = series.values("hist_kl").tolist()
    assert values[0] == 0.1
    assert values[2] == 0.3
    assert math.isnan(values[1])
    assert math.isnan(values[3])


def test_values_of_some_frames_are_a_curve_with_gaps() -> None:
    first, values = filled({5: 0.5, 3: 0.25, 8: math.nan, 6: 1.0})
    assert first == 3
    assert np.array_equal(values, [0.25, math.nan, 0.5, 1.0, math.nan, math.nan], equal_nan=True)
    assert filled({})[1].size == 0
