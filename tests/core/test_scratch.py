"""Working memory: each thread its own, and nothing of a comparison stays in it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.difference import DifferenceParams
from core.engine import compare
from core.scan import Scan
from core.scratch import Scratch
from core.settings import Settings
from core.stages.normalize import NormalizeParams
from core.tiles import strip_rects
from core.wanted import MeasuresParams
from tests.make import photo, with_noise


def test_the_same_memory_comes_back_for_the_same_name():
    scratch = Scratch()
    first = scratch.array("x", (20, 30, 3), np.uint8)
    again = scratch.array("x", (10, 15), np.float64)
    assert (first.shape, first.dtype, again.shape, again.dtype) == (
        (20, 30, 3), np.uint8, (10, 15), np.float64,
    )  # fmt: skip
    assert np.shares_memory(first, again)
    assert not np.shares_memory(first, scratch.array("y", (20, 30, 3), np.uint8))
    assert scratch.array("x", (100, 100), np.float32).flags.c_contiguous  # larger than before


def test_every_thread_has_its_own():
    scratch, found = Scratch(), []
    mine = scratch.array("x", (50, 50), np.uint8)
    other = threading.Thread(target=lambda: found.append(scratch.array("x", (50, 50), np.uint8)))
    other.start()
    other.join()
    assert not np.shares_memory(mine, found[0])


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1, 1), (16, 4000), (3, 64)])
def test_planes_do_not_overlap_nor_begin_alike(dtype, shape):
    planes = Scratch().planes("x", 4, shape, dtype)
    for i, plane in enumerate(planes):
        plane[:] = i
    assert [np.unique(p).tolist() for p in planes] == [[0], [1], [2], [3]]
    assert len({p.ctypes.data % 64 for p in planes}) == 4
    assert all(p.flags.c_contiguous and p.flags.aligned for p in planes)


def test_what_keeps_memory_of_its_own_is_made_once_a_thread():
    scratch, made = Scratch(), []

    def make():
        made.append(object())
        return made[-1]

    first = scratch.once(("a", 1), make)
    assert scratch.once(("a", 1), make) is first
    assert scratch.once(("a", 2), make) is not first
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(scratch.once, ("a", 1), make).result() is not first
    assert len(made) == 3


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    "chain",
    [[], [NormalizeParams(enabled=True)], [DifferenceParams(space="lab", tolerance=2.5)]],
    ids=["bytes", "float", "lab"],
)
def test_nothing_that_a_strip_brings_is_written_over_by_the_next(monkeypatch, chain, channels):
    monkeypatch.setattr("core.engine.strip_rects", lambda shape: strip_rects(shape, shape[1] * 60))
    a = photo(190, 200, seed=3, channels=channels)
    a, b = (ImageBuffer.from_array(x) for x in (a, with_noise(a, 9.0)[:181]))
    settings = Settings([*chain, MeasuresParams(also="all")])
    right = compare(a, b, settings)
    strip = Scan.strip

    def spoiled(scan, rect):
        part = strip(scan, rect)
        for kept in scan._scratch._kept.values():
            kept[:] = 99
        for made in scan._scratch._made.values():
            for name in ("_x", "_y", "_bytes", "_memory", "_mask"):
                if hasattr(made, name):
                    getattr(made, name)[:] = 99
        return part

    monkeypatch.setattr(Scan, "strip", spoiled)
    found = compare(a, b, settings)
    assert repr(found.measures) == repr(right.measures)  # nan is nan there
    assert found.regions == right.regions
    np.testing.assert_array_equal(found.map.levels[0], right.map.levels[0])
    np.testing.assert_array_equal(found.histograms.difference, right.histograms.difference)
