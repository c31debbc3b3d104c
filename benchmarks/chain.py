"""Gray → Gaussian σ 2 → |A − B| → l0, l1, l2, histogram, heat-map codes, of pictures in memory."""

from __future__ import annotations

import sys

from benchmarks._peers import SIGMA, byte_chain, float_chain, naive_chain
from benchmarks._pictures import arrays, pair
from benchmarks._run import Case, extra_megabytes, main
from core.color import GrayParams
from core.engine import compare
from core.settings import Settings
from core.stages.blur import BlurParams

CHAIN = Settings([GrayParams(enabled=True), BlurParams(enabled=True, sigma=SIGMA)])
NORMS = ("l0", "l1", "l2")


def _compare(megapixels: int) -> None:
    a, b = pair(megapixels)
    compare(a, b, CHAIN, measures=NORMS, regions=False, histograms=False)


def time_chain_24mp() -> None:
    _compare(24)


def time_chain_100mp() -> None:
    _compare(100)


def time_naive_24mp() -> None:
    naive_chain(*arrays(24))


def time_float_24mp() -> None:
    float_chain(*arrays(24))


def time_bytes_24mp() -> None:
    byte_chain(*arrays(24))


def time_bytes_100mp() -> None:
    byte_chain(*arrays(100))


def peakmem_chain_24mp() -> float:
    pair(24)
    _compare(12)  # what is loaded once is not of the comparison
    return extra_megabytes(time_chain_24mp)


def peakmem_chain_100mp() -> float:
    pair(100)
    _compare(12)
    return extra_megabytes(time_chain_100mp)


CASES = (
    Case("chain, 24 MP, against NumPy float64", time_chain_24mp, time_naive_24mp, faster=25),
    Case("chain, 24 MP, against OpenCV float64", time_chain_24mp, time_float_24mp),
    Case("chain, 24 MP, against OpenCV in bytes", time_chain_24mp, time_bytes_24mp, slower=2),
    Case("chain, 100 MP, against OpenCV in bytes", time_chain_100mp, time_bytes_100mp, slower=2),
    Case("chain, 24 MP, memory above the pictures", peakmem_chain_24mp, most=300, unit="MB"),
    Case("chain, 100 MP, memory above the pictures", peakmem_chain_100mp, unit="MB"),
)

if __name__ == "__main__":
    sys.exit(main(CASES))
