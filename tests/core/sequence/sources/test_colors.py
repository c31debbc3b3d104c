"""Colours of video: every matrix, range and depth against ten lines of float64."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest

from core.io.decoded import upright
from core.sequence.sources import pixels
from core.sequence.sources.video import VideoSource
from core.types import Alpha, Encoding
from tests.core.sequence.sources.movies import movie, number, planes_movie

if TYPE_CHECKING:
    from pathlib import Path

    from core.buffer import ImageBuffer

MATRICES = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 6: (0.299, 0.114), 9: (0.2627, 0.0593)}
HIGH, WIDE = 24, 40


def oracle(
    planes: list[np.ndarray], weights: tuple[float, float], *, full: bool, depth: int
) -> np.ndarray:
    y, u, v = (plane.astype(np.float64) for plane in planes)
    red, blue = weights
    unit, top = 1 << (depth - 8), (1 << depth) - 1
    y = y / top if full else (y - 16 * unit) / (219 * unit)
    u, v = ((c - 128 * unit) / (top if full else 224 * unit) for c in (u, v))
    r, b = y + 2 * (1 - red) * v, y + 2 * (1 - blue) * u
    g = (y - red * r - blue * b) / (1 - red - blue)
    return np.clip(np.dstack([r, g, b]), 0, 1) * top


def planes_of(seed: int, depth: int, *, full: bool, chroma: int = 1) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    unit = 1 << (depth - 8)
    low, high = (0, 256 * unit) if full else (16 * unit, 235 * unit + 1)
    dtype = np.uint8 if depth == 8 else np.uint16
    luma = rng.integers(low, high, (HIGH, WIDE)).astype(dtype)
    small = (HIGH // chroma, WIDE // chroma)
    return [luma, *(rng.integers(low, high, small).astype(dtype) for _ in range(2))]


def only(path: Path) -> ImageBuffer:
    source = VideoSource(str(path), isolated=False)
    image = source.frame(0).image
    source.close()
    assert image is not None
    return image


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("depth", [8, 10, 12])
def test_colours_are_right_to_a_level(tmp_path: Path, matrix: int, full: bool, depth: int) -> None:
    planes = planes_of(matrix, depth, full=full)
    pixels = "yuv444p" if depth == 8 else f"yuv444p{depth}le"
    tags = {"colorspace": matrix, "color_range": 2 if full else 1}
    image = only(planes_movie(tmp_path / "a.mkv", planes, pixels, **tags))
    expected = oracle(planes, MATRICES[matrix], full=full, depth=depth)
    assert image.dtype == (np.uint8 if depth == 8 else np.uint16)
    assert (image.peak, image.bits) == ((1 << depth) - 1, depth)
    assert image.encoding is Encoding.SRGB
    assert image.alpha is Alpha.NONE
    assert np.abs(image.data - expected).max() <= 1.0


@pytest.mark.parametrize("depth", [8, 10])
def test_smaller_chroma_is_interpolated(tmp_path: Path, depth: int) -> None:
    planes = planes_of(3, depth, full=False, chroma=2)
    planes[1:] = [cv2.blur(p, (9, 9)) for p in planes[1:]]
    pixels = "yuv420p" if depth == 8 else f"yuv420p{depth}le"
    image = only(planes_movie(tmp_path / "a.mkv", planes, pixels, colorspace=1, color_range=1))
    whole = [planes[0], *(cv2.resize(p, (WIDE, HIGH)) for p in planes[1:])]
    expected = oracle(whole, MATRICES[1], full=False, depth=depth)
    inner = np.abs(image.data - expected)[2:-2, 2:-2] / (1 << (depth - 8))
    assert inner.max() < 24  # where chroma lies between the pixels is a matter of convention
    assert inner.mean() < 3


@pytest.mark.parametrize(("height", "matrix"), [(576, 5), (578, 1)])
def test_a_video_that_names_no_matrix_has_that_of_its_size(
    tmp_path: Path, height: int, matrix: int
) -> None:
    planes = [np.full((height, 16), value, np.uint8) for value in (120, 90, 170)]
    image = only(planes_movie(tmp_path / "a.mkv", planes, "yuv444p"))
    assert np.abs(image.data - oracle(planes, MATRICES[matrix], full=False, depth=8)).max() <= 1


@pytest.mark.parametrize(
    ("pixels", "tag", "low", "white"),
    [("gray", 0, 0, 255), ("gray", 1, 16, 235), ("gray10le", 0, 0, 1023), ("gray10le", 1, 64, 940)],
)
def test_gray_stays_gray(tmp_path: Path, pixels: str, tag: int, low: int, white: int) -> None:
    peak = 255 if pixels == "gray" else 1023
    plane = np.linspace(low, white, HIGH * WIDE).reshape(HIGH, WIDE)
    plane = plane.astype(np.uint8 if peak == 255 else np.uint16)
    image = only(planes_movie(tmp_path / "a.mkv", [plane], pixels, color_range=tag))
    expected = (plane.astype(np.float64) - low) * peak / (white - low)
    assert image.data.ndim == 2
    assert (image.peak, image.dtype) == (peak, plane.dtype)
    assert np.abs(image.data - expected).max() <= 0.5


@pytest.mark.parametrize("pixels", ["gbrp", "gbrp10le", "gbrap"])
def test_rgb_is_as_stored(tmp_path: Path, pixels: str) -> None:
    depth = 10 if "10" in pixels else 8
    planes = planes_of(5, depth, full=True)
    if pixels == "gbrap":
        planes.append(planes[0][::-1].copy())
    image = only(planes_movie(tmp_path / "a.avi", planes, pixels))
    order = [2, 0, 1, 3][: len(planes)]
    assert (image.data == np.dstack([planes[i] for i in order])).all()
    assert image.alpha is (Alpha.STRAIGHT if pixels == "gbrap" else Alpha.NONE)
    assert image.peak == (1 << depth) - 1


@pytest.mark.parametrize(("transfer", "encoding"), [(16, "unknown"), (18, "unknown")])
def test_hdr_is_named(tmp_path: Path, transfer: int, encoding: str) -> None:
    planes = planes_of(6, 10, full=False)
    tags = {"colorspace": 9, "color_range": 1, "color_trc": transfer}
    image = only(planes_movie(tmp_path / "a.mkv", planes, "yuv444p10le", **tags))
    assert image.encoding == encoding
    assert [n.code for n in image.notices] == ["color"]


@pytest.mark.parametrize(
    ("turn", "mirrored", "orientation"),
    [
        (90, False, 8),
        (180, False, 3),
        (270, False, 6),
        (0, True, 2),
        (90, True, 7),
        (180, True, 4),
        (270, True, 5),
    ],
)
def test_each_orientation_is_the_right_one(
    tmp_path: Path, turn: int, mirrored: bool, orientation: int
) -> None:
    def prepare(stream: av.VideoStream) -> None:
        stream.set_display_rotation(turn, hflip=mirrored)

    stored = only(movie(tmp_path / "plain.mp4", 4))
    source = VideoSource(str(movie(tmp_path / "turned.mp4", 4, prepare=prepare)), isolated=False)
    for index in range(4):
        image = source.frame(index).image
        assert image is not None
        assert image.shape == (stored.shape if orientation < 5 else stored.shape[::-1])
        assert image.meta["orientation"] == str(orientation)
        assert (image.meta["width"], image.meta["height"]) == ("160", "32")
        assert number_upright(image, orientation) == index
    source.close()
    assert number(stored) == 0


def number_upright(image: ImageBuffer, orientation: int) -> int:
    back = {6: 8, 8: 6}.get(orientation, orientation)
    flat = upright(image.data, back)
    line = flat[flat.shape[0] // 2].mean(axis=1).reshape(10, -1).mean(axis=1) > 127
    return int(sum(1 << b for b in range(10) if line[b]))


@pytest.mark.parametrize("stored", sorted(pixels._APART))
@pytest.mark.parametrize("size", [(48, 32), (638, 362), (101, 57), (100, 57)])
def test_by_planes_or_not_the_colours_are_the_same(stored: str, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(5)
    frame = av.VideoFrame(*size, stored)
    for plane in frame.planes:
        values = rng.integers(0, 256, (plane.height, plane.line_size), np.uint8)
        plane.update(cv2.blur(values, (5, 5)).tobytes())
    for matrix in (1, 5, 9):
        for full in (1, 2):
            frame.color_range = full
            frame.colorspace = matrix
            packed = pixels._packed(pixels._reformat(frame, "rgb24", matrix, 2), 3, np.uint8)
            got = pixels.picture(frame, "a.mp4", {}, 1).pixels
            assert (got == packed).all()
            assert got.std() > 5
