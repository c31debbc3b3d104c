"""Animated PNG beyond what Pillow writes: soft edges, 16 bits, hidden pictures, and lies."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from core.errors import ReadError
from core.io import open_image
from core.types import Alpha
from tests.core.io.formats._case import noise
from tests.core.io.formats._png import chunk

if TYPE_CHECKING:
    from pathlib import Path

Frame = tuple[Any, tuple[int, int], int, int]  # pixels, (row, col), dispose, blend
_COLOUR = {1: 0, 3: 2, 2: 4, 4: 6}


def squeezed(pixels: np.ndarray[Any, Any]) -> bytes:
    big = pixels.astype(pixels.dtype.newbyteorder(">"))
    return zlib.compress(b"".join(b"\0" + row.tobytes() for row in big))


def control(number: int, frame: Frame) -> bytes:
    pixels, (row, col), dispose, blend = frame
    h, w = pixels.shape[:2]
    return chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, w, h, col, row, 1, 10, dispose, blend))


def animate(path: Path, frames: list[Frame], hidden: np.ndarray[Any, Any] | None = None) -> None:
    first = frames[0][0] if hidden is None else hidden
    h, w, channels = (*first.shape, 1)[:3]
    depth = 8 * first.dtype.itemsize
    parts = [chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, _COLOUR[channels], 0, 0, 0))]
    parts.append(chunk(b"acTL", struct.pack(">II", len(frames), 0)))
    number = 0
    if hidden is not None:
        parts.append(chunk(b"IDAT", squeezed(hidden)))
    for i, frame in enumerate(frames):
        parts.append(control(number, frame))
        number += 1
        if i == 0 and hidden is None:
            parts.append(chunk(b"IDAT", squeezed(frame[0])))
        else:
            parts.append(chunk(b"fdAT", struct.pack(">I", number) + squeezed(frame[0])))
            number += 1
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b""))


def test_soft_edges_are_laid_over_each_other(tmp_path: Path) -> None:
    below, above = noise(12, 30, 4), noise(5, 11, 4, seed=2)
    animate(tmp_path / "a.png", [(below, (0, 0), 0, 0), (above, (3, 9), 0, 1)])
    truth = Image.fromarray(below)
    truth.alpha_composite(Image.fromarray(above), (9, 3))
    shown = open_image(tmp_path / "a.png", page=1)
    visible = np.asarray(truth)[..., 3:] > 0
    # Pillow divides in whole numbers of 7 bits more than the values have: one level of rounding.
    assert np.abs((shown.data.astype(int) - truth) * visible).max() <= 1
    assert shown.alpha is Alpha.STRAIGHT


def test_sixteen_bits_and_gray_stay(tmp_path: Path) -> None:
    below, above = noise(6, 20, 2, dtype=np.uint16), noise(2, 7, 2, dtype=np.uint16, seed=2)
    animate(tmp_path / "a.png", [(below, (0, 0), 1, 0), (above, (1, 12), 0, 0)])
    shown = open_image(tmp_path / "a.png", page=1)
    truth = np.zeros_like(below)
    truth[1:3, 12:19] = above
    np.testing.assert_array_equal(shown.data, truth)
    assert (shown.bits, shown.contents.pages) == (16, 2)


def test_a_frame_undone_leaves_what_was_below(tmp_path: Path) -> None:
    first, second, third = noise(6, 20, 3), noise(2, 7, 3, seed=2), noise(1, 1, 3, seed=3)
    frames: list[Frame] = [
        (first, (0, 0), 0, 0), (second, (3, 11), 2, 0), (third, (5, 0), 0, 0),
    ]  # fmt: skip
    animate(tmp_path / "a.png", frames)
    truth = first.copy()
    truth[5, 0] = third[0, 0]
    shown = open_image(tmp_path / "a.png", page=2)
    np.testing.assert_array_equal(shown.data, truth)
    assert shown.alpha is Alpha.NONE


def test_a_whole_frame_that_is_undone_does_not_hide_what_was_before(tmp_path: Path) -> None:
    first, second, third = noise(6, 20), noise(6, 20, seed=2), noise(2, 3, seed=3)
    frames: list[Frame] = [
        (first, (0, 0), 0, 0), (second, (0, 0), 2, 0), (third, (1, 4), 0, 0),
    ]  # fmt: skip
    animate(tmp_path / "a.png", frames)
    truth = first.copy()
    truth[1:3, 4:7] = third
    np.testing.assert_array_equal(open_image(tmp_path / "a.png", page=1).data, second)
    np.testing.assert_array_equal(open_image(tmp_path / "a.png", page=2).data, truth)


def test_a_picture_that_is_not_of_the_animation_is_the_first_page(tmp_path: Path) -> None:
    hidden, frame = noise(6, 20, 3), noise(6, 20, 3, seed=2)
    animate(tmp_path / "a.png", [(frame, (0, 0), 0, 0)], hidden)
    np.testing.assert_array_equal(open_image(tmp_path / "a.png").data, hidden)
    np.testing.assert_array_equal(open_image(tmp_path / "a.png", page=1).data, frame)
    with pytest.raises(ReadError, match="has no page 3; choose one from 1 to 2"):
        open_image(tmp_path / "a.png", page=2)


@pytest.mark.parametrize("place", [(5, 0), (0, 14), (2**31, 0)])
def test_a_frame_outside_the_picture_is_refused(tmp_path: Path, place: tuple[int, int]) -> None:
    animate(tmp_path / "a.png", [(noise(6, 20, 3), (0, 0), 0, 0), (noise(2, 7, 3), place, 0, 0)])
    with pytest.raises(ReadError, match="damaged or incomplete"):
        open_image(tmp_path / "a.png")


def test_an_animation_without_frames_is_a_still(tmp_path: Path) -> None:
    data = noise(6, 20, 3)
    animate(tmp_path / "a.png", [(data, (0, 0), 0, 0)])
    still = (tmp_path / "a.png").read_bytes()
    at = still.index(b"fcTL") - 4
    (tmp_path / "a.png").write_bytes(still[:at] + still[at + 38 :])
    picture = open_image(tmp_path / "a.png")
    np.testing.assert_array_equal(picture.data, data)
    assert picture.contents.pages == 1
