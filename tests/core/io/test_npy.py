"""Arrays saved by NumPy."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.errors import ReadError
from core.io import open_image
from core.types import Alpha, Encoding

if TYPE_CHECKING:
    from pathlib import Path

DTYPES = ("u1", "<u2", ">u2", "<i2", "<u4", ">i4", "<f2", "<f4", ">f4", "<f8")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.sampled_from(DTYPES).flatmap(
        lambda t: arrays.arrays(t, arrays.array_shapes(min_dims=2, max_dims=3, max_side=6))
    ),
    order=st.sampled_from("CF"),
)
def test_any_array_comes_back(tmp_path: Path, data: Any, order: Any) -> None:
    # The file is written anew: an array that is still mapped must not change under its reader.
    path = tmp_path / "a.npy"
    path.unlink(missing_ok=True)
    np.save(path, np.asarray(data, order=order))
    picture = open_image(path)
    flat = data[..., 0] if data.ndim == 3 and data.shape[2] == 1 else data
    np.testing.assert_array_equal(picture.data, flat)  # NaN equals NaN here
    assert picture.data.dtype == data.dtype.newbyteorder("=")
    assert picture.data.dtype.isnative
    assert picture.data.flags.c_contiguous
    assert not picture.data.flags.writeable


def test_a_plain_array_stays_on_disk(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((40, 90, 3), np.uint16))
    picture = open_image(tmp_path / "a.npy", isolated=False)
    assert isinstance(picture.data.base, np.memmap)


def test_what_is_shown_outlives_its_file(tmp_path: Path) -> None:
    """Mapped by the program itself, a file cut short would end it (SIGBUS)."""
    array = np.arange(400 * 900 * 3, dtype=np.uint16).reshape(400, 900, 3)
    np.save(tmp_path / "a.npy", array)
    picture = open_image(tmp_path / "a.npy")
    os.truncate(tmp_path / "a.npy", 100)
    assert np.array_equal(picture.data, array)
    assert (picture.encoding, picture.peak, picture.bits) == (Encoding.SRGB, 65535.0, 16)


def test_truth_values_are_zero_and_white(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([[True, False, True]]))
    picture = open_image(tmp_path / "a.npy")
    np.testing.assert_array_equal(picture.data, [[1, 0, 1]])
    assert (picture.data.dtype, picture.peak) == (np.uint8, 1.0)


@pytest.mark.parametrize(
    ("low", "high", "dtype"),
    [
        (0, 255, np.uint8), (0, 256, np.uint16), (-1, 255, np.int16), (-1, 70_000, np.int32),
        (0, 3_000_000_000, np.uint32),
    ],
)  # fmt: skip
def test_64_bit_integers_become_the_smallest_type(
    tmp_path: Path, low: int, high: int, dtype: Any
) -> None:
    data = np.array([[low, 7, high]], np.int64)
    np.save(tmp_path / "a.npy", data)
    picture = open_image(tmp_path / "a.npy")
    np.testing.assert_array_equal(picture.data, data)
    assert picture.data.dtype == dtype
    assert [n.code for n in picture.notices] == ["narrowed"]


@pytest.mark.parametrize(("channels", "alpha"), [(2, True), (3, False), (4, True), (5, False)])
def test_alpha_by_the_number_of_channels(tmp_path: Path, channels: int, alpha: bool) -> None:
    data = np.zeros((3, 8, channels), np.uint8)
    np.save(tmp_path / "a.npy", data)
    assert open_image(tmp_path / "a.npy").alpha is (Alpha.STRAIGHT if alpha else Alpha.NONE)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (np.zeros((4, 9), complex), "holds values of type complex128, which are no pixels"),
        (np.full((4, 9), 2**40), "holds integers of more than 32 bits"),
        (np.zeros((4, 9), "U3"), "holds values of type <U3"),
        (np.zeros((4, 9), [("a", "u1")]), "which are no pixels"),
        (np.zeros((2, 3, 4, 9)), r"holds an array of shape \(2, 3, 4, 9\), not a picture"),
        (np.array(3.0), r"holds an array of shape \(\)"),
    ],
)
def test_what_is_no_picture_is_named(tmp_path: Path, data: Any, words: str) -> None:
    np.save(tmp_path / "a.npy", data)
    with pytest.raises(ReadError, match=words):
        open_image(tmp_path / "a.npy")


def test_nan_and_infinity_are_kept_and_do_not_set_white(tmp_path: Path) -> None:
    data = np.array([[np.nan, np.inf, -np.inf, 200.0]], np.float32)
    np.save(tmp_path / "a.npy", data)
    picture = open_image(tmp_path / "a.npy")
    np.testing.assert_array_equal(picture.data, data)
    assert (picture.peak, picture.encoding) == (255.0, Encoding.UNKNOWN)
