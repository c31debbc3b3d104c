"""Turning pictures upright, and seeing whether alpha is opaque."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.io.decoded import is_opaque, upright

DTYPES = ("u1", "u2", "i2", "u4", "i4", "f2", "f4", "f8")
PICTURES = st.sampled_from(DTYPES).flatmap(
    lambda t: arrays.arrays(t, arrays.array_shapes(min_dims=2, max_dims=3, min_side=2, max_side=7))
)
# EXIF: where the stored row 0 and column 0 belong (CIPA DC-008-2023, 4.6.5.1.6, tag 274).
PLACES = {
    1: ("top", "left"), 2: ("top", "right"), 3: ("bottom", "right"), 4: ("bottom", "left"),
    5: ("left", "top"), 6: ("right", "top"), 7: ("right", "bottom"), 8: ("left", "bottom"),
}  # fmt: skip


@pytest.mark.parametrize("orientation", PLACES)
@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("dtype", DTYPES)
def test_row_and_column_0_land_where_exif_says(orientation: int, channels: int, dtype: str) -> None:
    data = np.arange(3 * 7 * channels).reshape(3, 7, channels).astype(dtype)
    data = data[..., 0] if channels == 1 else data
    turned = upright(data, orientation)
    edges = {
        "top": turned[0], "bottom": turned[-1], "left": turned[:, 0], "right": turned[:, -1],
    }  # fmt: skip
    row, column = PLACES[orientation]
    first = edges[row] if column in {"left", "top"} else edges[row][::-1]
    np.testing.assert_array_equal(first, data[0])
    first = edges[column] if row in {"left", "top"} else edges[column][::-1]
    np.testing.assert_array_equal(first, data[:, 0])
    assert turned.dtype == data.dtype
    assert turned.flags.c_contiguous


@given(data=PICTURES, orientation=st.integers(-1, 9))
def test_turning_is_undone_by_its_inverse(data: Any, orientation: int) -> None:
    inverse = {6: 8, 8: 6}.get(orientation, orientation)
    np.testing.assert_array_equal(upright(upright(data, orientation), inverse), data)


@given(data=PICTURES.filter(lambda d: d.ndim == 3), value=st.integers(0, 100), hole=st.booleans())
def test_opaque_means_every_pixel(data: Any, value: int, hole: bool) -> None:
    data = data.copy()
    data[..., -1] = value
    if hole:
        data[-1, -1, -1] = value + 1
    assert is_opaque(data, float(value)) is not hole
