from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.fft import dctn

from core.measures.phash import CELLS, MEASURE, bits, means, overlaps
from core.types import Rect
from tests.core.measures.samples import noise, run, sample, speckled
from tests.make import exposed, photo, with_noise


def weights(length):
    """(32, length): how much of each pixel lies in each cell, by drawing 32 parts of each pixel."""
    parts = np.repeat(np.eye(length), CELLS, axis=1)  # each pixel as 32 parts
    return parts.reshape(length, CELLS, length).sum(axis=2).T / CELLS


def averages(plane, valid=None):
    """(32, 32) means over cells; float64."""
    r, c = (weights(n) for n in plane.shape)
    keep = np.ones(plane.shape) if valid is None else (valid > 0).astype(np.float64)
    sums, area = (r @ (plane * keep) @ c.T), r @ keep @ c.T
    return np.where(area > 0, sums / np.where(area > 0, area, 1), sums.sum() / area.sum())


def fingerprint(plane, valid=None):
    """The 64 bits, from SciPy's transform."""
    low = dctn(averages(plane.astype(np.float64), valid), norm="ortho")[:8, :8]
    low = np.round(low * 1024) / 1024
    return low > np.median(low)


def luma(picture):
    return picture @ np.array([0.2126, 0.7152, 0.0722])


def distance(a, b, valid=None, **more):
    return run(MEASURE, a, b, valid, **more)["phash_distance"].value


@pytest.mark.parametrize("shape", [(90, 160), (270, 481), (33, 47), (32, 64), (20, 300), (7, 5)])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_agrees_with_a_script_on_scipy(shape, dtype):
    a, b = photo(*shape, 3).astype(dtype), photo(*shape, 4).astype(dtype)
    expected = np.count_nonzero(fingerprint(luma(a)) != fingerprint(luma(b)))
    value = run(MEASURE, a, b, cuts=(3, 17, 45))["phash_distance"]
    assert value.value == expected
    assert (value.unit, value.better, value.pixels) == ("bits", "lower", a.shape[0] * a.shape[1])
    valid = speckled(*shape, 1, 0.1)
    expected = np.count_nonzero(fingerprint(luma(a), valid) != fingerprint(luma(b), valid))
    assert distance(a, b, valid, cuts=(3, 17, 45)) == expected
    assert expected > 10  # of two unrelated scenes


@pytest.mark.parametrize("shape", [(90, 160), (33, 47), (7, 41)])
def test_averages_are_exact(shape):
    plane = noise(*shape).astype(np.float64)
    valid = speckled(*shape, 1, 0.3)
    sums = np.zeros((2, 2, CELLS, CELLS))
    for top, bottom in ((0, 5), (5, shape[0])):
        a, b = plane[top:bottom], plane[top:bottom]
        for i, mask in enumerate((None, valid[top:bottom])):
            part = MEASURE.partial(_strip(a, b, mask, top, shape))
            sums[i] += part.a, part.area
    for found, mask in zip(sums, (None, valid), strict=True):
        # Sums of multiples of 1/1024 are exact.
        np.testing.assert_allclose(means(*found), averages(plane, mask), rtol=1e-14)


def _strip(a, b, mask, top, shape):
    rect = Rect(top, 0, *a.shape)
    return replace(sample(a, b, mask, Rect.of(a), 0, 0.0), rect=rect, canvas=shape)


def test_strips_that_do_not_reach_from_side_to_side():
    a, b = photo(90, 160, 3, 1), photo(90, 160, 4, 1)
    whole = MEASURE.partial(_strip(a, b, None, 0, a.shape))
    rects = [Rect(0, 0, 90, 61), Rect(0, 61, 90, 99)]
    parts = []
    for rect in rects:
        x, y = a[rect.slices].copy(), b[rect.slices].copy()
        seen = sample(x, y, None, Rect.of(x), 0, 0.0)
        parts.append(MEASURE.partial(replace(seen, rect=rect, canvas=a.shape)))
    for name in ("a", "b", "area"):
        assert (sum(getattr(p, name) for p in parts) == getattr(whole, name)).all()


@given(st.integers(1, 100), st.data())
def test_cells_share_out_each_pixel(length, data):
    first = data.draw(st.integers(0, length - 1))
    count = data.draw(st.integers(1, length - first))
    found = overlaps(length, first, count)
    assert (found == weights(length)[:, first : first + count]).all()
    assert (found.sum(axis=0) == 1).all()


@given(st.integers(0, 2**32), st.integers(1, 3), st.sampled_from([np.uint8, np.float32]))
def test_a_picture_against_itself_and_swapped(seed, channels, dtype):
    a = noise(17, 29, channels, seed=seed, dtype=dtype)
    b = noise(17, 29, channels, seed=seed + 1, dtype=dtype)
    assert distance(a, a.copy()) == 0
    assert distance(a, b, cuts=(6,)) == distance(b, a)


def test_small_changes_flip_few_bits_and_another_scene_half_of_them():
    a = photo(270, 480, 3)
    for b in (
        with_noise(a, 6.0),
        exposed(a, 0.8, 20),
        np.ascontiguousarray(cv2.GaussianBlur(a, (0, 0), 2)),
        cv2.imdecode(cv2.imencode(".jpg", a, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], 1),
    ):
        assert distance(a, b) <= 4
    assert 20 <= distance(a, photo(270, 480, 8)) <= 44


def test_each_bit_is_a_wave_of_rows_and_columns():
    def wave(i, k):
        rows = np.cos(np.pi * i * (np.arange(96) + 0.5) / 96)
        return (128 + 60 * np.outer(rows, np.cos(np.pi * k * (np.arange(160) + 0.5) / 160))).astype(
            np.float32
        )

    found = bits(averages(wave(1, 6).astype(np.float64)))
    assert np.argwhere(found).tolist() == [[0, 0], [1, 6]]  # the mean brightness, and the wave
    assert distance(wave(1, 6), wave(6, 1), cuts=(31,)) == 2
    assert distance(wave(1, 6), wave(1, 9)) == 1  # beyond the lowest eight: not seen


def test_pictures_without_a_pattern_have_no_bits_by_chance():
    flat = [np.full((90, 160), level, np.float32) for level in (7.3, 100.1, 254.9)]
    assert distance(flat[0], flat[1]) == distance(flat[1], flat[2]) == 0
    stripes = np.tile(photo(90, 160, 3, 1)[:, :1], (1, 160))
    other = exposed(stripes, 0.7, 9).astype(np.float32) + 1 / 3
    assert distance(stripes.astype(np.float32), other) == 0
    assert not bits(np.zeros((32, 32))).any()


@given(st.integers(0, 2**32))
def test_depth_changes_nothing(seed):
    a, b = noise(19, 43, 3, seed=seed), noise(19, 43, 3, seed=seed + 1)
    wide = [(x.astype(np.uint16) * 257).astype(np.float32) / np.float32(257) for x in (a, b)]
    assert distance(*wide) == distance(a, b)
    opaque = [np.dstack([x, np.full(x.shape[:2], 255, np.uint8)]) for x in (a, b)]
    assert distance(*opaque, alpha=True) == distance(a, b)


@given(st.integers(0, 2**32), st.sampled_from([0.0, 255.0, 1e30]))
def test_invalid_pixels_have_no_influence(seed, rubbish):
    a, b = (noise(31, 57, 3, seed=s, dtype=np.float32) for s in (1, 2))
    valid = speckled(31, 57, seed, 0.2)
    clean = distance(a, b, valid, cuts=(12,))
    b[valid == 0] = rubbish
    assert distance(a, b, valid, cuts=(12,)) == clean


def test_after_edges_and_with_no_valid_pixel_there_is_no_number():
    a = noise(40, 70)
    for value in (
        run(MEASURE, a, a, seen=False, cuts=(7,))["phash_distance"],
        run(MEASURE, a, a, np.zeros((40, 70), np.uint8))["phash_distance"],
    ):
        assert math.isnan(value.value)
        assert value.pixels == 0
