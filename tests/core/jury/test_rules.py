"""Scenes on which measures contradict each other, and scenes on which they do not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core import registry
from core.buffer import ImageBuffer
from core.engine import compare
from core.format import measure_text
from core.jury import LIMITS, MOST, disagreements, rules, verdicts
from core.map_kinds import KINDS
from core.settings import Settings
from core.stages.align import AlignParams
from core.types import MapKind, MeasureValue
from tests.make import photo, shifted, with_noise, with_patch

SHAPE = (176, 320)


def measured(a, b, *more):
    pair = [ImageBuffer.from_array(x) for x in (a, b)]
    made = compare(*pair).measures
    return {**made, **compare(*pair, measures=more).measures} if more else made


def hue():
    """An object that is redder and less green, of the same luma (Rec. 709)."""
    a = np.clip(photo(*SHAPE, seed=3) * 0.5 + 64, 0, 255).round()
    b = a.copy()
    b[30:130, 150:270, 0] += 40
    b[30:130, 150:270, 1] -= 40 * 0.2126 / 0.7152
    return a.astype(np.uint8), b.round().astype(np.uint8)


def brighter():
    a = photo(*SHAPE, seed=3).clip(0, 235)
    return a, a + np.uint8(20)


def spot():
    a = photo(*SHAPE, seed=3)
    return a, with_patch(a, 40, 231, 5, 4, by=120)


def spot_in_noise():
    a = photo(*SHAPE, seed=3)
    return a, with_patch(with_noise(a, 0.5), 40, 231, 5, 4, by=120)


def dull_spot():
    a = photo(*SHAPE, seed=3)
    return a, with_patch(a, 40, 231, 5, 5, by=20)


def veil():
    a = photo(*SHAPE, seed=3).clip(0, 254)
    return a, a + np.uint8(1)


def grain():
    a = photo(*SHAPE, seed=3)
    return a, with_noise(a, 0.5)


def shuffled():
    """Blocks of 16 x 16 pixels in another order."""
    a = photo(*SHAPE, seed=3)
    blocks = a.reshape(11, 16, 20, 16, 3).swapaxes(1, 2).reshape(-1, 16, 16, 3)
    other = blocks[np.random.default_rng(0).permutation(len(blocks))]
    return a, other.reshape(11, 20, 16, 16, 3).swapaxes(1, 2).reshape(a.shape)


def moved():
    return shifted(0, 1, *SHAPE, seed=3)


def faint_texture_moved():
    wide = with_noise(np.full((181, 321), 128, np.uint8), 3.0)
    return wide[:-1, :-1], wide[1:, 1:]


@pytest.mark.parametrize(
    ("scene", "calm", "alarmed", "shown"),
    [
        (hue, "ssim", "delta_e_2000_p95", MapKind.DELTA_E_2000),
        (brighter, "ssim", "hist_emd", MapKind.SIGNED),
        (spot, "psnr", "max_abs", MapKind.ABSOLUTE),
        (veil, "delta_e_2000_p95", "l0_per_pixel", MapKind.ABSOLUTE),
        (grain, "delta_e_2000_p95", "l0_per_pixel", MapKind.ABSOLUTE),
        (shuffled, "hist_emd", "psnr", MapKind.ABSOLUTE),
        (moved, "hist_emd", "psnr", MapKind.ABSOLUTE),
        (faint_texture_moved, "psnr", "ssim", MapKind.SSIM),
    ],
)
def test_each_scene_has_its_one_contradiction(scene, calm, alarmed, shown):
    measures = measured(*scene())
    (found,) = disagreements(measures)
    assert (found.calm, found.alarmed, found.map) == (calm, alarmed, shown)
    said = verdicts(measures)
    for name in (calm, alarmed):
        assert f"says {said[name].word} ({measure_text(measures[name])})" in found.text
    assert found.text.endswith(f"The {KINDS[shown].label} map shows where.")
    assert said[alarmed].level - said[calm].level >= 2


def test_a_spot_among_noise_is_two_stories_at_most():
    found = disagreements(measured(*spot_in_noise()))
    assert [(d.calm, d.alarmed) for d in found] == [
        ("delta_e_2000_p95", "l0_per_pixel"),
        ("psnr", "max_abs"),
    ]


def test_a_dull_spot_is_found_by_its_density():
    measures = measured(*dull_spot(), "densest_window")
    (found,) = disagreements(measures)
    assert (found.calm, found.alarmed) == ("l0_per_pixel", "densest_window")


def test_a_small_shift_is_named_where_something_knows_of_it():
    measures = measured(*moved(), "shift_mae")
    (found,) = disagreements(measures)
    assert (found.calm, found.alarmed, found.map) == ("shift_mae", "psnr", MapKind.SHIFT)
    assert "align" in found.text


def test_grain_that_is_not_noticed_is_no_movement():
    a = photo(*SHAPE, seed=3).clip(20, 235)
    rows, cols = np.indices(SHAPE)
    b = (a + np.where((rows + cols) % 2, 6, -6)[..., None]).astype(np.uint8)  # a checkerboard
    measures = measured(a, b)
    assert ("hist_emd", "psnr") in [(d.calm, d.alarmed) for d in disagreements(measures)]
    found = disagreements(measured(a, b, "flip"))
    assert [(d.calm, d.alarmed) for d in found] == [("flip", "psnr")]


def equal():
    a = photo(*SHAPE, seed=3)
    return a, a


def inverted():
    a = photo(*SHAPE, seed=3)
    return a, 255 - a


def another():
    return photo(*SHAPE, seed=3), photo(*SHAPE, seed=9)


def noisy():
    a = np.full((*SHAPE, 3), 128, np.uint8)
    return a, with_noise(a, 20)


@pytest.mark.parametrize("scene", [equal, inverted, another, noisy])
def test_these_have_none(scene):
    assert disagreements(measured(*scene())) == ()


def test_nothing_is_said_of_nothing():
    empty = np.full((9, 21), np.nan, np.float32)
    assert disagreements(measured(empty, empty)) == ()
    assert disagreements({}) == ()


def value(name, number):
    row = LIMITS[name]
    better = "lower" if row.ends[0] < row.ends[-1] else "higher"
    return MeasureValue(name, name, number, row.unit, better, 100)


def test_at_most_three_and_the_widest_gap_first():
    numbers = {
        "psnr": 46.0,  # invisible
        "max_abs": 50.0,  # visible: a gap of 2
        "rmse": 1.0,
        "ssim": 0.97,  # slight
        "gmsd": 0.0,
        "delta_e_2000_p95": 9.0,  # strong: a gap of 2 from SSIM
        "hist_emd": 0.0,
        "densest_window": 1.0,
        "l0_per_pixel": 0.9,
        "shift_mae": 0.1,
    }
    found = disagreements({n: value(n, x) for n, x in numbers.items()})
    assert len(found) <= MOST
    numbers |= {"ssim": 0.2, "delta_e_2000_p95": 0.5}
    found = disagreements({n: value(n, x) for n, x in numbers.items()})
    assert [(d.calm, d.alarmed) for d in found] == [
        ("psnr", "ssim"),  # 3
        ("delta_e_2000_p95", "l0_per_pixel"),  # 3
        ("psnr", "max_abs"),  # 2
    ]


def test_one_step_is_no_contradiction():
    near = {"ssim": value("ssim", 0.96), "delta_e_2000_p95": value("delta_e_2000_p95", 4.9)}
    assert disagreements(near) == ()
    wide = near | {"ssim": value("ssim", 0.995)}
    assert len(disagreements(wide)) == 1


def test_an_outlier_of_noise_is_no_spot():
    measures = {n: value(n, x) for n, x in {"psnr": 34.0, "rmse": 5.1, "max_abs": 70.0}.items()}
    assert disagreements(measures) == ()
    measures["max_abs"] = value("max_abs", 200.0)
    assert len(disagreements(measures)) == 1


def test_nan_has_no_say():
    measures = {"ssim": value("ssim", math.nan), "gmsd": value("gmsd", 0.0)}
    measures["delta_e_2000_p95"] = value("delta_e_2000_p95", 9.0)
    (found,) = disagreements(measures)
    assert (found.calm, found.alarmed) == ("gmsd", "delta_e_2000_p95")


def test_every_rule_names_measures_that_have_words_and_maps_that_can_be_painted():
    own = {MapKind.ABSOLUTE, MapKind.SIGNED, MapKind.SQUARED, MapKind.RELATIVE}
    painted = own | {kind for m in registry.measures() for kind in m.maps}
    for rule in rules._RULES:
        assert {*rule.calm, *rule.alarmed} <= set(LIMITS)
        assert rule.map in painted
        assert rule.advice.endswith(".")
        assert not rule.meaning.endswith(".")


def test_what_is_switched_on_already_is_not_advised():
    measures = {"shift_mae": value("shift_mae", 0.4), "psnr": value("psnr", 20.0)}
    (fresh,) = disagreements(measures)
    (aligned,) = disagreements(measures, Settings([AlignParams(enabled=True)]))
    (off,) = disagreements(measures, Settings([AlignParams(enabled=False, max_shift=0.1)]))
    assert "Switch align on." in fresh.text
    assert off.text == fresh.text
    assert aligned.text == fresh.text.replace(" Switch align on.", "")
