"""The whole difference and its overviews."""

from __future__ import annotations

import numpy as np

from core.buffer import ImageBuffer
from core.difference import DifferenceParams
from core.engine import compare
from core.maps import DifferenceMap
from core.settings import Settings
from core.types import MapKind


def a_map(shape, kind=MapKind.ABSOLUTE, rows=None):
    rng = np.random.default_rng(0)
    a, b = (rng.integers(0, 256, shape, dtype=np.uint8) for _ in "ab")
    pictures = (ImageBuffer.from_array(x) for x in (a, b[:rows]))
    return compare(*pictures, Settings([DifferenceParams(map=kind)]), measures=[]).map


def test_levels_go_down_to_what_fits_a_thumbnail():
    made = a_map((70, 1100))
    assert isinstance(made, DifferenceMap)
    assert [m.shape for m in made.levels] == [(70, 1100), (35, 550), (18, 275), (9, 138)]
    assert [m.shape for m in a_map((70, 256)).levels] == [(70, 256)]


def test_a_level_there_is_not_is_the_smallest():
    made = a_map((70, 1100))
    for k, level in enumerate(made.levels):
        assert made.at_level(k) is level
    assert made.at_level(4) is made.at_level(30) is made.levels[-1]


def test_the_magnitude_is_kept_once():
    made = a_map((70, 110))
    assert made.magnitude is made.levels[0]
    signed = a_map((70, 110), MapKind.SIGNED)
    np.testing.assert_array_equal(signed.magnitude, made.magnitude)
    assert (signed.kind, signed.unit) == (MapKind.SIGNED, "levels")


def test_codes_are_zero_where_one_picture_ends():
    for kind in MapKind:
        made = a_map((70, 110), kind, rows=61)
        assert not made.valid[61:].any()
        assert made.valid[:61].all()
        assert np.all(made.levels[0][61:] == (128 if kind is MapKind.SIGNED else 0))
        assert not made.magnitude[61:].any()
    assert a_map((70, 110)).valid is None


def test_no_array_is_counted_twice():
    absolute = compare(*(ImageBuffer.from_array(np.zeros((600, 700), np.uint8)) for _ in "ab")).map
    assert absolute.nbytes == sum(level.nbytes for level in absolute.levels)
