"""What others would write: the naive script, and the fastest chain known in plain OpenCV."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

LUMA = (0.2126, 0.7152, 0.0722)
SIGMA = 2.0
_SOURCE_BYTES = 4 << 20
_HALO = 6

Answer = tuple[float, float, float, NDArray[Any], NDArray[np.uint8]]
"""l0, l1, l2, histogram of the difference, its codes."""


def naive_chain(a: NDArray[Any], b: NDArray[Any]) -> Answer:
    """Do gray, blur, difference, norms, histogram and codes in NumPy, on whole float64 pictures."""
    a, b = (_naive_blur(x @ np.array(LUMA)) for x in (a, b))
    return _naive_answer(np.abs(a - b))


def float_chain(a: NDArray[Any], b: NDArray[Any]) -> Answer:
    """Do the same with OpenCV's blur, still on whole float64 pictures."""
    a, b = (cv2.GaussianBlur(x @ np.array(LUMA), (17, 17), SIGMA) for x in (a, b))
    return _naive_answer(np.abs(a - b))


def _naive_blur(gray: NDArray[np.float64]) -> NDArray[np.float64]:
    """Blur by a kernel of 4 sigmas, as it is written without a library for it."""
    reach = round(4 * SIGMA)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / SIGMA) ** 2)
    kernel /= kernel.sum()
    height, width = gray.shape
    rows = np.pad(gray, ((reach, reach), (0, 0)), mode="reflect")
    tall = sum(k * rows[i : i + height] for i, k in enumerate(kernel))
    cols = np.pad(tall, ((0, 0), (reach, reach)), mode="reflect")
    return np.asarray(sum(k * cols[:, i : i + width] for i, k in enumerate(kernel)))


def _naive_answer(d: NDArray[np.float64]) -> Answer:
    histogram, _ = np.histogram(d, 256, (0, 256))
    codes = np.clip(np.ceil(d), 0, 255).astype(np.uint8)
    return float((d > 0).sum()), d.sum(), np.sqrt((d**2).sum()), histogram, codes


def naive_norms(a: NDArray[Any], b: NDArray[Any]) -> tuple[float, float, float, float]:
    """Return l0, l1, l2 and the largest difference by whole float64 pictures."""
    d = np.abs(a.astype(np.float64) - b.astype(np.float64))
    return (d.max(axis=2) > 0).sum(), d.sum(), np.sqrt((d**2).sum()), d.max()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2)


_kept = threading.local()


def _buffers(rows: int, width: int) -> list[NDArray[np.uint8]]:
    if getattr(_kept, "shape", None) != (rows, width):
        _kept.shape = rows, width
        _kept.planes = [np.empty((rows, width), np.uint8) for _ in range(4)]
    planes: list[NDArray[np.uint8]] = _kept.planes
    return planes


def byte_chain(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> Answer:
    """Do the same in bytes: strips, kept buffers, two threads, all numbers from the histogram.

    Gray and blur are rounded to whole levels, so its numbers are only near the right ones.
    """
    height, width = a.shape[:2]
    rows = max(_SOURCE_BYTES // (3 * width), 1)
    codes = np.empty((height, width), np.uint8)

    def strip(top: int) -> NDArray[np.float64]:
        first, last = max(top - _HALO, 0), min(top + rows + _HALO, height)
        blurred = []
        planes = _buffers(rows + 2 * _HALO, width)
        for picture, gray, smooth in ((a, *planes[:2]), (b, *planes[2:])):
            part = slice(0, last - first)
            cv2.cvtColor(picture[first:last], cv2.COLOR_RGB2GRAY, gray[part])
            cv2.GaussianBlur(gray[part], (13, 13), SIGMA, smooth[part])
            blurred.append(smooth[top - first : min(top + rows, height) - first])
        out = codes[top : top + rows]
        cv2.absdiff(blurred[0], blurred[1], out)
        return cv2.calcHist([out], [0], None, [256], [0.0, 256.0]).astype(np.float64)

    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        histogram = sum(_pool().map(strip, range(0, height, rows))).ravel()  # type: ignore[union-attr]  # never empty
    finally:
        cv2.setNumThreads(threads)
    level = np.arange(256)
    l1, squared = float((histogram * level).sum()), float((histogram * level**2).sum())
    return float(histogram[1:].sum()), l1, squared**0.5, histogram, codes
