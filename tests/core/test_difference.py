"""Differences, codes, tolerances and painted maps against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.color
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.absolute import largest_channel
from core.blocks import cells
from core.difference import (
    DifferenceParams,
    codes_of,
    difference,
    over_tolerance,
)
from core.map_kinds import KINDS
from core.types import MapKind, Rect, Tile

EVERYWHERE = (slice(None), slice(None))
SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 21))


def tile(channels, dtype, seed=0, *, holes=True, shape=(11, 27)):
    rng = np.random.default_rng(seed)
    full = shape if channels == 1 else (*shape, channels)
    a = rng.integers(0, 256, full)
    b = np.clip(a + rng.integers(-40, 41, full) * (rng.random(full) < 0.7), 0, 255)
    if np.dtype(dtype).kind == "f":
        a, b = a + rng.random(full) * 0.9, b + rng.random(full) * 0.9
        same = rng.random(shape) < 0.2
        b[same] = a[same]
    valid = np.where(rng.random(shape) < 0.1, 0, 255).astype(np.uint8) if holes else None
    return Tile(a.astype(dtype), b.astype(dtype), valid, Rect(0, 0, *shape))


def levels(magnitude):
    """Codes by the text of the module, value by value, in float64."""
    m = magnitude.astype(np.float64)
    return np.where(m == 0, 0, np.clip(np.ceil(m - 0.001), 1, 255))


def decided(magnitude):
    """Where rounding cannot matter: not within float32's error of a whole number and 0.001."""
    m = magnitude.astype(np.float64)
    return np.abs((m - 0.001) - np.rint(m - 0.001)) > 1e-4


@pytest.mark.parametrize("holes", [True, False])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
def test_the_difference_is_numpys(channels, dtype, holes):
    for inner in (EVERYWHERE, (slice(2, 9), slice(4, 20))):
        t = tile(channels, dtype, holes=holes)
        d = difference(t, inner, DifferenceParams(tolerance=7))
        a, b = (x[inner].astype(np.float64) for x in (t.a, t.b))
        good = np.full(a.shape[:2], True) if t.valid is None else t.valid[inner] > 0
        right = np.where(good if channels == 1 else good[..., None], np.abs(a - b), 0)
        magnitude = right if channels == 1 else right.max(axis=2)
        assert d.absolute.dtype == dtype
        if dtype is np.float32:  # one rounding of a difference of up to 255
            np.testing.assert_allclose(d.absolute, right, rtol=0, atol=1e-5)
        else:
            np.testing.assert_array_equal(d.absolute, right)
        np.testing.assert_array_equal(d.magnitude, d.absolute.reshape(*good.shape, -1).max(axis=2))
        assert d.pixels == np.count_nonzero(good)
        sure = decided(magnitude) | (magnitude == np.rint(magnitude))
        np.testing.assert_array_equal(d.codes[sure], levels(magnitude)[sure])
        np.testing.assert_array_equal((d.codes == 0), (d.magnitude == 0))
        np.testing.assert_array_equal(d.over[sure] > 0, (magnitude > 7.001)[sure])
        assert set(np.unique(d.over)) <= {0, 255}
        assert not d.over[~good].any()
        assert d.map_codes is d.codes


@given(
    arrays(np.float64, SHAPES, elements=st.floats(0, 300, allow_subnormal=False)),
    st.sampled_from([np.float32, np.float64]),
)
def test_codes_are_magnitudes_rounded_up(magnitude, dtype):
    m = magnitude.astype(dtype)
    codes = codes_of(m)
    assert codes.dtype == np.uint8
    np.testing.assert_array_equal(codes == 0, m == 0)
    sure = decided(m)
    np.testing.assert_array_equal(codes[sure], levels(m)[sure])
    # Wherever a tie falls, a code is not off by more than the slack allows.
    small = m <= 254
    assert np.all(m[small] <= codes[small] + 0.00101)
    assert np.all((codes[small] == 0) | (m[small] > codes[small].astype(int) - 1))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_codes_at_the_edges(dtype):
    tiny = np.finfo(dtype).tiny
    m = np.array([[0, tiny, 1e-9, 0.5, 1.0, 1.0009, 1.002, 1.5, 2.0, 253.5, 254.0, 254.01, 255.0,
                   255.5, 1000.0, 1e6]], dtype)  # fmt: skip
    right = [0, 1, 1, 1, 1, 1, 2, 2, 2, 254, 254, 255, 255, 255, 255, 255]
    np.testing.assert_array_equal(codes_of(m)[0], right)


def test_whole_levels_through_a_float_file_are_whole_codes():
    k = np.arange(256).reshape(1, 256)
    through = (k / 255).astype(np.float32) / np.float32(1 / 255)
    np.testing.assert_array_equal(codes_of(through), k)
    for t in range(256):
        over = over_tolerance(through, codes_of(through), float(t))
        np.testing.assert_array_equal(over > 0, k > t)


@pytest.mark.parametrize("tolerance", [0, 1, 4, 4.5, 127.25, 254, 254.5, 255])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_over_the_tolerance(tolerance, dtype):
    k = np.arange(256).reshape(1, 256)
    m = k.astype(dtype)
    np.testing.assert_array_equal(over_tolerance(m, codes_of(m), tolerance) > 0, k > tolerance)
    if dtype is not np.uint8:
        near = np.array([[tolerance, tolerance + 0.0005, tolerance + 0.002, tolerance + 30]], dtype)
        over = over_tolerance(near, codes_of(near), tolerance)
        # At 0 whatever is not exactly 0 counts.
        assert (over[0] > 0).tolist() == [False, tolerance == 0, True, True]


@given(
    arrays(np.float32, SHAPES, elements=st.floats(0, 260, width=32)),
    st.integers(0, 254),
)
def test_over_a_whole_tolerance_and_a_code_above_it_are_the_same(m, tolerance):
    codes = codes_of(m)
    over = over_tolerance(m, codes, float(tolerance))
    np.testing.assert_array_equal(over > 0, codes > tolerance)


def test_nothing_is_over_255_in_bytes_but_in_floats_there_may_be():
    m = np.array([[0, 255]], np.uint8)
    assert not over_tolerance(m, m, 255.0).any()
    m = np.array([[255.0, 300.0]], np.float32)
    assert over_tolerance(m, codes_of(m), 255.0)[0].tolist() == [0, 255]


def signed_script(a, b):
    """Signed codes by the text: the channel that differs most; 128 is 0, 127 steps to 255."""
    d = (a - b).reshape(*a.shape[:2], -1)
    far = np.take_along_axis(d, np.abs(d).argmax(axis=2)[..., None], axis=2)[..., 0]
    steps = np.minimum(levels(np.abs(far) * 127 / 255), 127)
    return far, 128 + np.sign(far) * steps


@pytest.mark.parametrize("holes", [True, False])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
def test_painted_maps_against_plain_numpy(channels, dtype, holes):
    t = tile(channels, dtype, 3, holes=holes)
    a, b = t.a.astype(np.float64), t.b.astype(np.float64)
    good = np.full(a.shape[:2], True) if t.valid is None else t.valid > 0
    d = np.abs(a - b).reshape(*a.shape[:2], -1)
    magnitude = np.where(good, d.max(axis=2), 0)

    squared = difference(t, EVERYWHERE, DifferenceParams(map="squared"))
    values = magnitude**2 / 255
    sure = decided(values)
    np.testing.assert_array_equal(squared.map_codes[sure], levels(values)[sure])

    relative = difference(t, EVERYWHERE, DifferenceParams(map="relative"))
    larger = np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-6).reshape(d.shape)
    values = np.where(good, (d / larger).max(axis=2) * 255, 0)
    sure = decided(values)
    np.testing.assert_array_equal(relative.map_codes[sure], levels(values)[sure])

    signed = difference(t, EVERYWHERE, DifferenceParams(map="signed"))
    far, right = signed_script(a, b)
    tied = np.sort(d, axis=2)
    sure = decided(np.abs(far) * 127 / 255) & good
    if channels > 1:  # of two channels equally far either sign is right
        sure &= tied[..., -1] > tied[..., -2] + 1e-4
    np.testing.assert_array_equal(signed.map_codes[sure], right[sure])
    assert np.all(signed.map_codes[~good] == 128)
    np.testing.assert_array_equal((signed.map_codes == 128), (signed.magnitude == 0))

    plain = difference(t, EVERYWHERE, DifferenceParams())
    for other in (squared, relative, signed):
        np.testing.assert_array_equal(other.codes, plain.codes)
        np.testing.assert_array_equal(other.magnitude, plain.magnitude)
        np.testing.assert_array_equal(other.over, plain.over)


def test_a_relative_difference_knows_no_zero_division():
    a = np.array([[0.0, 0.0, 10.0, -10.0]], np.float32)
    b = np.array([[0.0, 5.0, 5.0, 10.0]], np.float32)
    d = difference(Tile(a, b, None, Rect(0, 0, 1, 4)), EVERYWHERE, DifferenceParams(map="relative"))
    assert d.map_codes[0].tolist() == [0, 255, 128, 255]


@pytest.mark.parametrize("kind", list(MapKind))
def test_the_range_of_a_map(kind):
    info = KINDS[kind]
    if kind is MapKind.SIGNED:
        assert info.low + (info.high - info.low) * 128 / 255 == pytest.approx(0.0, abs=1e-12)
        assert info.low + (info.high - info.low) / 255 == pytest.approx(-255.0)
    else:
        assert info.low == 0.0
    assert info.low < info.start < info.high or info.start == info.high
    of_levels = {"squared": 65025.0, "relative": 1.0}
    if kind in (MapKind.ABSOLUTE, MapKind.SQUARED, MapKind.RELATIVE):
        assert info.high == of_levels.get(str(kind), 255.0)


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
def test_bytes_are_added_up_by_cell_in_place_of_keeping_their_difference(channels, monkeypatch):
    monkeypatch.setattr("core.absolute._BLOCK", 190)  # two rows: blocks end within cells
    whole = tile(channels, np.uint8, holes=False, shape=(41, 95))
    rect = Rect(7, 0, 33, 95)
    of = list(cells(rect, (41, 95)))
    assert len({c.where[0].stop for c in of}) > 2
    assert len({c.where[1].stop for c in of}) > 2
    inner = rect.slices
    d = difference(whole, inner, DifferenceParams(), cells=of)
    kept = difference(whole, inner, DifferenceParams())
    assert kept.sums is None
    away = np.abs(whole.a[inner].astype(np.int64) - whole.b[inner])
    right = [(away[c.where].sum(), (away[c.where] ** 2).sum()) for c in of]
    np.testing.assert_array_equal(d.sums, right)
    if channels > 1:
        assert d.absolute is None
    for name in ("magnitude", "over", "codes", "map_codes", "pixels"):
        np.testing.assert_array_equal(getattr(d, name), getattr(kept, name), err_msg=name)


@pytest.mark.parametrize("why", ["deep", "holes", "lab"])
def test_only_sums_of_bytes_are_taken_at_once(why):
    t = tile(3, np.float32 if why == "deep" else np.uint8, holes=why == "holes")
    of = list(cells(t.rect, (11, 27)))
    params = DifferenceParams(space="lab" if why == "lab" else "rgb")
    d = difference(t, EVERYWHERE, params, cells=of)
    assert d.sums is None
    assert d.absolute is not None


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_in_lab_the_distance_is_euclidean(channels, dtype):
    t = tile(channels, dtype, 5)
    d = difference(t, EVERYWHERE, DifferenceParams(space="lab", tolerance=4.5))
    a, b = (
        skimage.color.rgb2lab(np.clip(x[..., :3].astype(np.float64), 0, 255) / 255)
        for x in (t.a, t.b)
    )
    good = t.valid > 0
    right = np.where(good, skimage.color.deltaE_cie76(a, b), 0)
    assert d.absolute.shape == (*good.shape, 3)
    # The white of scikit-image is not that of its matrix: it moves colours by up to 0.03.
    np.testing.assert_allclose(d.magnitude, right, rtol=0, atol=0.03)
    np.testing.assert_allclose(d.absolute, np.where(good[..., None], np.abs(a - b), 0), atol=0.03)
    np.testing.assert_array_equal(d.over > 0, d.magnitude > 4.501)
    assert not d.codes[~good].any()


def test_the_largest_channel():
    rng = np.random.default_rng(0)
    for channels in (1, 2, 3, 5):
        pixels = rng.random((4, 9, channels)).astype(np.float32)
        np.testing.assert_array_equal(largest_channel(pixels), pixels.max(axis=2))
    assert largest_channel(pixels[:, :, 0]).ndim == 2


def test_no_valid_pixel_gives_nothing():
    t = tile(3, np.uint8)
    none = Tile(t.a, t.b, np.zeros((11, 27), np.uint8), t.rect)
    for kind in MapKind:
        d = difference(none, EVERYWHERE, DifferenceParams(map=kind))
        assert d.pixels == 0
        assert not d.codes.any()
        assert not d.over.any()
        assert np.all(d.map_codes == (128 if kind is MapKind.SIGNED else 0))
