"""The counts: YIQ, shift-tolerant, densest window."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache

import numpy as np

from benchmarks._pictures import SHAPES, pair
from benchmarks._run import Case, extra_megabytes, main
from core.buffer import ImageBuffer
from core.difference import DifferenceParams
from core.engine import compare
from core.measures.density import DensityParams
from core.measures.shift import ShiftParams
from core.settings import Params, Settings
from core.types import MapKind


def _measured(
    names: Sequence[str], *params: Params, of: tuple[ImageBuffer, ImageBuffer] | None = None
) -> None:
    compare(*(of or pair(12)), Settings(params), measures=names, regions=False, histograms=False)


@cache
def _nothing_alike() -> tuple[ImageBuffer, ImageBuffer]:
    """Return two pictures that differ in every pixel, most of them by much."""
    shape = (*SHAPES[12], 3)
    a, b = (np.random.default_rng(s).integers(0, 256, shape, dtype=np.uint8) for s in (1, 2))
    return ImageBuffer.from_array(a), ImageBuffer.from_array(b)


def time_yiq_12mp() -> None:
    _measured(("yiq_count",))


def time_yiq_map_12mp() -> None:
    _measured(("yiq_count",), DifferenceParams(map=MapKind.YIQ))


def time_yiq_nothing_alike_12mp() -> None:
    _measured(("yiq_count",), of=_nothing_alike())


def time_shift_1_12mp() -> None:
    _measured(("shift_l0",))


def time_shift_2_12mp() -> None:
    _measured(("shift_l0",), ShiftParams(radius=2))


def time_shift_4_12mp() -> None:
    _measured(("shift_l0",), ShiftParams(radius=4))


def time_density_12mp() -> None:
    _measured(("densest_window",))


def time_density_101_12mp() -> None:
    _measured(("densest_window",), DensityParams(window=101))


def time_ssim_12mp() -> None:
    _measured(("ssim",))


def peakmem_shift_100mp() -> float:
    a, b = pair(100)
    settings = Settings([ShiftParams(radius=4)])
    return extra_megabytes(
        lambda: compare(a, b, settings, measures=("shift_l0",), regions=False, histograms=False)
    )


CASES = (
    Case("YIQ count, 12 MP RGB, against ssim", time_yiq_12mp, time_ssim_12mp),
    Case("YIQ count and map, 12 MP RGB", time_yiq_map_12mp),
    Case("YIQ count, nothing alike, 12 MP RGB", time_yiq_nothing_alike_12mp),
    Case("shift-tolerant, radius 1, 12 MP RGB, against ssim", time_shift_1_12mp, time_ssim_12mp),
    Case("shift-tolerant, radius 2, 12 MP RGB", time_shift_2_12mp),
    Case("shift-tolerant, radius 4, 12 MP RGB", time_shift_4_12mp),
    Case("densest window, 12 MP RGB, against ssim", time_density_12mp, time_ssim_12mp),
    Case("densest window of 101, 12 MP RGB", time_density_101_12mp),
    Case("shift-tolerant, radius 4, 100 MP, memory above the pictures", peakmem_shift_100mp,
         most=300, unit="MB"),
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CASES))
