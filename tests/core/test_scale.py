"""Numbers in the file's own units."""

from __future__ import annotations

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.engine import compare
from core.errors import SettingsError
from core.scale import native
from tests.make import photo


def pictures(factor, dtype):
    a = photo(120, 230, 3)
    b = np.roll(a, 3, axis=1)
    return tuple(ImageBuffer.from_array(x.astype(dtype) * dtype(factor)) for x in (a, b))


def test_sixteen_bit_numbers_come_out_in_sixteen_bit_units():
    a, b = pictures(257, np.uint16)
    d = np.abs(a.data.astype(np.int64) - b.data)
    measures = native(compare(a, b), a, b).measures
    assert measures["l1"].value == pytest.approx(d.sum(), rel=1e-12)
    assert measures["mse"].value == pytest.approx((d.astype(float) ** 2).mean(), rel=1e-9)
    assert measures["max_abs"].value == d.max()
    assert measures["max_abs"].unit == "file units"


def test_intervals_come_along():
    a, b = pictures(257, np.uint16)
    result = compare(a, b)
    other = native(result, a, b)
    for name, factor in (("l1_per_pixel", 257.0), ("mse", 257.0**2), ("psnr", 1.0)):
        low, high = result.measures[name].interval
        assert other.measures[name].interval == pytest.approx((low * factor, high * factor))


def test_what_has_no_unit_of_value_stays():
    a, b = pictures(257, np.uint16)
    result = compare(a, b)
    other = native(result, a, b)
    for name in ("l0", "l0_per_pixel", "psnr", "ssim", "hist_l1"):
        assert other.measures[name] == result.measures[name]


def test_eight_bit_files_are_on_that_scale_already():
    a, b = pictures(1, np.uint8)
    result = compare(a, b)
    assert {n: m.value for n, m in native(result, a, b).measures.items()} == {
        n: m.value for n, m in result.measures.items()
    }


def test_different_units_have_no_common_native_scale():
    a, b = pictures(1, np.uint8)[0], pictures(257, np.uint16)[1]
    with pytest.raises(SettingsError, match="white is 255 and 65535"):
        native(compare(a, b), a, b)
