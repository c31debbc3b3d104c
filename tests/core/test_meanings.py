"""NaN, transparency and other sizes have a stated meaning."""

from __future__ import annotations

import math

import numpy as np

from core.buffer import ImageBuffer
from core.color import GrayParams
from core.difference import DifferenceParams
from core.engine import compare
from core.settings import Settings
from core.stages.blur import BlurParams
from tests.make import exposed, photo, with_noise, with_patch


def buffer(array):
    return ImageBuffer.from_array(array)


def pair():
    a = photo(150, 262, 5)
    b = with_noise(exposed(a, 1.04, 2.0), 2.0, 5)
    return a, with_patch(b, 31, 147, 22, 35, by=60)


def test_nan_is_left_out_and_said():
    a, b = (x.astype(np.float32) / 255 for x in pair())
    clean = compare(buffer(a), buffer(b))
    b[40, 200] = np.nan
    b[41, 200, 1] = np.inf
    result = compare(buffer(a), buffer(b))
    assert result.pixels == clean.pixels - 2
    assert math.isfinite(result.measures["l1"].value)
    assert result.measures["l0"].value == clean.measures["l0"].value - 2
    assert any("2 pixels" in n.text for n in result.notices if n.code == "nonfinite")


def test_nan_spreads_no_further_than_the_halo():
    a = photo(90, 201, 4).astype(np.float32) / 255
    b = a.copy()
    b[50, 120] = np.nan
    result = compare(buffer(a), buffer(b), Settings([BlurParams(enabled=True, sigma=1.0)]))
    assert not result.differs
    gone = a.shape[0] * a.shape[1] - result.pixels
    side = math.isqrt(gone)
    assert side * side == gone
    assert 5 <= side <= 11


def test_hidden_colour_under_transparency_is_no_difference():
    a = np.dstack([photo(60, 130, 1), np.full((60, 130), 255, np.uint8)])
    b = a.copy()
    a[20:25, 70:90, 3] = 0
    b[20:25, 70:90, 3] = 0
    b[20:25, 70:90, :3] = 7
    assert not compare(buffer(a), buffer(b)).differs
    ignoring = Settings([DifferenceParams(alpha="ignore")])
    assert compare(buffer(a), buffer(b), ignoring).measures["l0"].value > 0


def test_transparency_itself_is_a_difference_even_over_black():
    a = np.zeros((60, 130, 4), np.uint8)
    a[..., 3] = 255
    b = a.copy()
    b[11:14, 100:105, 3] = 128
    result = compare(buffer(a), buffer(b))
    assert result.measures["l0"].value == 15
    assert result.measures["max_abs"].value == 127


def test_gray_against_the_same_gray_as_colour_is_nothing():
    gray = photo(60, 130, 2, channels=1)
    assert not compare(buffer(gray), buffer(np.dstack([gray] * 3))).differs


def test_other_sizes_are_measured_where_both_exist_and_differ():
    a = photo(80, 170, 2)
    result = compare(buffer(a), buffer(a[:70, :160]))
    assert result.pixels == 70 * 160
    assert result.measures["l0"].value == 0
    assert result.differs
    assert any(n.code == "size_mismatch" for n in result.notices)


def test_gray_against_colour_is_said_unless_gray_is_on():
    gray, color = photo(60, 130, 2, channels=1), photo(60, 130, 2)
    said = [n.text for n in compare(buffer(gray), buffer(color)).notices]
    assert said == ["“untitled” is gray and “untitled” has 3 channels: its gray is compared with"
                    " each of them."]  # fmt: skip
    assert not compare(buffer(gray), buffer(color), Settings([GrayParams(enabled=True)])).notices
