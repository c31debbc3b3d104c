"""Words for numbers."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.buffer import ImageBuffer
from core.catalogue import entries
from core.difference import DifferenceParams
from core.engine import compare
from core.jury import LIMITS, Aspect, Level, verdicts, words_of
from core.scale import native
from core.settings import Settings
from core.types import MeasureValue
from tests.make import photo, with_noise


def value(name, number, unit=None):
    row = LIMITS[name]
    better = "lower" if row.ends[0] < row.ends[-1] else "higher"
    return MeasureValue(name, name, number, row.unit if unit is None else unit, better, 100)


def level(name, number):
    return verdicts({name: value(name, number)})[name].level


def test_every_row_is_in_the_unit_and_direction_of_its_measure():
    for name, row in LIMITS.items():
        entry = entries()[name]
        rising = row.ends[0] < row.ends[1] < row.ends[2]
        assert row.unit == entry.unit
        assert rising == (entry.better == "lower")
        assert rising or row.ends[0] > row.ends[1] > row.ends[2]
        assert (row.ends[0] > row.best) == rising


def test_each_aspect_has_five_words_that_are_not_one_another():
    for aspect in Aspect:
        assert len(set(words_of(aspect))) == len(Level) == 5


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("psnr", [math.inf, 45.0, 44.9, 33.0, 32.9, 27.4, 27.3, -math.inf]),
        ("ssim", [1.0, 0.99, 0.989, 0.95, 0.949, 0.88, 0.879, -0.5]),
        ("delta_e_2000_p95", [0.0, 1.0, 1.01, 2.3, 2.31, 5.0, 5.01, 90.0]),
        ("l0_per_pixel", [0.0, 0.001, 0.0011, 0.05, 0.051, 0.5, 0.51, 1.0]),
        ("hist_kl", [0.0, 0.02, 0.021, 0.2, 0.21, 1.0, 1.01, 18.0]),
    ],
)
def test_limits_belong_to_the_calmer_side(name, numbers):
    assert [level(name, x) for x in numbers] == [0, 1, 2, 2, 3, 3, 4, 4]


@given(name=st.sampled_from(sorted(LIMITS)), numbers=st.lists(st.floats(-9, 99), min_size=2))
def test_a_worse_value_is_never_calmer(name, numbers):
    row = LIMITS[name]
    worse = sorted(numbers, reverse=row.ends[0] > row.ends[-1])
    bad = [x for x in worse if x != row.best]
    found = [row.level(x) for x in bad]
    assert found == sorted(found)
    assert Level.IDENTICAL not in found


def test_the_words_are_those_of_the_aspect():
    said = verdicts({n: value(n, LIMITS[n].ends[2]) for n in ("ssim", "l0_per_pixel", "hist_kl")})
    assert [(v.word, v.aspect) for v in said.values()] == [
        ("visible", Aspect.STRUCTURE),
        ("many", Aspect.EXTENT),
        ("different", Aspect.DISTRIBUTION),
    ]


def test_no_word_without_a_number_or_limits_or_their_unit():
    measures = {
        "ssim": value("ssim", math.nan),
        "mae": value("mae", 3.0, "Lab units"),
        "psnr": value("psnr", 40.0),
        "l1": MeasureValue("l1", "l1", 7.0, "levels", "lower", 100),
    }
    assert verdicts(measures) == {}
    del measures["mae"]
    assert list(verdicts(measures)) == ["psnr"]


def test_errors_of_noise_get_one_word_from_all_that_average():
    a = np.full((200, 300, 3), 128, np.uint8)
    for sigma, expected in ((1.2, 1), (4.0, 2), (8.0, 3), (14.0, 4)):
        result = compared(a, with_noise(a, sigma))
        said = verdicts(result.measures)
        assert {said[n].level for n in ("mae", "mse", "rmse", "psnr")} == {expected}
        assert said["max_abs"].level in (expected, expected - 1)


def compared(a, b, *params, measures=None):
    pair = [ImageBuffer.from_array(x) for x in (a, b)]
    return compare(*pair, Settings(params), measures=measures)


def jpeg(picture, quality):
    _, data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])


@pytest.mark.parametrize(("quality", "most"), [(90, 1), (50, 2), (15, 3)])
def test_jpeg_stays_within_the_limits_that_were_read_off_it(quality, most):
    a = photo(180, 320, seed=3)
    said = verdicts(compared(a, jpeg(a, quality), measures=["gmsd", "flip"]).measures)
    assert {name: v.level for name, v in said.items()} == {"gmsd": most, "flip": most}


def test_equal_pictures_are_identical_to_every_measure():
    a = photo(180, 330, seed=1)
    said = verdicts(compared(a, a, measures=["all"]).measures)
    assert set(said) == set(LIMITS)
    assert {v.level for v in said.values()} == {Level.IDENTICAL}


def test_lab_and_the_files_own_units_have_no_limits():
    a = photo(60, 130, seed=1)
    b = with_noise(a, 5)
    said = verdicts(compared(a, b, DifferenceParams(space="lab")).measures)
    assert not {"psnr", "mae", "mse", "rmse", "max_abs"} & set(said)
    assert "ssim" in said
    pair = [ImageBuffer.from_array(x) for x in (a, b)]
    said = verdicts(native(compare(*pair), *pair).measures)
    assert not {"mae", "mse", "rmse", "max_abs"} & set(said)
    assert "psnr" in said
