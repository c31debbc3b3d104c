"""Pairs and chains that the tests of places look at, and what they compare."""

from __future__ import annotations

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.difference import DifferenceParams
from core.engine import compare
from core.settings import Settings
from core.stages.blur import BlurParams
from core.stages.edges import EdgesParams
from core.stages.normalize import NormalizeParams
from tests.make import photo, with_noise, with_patch

SHAPE = (150, 333)
WHOLE = "rect 0,0 333x150"
ODD = "ellipse 200,20 90x61; polygon 20,100 120,90 60,149; rect 301,7 9x11"
NORM = NormalizeParams(enabled=True, method="minmax")
BLUR = BlurParams(enabled=True, sigma=2.0)
NAMES = ("l1", "l0_per_pixel", "rmse", "max_abs", "ssim", "hist_l1")
CHAINS = {
    "plain": [],
    "normalize": [NORM],
    "blur": [BLUR],
    "median": [BlurParams(enabled=True, method="median", radius=2)],
    "bilateral": [BlurParams(enabled=True, method="bilateral", radius=3)],
    "edges": [EdgesParams(enabled=True)],
    "canny": [EdgesParams(enabled=True, method="canny")],
    "lab": [DifferenceParams(space="lab")],
    "signed": [DifferenceParams(map="signed")],
    "all": [NORM, BLUR, EdgesParams(enabled=True), DifferenceParams(tolerance=3.0)],
}


def pair(dtype=np.uint8):
    a = photo(*SHAPE, 3)
    b = with_patch(with_noise(a, 2.0, 3), 31, 247, 22, 35, by=60)
    if dtype is np.uint8:
        return a, b
    return (p.astype(np.float32) / np.float32(255) for p in (a, b))


def asked(a, b, *params, **more):
    white = 255.0 if a.dtype == np.uint8 else 1.0
    pictures = (ImageBuffer.from_array(p, peak=white) for p in (a, b))
    return compare(*pictures, Settings(params), **more)


def everything(result):
    """Return all that was found, comparable with ==; the sums of blocks as they are."""
    numbers = {n: (repr(m.value), m.pixels, m.at, m.interval) for n, m in result.measures.items()}
    h = result.histograms
    return {
        **numbers,
        "over": result.over,
        "pixels": result.pixels,
        "regions": result.regions,
        "histograms": [x.tolist() for x in (h.a, h.b, h.difference)],
        "map": result.map.levels[0].tobytes(),
    }


def alike(one, other, tolerance=2e-6):
    """Whether numbers are the same up to the float32 of filters and of SSIM."""
    assert list(one.measures) == list(other.measures)
    for name, value in one.measures.items():
        expected = other.measures[name]
        assert value.pixels == expected.pixels, name
        assert value.value == pytest.approx(
            expected.value, rel=tolerance, abs=tolerance, nan_ok=True
        ), name
