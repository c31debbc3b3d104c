"""FLIP, against the authors' evaluator, and against a script in float64."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import flip_evaluator
import numpy as np
import pytest
from scipy import ndimage
from skimage import data

import core
from core.measures._flip_filters import filters
from core.measures._flip_light import Exposures, Luminances, ToneMapper, exposures
from core.measures.flip import MEASURE, DynamicRange, FlipParams
from core.settings import Settings
from core.types import MapKind
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
from tests.core.measures.samples import mapped, noise, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.types import Pixels

DARK = 1e-3
"""Beside a hard edge in the black, distances of 1e-5 are rounding, in either program, and FLIP's
powers make 1e-3 of them."""


def compressed(a: Pixels) -> Pixels:
    return cv2.imdecode(cv2.imencode(".jpg", a, [cv2.IMWRITE_JPEG_QUALITY, 25])[1], 1)


def smeared(a: Pixels) -> Pixels:
    return cv2.GaussianBlur(a, (0, 0), 1.5)


def shifted(a: Pixels) -> Pixels:
    return np.roll(a, (1, 2), axis=(0, 1))


@pytest.mark.parametrize("ppd", [67.0206, 20.0])
@pytest.mark.parametrize("change", [patch, grain, compressed, smeared, shifted])
@pytest.mark.parametrize("name", ["astronaut", "coffee"])
def test_photographs(name: str, change: Callable[[Pixels], Pixels], ppd: float) -> None:
    a = np.ascontiguousarray(getattr(data, name)()[:190, :301])
    b, chosen = change(a), params(pixels_per_degree=ppd)
    expected, mean = evaluated(a / 255, b / 255, ppd=ppd)
    assert np.abs(mapped(MEASURE, MapKind.FLIP, a, b, settings=chosen) - expected).max() <= MAP
    assert run(MEASURE, a, b, settings=chosen)["flip"].value == pytest.approx(mean, abs=MEAN)
    assert mean > 0.01


def drawn() -> dict[str, tuple[Pixels, Pixels]]:
    black = np.zeros((90, 141, 3), np.uint8)
    edge, text = black.copy(), 255 - black
    edge[:, 70:] = 255
    cv2.putText(text, "Ab1", (10, 60), 0, 2, (200, 0, 0), 2)
    return {
        "noise": (noise(120, 201, 3, seed=1), noise(120, 201, 3, seed=2)),
        "edge": (black, edge),
        "text": (255 - black, text),
        "dark": (black + np.uint8(3), black + np.uint8(4)),
        "green and blue": (black + np.uint8([0, 255, 0]), black + np.uint8([0, 0, 255])),
        "thin": (noise(3, 61, 3, seed=3), noise(3, 61, 3, seed=4)),
        "one column": (noise(41, 1, 3, seed=5), noise(41, 1, 3, seed=6)),
        "one pixel": (noise(1, 1, 3, seed=7), noise(1, 1, 3, seed=8)),
        "two by one": (noise(2, 1, 3, seed=9), noise(2, 1, 3, seed=10)),
    }


@pytest.mark.parametrize("ppd", [67.0206, 10.0, 200.0])
@pytest.mark.parametrize("scene", drawn())
def test_drawn_scenes(scene: str, ppd: float) -> None:
    a, b = drawn()[scene]
    chosen = params(pixels_per_degree=ppd)
    expected, mean = evaluated(a / 255, b / 255, ppd=ppd)
    assert np.abs(mapped(MEASURE, MapKind.FLIP, a, b, settings=chosen) - expected).max() <= DARK
    assert run(MEASURE, a, b, settings=chosen)["flip"].value == pytest.approx(mean, abs=MEAN)


def test_gray_is_colour_of_equal_channels() -> None:
    a, b = noise(60, 95, seed=1), noise(60, 95, seed=2)
    expected, mean = evaluated(np.dstack([a] * 3) / 255, np.dstack([b] * 3) / 255)
    assert np.abs(mapped(MEASURE, MapKind.FLIP, a, b) - expected).max() <= MAP
    assert run(MEASURE, a, b)["flip"].value == pytest.approx(mean, abs=MEAN)


@pytest.mark.parametrize("mapper", ToneMapper)
@pytest.mark.parametrize(
    ("shape", "strength", "ppd"), [((90, 151), 1.0, 67.0206), ((61, 210), 0.02, 30.0)]
)
def test_high_dynamic_range(
    mapper: ToneMapper, shape: tuple[int, int], strength: float, ppd: float
) -> None:
    a = rendering(*shape, seed=int(ppd)) * np.float32(strength)
    b = (a * np.random.default_rng(3).normal(1, 0.1, a.shape).clip(0)).astype(np.float32)
    b[10:13, 20:23] += 500
    expected, mean = evaluated(a, b, "HDR", ppd=ppd, tonemapper=str(mapper))
    chosen = FlipParams(pixels_per_degree=ppd, tone_mapper=mapper, dynamic_range=DynamicRange.HDR)
    found = core.compare(linear(a), linear(b), Settings([chosen]), measures=["flip"])
    assert found.measures["flip"].value == pytest.approx(mean, abs=MEAN)
    seen = Luminances()
    seen.add(a * np.float32(255), None, encoded=False)
    exposed = exposures(seen.brightest, seen.median, mapper)
    made = mapped(
        MEASURE, MapKind.FLIP, a * np.float32(255), b * np.float32(255),
        settings=Settings([chosen]), linear=True, state=lambda _: exposed,
    )  # fmt: skip
    assert np.abs(made - expected).max() <= MAP
    assert exposed.count > 2
    assert mean > 0.01


@pytest.mark.parametrize("mapper", ToneMapper)
@pytest.mark.parametrize("odd", [0, 1])
def test_exposures_are_those_of_the_evaluator(mapper: ToneMapper, odd: int) -> None:
    a = rendering(40 - odd, 71, seed=2)
    _, _, used = flip_evaluator.evaluate(
        a, a * np.float32(1.1), "HDR", applyMagma=False, parameters={"tonemapper": str(mapper)}
    )
    seen = Luminances()
    for part in (a[:13], a[13:]):
        seen.add(part * np.float32(255), None, encoded=False)
    found = exposures(seen.brightest, seen.median, mapper)
    assert found.start == pytest.approx(used["startExposure"], abs=1e-5)
    assert found.stop == pytest.approx(used["stopExposure"], abs=2e-4)  # a bin is 1.8e-4 stops
    assert found.count == used["numExposures"]


def test_mostly_black_and_all_black_references() -> None:
    a = rendering(40, 70, seed=4)
    a[:25] = 0
    _, _, used = flip_evaluator.evaluate(a, a * 2, "HDR", applyMagma=False)
    seen = Luminances()
    seen.add(a * np.float32(255), None, encoded=False)
    found = exposures(seen.brightest, seen.median, ToneMapper.ACES)
    assert (found.stop, found.count) == (
        pytest.approx(used["stopExposure"], abs=1e-5), used["numExposures"]
    )  # fmt: skip
    assert exposures(0.0, 0.0, ToneMapper.ACES) == Exposures(0.0, 0.0, 1)
    flat = exposures(3.0, 3.0, ToneMapper.HABLE)
    assert flat.count == 1
    assert flat.factors == (2.0**flat.start,)


@pytest.mark.parametrize("ppd", [10.0, 67.0206, 200.0])
def test_weights_of_the_filters(ppd: float) -> None:
    kernels = filters(ppd)
    both = sum(k.sum(dtype=np.float64) ** 2 for k in kernels.blue_yellow)
    assert both == pytest.approx(1, abs=1e-6)
    for kernel in (kernels.light, kernels.red_green, kernels.smooth):
        assert kernel.sum(dtype=np.float64) == pytest.approx(1, abs=1e-6)
    for kernel in (kernels.edge, kernels.point):
        assert kernel[kernel > 0].sum(dtype=np.float64) == pytest.approx(1, abs=1e-6)
        assert kernel.sum(dtype=np.float64) == pytest.approx(0, abs=1e-6)


def exact(a: Pixels, b: Pixels, ppd: float) -> Pixels:
    """Return FLIP of RGB pictures in 0...1 by whole float64 planes, as the paper writes it."""
    xyz = np.array([[10135552, 8788810, 4435075], [5226144, 17577620, 1774030],
                    [475104, 8788810 / 3, 70074185 / 3]]) / 24577794  # fmt: skip
    to_xyz = xyz / xyz.sum(1, keepdims=True)
    reach = math.ceil(3 * math.sqrt(0.04 / (2 * math.pi**2)) * ppd)
    degrees = np.arange(-reach, reach + 1) / ppd

    def blur(plane: Pixels, *gaussians: tuple[float, float]) -> Pixels:
        square = degrees**2 + degrees[:, None] ** 2
        kernel = sum(p * math.sqrt(math.pi / q) * np.exp(-math.pi**2 * square / q)
                     for p, q in gaussians)  # fmt: skip
        return ndimage.correlate(plane, kernel / np.sum(kernel), mode="nearest")

    def lab(light: Pixels) -> Pixels:
        x, y, z = np.moveaxis(light @ to_xyz.T, -1, 0)
        yy, cx, cz = 116 * y - 16, 500 * (x - y), 200 * (y - z)
        y = (blur(yy, (1.0, 0.0047)) + 16) / 116
        x = y + blur(cx, (1.0, 0.0053)) / 500
        z = y - blur(cz, (34.1, 0.04), (13.5, 0.025)) / 200
        inside = np.clip(np.stack([x, y, z], -1) @ np.linalg.inv(to_xyz).T, 0, 1) @ to_xyz.T
        dark = inside * (29 / 6) ** 2 / 3 + 4 / 29
        x, y, z = np.moveaxis(np.where(inside > (6 / 29) ** 3, np.cbrt(inside), dark), -1, 0)
        lightness = 116 * y - 16
        return np.array([lightness, 5 * lightness * (x - y), 2 * lightness * (y - z)])

    def features(light: Pixels) -> Pixels:
        sigma = 0.041 * ppd
        x = np.arange(-math.ceil(3 * sigma), math.ceil(3 * sigma) + 1)
        bell = np.exp(-(x**2) / (2 * sigma**2))
        luminance, lengths = light @ to_xyz[1], []
        for weights in (-x, (x / sigma) ** 2 - 1):
            kernel = bell[:, None] * (weights * bell)
            kernel[kernel > 0] /= kernel[kernel > 0].sum()
            kernel[kernel < 0] /= -kernel[kernel < 0].sum()
            across, down = (ndimage.correlate(luminance, k, mode="nearest")
                            for k in (kernel, kernel.T))  # fmt: skip
            lengths.append(np.hypot(across, down))
        return np.array(lengths)

    lights = [np.where(p <= 0.04045, p / 12.92, ((p + 0.055) / 1.055) ** 2.4) for p in (a, b)]
    d = lab(lights[0]) - lab(lights[1])
    power = (np.abs(d[0]) + np.hypot(d[1], d[2])) ** 0.7
    most = 41.27609841
    color = np.where(power < 0.4 * most, 0.95 / 0.4 * power / most,
                     0.95 + 0.05 * (power / most - 0.4) / 0.6)  # fmt: skip
    feature = np.abs(features(lights[0]) - features(lights[1])).max(0) / math.sqrt(2)
    return color ** (1 - np.sqrt(feature))


@pytest.mark.parametrize(("scene", "ppd"), [("text", 20.0), ("noise", 67.0206), ("dark", 30.0)])
def test_whole_planes_in_float64(scene: str, ppd: float) -> None:
    a, b = drawn()[scene]
    made = mapped(MEASURE, MapKind.FLIP, a, b, settings=params(pixels_per_degree=ppd))
    assert np.abs(made - exact(a / 255, b / 255, ppd)).max() <= MAP
