"""Align: how long it takes, at which size, and against what OpenCV's own means take."""

from __future__ import annotations

import statistics
import sys
import time
from functools import cache

import cv2
import numpy as np

from benchmarks._pictures import SHAPES, noisy
from benchmarks._run import Case, main
from core.alignment import estimate_alignment
from core.buffer import ImageBuffer
from core.cache import Cache
from core.engine import iterate
from core.result import Preview, Request
from core.settings import Settings
from core.stages.align import AlignParams
from core.types import Token
from tests.make import photo

_MOVED = np.array([[1.0, 0.0, 41.25], [0.0, 1.0, -23.5], [0.0, 0.0, 1.0]])
_ROUNDS = 7


@cache
def _arrays(megapixels: int, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Return two noisy shots of a scene, B moved, or seen from a bit aside."""
    height, width = SHAPES[megapixels]
    scene = photo(1125, 1500, seed=7, channels=3)
    clean = cv2.resize(scene, (width, height), interpolation=cv2.INTER_CUBIC)
    matrix = _MOVED
    if kind != "moved":
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), 4.0, 1.05)
        matrix = np.vstack([turn, [2e-2 / width, 1e-2 / height, 1.0]])
    seen = cv2.warpPerspective(
        clean, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
    )
    return noisy(clean, 1), noisy(seen, 2)


def _pair(megapixels: int, kind: str) -> tuple[ImageBuffer, ImageBuffer]:
    """Return the pair as pictures that nobody has looked at: no overview is there yet."""
    a, b = _arrays(megapixels, kind)
    return ImageBuffer.from_array(a), ImageBuffer.from_array(b)


def _estimated(megapixels: int, kind: str, model: str) -> float:
    """Return the median milliseconds of some runs; the first, which loads things, is dropped."""
    times = []
    for _ in range(_ROUNDS + 1):
        pair = _pair(megapixels, kind)
        started = time.perf_counter()
        found = estimate_alignment(*pair, model)
        times.append(1e3 * (time.perf_counter() - started))
        if not found.accepted:
            raise RuntimeError(found.reason)
    return statistics.median(times[1:])


def track_translation_12mp() -> float:
    return _estimated(12, "moved", "translation")


def track_translation_100mp() -> float:
    return _estimated(100, "moved", "translation")


def track_auto_12mp() -> dict[str, float]:
    return {kind: _estimated(12, kind, "auto") for kind in ("moved", "aside")}


def track_auto_100mp() -> dict[str, float]:
    return {kind: _estimated(100, kind, "auto") for kind in ("moved", "aside")}


def _preview(megapixels: int, kind: str, model: str) -> float:
    """Return the milliseconds from the switch to the preview, the first time it is switched on."""
    times = []
    pair = _pair(megapixels, kind)
    plain = Request(*pair, preview=True)
    params = AlignParams(enabled=True, model=model)  # type: ignore[arg-type]
    asked = Request(*pair, Settings([params]), preview=True)
    for _ in range(_ROUNDS):
        cache = Cache()
        _shown(plain, cache)
        started = time.perf_counter()
        _shown(asked, cache)
        times.append(1e3 * (time.perf_counter() - started))
    return statistics.median(times)


def _shown(request: Request, cache: Cache) -> None:
    for event in iterate(request, Token(), cache):
        if isinstance(event, Preview):
            return


def track_preview_12mp() -> dict[str, float]:
    return {kind: _preview(12, kind, "auto") for kind in ("moved", "aside")}


def track_preview_100mp() -> dict[str, float]:
    return {kind: _preview(100, kind, "auto") for kind in ("moved", "aside")}


def time_translation_12mp() -> None:
    estimate_alignment(*_pair(12, "moved"), "translation")


def time_phase_correlate_12mp() -> None:
    a, b = (cv2.cvtColor(p, cv2.COLOR_RGB2GRAY).astype(np.float32) for p in _arrays(12, "moved"))
    cv2.phaseCorrelate(a, b, cv2.createHanningWindow(a.shape[::-1], cv2.CV_32F))


def time_auto_12mp() -> None:
    estimate_alignment(*_pair(12, "aside"), "auto")


def time_sift_ransac_12mp() -> None:
    finder = cv2.SIFT.create(4000)
    found = [
        finder.detectAndCompute(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY), None)
        for p in _arrays(12, "aside")
    ]
    (points_a, a), (points_b, b) = found
    matches = cv2.BFMatcher(crossCheck=True).match(b, a)
    at_b = np.array([points_b[m.queryIdx].pt for m in matches])
    at_a = np.array([points_a[m.trainIdx].pt for m in matches])
    cv2.findHomography(at_b, at_a, cv2.RANSAC, 3.0)


CASES = (
    Case("align, translation, 12 MP", track_translation_12mp, most=250),
    Case("align, translation, 100 MP", track_translation_100mp, most=750),
    Case("align, auto, 12 MP", track_auto_12mp, most=1500),
    Case("align, auto, 100 MP", track_auto_100mp, most=4500),
    Case("align, switch to preview, 12 MP", track_preview_12mp, most=150),
    Case("align, switch to preview, 100 MP", track_preview_100mp, most=150),
    Case("align, translation, 12 MP, against phaseCorrelate", time_translation_12mp,
         time_phase_correlate_12mp),
    Case("align, auto, 12 MP, against SIFT and RANSAC", time_auto_12mp, time_sift_ransac_12mp),
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CASES))
