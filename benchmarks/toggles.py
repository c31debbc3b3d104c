"""From a switch to its preview, and from a cancelled scan to its end."""

from __future__ import annotations

import statistics
import sys
import threading
import time
from dataclasses import replace

from benchmarks._pictures import SHAPES, pair
from benchmarks._run import Case, main
from core.cache import Cache
from core.color import GrayParams
from core.engine import iterate
from core.errors import Cancelled
from core.result import Preview, Request
from core.settings import Params, Settings
from core.stages.align import AlignParams
from core.stages.blur import BlurParams
from core.stages.blur import Method as Blur
from core.stages.edges import EdgesParams
from core.stages.edges import Method as Edges
from core.stages.normalize import Method as Normalize
from core.stages.normalize import NormalizeParams
from core.types import Token

TOGGLES: dict[str, Params] = {
    "gray": GrayParams(enabled=True),
    "align": AlignParams(enabled=True),
    "normalize": NormalizeParams(enabled=True),
    "blur": BlurParams(enabled=True),
    "edges": EdgesParams(enabled=True),
}
ALL = Settings(TOGGLES.values())
_ROUNDS = 15


def _preview(request: Request, cache: Cache) -> None:
    for event in iterate(request, Token(), cache):
        if isinstance(event, Preview):
            return


def _slowest(megapixels: int) -> dict[str, float]:
    """Return the median milliseconds of each toggle, with the plain preview shown before."""
    plain = Request(*pair(megapixels), preview=True)
    times: dict[str, list[float]] = {name: [] for name in TOGGLES}
    for _ in range(_ROUNDS):
        for name, params in TOGGLES.items():
            cache = Cache()
            _preview(plain, cache)
            started = time.perf_counter()
            _preview(replace(plain, settings=Settings([params])), cache)
            times[name].append(1e3 * (time.perf_counter() - started))
    return {name: statistics.median(t) for name, t in times.items()}


def track_toggle_12mp() -> dict[str, float]:
    return _slowest(12)


def track_toggle_24mp() -> dict[str, float]:
    return _slowest(24)


def track_toggle_100mp() -> dict[str, float]:
    return _slowest(100)


def _cancelled(megapixels: int, settings: Settings, after: float) -> float:
    """Return the milliseconds from `cancel` to the end of the generator."""
    token, at = Token(), [0.0]

    def cancel() -> None:
        at[0] = time.perf_counter()
        token.cancel()

    timer = threading.Timer(after, cancel)
    timer.start()
    try:
        for _ in iterate(Request(*pair(megapixels), settings), token, Cache()):
            pass
    except Cancelled:
        return 1e3 * (time.perf_counter() - at[0])
    finally:
        timer.cancel()
        timer.join()
    return 0.0


def _longest_stop(megapixels: int, settings: Settings, delays: tuple[float, ...]) -> float:
    _cancelled(megapixels, settings, 0.05)
    return max(_cancelled(megapixels, settings, d) for d in delays)


_DELAYS = tuple(0.07 + 0.11 * i for i in range(12))


def track_cancel_100mp() -> float:
    return _longest_stop(100, Settings(), _DELAYS)


def track_cancel_all_stages_100mp() -> float:
    return _longest_stop(100, ALL, tuple(4 * d for d in _DELAYS))


def track_cancel_each_100mp() -> dict[str, float]:
    return {name: _longest_stop(100, Settings([p]), _DELAYS) for name, p in TOGGLES.items()}


def track_cancel_methods_100mp() -> dict[str, float]:
    """Return the same for the slowest method of each stage."""
    slow: dict[str, Params] = {
        "percentile": NormalizeParams(enabled=True, method=Normalize.PERCENTILE),
        "gain/bias": NormalizeParams(enabled=True, method=Normalize.GAINBIAS),
        "histogram": NormalizeParams(enabled=True, method=Normalize.HISTOGRAM),
        "sigma 50": BlurParams(enabled=True, sigma=50.0),
        "median 9": BlurParams(enabled=True, method=Blur.MEDIAN, radius=4),
        "bilateral 9": BlurParams(enabled=True, method=Blur.BILATERAL, radius=4),
        "canny": EdgesParams(enabled=True, method=Edges.CANNY),
    }
    return {name: _longest_stop(100, Settings([p]), _DELAYS) for name, p in slow.items()}


CASES = (
    *(
        Case(f"toggle to preview, {m} MP", function, most=50)
        for m, function in zip(
            SHAPES, (track_toggle_12mp, track_toggle_24mp, track_toggle_100mp), strict=True
        )
    ),
    Case("cancel to end, 100 MP, no stage", track_cancel_100mp, most=100),
    Case("cancel to end, 100 MP, all stages", track_cancel_all_stages_100mp, most=100),
    Case("cancel to end, 100 MP, with", track_cancel_each_100mp, most=100),
    Case("cancel to end, 100 MP, with", track_cancel_methods_100mp, most=100),
)

if __name__ == "__main__":
    sys.exit(main(CASES))
