"""Structure: against scikit-image, and scripts of the papers in float64."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.measures import gmsd, ms_ssim, structure
from core.measures import gradient as gradients
from core.types import MapKind
from tests.core.measures.parity._case import Case, Compared, numbers, painted
from tests.core.measures.parity._scenes import BYTES, DEEP, LIGHT, Pixels, scene
from tests.core.measures.test_gmsd import similarity
from tests.core.measures.test_gradient import script as lengths
from tests.core.measures.test_ms_ssim import factors, pooled
from tests.core.measures.test_ms_ssim import script as multi_scale
from tests.core.measures.test_structure import reference

if TYPE_CHECKING:
    from collections.abc import Iterable

INNER = (slice(5, -5), slice(5, -5))
ALL = (*BYTES, *DEEP, *LIGHT)


def of_ssim(name: str) -> list[float]:
    return [reference(*scene(name).exact)]


def ssim_maps(name: str) -> Iterable[Compared]:
    full = reference(*scene(name).exact, full=True)[1]
    right = 1 - (full if full.ndim == 2 else full.mean(axis=2))
    yield painted(structure.MEASURE, MapKind.SSIM, name)[INNER], right[INNER]


def ms_ssim_maps(name: str) -> Iterable[Compared]:
    planes = [np.moveaxis(np.atleast_3d(x), 2, 0) for x in scene(name).exact]
    made = [products(x, y) for x, y in zip(*planes, strict=True)]
    right, sure = 1 - np.mean([p for p, _ in made], axis=0), np.all([s for _, s in made], axis=0)
    assert sure.mean() > 0.97
    found = painted(ms_ssim.MEASURE, MapKind.MS_SSIM, name)
    yield found[INNER][sure[INNER]], right[INNER][sure[INNER]]


def products(x: Pixels, y: Pixels) -> tuple[Pixels, Pixels]:
    """The product of the scales at each pixel (a scale without a whole window is left out).

    And where it is sure: near 0 powers are as steep as they like, and make much of any rounding.
    """
    out, sure = np.ones(x.shape), np.full(x.shape, True)
    for scale, weight in enumerate(ms_ssim.WEIGHTS):
        cs, luminance = factors(x, y)
        whole = cs * luminance if scale == len(ms_ssim.WEIGHTS) - 1 else cs
        coarse = np.ones(x.shape)
        coarse[INNER] = whole
        fine = coarse.repeat(1 << scale, axis=0).repeat(1 << scale, axis=1)
        part = np.s_[: fine.shape[0], : fine.shape[1]]
        out[part] *= np.maximum(fine, 0) ** weight
        sure[part] &= np.abs(fine) > 1e-3
        x, y = pooled(x), pooled(y)
    return out, sure


def of_ms_ssim(name: str) -> list[float]:
    return [multi_scale(*scene(name).exact)]


def of_gmsd(name: str) -> list[float]:
    return [float(similarity(*scene(name).exact).std())]


def gmsd_maps(name: str) -> Iterable[Compared]:
    right = 1 - similarity(*scene(name).exact)
    found = painted(gmsd.MEASURE, MapKind.GMSD, name)
    for row, col in ((2, 2), (2, 3), (3, 2), (3, 3)):  # a square is 2 x 2 pixels
        rows, cols = (slice(n, n + 2 * s, 2) for n, s in zip((row, col), right.shape, strict=True))
        yield found[rows, cols], right


def of_gradient(name: str) -> list[float]:
    return [float(lengths(*scene(name).exact).mean())]


def gradient_maps(name: str) -> Iterable[Compared]:
    inner = painted(gradients.MEASURE, MapKind.GRADIENT, name)[1:-1, 1:-1]
    yield inner, lengths(*scene(name).exact)


FLOAT32 = "planes are float32"

CASES = (
    Case(("ssim",), "scikit-image, Gaussian windows", 1e-4, ALL, numbers(("ssim",), of_ssim)),
    Case(("ssim",), "scikit-image, Gaussian windows", 1e-4, ALL, ssim_maps, map=MapKind.SSIM,
         why=FLOAT32),
    Case(("ms_ssim",), "the papers in NumPy, float64", 2e-7, ALL,
         numbers(("ms_ssim",), of_ms_ssim), why=FLOAT32),
    Case(("ms_ssim",), "the papers in NumPy, float64", 1e-4, (*BYTES, *DEEP), ms_ssim_maps,
         map=MapKind.MS_SSIM, why="planes are float32; factors within 0.001 of 0 are left out"),
    Case(("gmsd",), "the paper in NumPy, float64", 2e-7, ALL, numbers(("gmsd",), of_gmsd),
         why=FLOAT32),
    Case(("gmsd",), "the paper in NumPy, float64", 3e-6, ALL, gmsd_maps, map=MapKind.GMSD,
         why=FLOAT32),
    Case(("gradient_mae",), "Scharr's kernels by SciPy, float64", 1e-6, ALL,
         numbers(("gradient_mae",), of_gradient), relative=True, why=FLOAT32),
    Case(("gradient_mae",), "Scharr's kernels by SciPy, float64", 1e-4, (*BYTES, *DEEP),
         gradient_maps, map=MapKind.GRADIENT, why=FLOAT32),
)  # fmt: skip
