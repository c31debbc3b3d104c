"""What one answer tells of the next: nothing is made twice, and every number stays the same."""

from __future__ import annotations

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.cache import Cache
from core.difference import DifferenceParams
from core.engine import iterate
from core.regions.rule import RegionParams
from core.result import Finished, Preview, Request
from core.scan import Scan
from core.settings import Settings
from core.stages.blur import BlurParams
from core.types import Token
from core.wanted import MeasuresParams
from tests.make import photo


@pytest.fixture(scope="module")
def pair():
    a = photo(150, 262, 3)
    b = np.clip(a.astype(int) + np.random.default_rng(3).integers(-9, 10, a.shape), 0, 255)
    b[30:50, 200:230] = 255 - b[30:50, 200:230]
    return ImageBuffer.from_array(a), ImageBuffer.from_array(b.astype(np.uint8))


@pytest.fixture
def scans(monkeypatch):
    """Return what each scan is asked to make: names of measures, histograms, kind of map."""
    made = []
    plain = Scan.__init__

    def noted(self, pipeline, measures, params, **more):
        names = [n for m in measures for n in m.names]
        made.append((names, more["histograms"], str(params.map), more.get("mapper")))
        plain(self, pipeline, measures, params, **more)

    monkeypatch.setattr(Scan, "__init__", noted)
    return made


def answer(pair, settings, cache, **more):
    events = list(iterate(Request(*pair, settings, **more), Token(), cache))
    assert isinstance(events[-1], Finished)
    return events[-1].result, [e for e in events if isinstance(e, Preview)]


def same(one, other):
    document, expected = one.to_dict(), other.to_dict()
    document.pop("timings")
    expected.pop("timings")
    assert document == expected
    for x, y in zip(one.map.levels, other.map.levels, strict=True):
        np.testing.assert_array_equal(x, y)
    np.testing.assert_array_equal(one.histograms.a, other.histograms.a)
    np.testing.assert_array_equal(one.histograms.difference, other.histograms.difference)


BLUR = BlurParams(enabled=True, sigma=1.5)
CHANGES = [
    ("tolerance", [DifferenceParams(tolerance=12.0)]),
    ("fraction", [DifferenceParams(tolerance=3.5)]),
    ("regions", [RegionParams(gap=1, min_area=1)]),
    ("map", [DifferenceParams(map="signed")]),
    ("also", [MeasuresParams(also="ssim")]),
]


@pytest.mark.parametrize("chain", [[], [BLUR]], ids=["bytes", "floats"])
@pytest.mark.parametrize(("name", "change"), CHANGES, ids=[n for n, _ in CHANGES])
def test_a_changed_question_has_the_answer_that_a_fresh_one_has(pair, chain, name, change):
    cache = Cache()
    first, _ = answer(pair, Settings(chain), cache)
    there, _ = answer(pair, Settings([*chain, *change]), cache)
    fresh, _ = answer(pair, Settings([*chain, *change]), Cache())
    same(there, fresh)
    back, _ = answer(pair, Settings(chain), cache)
    same(back, first)


def test_a_tolerance_makes_only_what_depends_on_it(pair, scans):
    cache = Cache()
    answer(pair, Settings(), cache, preview=True)
    first = scans[0]
    assert {"ssim", "hist_kl", "l0"} <= set(first[0])
    assert first[1]
    result, previews = answer(
        pair, Settings([DifferenceParams(tolerance=5.0)]), cache, preview=True
    )
    names, histograms, _, _ = scans[1]
    assert "l0" in names
    assert not {"ssim", "rmse", "hist_kl"} & set(names)
    assert not histograms
    assert not previews  # the exact map is there already
    assert {"ssim", "hist_kl"} <= set(result.measures)


def test_another_map_makes_no_measure_again(pair, scans):
    cache = Cache()
    answer(pair, Settings(), cache)
    _, previews = answer(pair, Settings([DifferenceParams(map="signed")]), cache, preview=True)
    assert scans[1][2] == "signed"
    assert "ssim" not in scans[1][0]
    assert previews  # the other map is not known yet
    answer(pair, Settings([DifferenceParams(map="absolute", tolerance=7.0)]), cache)
    assert scans[2][2] == "absolute"


def test_another_chain_knows_nothing_of_this_one(pair, scans):
    cache = Cache()
    answer(pair, Settings(), cache)
    answer(pair, Settings([BLUR]), cache)
    assert scans[1][0] == scans[0][0]
    assert scans[1][1]


def test_the_order_of_the_table_stays_when_measures_are_added_one_by_one(pair):
    cache = Cache()
    fresh, _ = answer(pair, Settings([MeasuresParams(also="all")]), Cache())
    answer(pair, Settings(), cache)
    answer(pair, Settings([MeasuresParams(also="hist_kl")]), cache)
    there, _ = answer(pair, Settings([MeasuresParams(also="all")]), cache)
    assert list(there.measures) == list(fresh.measures)


def test_without_intervals_every_number_is_the_same(pair):
    from core.engine import compare

    every = Settings([MeasuresParams(also="all")])
    sure, bare = compare(*pair, every), compare(*pair, every, intervals=False)
    assert any(m.interval for m in sure.measures.values())
    assert not any(m.interval for m in bare.measures.values())
    for name, m in sure.measures.items():
        assert bare.measures[name].value == pytest.approx(m.value, rel=1e-12, nan_ok=True), name
        assert (bare.measures[name].pixels, bare.measures[name].at) == (m.pixels, m.at)
    cache = Cache()
    answer(pair, Settings(), cache, intervals=False)
    result, _ = answer(pair, Settings([DifferenceParams(tolerance=3.0)]), cache)
    assert result.measures["mae"].interval  # what was made without is not taken for it
