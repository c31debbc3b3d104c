"""One picture: what is taken over from an array, what is said of it, and its overviews."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core import compare, open_image
from core.buffer import ImageBuffer, float_peak
from core.reports import formats, make_report, write_report
from core.result import Request
from core.types import Alpha, Encoding, Rect
from tests.make import photo, write_png

DTYPES = [
    "uint8", "uint16", "uint32", "int8", "int16", "int32", "float16", "float32", "float64",
]  # fmt: skip


def filled(dtype, shape=(7, 13)):
    rng = np.random.default_rng(3)
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return rng.random(shape).astype(kind)
    info = np.iinfo(kind)
    return rng.integers(info.min, info.max, shape, kind, endpoint=True)


@pytest.mark.parametrize("dtype", DTYPES)
def test_an_array_is_kept_as_it_is(dtype):
    for channels in (None, 2, 3, 4, 5):
        array = filled(dtype, (7, 13) if channels is None else (7, 13, channels))
        picture = ImageBuffer.from_array(array, name="dir/some.png")
        np.testing.assert_array_equal(picture.data, array)
        assert picture.data.dtype == array.dtype
        assert picture.shape == (7, 13)
        assert picture.channels == (channels or 1)
        assert picture.bits == array.dtype.itemsize * 8
        assert picture.peak == (1.0 if array.dtype.kind == "f" else np.iinfo(array.dtype).max)
        transparent = channels in (2, 4)
        assert picture.alpha is (Alpha.STRAIGHT if transparent else Alpha.NONE)
        assert picture.nonfinite == 0
        info = picture.info
        assert (info.width, info.height, info.channels) == (13, 7, channels or 1)
        assert (info.dtype, info.path, info.name) == (dtype, "dir/some.png", "some.png")


def test_the_array_is_copied_and_read_only():
    array = filled("uint8")
    picture = ImageBuffer.from_array(array)
    before = picture.data.copy()
    array[...] = 0
    np.testing.assert_array_equal(picture.data, before)
    with pytest.raises(ValueError, match="read-only"):
        picture.data[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        picture.read(Rect(0, 0, 2, 2), 1)[0, 0] = 1
    assert picture.name == "untitled"


def test_arrays_in_any_layout_and_byte_order_are_taken():
    array = filled("uint16", (7, 13, 3))
    key = ImageBuffer.from_array(array).key
    for same in (array.astype(">u2"), np.asfortranarray(array), array[::-1].copy()[::-1]):
        picture = ImageBuffer.from_array(same)
        np.testing.assert_array_equal(picture.data, array)
        assert picture.data.dtype.isnative
        assert picture.data.flags.c_contiguous
        assert picture.key == key


def test_bool_is_black_and_white():
    picture = ImageBuffer.from_array(np.array([[True, False, True]]))
    assert (picture.data.dtype, picture.peak) == (np.uint8, 1.0)
    np.testing.assert_array_equal(picture.data, [[1, 0, 1]])


def test_a_lone_channel_is_gray():
    picture = ImageBuffer.from_array(filled("uint8", (7, 13, 1)))
    assert picture.data.shape == (7, 13)
    assert picture.channels == 1


@pytest.mark.parametrize(
    "array",
    [np.zeros((0, 4)), np.zeros(4), np.zeros((2, 3, 4, 1)), np.zeros((2, 3, 0)),
     np.zeros((2, 3), "c8")],
    ids=["no rows", "a line", "a stack", "no channels", "complex"],
)  # fmt: skip
def test_what_is_no_picture_is_refused(array):
    with pytest.raises(ValueError, match=r"a picture is \(H, W\)"):
        ImageBuffer.from_array(array)


def test_equal_keys_mean_equal_pixels():
    array = filled("uint8", (6, 14))
    key = ImageBuffer.from_array(array).key
    assert ImageBuffer.from_array(array.copy(), name="other").key == key
    others = [
        ImageBuffer.from_array(array.reshape(7, 12)),
        ImageBuffer.from_array(array.view(np.int8)),
        ImageBuffer.from_array(array, peak=100.0),
        ImageBuffer.from_array(array.reshape(6, 7, 2)),
        ImageBuffer.from_array(array.reshape(6, 7, 2), alpha=Alpha.PREMULTIPLIED),
    ]
    assert len({key, *(p.key for p in others)}) == 6


@pytest.mark.parametrize(
    ("top", "peak"),
    [(-3.0, 1.0), (0.5, 1.0), (16.0, 1.0), (17.0, 255.0), (512.0, 255.0), (513.0, 65535.0),
     (131_070.0, 65535.0), (1e6, 1e6)],
)  # fmt: skip
def test_white_of_float_values(top, peak):
    array = np.array([[-5.0, np.nan, np.inf, -np.inf, top]])
    assert float_peak(array) == peak
    assert ImageBuffer.from_array(array).peak == peak
    assert ImageBuffer.from_array(array, peak=7.0).peak == 7.0


def test_white_of_nothing_finite():
    assert float_peak(np.array([[np.nan, np.inf]], np.float32)) == 1.0


def test_pixels_that_are_not_finite_are_counted_once_each():
    array = np.zeros((5, 9, 3), np.float32)
    array[1, 7] = np.nan
    array[4, 0, 2] = np.inf
    assert ImageBuffer.from_array(array).nonfinite == 2
    assert ImageBuffer.from_array(array[:, :, 2]).nonfinite == 2
    assert ImageBuffer.from_array(array[:, :, 0].astype(np.float16)).nonfinite == 1


def test_reading_gives_the_part_asked_for():
    array = photo(40, 90, 2)
    picture = ImageBuffer.from_array(array)
    np.testing.assert_array_equal(picture.read(Rect(3, 51, 9, 20)), array[3:12, 51:71])
    assert picture.level_shape(2) == (10, 23)
    small = picture.read(Rect(2, 11, 5, 12), 2)
    means = array.reshape(10, 4, 90, 3)[2:7].astype(float).mean(axis=1)
    means = np.stack([means[:, 4 * c : 4 * c + 4].mean(axis=1) for c in range(11, 22)], axis=1)
    # Two halvings round twice, each by up to a half.
    assert np.abs(small[:, :11] - means).max() <= 1.0


def test_threads_that_ask_for_a_level_at_once_get_the_same():
    picture = ImageBuffer.from_array(photo(130, 410, 2))
    start = threading.Barrier(4)

    def read():
        start.wait(10)
        return picture.read(Rect(0, 0, 2, 3), 4)

    with ThreadPoolExecutor(4) as pool:
        parts = [f.result() for f in [pool.submit(read) for _ in range(4)]]
    assert all(np.shares_memory(parts[0], p) for p in parts)


def test_encoding_is_said():
    picture = ImageBuffer.from_array(filled("uint8"), encoding=Encoding.LINEAR)
    assert picture.info.encoding == "linear"


def test_a_name_that_is_not_utf8_can_be_written_everywhere(tmp_path: Path) -> None:
    """Reports are UTF-8, and OpenCV ends the program when it is to draw a lone surrogate."""
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 \xff.png")
    Path(path).write_bytes(write_png(tmp_path / "a.png", photo(30, 50)).read_bytes())
    picture = open_image(path)
    assert picture.path == path  # to read it again
    assert picture.name == r"caf\xe9 \xff.png"
    request = Request(picture, picture)
    report = make_report(request, compare(picture, picture))
    for suffix in formats():
        write_report(report, tmp_path / f"report{suffix}")
        assert (tmp_path / f"report{suffix}").stat().st_size > 100
