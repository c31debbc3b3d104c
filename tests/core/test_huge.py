"""Huge canvases: the same answer, though most of the difference is not kept."""

from __future__ import annotations

import numpy as np
import pytest

from core import engine, maps, scan, tiles
from core.buffer import ImageBuffer
from core.cache import Cache
from core.difference import DifferenceParams
from core.errors import CompareError
from core.render import Look, heat, heat_level
from core.result import Finished, Request
from core.settings import Settings
from core.stages.blur import BlurParams
from core.stages.edges import EdgesParams
from core.stages.normalize import NormalizeParams
from core.types import MapKind, Rect, Token
from tests.make import photo, with_noise

SHAPE = (601, 1067)


@pytest.fixture
def huge(monkeypatch):
    """From 100,000 pixels on a canvas is huge, and worked on in blocks of 64 x 128."""

    def switch():
        monkeypatch.setattr(maps, "KEPT_PIXELS", 100_000)
        monkeypatch.setattr(tiles, "HUGE", 20_000)
        monkeypatch.setattr(tiles, "BLOCK", 128)
        monkeypatch.setattr(engine, "strip_rects", lambda s: tiles.strip_rects(s, 64 * 128))

    return switch


def pictures(rows=None, holes=False):
    a = photo(*SHAPE, seed=2, dtype=np.float32 if holes else np.uint8)
    b = a.copy()
    rng = np.random.default_rng(3)
    for r, c in zip(rng.integers(0, 590, 80), rng.integers(0, 1060, 80), strict=True):
        b[r : r + 1 + r % 9, c : c + 3] *= 0 if r % 2 else 1
        b[r, c] = b[r, c] // 2
    if holes:
        a[20:31, 100:140] = np.nan
        b = with_noise(b, 0.01)
    return ImageBuffer.from_array(a), ImageBuffer.from_array(b[:rows])


QUESTIONS = {
    "plain": (),
    "fraction": (DifferenceParams(tolerance=2.5),),
    "signed": (DifferenceParams(map=MapKind.SIGNED, tolerance=4.0),),
    "relative": (DifferenceParams(map=MapKind.RELATIVE),),
    "blur": (BlurParams(enabled=True, sigma=2.0), DifferenceParams(tolerance=1.0)),
    "normalize": (NormalizeParams(enabled=True, method="percentile"),),
}


@pytest.mark.parametrize(
    ("name", "case"),
    [
        ("plain", "same size"),
        ("fraction", "holes"),
        ("signed", "shorter"),
        ("relative", "same size"),
        ("blur", "shorter"),
        ("normalize", "holes"),
    ],
)
def test_the_answer_is_that_of_a_smaller_canvas(huge, name, case):
    a, b = pictures(rows=550 if case == "shorter" else None, holes=case == "holes")
    settings = Settings(QUESTIONS[name])
    wanted = ("l1", "l0", "max_abs", "rmse", *(("ssim",) if name == "plain" else ()))
    plain = engine.compare(a, b, settings, measures=wanted)
    huge()
    large = engine.compare(a, b, settings, measures=wanted)
    assert large.map.first == 2  # halved until there are at most 50,000 pixels
    assert large.map.magnitude is None
    assert large.map.nbytes < plain.map.nbytes / 8
    assert (large.regions, large.region_count) == (plain.regions, plain.region_count)
    assert (large.pixels, large.differs, large.notices) == (
        plain.pixels, plain.differs, plain.notices,
    )  # fmt: skip
    for key in ("a", "b", "difference"):
        np.testing.assert_array_equal(
            getattr(large.histograms, key), getattr(plain.histograms, key)
        )
    for key, value in plain.measures.items():
        # The strips are others, and SSIM blurs in float32: equal to 1e-6.
        assert large.measures[key].value == pytest.approx(value.value, rel=1e-6, abs=1e-6), key
    for ours, theirs in zip(large.map.levels, plain.map.levels[2:], strict=True):
        np.testing.assert_array_equal(ours, theirs)
    for asked in range(5):
        level, whole = heat_level(plain.map, asked)
        assert heat_level(large.map, asked) == (level, whole)
        for rect in (whole, Rect(whole.height // 3, whole.width // 2, 9, 14).intersect(whole)):
            shown = [heat(m, rect, level, Look(), 1.0).rgb for m in (large.map, plain.map)]
            np.testing.assert_array_equal(*shown)


def test_a_map_goes_on_when_its_question_is_no_longer_asked(huge):
    huge()
    token = Token()
    request = Request(*pictures(), Settings([NormalizeParams(enabled=True)]))
    cache = Cache()
    *_, last = engine.iterate(request, token, cache)
    assert isinstance(last, Finished)
    token.cancel()
    cache.clear()  # the range of values is known all the same
    codes, valid = last.result.map.read(Rect(20, 30, 40, 50), 0)
    assert valid is None
    assert codes.shape == (40, 50)


def test_no_regions_are_looked_for_unless_wanted(huge):
    huge()
    result = engine.compare(*pictures(), regions=False)
    assert (result.regions, result.region_count) == ((), 0)


def test_lines_that_run_through_a_huge_picture_are_refused(monkeypatch):
    monkeypatch.setattr("core.stages.edges.MOST_CANNY", 20_000)
    with pytest.raises(CompareError, match="Canny"):
        engine.compare(*pictures(), Settings([EdgesParams(enabled=True, method="canny")]))


def test_the_strips_of_wide_canvases_do_not_reach_from_side_to_side():
    rects = tiles.strip_rects((600, 40_000))
    assert {(r.height, r.width) for r in rects} == {
        (256, 4096), (256, 3136), (88, 4096), (88, 3136),
    }  # fmt: skip
    assert [(r.row, r.col) for r in rects] == sorted((r.row, r.col) for r in rects)
    assert sum(r.area for r in rects) == 600 * 40_000
    assert scan.first_level((25_000, 40_000)) == 2
    assert all(n % 4 == 0 for r in tiles.strip_rects((25_000, 40_000)) for n in (r.row, r.col))
