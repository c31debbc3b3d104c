"""What places do to the numbers: the whole engine, on scenes that are wide, off the diagonal."""

from __future__ import annotations

import numpy as np
import pytest

from core import maps
from core.buffer import ImageBuffer
from core.cache import Cache
from core.difference import DifferenceParams
from core.engine import compare, iterate
from core.places.params import PlacesParams
from core.places.shapes import covered
from core.places.text import shapes_of
from core.regions.rule import RegionParams
from core.result import Finished, Preview, Request
from core.settings import Settings
from core.tiles import strip_rects
from core.types import Rect, Token
from tests.core.places.scenes import (
    BLUR,
    CHAINS,
    NAMES,
    NORM,
    ODD,
    SHAPE,
    WHOLE,
    alike,
    asked,
    everything,
    pair,
)
from tests.make import photo


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_the_whole_canvas_alone_is_the_same_as_everything(chain):
    a, b = pair()
    alone = asked(a, b, PlacesParams(only=WHOLE), *chain)
    assert everything(alone) == everything(asked(a, b, *chain))
    (place,) = alone.places
    for name, value in place.measures.items():
        assert repr(value.value) == repr(alone.measures[name].value)


def test_only_a_rectangle_is_the_comparison_of_what_is_cut_out():
    a, b = pair()
    cut = slice(23, 71), slice(241, 302)
    found = asked(a, b, PlacesParams(only="rect 241,23 61x48"), measures=NAMES)
    expected = asked(a[cut], b[cut], measures=NAMES)
    alike(found, expected)
    assert found.pixels == 48 * 61
    assert [r.rect.shift(-23, -241) for r in found.regions] == [r.rect for r in expected.regions]
    np.testing.assert_array_equal(found.histograms.a, expected.histograms.a)
    np.testing.assert_array_equal(found.map.levels[0][cut], expected.map.levels[0])
    assert not found.map.levels[0][:23].any()
    assert found.map.valid.sum() == 255 * 48 * 61


def test_numbers_are_those_of_the_pixels_in_the_places():
    a, b = pair()
    found = asked(a, b, PlacesParams(only=ODD, ignore="rect 210,30 10x20"))
    mask = covered(shapes_of(ODD), Rect(0, 0, *SHAPE)) > 0
    mask[30:50, 210:220] = False
    d = np.abs(a.astype(float) - b)[mask]
    assert found.pixels == mask.sum() == found.measures["l1"].pixels
    assert found.measures["l1"].value == d.sum()
    assert found.measures["l0"].value == np.count_nonzero(d.max(axis=1))
    assert found.measures["max_abs"].value == d.max()
    assert found.histograms.a.sum() == 3 * mask.sum()
    assert found.histograms.difference.sum() == mask.sum()
    np.testing.assert_array_equal(found.map.valid > 0, mask)


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("places", [{"only": ODD}, {"ignore": ODD}, {"place": ODD}], ids=str)
def test_strips_are_the_whole(chain, places, monkeypatch):
    a, b = pair()
    params = PlacesParams(**places)
    whole = asked(a, b, params, *chain, measures=NAMES)
    monkeypatch.setattr("core.pipeline.PREVIEW_PIXELS", 0)
    for module in ("engine", "places.table"):
        monkeypatch.setattr(f"core.{module}.strip_rects", lambda s: strip_rects(s, s[1] * 22))
    cut = asked(a, b, params, *chain)
    for name, value in whole.measures.items():
        assert cut.measures[name].value == pytest.approx(
            value.value, rel=1e-6, abs=1e-9, nan_ok=True
        )
        assert cut.measures[name].pixels == value.pixels
    assert [r.rect for r in cut.regions] == [r.rect for r in whole.regions]
    for one, other in zip(cut.places, whole.places, strict=True):
        alike(one, other)


def test_stages_see_the_whole_picture_when_only_places_count():
    a = photo(*SHAPE, 3)
    b = a.copy()
    b[100, 30] = 255 - b[100, 30]
    b[40, 250] = 0
    in_a_corner = PlacesParams(only="rect 200,0 133x150")
    whole, part = asked(a, b, NORM, BLUR), asked(a, b, NORM, BLUR, in_a_corner)
    np.testing.assert_array_equal(
        part.map.levels[0][:, 200:], whole.map.levels[0][:, 200:]
    )  # fmt: skip
    spread = asked(a, b, BLUR, PlacesParams(only="rect 253,40 5x1"))
    assert spread.measures["l1"].value > 0


def test_off_on_off_finds_the_earlier_answer():
    a, b = (ImageBuffer.from_array(p) for p in pair())
    cache = Cache()

    def ask(*params):
        *_, last = iterate(Request(a, b, Settings([NORM, *params])), Token(), cache)
        assert isinstance(last, Finished)
        return last.result

    off = ask()
    on = ask(PlacesParams(ignore=ODD))
    assert everything(on) == everything(compare(a, b, Settings([NORM, PlacesParams(ignore=ODD)])))
    assert everything(on) != everything(off)
    assert ask() is off
    other = ask(PlacesParams(only=ODD))
    assert everything(other) == everything(compare(a, b, Settings([NORM, PlacesParams(only=ODD)])))


def test_the_tolerance_of_a_place_counts_in_it_alone():
    a = photo(*SHAPE, 3)
    b = a.copy()
    b[31:53, 247:282] ^= 15
    b[100:110, 20:40] ^= 15
    d = np.abs(a.astype(int) - b).max(axis=2)
    tolerances = np.full(SHAPE, 2.0)
    tolerances[35:100, 250:300] = 9.5
    tolerances[35:40, 250:255] = 0
    over = d > tolerances
    params = [
        DifferenceParams(tolerance=2.0), RegionParams(gap=1),
        PlacesParams(place="rect 250,35 50x65 tolerance=9.5; rect 250,35 5x5 tolerance=0"),
    ]  # fmt: skip
    found = asked(a, b, *params)
    assert found.over == found.measures["l0"].value == over.sum()
    assert sum(r.area for r in found.regions) == over.sum()
    assert found.measures["l1"].value == asked(a, b).measures["l1"].value
    assert [p.tolerance for p in found.places] == [9.5, 0.0]
    inside = d[35:100, 250:300]
    assert found.places[0].measures["l0"].value == np.count_nonzero(inside > 9.5)
    assert found.places[1].measures["l0"].value == np.count_nonzero(d[35:40, 250:255])
    floats = [p.astype(np.float32) / np.float32(255) for p in (a, b)]
    assert asked(*floats, *params).over == over.sum()


def test_swapped_pictures_have_the_same_numbers():
    a, b = pair()
    places = PlacesParams(only=ODD, ignore="rect 210,30 10x20", place="rect 0,0 70x90 tolerance=4")
    one, other = asked(a, b, places, measures=NAMES), asked(b, a, places, measures=NAMES)
    alike(one, other)
    for place, same in zip(one.places, other.places, strict=True):
        alike(place, same)


def test_a_preview_shows_only_what_counts():
    a, b = (ImageBuffer.from_array(p) for p in pair())
    places = PlacesParams(only="rect 240,20 60x50", ignore="rect 250,35 9x9")
    first = next(iterate(Request(a, b, Settings([places]), preview=True), Token(), Cache()))
    assert isinstance(first, Preview)
    mask = covered(places.counted, Rect(0, 0, *SHAPE)) > 0
    mask[35:44, 250:259] = False
    np.testing.assert_array_equal(first.tile.valid > 0, mask)
    assert not first.codes[~mask].any()


@pytest.mark.parametrize("kind", ["absolute", "signed"])
def test_huge_maps_keep_places_too(kind, monkeypatch):
    a, b = pair()
    places = PlacesParams(only="rect 241,23 61x48; rect 180,70 33x20", ignore="rect 250,30 4x40")
    params = [places, DifferenceParams(map=kind)]
    whole = asked(a, b, *params)
    monkeypatch.setattr(maps, "KEPT_PIXELS", 150 * 333 // 3)
    small = asked(a, b, *params)
    assert small.map.first == 2
    alike(small, whole)
    assert [r.rect for r in small.regions] == [r.rect for r in whole.regions]
    coarse = maps.reduced(whole.map.levels[0], whole.map.kind, 2)
    np.testing.assert_array_equal(small.map.levels[0], coarse)
    for level in (0, 1):
        _, rect = whole.map.whole(level)
        (codes, valid), (expected, exists) = (m.map.read(rect, level) for m in (small, whole))
        np.testing.assert_array_equal(codes, expected)
        np.testing.assert_array_equal(valid, exists)
