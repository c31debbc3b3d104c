"""100 megapixels with everything: all measures, regions, histograms; then all stages too."""

from __future__ import annotations

import sys
import time

from benchmarks._pictures import pair
from benchmarks._run import Case, extra_megabytes, main
from benchmarks.toggles import ALL
from core.cache import Cache
from core.engine import iterate
from core.result import Finished, Preview, Request
from core.settings import Settings
from core.types import Token


def _answer(megapixels: int, settings: Settings) -> dict[str, float]:
    """Return the seconds to the preview, and to the exact answer with the time of its parts."""
    request = Request(*pair(megapixels), settings, preview=True)
    found: dict[str, float] = {}
    started = time.perf_counter()
    for event in iterate(request, Token(), Cache()):
        if isinstance(event, Preview):
            found["preview"] = time.perf_counter() - started
        if isinstance(event, Finished):
            found["answer"] = time.perf_counter() - started
            parts = ("prepare", "scan", "finish")
            found.update({f"… {name}": event.result.timings[name] for name in parts})
    return found


def track_whole_24mp() -> dict[str, float]:
    _answer(12, Settings())
    return _answer(24, Settings())


def track_whole_100mp() -> dict[str, float]:
    _answer(12, Settings())
    return _answer(100, Settings())


def track_all_stages_100mp() -> dict[str, float]:
    _answer(12, ALL)
    return _answer(100, ALL)


def _memory(settings: Settings) -> float:
    pair(100)
    _answer(12, settings)  # what is loaded once is not of the comparison
    return extra_megabytes(lambda: _answer(100, settings))


def peakmem_whole_100mp() -> float:
    return _memory(Settings())


def peakmem_all_stages_100mp() -> float:
    return _memory(ALL)


CASES = (
    Case("all measures, 24 MP", track_whole_24mp, unit="s"),
    Case("all measures, 100 MP", track_whole_100mp, unit="s"),
    Case("… memory above the pictures", peakmem_whole_100mp, unit="MB"),
    Case("all measures and stages, 100 MP", track_all_stages_100mp, unit="s"),
    Case("… memory above the pictures", peakmem_all_stages_100mp, unit="MB"),
)

if __name__ == "__main__":
    sys.exit(main(CASES))
