"""FLIP with its map, against the authors' evaluator."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._pictures import arrays, pair
from benchmarks._run import Case, extra_megabytes, main
from core.difference import DifferenceParams
from core.engine import compare
from core.measures.flip import DynamicRange, FlipParams
from core.settings import Settings
from core.types import MapKind


def _compared(megapixels: int, channels: int = 3, kind: str = "ldr") -> None:
    painted = DifferenceParams(map=MapKind.FLIP)
    settings = Settings([painted, FlipParams(dynamic_range=DynamicRange(kind))])
    a, b = pair(megapixels, channels)
    compare(a, b, settings, measures=["flip"], regions=False, histograms=False)


def time_flip_12mp() -> None:
    _compared(12)


@cache
def _floats() -> tuple[NDArray[Any], NDArray[Any]]:
    a, b = (np.asarray(x / np.float32(255), np.float32) for x in arrays(12))
    return a, b


def time_flip_evaluator_12mp() -> None:
    from flip_evaluator import evaluate  # noqa: PLC0415 - only here

    evaluate(*_floats(), "LDR", applyMagma=False)


def time_flip_gray_12mp() -> None:
    _compared(12, channels=1)


def time_flip_hdr_12mp() -> None:
    _compared(12, kind="hdr")


def peakmem_flip_100mp() -> float:
    a, b = pair(100)
    return extra_megabytes(
        lambda: compare(a, b, measures=["flip"], regions=False, histograms=False)
    )


CASES = (
    Case("FLIP with its map, 12 MP RGB, against flip-evaluator", time_flip_12mp,
         time_flip_evaluator_12mp, faster=8),
    Case("FLIP with its map, 12 MP gray", time_flip_gray_12mp),
    Case("HDR-FLIP with its map, 12 MP RGB", time_flip_hdr_12mp),
    Case("FLIP, 100 MP RGB, more memory", peakmem_flip_100mp, most=300, unit="MB"),
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CASES))
