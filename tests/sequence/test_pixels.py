"""Counts and differences of frames, against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from core.sequence import pixels
from core.sequence.pixels import differ, picture
from core.tiles import WIDEST
from core.types import Token

RNG = np.random.default_rng(11)
NOISE = RNG.integers(0, 256, (401, 733, 3), np.uint8)
FLAT = np.full((402, 733, 3), 77, np.uint8)
DARK = np.where(RNG.random((403, 733, 3)) < 0.1, NOISE[:1, :1], 0).astype(np.uint8)
LARGE = np.tile(NOISE, (2, 1, 1))[:801]
"""So many pixels that they are counted in pairs, and an odd number."""
PLAIN = np.full_like(LARGE, 201)
NIGHT = np.where(LARGE < 140, 0, LARGE).astype(np.uint8)
WIDE = np.ascontiguousarray(np.tile(NOISE[:60], (1, 46, 1))[:, : WIDEST + 77])
SMALL = NOISE[:2, :3]
ROW = NOISE[:1]


@pytest.mark.parametrize("gray", [False, True])
@pytest.mark.parametrize("frame", [NOISE, FLAT, DARK, LARGE, PLAIN, NIGHT, WIDE, SMALL, ROW])
def test_every_level_is_counted_once(frame: np.ndarray, gray: bool) -> None:
    shown = np.ascontiguousarray(frame[..., 1]) if gray else frame
    planes = shown.reshape(*shown.shape[:2], -1)
    expected = [np.bincount(planes[..., c].ravel(), minlength=256) for c in range(planes.shape[2])]
    assert np.array_equal(picture(shown, Token()).counts, expected)


def test_what_is_too_large_to_be_counted_at_once_is_counted_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = picture(LARGE, Token()).counts
    monkeypatch.setattr(pixels, "_COUNTED", 100 * LARGE.shape[1] + 3)
    assert np.array_equal(picture(LARGE, Token()).counts, whole)


@pytest.mark.parametrize("gray", [False, True])
@pytest.mark.parametrize("tolerance", [0, 9, 9.9, 10, 254, 254.5, 255])
def test_a_pixel_has_changed_when_a_channel_differs_by_more(tolerance: float, gray: bool) -> None:
    a, b = NOISE.copy(), NOISE.copy()
    for c, (row, away) in enumerate(((3, 9), (200, 10), (400, 11))):
        a[row, 5 : 40 + 9 * c, c] = 60
        b[row, 5 : 40 + 9 * c, c] = 60 + away
    a[100, 7:21], b[100, 7:21] = 0, 255
    if gray:
        a, b = a[..., 2].copy(), b[..., 2].copy()
    away = np.abs(a.astype(int) - b).reshape(*a.shape[:2], -1)
    found = differ(a, b, tolerance, Token())
    n = a.shape[0] * a.shape[1]
    assert found.changed_share == (away.max(axis=2) > tolerance).sum() / n
    assert found.l1_per_pixel == away.sum() / n
