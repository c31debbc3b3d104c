"""Colour differences, against scikit-image."""

from __future__ import annotations

import sys

from benchmarks._pictures import arrays, pair
from benchmarks._run import Case, extra_megabytes, main
from core.engine import compare

CIEDE = ("delta_e_2000_mean", "delta_e_2000_median", "delta_e_2000_p95", "delta_e_2000_over_1")


def _compare(megapixels: int, names: tuple[str, ...]) -> None:
    compare(*pair(megapixels), measures=names, regions=False, histograms=False)


def time_ciede2000_12mp() -> None:
    _compare(12, CIEDE)


def time_skimage_ciede2000_12mp() -> None:
    from skimage.color import deltaE_ciede2000, rgb2lab  # noqa: PLC0415 - slow to load

    a, b = arrays(12)
    deltaE_ciede2000(rgb2lab(a), rgb2lab(b)).mean()


def time_distances_12mp() -> None:
    _compare(12, ("delta_e_76_mean", "hyab_mean"))


def time_skimage_distances_12mp() -> None:
    from skimage.color import deltaE_cie76, rgb2lab  # noqa: PLC0415 - slow to load

    a, b = arrays(12)
    deltaE_cie76(rgb2lab(a), rgb2lab(b)).mean()


def time_ciede2000_100mp() -> None:
    _compare(100, CIEDE)


def peakmem_ciede2000_100mp() -> float:
    pair(100)
    _compare(12, CIEDE)  # what is loaded once is not of the comparison
    return extra_megabytes(time_ciede2000_100mp)


CASES = (
    Case("CIEDE2000, 12 MP RGB, against scikit-image", time_ciede2000_12mp,
         time_skimage_ciede2000_12mp, faster=20),
    Case("ΔE 1976 and HyAB, 12 MP RGB, against scikit-image (ΔE 1976)", time_distances_12mp,
         time_skimage_distances_12mp),
    Case("CIEDE2000, 100 MP RGB, memory above the pictures", peakmem_ciede2000_100mp, most=300,
         unit="MB"),
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CASES))
