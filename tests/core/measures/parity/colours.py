"""Colour: against the published table of CIEDE2000 and scikit-image's chain from sRGB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from skimage.color import deltaE_ciede2000, rgb2lab

from core.lab import LabPair
from core.measures import color, color_distances
from core.types import MapKind
from tests.core.measures.ciede_pairs import ciede2000
from tests.core.measures.parity._case import Case, Compared, numbers, painted
from tests.core.measures.parity._scenes import BYTES, DEEP, Pixels, scene
from tests.core.measures.test_ciede import PUBLISHED, A, B
from tests.core.measures.test_color import decided, same_white

if TYPE_CHECKING:
    from collections.abc import Iterable

TYPES = {"34 pairs in float64": np.float64, "34 pairs in float32": np.float32}
SEEN = (*BYTES, *DEEP)
RGB = tuple(n for n in SEEN if scene(n).kind == "RGB")


def colours(name: str) -> tuple[Pixels, Pixels]:
    """sRGB, 1 for white."""
    a, b = (np.dstack([x] * 3) if x.ndim == 2 else x for x in scene(name).shares)
    return a, b


def lab(name: str) -> tuple[Pixels, Pixels]:
    """Lab by scikit-image, taken against the white of sRGB itself."""
    a, b = (same_white(x) for x in colours(name))
    return a, b


def published(name: str) -> Iterable[Compared]:
    a, b = (x.astype(TYPES[name]) for x in (A, B))
    yield ciede2000(a, b), PUBLISHED
    yield ciede2000(b, a), PUBLISHED


def planes(name: str) -> Iterable[Compared]:
    x, y = scene(name).working
    made = LabPair(x.shape[0] * x.shape[1], color=True, linear=False).of(x, y)
    for i, right in enumerate(lab(name)):
        for k, plane in enumerate((made.lightness, made.a, made.b)):
            yield plane[i, : made.count].reshape(x.shape[:2]), right[..., k]


def delta_maps(name: str) -> Iterable[Compared]:
    pair = lab(name)
    sure = decided(*pair)  # elsewhere hues are opposite, where the formula jumps
    assert sure.mean() > 0.99
    found = painted(color.MEASURE, MapKind.DELTA_E_2000, name)
    yield found[sure], deltaE_ciede2000(*pair)[sure]


def of_ciede(name: str) -> list[float]:
    return [deltaE_ciede2000(*lab(name)).mean()]


def of_ciede_as_it_is(name: str) -> list[float]:
    return [deltaE_ciede2000(*(rgb2lab(x) for x in colours(name))).mean()]


def of_quantiles(name: str) -> list[float]:
    d = deltaE_ciede2000(*lab(name))
    return [float(np.quantile(d, q)) for q in (0.5, 0.95)]


def of_shares(name: str) -> list[float]:
    d = deltaE_ciede2000(*lab(name))
    return [float((d > limit).mean()) for limit in (color.NOTICED, color.JND)]


def distances(name: str) -> tuple[Pixels, Pixels]:
    a, b = lab(name)
    d = a - b
    return np.linalg.norm(d, axis=2), np.abs(d[..., 0]) + np.hypot(d[..., 1], d[..., 2])


def of_distances(name: str) -> list[float]:
    return [float(d.mean()) for d in distances(name)]


def euclidean_maps(name: str) -> Iterable[Compared]:
    yield painted(color_distances.MEASURE, MapKind.DELTA_E_76, name), distances(name)[0]


def hyab_maps(name: str) -> Iterable[Compared]:
    yield painted(color_distances.MEASURE, MapKind.HYAB, name), distances(name)[1]


FIVE, TWO = color.MEASURE.names, color_distances.MEASURE.names
MEAN, QUANTILES, SHARES = FIVE[:1], FIVE[1:3], FIVE[3:]
CHAIN = "scikit-image, from sRGB to ΔE, with sRGB's own white"
ROUNDED = "float32, and constants of seven digits in scikit-image"

CASES = (
    Case(FIVE, "the table of Sharma, Wu and Dalal", 1e-4, tuple(TYPES), published,
         part="formula of ΔE 2000", why="the table has four digits"),
    Case(FIVE + TWO, "scikit-image, with sRGB's own white", 4e-4, RGB, planes,
         part="L*, a*, b* of sRGB", why=ROUNDED),
    Case(MEAN, CHAIN, 1e-5, SEEN, numbers(MEAN, of_ciede), why=ROUNDED),
    Case(MEAN, "scikit-image, from sRGB to ΔE, as it is", 5e-4, SEEN,
         numbers(MEAN, of_ciede_as_it_is), why="its D65 is not the white of its sRGB"),
    Case(QUANTILES, CHAIN, 8e-3, SEEN, numbers(QUANTILES, of_quantiles), why="bins of 1/128"),
    Case(SHARES, CHAIN, 1e-4, SEEN, numbers(SHARES, of_shares),
         why="some values next to the limit"),
    Case(FIVE, CHAIN, 5e-4, SEEN, delta_maps, map=MapKind.DELTA_E_2000, why=ROUNDED),
    Case(TWO, "NumPy on scikit-image's Lab, with sRGB's own white", 1e-5, SEEN,
         numbers(TWO, of_distances), why=ROUNDED),
    Case(TWO[:1], "NumPy on scikit-image's Lab", 4e-4, SEEN, euclidean_maps,
         map=MapKind.DELTA_E_76, why=ROUNDED),
    Case(TWO[1:], "NumPy on scikit-image's Lab", 4e-4, SEEN, hyab_maps, map=MapKind.HYAB,
         why=ROUNDED),
)  # fmt: skip
