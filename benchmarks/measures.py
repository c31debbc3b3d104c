"""The measures, against the scripts and libraries that people use."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from benchmarks._peers import naive_norms
from benchmarks._pictures import arrays, pair
from benchmarks._run import Case, main
from core.difference import DifferenceParams, Space
from core.engine import compare
from core.settings import Settings


def _measured(names: Sequence[str], settings: Settings | None = None) -> None:
    """Make what the peers make: they have no intervals, regions and histograms."""
    compare(
        *pair(12), settings, measures=names, regions=False, histograms=False, intervals=False
    )  # fmt: skip


def time_norms_12mp() -> None:
    _measured(("l0", "l1", "l2", "max_abs"))


def time_naive_norms_12mp() -> None:
    naive_norms(*arrays(12))


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
    Case("Lab difference, 12 MP, against scikit-image", time_lab_12mp, time_skimage_lab_12mp),
    Case("all measures, 12 MP RGB", time_all_measures_12mp),
    Case("all measures and regions, 12 MP RGB", time_everything_12mp),
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CASES))
