"""A click beside the feature finds it; where nothing is clear, the click stands."""

from __future__ import annotations

import math
from dataclasses import replace
from unittest.mock import Mock

import cv2
import numpy as np
import pytest

from core.alignment.pins import Pin
from core.alignment.snapping import snapped
from core.buffer import ImageBuffer
from core.geometry import Matrix, Placement
from tests.make import photo, shifted

RNG = np.random.default_rng(6)
LAID = Placement((220, 300))
SHIFT = 3.3, -2.6  # rows, cols


def corners(picture: np.ndarray, count: int = 12) -> list[tuple[float, float]]:
    gray = picture.mean(axis=2).astype(np.float32)
    found = cv2.goodFeaturesToTrack(gray[40:-40, 40:-40], count, 0.05, 25)
    return [(float(x) + 40, float(y) + 40) for x, y in found.reshape(-1, 2)]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_a_click_some_pixels_beside_finds_the_feature(dtype: type) -> None:
    a, b = (ImageBuffer.from_array(p) for p in shifted(*SHIFT, 220, 300, seed=8, dtype=dtype))
    off = []
    for x, y in corners(a.data):
        true = x + SHIFT[1], y + SHIFT[0]
        dx, dy = RNG.uniform(-4, 4, 2)
        pin = snapped(a, b, Pin((x, y), (true[0] + dx, true[1] + dy)), LAID)
        assert pin.a == (x, y)
        off.append(math.dist(pin.b, true))
    assert np.median(off) < 0.05
    assert np.mean(np.array(off) < 0.1) >= 0.75


def test_it_looks_at_b_turned_and_scaled_as_it_lies() -> None:
    a = photo(260, 340, seed=8)
    turn = cv2.getRotationMatrix2D((170, 130), 35.0, 1.25)
    b = cv2.warpAffine(a, turn, (340, 260), flags=cv2.INTER_CUBIC)
    m = np.linalg.inv(np.vstack([turn, [0, 0, 1]]))
    matrix: Matrix = tuple(tuple(float(v) for v in row) for row in m)  # type: ignore[assignment]
    first, second = ImageBuffer.from_array(a), ImageBuffer.from_array(b)
    off, plain = [], []
    for x, y in corners(a):
        true = turn @ np.array([x, y, 1.0])
        if not (60 < true[0] < 280 and 60 < true[1] < 200):
            continue
        click = Pin((x, y), (true[0] + 2.0, true[1] - 3.0))
        off.append(
            math.dist(snapped(first, second, click, Placement(LAID.shape, b=matrix)).b, true)
        )
        plain.append(snapped(first, second, click, LAID).b == click.b)
    assert len(off) >= 3
    assert np.median(off) < 0.3
    assert np.mean(plain) >= 0.5  # without it most are not found


def test_where_nothing_is_clear_the_click_stands() -> None:
    flat = np.full((120, 120, 3), 90, np.uint8)
    edge = flat.copy()
    edge[:, 60:] = 200
    noise = RNG.integers(0, 255, (2, 120, 120, 3), np.uint8)
    for a, b in ((flat, flat), (edge, edge), (noise[0], noise[1])):
        pin = Pin((60.0, 60.0), (61.0, 63.0))
        assert snapped(ImageBuffer.from_array(a), ImageBuffer.from_array(b), pin, LAID) == pin


def test_at_the_border_and_behind_the_camera_the_click_stands() -> None:
    a = ImageBuffer.from_array(photo(120, 160, seed=2))
    for at in ((3.0, 60.0), (80.0, 118.0)):
        assert snapped(a, a, Pin(at, at), LAID) == Pin(at, at)
    away: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (-0.1, 0.0, 1.0))
    pin = Pin((80.0, 60.0), (80.0, 60.0))
    assert snapped(a, a, pin, Placement(LAID.shape, b=away)) == pin


def test_a_whole_shift_is_found_as_one() -> None:
    a, b = (ImageBuffer.from_array(p) for p in shifted(-5, 3, 220, 300, seed=8))
    for x, y in corners(a.data, 4):
        pin = snapped(a, b, Pin((x + 0.25, y - 0.5), (x + 1.0, y - 4.0)), LAID)
        assert pin.b == (x + 3.25, y - 5.5)


def test_only_what_is_in_memory_is_looked_at() -> None:
    a = ImageBuffer.from_array(photo(120, 160, seed=2))
    pieces = Mock(shape=a.store.shape, dtype=a.dtype)  # stands for a file read piece by piece
    slow = replace(a, source=pieces)
    pin = Pin((80.0, 60.0), (82.0, 59.0))
    assert snapped(a, a, pin, LAID) != pin
    assert snapped(a, slow, pin, LAID) == pin
    pieces.read.assert_not_called()


def test_no_number_in_the_pictures_is_no_trouble() -> None:
    a = photo(120, 160, seed=2).astype(np.float32) / 255
    b = a.copy()
    b[58, 78] = np.nan
    found = snapped(
        ImageBuffer.from_array(a), ImageBuffer.from_array(b), Pin((80.0, 60.0), (81.0, 60.0)),
        LAID,
    )  # fmt: skip
    assert math.dist(found.b, (80.0, 60.0)) < 1.01
