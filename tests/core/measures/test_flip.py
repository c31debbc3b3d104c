"""FLIP, against what it promises."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import data

import core
from core.buffer import ImageBuffer
from core.difference import DifferenceParams
from core.measures._flip_filters import radius
from core.measures.flip import MEASURE
from core.settings import Settings
from core.types import Alpha, Encoding, MapKind
from tests.core.measures.flip_scenes import (
    MAP,
    MEAN,
    evaluated,
    grain,
    linear,
    params,
    patch,
    rendering,
)
from tests.core.measures.samples import mapped, noise, run, speckled

if TYPE_CHECKING:
    from core.types import Pixels


def test_automatic_range_needs_light_beyond_white() -> None:
    dim = rendering(40, 71, seed=5)
    dim /= dim.max()
    bright = dim * np.float32(8)

    def value(light: Pixels, kind: str, encoding: Encoding = Encoding.LINEAR) -> float:
        a, b = (
            ImageBuffer.from_array(x, peak=1.0, encoding=encoding)
            for x in (light, light * np.float32(0.8))
        )
        chosen = params(dynamic_range=kind)
        return core.compare(a, b, chosen, measures=["flip"]).measures["flip"].value

    assert value(dim, "auto") == value(dim, "ldr") != value(dim, "hdr")
    assert value(bright, "auto") == value(bright, "hdr") != value(bright, "ldr")
    encoded = Encoding.SRGB
    assert value(bright, "auto", encoded) == value(bright, "ldr", encoded)


def test_low_range_of_linear_light_is_that_of_its_encoding() -> None:
    light = rendering(50, 83, seed=6)
    light /= light.max()
    other = light**0.9
    curve = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    curved = np.where(other <= 0.0031308, 12.92 * other, 1.055 * other ** (1 / 2.4) - 0.055)
    _, mean = evaluated(curve, curved)
    found = core.compare(linear(light), linear(other), measures=["flip"]).measures["flip"]
    assert found.value == pytest.approx(mean, abs=MEAN)


def test_swapping_matters_only_for_high_range() -> None:
    a, b = noise(60, 95, 3, seed=1), noise(60, 95, 3, seed=2)
    swapped = mapped(MEASURE, MapKind.FLIP, b, a)
    assert np.array_equal(mapped(MEASURE, MapKind.FLIP, a, b), swapped)
    light, other = linear(rendering(60, 95, seed=1)), linear(rendering(60, 95, seed=2) * 9)
    one = core.compare(light, other, measures=["flip"]).measures["flip"]
    two = core.compare(other, light, measures=["flip"]).measures["flip"]
    assert one.value != two.value
    assert "exposures" in one.help


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_a_picture_against_itself_is_0(channels: int, dtype: type) -> None:
    a = noise(40, 75, channels, dtype=dtype)
    found = run(MEASURE, a, a.copy())
    assert [v.value for v in found.values()] == [0.0, 0.0, 0.0]
    assert found["flip"].pixels == 3000


def test_depth_does_not_matter() -> None:
    a, b = noise(60, 95, 3, seed=1), grain(noise(60, 95, 3, seed=1))
    narrow, single, double = (
        mapped(MEASURE, MapKind.FLIP, a.astype(kind), b.astype(kind))
        for kind in (np.uint8, np.float32, np.float64)
    )
    assert np.abs(single - narrow).max() <= 2e-5  # the table is exact, the power is not quite
    assert np.abs(double - narrow).max() <= 2e-5
    words = [ImageBuffer.from_array(x.astype(np.uint16) * 257) for x in (a, b)]
    floats = [ImageBuffer.from_array(x.astype(np.float32) / 255, peak=1.0) for x in (a, b)]
    plain = [ImageBuffer.from_array(x) for x in (a, b)]
    values = [core.compare(*p, measures=["flip"]).measures["flip"] for p in (plain, words, floats)]
    assert values[1].value == pytest.approx(values[0].value, abs=1e-6)
    assert values[2].value == pytest.approx(values[0].value, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(
    height=st.integers(1, 70), width=st.integers(1, 90), channels=st.sampled_from([1, 3]),
    seed=st.integers(0, 99), cuts=st.lists(st.integers(1, 69), max_size=3),
    ppd=st.sampled_from([10.0, 30.0, 67.0206]), masked=st.booleans(),
)  # fmt: skip
def test_strips_are_the_whole(
    height: int, width: int, channels: int, seed: int, cuts: list[int], ppd: float, masked: bool
) -> None:
    a, b = noise(height, width, channels, seed=seed), noise(height, width, channels, seed=seed + 1)
    valid = speckled(height, width, seed, 0.005) if masked else None
    chosen = params(pixels_per_degree=ppd)
    whole = mapped(MEASURE, MapKind.FLIP, a, b, valid, settings=chosen)
    parts = mapped(MEASURE, MapKind.FLIP, a, b, valid, settings=chosen, cuts=cuts)
    assert np.abs(whole - parts).max() <= 1e-6
    assert whole.max() <= 1.0
    one = run(MEASURE, a, b, valid, settings=chosen)
    two = run(MEASURE, a, b, valid, settings=chosen, cuts=cuts, margin=3)
    for name, value in one.items():
        assert two[name].pixels == value.pixels
        assert two[name].value == pytest.approx(value.value, abs=1e-6, nan_ok=True)


def test_a_change_is_seen_nowhere_else() -> None:
    a = noise(80, 121, 3, seed=1)
    b = a.copy()
    b[30, 50] = 255 - b[30, 50]
    made, reach = mapped(MEASURE, MapKind.FLIP, a, b), radius(67.0206)
    assert reach == 10
    assert made[30, 50] == made.max() > 0.1
    made[30 - reach : 31 + reach, 50 - reach : 51 + reach] = 0
    assert made.max() == 0


def test_only_pixels_with_a_valid_neighbourhood_count() -> None:
    a, b = noise(70, 121, 3, seed=1), noise(70, 121, 3, seed=2)
    valid = np.full((70, 121), 255, np.uint8)
    valid[40, 60] = 0
    valid[:, 110:] = 0
    reach = radius(67.0206)
    counted = np.full(valid.shape, True)
    counted[40 - reach : 41 + reach, 60 - reach : 61 + reach] = False
    counted[:, 110 - reach :] = False
    full = mapped(MEASURE, MapKind.FLIP, a, b)
    made = mapped(MEASURE, MapKind.FLIP, a, b, valid)
    assert np.array_equal(made > 0, counted & (full > 0))
    assert np.abs(made - full)[counted].max() <= 1e-6
    found = run(MEASURE, a, b, valid)
    assert found["flip"].pixels == np.count_nonzero(counted)
    assert found["flip"].value == pytest.approx(full[counted].mean(), abs=1e-6)
    a[valid == 0], b[valid == 0] = 7, 200
    assert run(MEASURE, a, b, valid)["flip"].value == found["flip"].value


def test_median_and_percentile_are_those_of_the_map() -> None:
    a = data.coffee()[:150, :221]
    b = patch(a)
    made, found = mapped(MEASURE, MapKind.FLIP, a, b), run(MEASURE, a, b, cuts=(31, 100))
    assert found["flip_median"].value == 0.0
    step = 1 / 4096
    assert found["flip_p95"].value == pytest.approx(np.percentile(made, 95), abs=step)
    found, made = run(MEASURE, a, grain(a)), mapped(MEASURE, MapKind.FLIP, a, grain(a))
    assert found["flip_median"].value == pytest.approx(np.median(made), abs=step)
    assert found["flip"].value == pytest.approx(made.mean(), abs=1e-6)


def test_the_mean_has_an_interval() -> None:
    a = np.ascontiguousarray(data.coffee()[:190, :301])
    found = run(MEASURE, a, grain(a), cuts=(50,))["flip"]
    assert found.interval is not None
    assert found.interval[0] < found.value < found.interval[1]


@pytest.mark.parametrize(
    "case", ["after edges", "two channels", "five channels", "nothing valid", "too little valid"]
)
def test_it_says_nothing_where_nothing_can_be_said(case: str) -> None:
    channels = {"two channels": 2, "five channels": 5}.get(case, 3)
    a, b = (np.dstack([noise(30, 45, seed=s)] * channels) for s in (1, 2))
    valid = np.zeros((30, 45), np.uint8)
    valid[5:20, 5:20] = 255 if case == "too little valid" else 0
    found = run(MEASURE, a, b, valid if "valid" in case else None, seen=case != "after edges")
    assert all(math.isnan(v.value) and v.pixels == 0 for v in found.values())
    if "valid" not in case:
        assert mapped(MEASURE, MapKind.FLIP, a, b, seen=case != "after edges").max() == 0


def test_alpha_is_left_out() -> None:
    a, b = noise(30, 45, 4, seed=1), noise(30, 45, 4, seed=2)
    colors = run(MEASURE, a[..., :3].copy(), b[..., :3].copy())["flip"].value
    assert run(MEASURE, a, b, alpha=True)["flip"].value == colors
    clear = [ImageBuffer.from_array(x, alpha=Alpha.STRAIGHT) for x in (a, b)]
    over_black = [x[..., :3] / 255 * (x[..., 3:] / 255) for x in (a, b)]
    _, mean = evaluated(*over_black)
    found = core.compare(*clear, measures=["flip"]).measures["flip"]
    assert found.value == pytest.approx(mean, abs=MEAN)


def test_the_engine_paints_the_map() -> None:
    a, b = noise(90, 141, 3, seed=1), noise(90, 141, 3, seed=2)
    expected, _ = evaluated(a / 255, b / 255)
    chosen = Settings([DifferenceParams(map=MapKind.FLIP)])
    made = core.compare(
        ImageBuffer.from_array(a), ImageBuffer.from_array(b), chosen, measures=["l1"]
    )
    codes = made.map.levels[0]
    assert made.map.kind is MapKind.FLIP
    assert np.abs(codes / 255.0 - expected).max() <= 1 / 255 + MAP
    assert "flip" not in made.measures
