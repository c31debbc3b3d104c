"""Structural measures against scikit-image, and all that is made unasked against SSIM alone."""

from __future__ import annotations

import sys
import warnings

from benchmarks._pictures import arrays, pair
from benchmarks._run import Case, extra_megabytes, main
from core.engine import compare


def _measured(*names: str, channels: int = 3, megapixels: int = 12) -> None:
    compare(*pair(megapixels, channels), measures=names, regions=False, histograms=False)


def _skimage(channels: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from skimage.metrics import structural_similarity  # noqa: PLC0415 - slow to load
    structural_similarity(
        *arrays(12, channels), channel_axis=2 if channels > 1 else None, gaussian_weights=True,
        sigma=1.5, use_sample_covariance=False, data_range=255,
    )  # fmt: skip


def time_ssim_12mp() -> None:
    _measured("ssim")


def time_skimage_ssim_12mp() -> None:
    _skimage(3)


def time_ssim_gray_12mp() -> None:
    _measured("ssim", channels=1)


def time_skimage_ssim_gray_12mp() -> None:
    _skimage(1)


def time_ms_ssim_12mp() -> None:
    _measured("ms_ssim")


def time_gmsd_12mp() -> None:
    _measured("gmsd")


def time_gradient_12mp() -> None:
    _measured("gradient_mae")


def time_default_12mp() -> None:
    compare(*pair(12), regions=False)


def peakmem_default_100mp() -> float:
    pair(100)
    time_default_12mp()  # what is loaded once is not of the comparison
    return extra_megabytes(lambda: compare(*pair(100), regions=False))


def peakmem_structure_100mp() -> float:
    pair(100, 3)  # as `_measured` asks for it
    names = "ssim", "ms_ssim", "gmsd", "gradient_mae"
    _measured(*names)
    return extra_megabytes(lambda: _measured(*names, megapixels=100))


CASES = (
    Case("ssim, 12 MP RGB, against scikit-image", time_ssim_12mp, time_skimage_ssim_12mp,
         faster=25),
    Case("ssim, 12 MP gray, against scikit-image", time_ssim_gray_12mp,
         time_skimage_ssim_gray_12mp, faster=25),
    Case("all default measures, 12 MP RGB, against ssim alone", time_default_12mp, time_ssim_12mp,
         slower=3),
    Case("ms_ssim, 12 MP RGB, against ssim", time_ms_ssim_12mp, time_ssim_12mp),
    Case("gmsd, 12 MP RGB", time_gmsd_12mp),
    Case("gradient_mae, 12 MP RGB", time_gradient_12mp),
    Case("all default measures, 100 MP, memory above the pictures", peakmem_default_100mp,
         most=300, unit="MB"),
    Case("structural measures, 100 MP, memory above the pictures", peakmem_structure_100mp,
         most=300, unit="MB"),
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CASES))
