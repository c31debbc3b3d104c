"""The measures, against the scripts and libraries that people use."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence

from benchmarks._peers import naive_norms
from benchmarks._pictures import arrays, pair
from benchmarks._run import Case, main
from core.difference import DifferenceParams, Space
from core.engine import compare
from core.settings import Settings


def _measured(names: Sequence[str], channels: int = 3, settings: Settings | None = None) -> None:
    a, b = pair(12, channels)
    compare(a, b, settings, measures=names, regions=False, histograms=False)


def time_norms_12mp() -> None:
    _measured(("l0", "l1", "l2", "max_abs"))


def time_naive_norms_12mp() -> None:
    naive_norms(*arrays(12))


def time_ssim_gray_12mp() -> None:
    _measured(("ssim",), channels=1)


def time_skimage_ssim_gray_12mp() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from skimage.metrics import structural_similarity  # noqa: PLC0415 - slow to load
    a, b = arrays(12, 1)
    structural_similarity(
        a, b, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255
    )


def time_ssim_12mp() -> None:
    _measured(("ssim",))


def time_lab_12mp() -> None:
    _measured(("l1", "max_abs"), settings=Settings([DifferenceParams(space=Space.LAB)]))


def time_skimage_lab_12mp() -> None:
    from skimage.color import deltaE_cie76, rgb2lab  # noqa: PLC0415 - slow to load

    a, b = arrays(12)
    d = deltaE_cie76(rgb2lab(a), rgb2lab(b))
    d.sum()
    d.max()


def time_all_measures_12mp() -> None:
    compare(*pair(12), regions=False)


def time_everything_12mp() -> None:
    compare(*pair(12))


CASES = (
    Case("l0 + l1 + l2 + max, 12 MP RGB, against NumPy", time_norms_12mp, time_naive_norms_12mp,
         faster=40),
    Case("ssim, 12 MP gray, against scikit-image", time_ssim_gray_12mp,
         time_skimage_ssim_gray_12mp),
    Case("Lab difference, 12 MP, against scikit-image", time_lab_12mp, time_skimage_lab_12mp),
    Case("ssim, 12 MP RGB", time_ssim_12mp),
    Case("all measures, 12 MP RGB", time_all_measures_12mp),
    Case("all measures and regions, 12 MP RGB", time_everything_12mp),
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CASES))
