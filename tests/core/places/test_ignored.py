"""Nothing looks at what is ignored, and it is still shown."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.cache import Cache
from core.pipeline import Pipeline
from core.places.params import PlacesParams
from core.places.shapes import covered
from core.probe import probe
from core.render import Side, originals, picture
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.edges import EdgesParams
from core.types import Rect
from tests.core.places.scenes import (
    BLUR,
    CHAINS,
    NORM,
    ODD,
    SHAPE,
    WHOLE,
    asked,
    everything,
    pair,
)
from tests.make import photo, shifted, with_patch


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_what_is_ignored_never_leaks_out(chain, dtype):
    """Whatever stands there, in one picture or both, no number and no pixel of the map changes."""
    a, b = pair(dtype)
    places = PlacesParams(ignore="ellipse 200,20 90x61; rect 3,100 30x20")
    mask = covered(places.ignored, Rect(0, 0, *SHAPE)) > 0
    found = asked(a, b, places, *chain)
    huge = 2e5 if dtype is np.float32 else 255
    changed_a, changed_b = a.copy(), b.copy()
    changed_a[mask], changed_b[mask] = huge, 0
    assert everything(asked(changed_a, changed_b, places, *chain)) == everything(found)
    assert found.pixels <= np.count_nonzero(~mask)
    assert not found.map.levels[0][mask].any() or found.map.kind == "signed"
    assert not found.map.valid[mask].any()
    assert everything(asked(changed_a, changed_b, *chain)) != everything(found)


def test_the_range_of_values_is_that_of_what_counts():
    a, b = pair(np.float32)
    a[40:50, 220:230], b[60:65, 220:225] = 2e5, -3.0
    found = asked(a, b, PlacesParams(ignore="ellipse 200,20 90x61")).histograms
    assert (found.below, found.above) == (False, False)
    found = asked(a, b).histograms
    assert (found.below, found.above) == (True, True)


def test_nothing_is_left_of_a_change_that_is_ignored():
    a = photo(*SHAPE, 3)
    b = with_patch(a, 31, 247, 22, 35, by=60)
    for chain in ([], [BLUR], [EdgesParams(enabled=True)]):
        assert asked(a, b, *chain).differs
        found = asked(a, b, PlacesParams(ignore="rect 247,31 35x22"), *chain)
        assert not found.differs
        assert found.measures["max_abs"].value == 0.0
        assert found.measures["ssim"].value == 1.0
        assert not found.regions
    smaller = asked(a, b, PlacesParams(ignore="rect 247,31 34x22"))
    assert smaller.measures["l0"].value == 22


def test_normalize_does_not_look_at_what_is_ignored():
    a = photo(*SHAPE, 3) // 2 + 20
    b = (a * 1.5).astype(np.uint8)
    b[9, 200] = 255
    a[100, 30] = 0
    plain = asked(a, b, NORM).measures["l1_per_pixel"].value
    ignored = PlacesParams(ignore="rect 200,9 1x1; rect 30,100 1x1")
    assert asked(a, b, NORM, ignored).measures["l1_per_pixel"].value < 3 < plain


def test_everything_ignored_leaves_nothing():
    a, b = pair()
    for places in ({"ignore": WHOLE}, {"only": ODD, "ignore": ODD}, {"only": "rect 900,1 2x2"}):
        for chain in CHAINS.values():
            found = asked(a, b, PlacesParams(**places), *chain)
            assert found.pixels == found.over == found.region_count == 0
            assert all(math.isnan(m.value) for m in found.measures.values())
            assert "no_overlap" in [n.code for n in found.notices]
            assert not found.differs


def test_align_looks_at_what_is_not_ignored_and_not_only_at_what_is_measured():
    a, b = shifted(3, -5, *SHAPE)
    params = AlignParams(enabled=True)
    plain = asked(a, b, params).alignment
    only = asked(a, b, params, PlacesParams(only=ODD, place="rect 1,1 20x20")).alignment
    assert only == plain
    ignoring = asked(a, b, params, PlacesParams(ignore=ODD)).alignment
    assert ignoring != plain
    assert np.hypot(*np.subtract(ignoring.shift, plain.shift)) < 0.02


def placed(cache, pair, align, **places):
    settings = Settings([AlignParams(enabled=align), PlacesParams(**places)])
    return Pipeline(*pair, settings, cache).placement


@pytest.mark.parametrize("where", [0, 1])
def test_a_placement_is_remembered_with_what_it_did_not_look_at(where):
    pair = tuple(ImageBuffer.from_array(p) for p in shifted(3, -5, *SHAPE))
    cache = Cache()
    one = placed(cache, pair, True, ignore=ODD)
    other = placed(cache, pair, True, ignore=(WHOLE, "")[where])
    assert one is not other
    assert one.alignment != other.alignment
    assert placed(cache, pair, True, ignore=ODD, only="rect 1,1 9x9") is one
    assert placed(cache, pair, False, ignore=ODD) == placed(cache, pair, False)


def test_an_ignored_place_is_still_shown_in_both_pictures():
    a, b = (ImageBuffer.from_array(p) for p in pair())
    settings = Settings([BLUR, PlacesParams(ignore=ODD)])
    rect = Rect(0, 0, *SHAPE)
    for side in (Side.A, Side.B):
        shown = picture(Pipeline(a, b, settings, Cache()), side, rect, 0)
        plain = picture(Pipeline(a, b, Settings([BLUR]), Cache()), side, rect, 0)
        np.testing.assert_array_equal(shown.rgb, plain.rgb)
        original = picture(Pipeline(a, b, originals(settings), Cache()), side, rect, 0)
        np.testing.assert_array_equal(original.rgb, (a, b)[side is Side.B].data)


def test_a_pixel_that_is_ignored_has_values_but_no_difference():
    a, b = (ImageBuffer.from_array(p) for p in pair())
    pipeline = Pipeline(a, b, Settings([PlacesParams(ignore="rect 247,31 35x22")]), Cache())
    pipeline.prepare()
    found = probe(pipeline, 31, 247)
    assert found.a is not None
    assert found.magnitude is None
    assert probe(pipeline, 31, 246).magnitude is not None
