"""Laying B by a homography or a field: in strips, against OpenCV and scikit-image.

OpenCV's is not exact: it rounds positions to 1/32 px, so that its picture is off by whole levels at
every edge; `track_off_by` says by how much, beside ours.
"""

from __future__ import annotations

import sys
import time
import warnings
from functools import cache, partial
from statistics import median
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from benchmarks._pictures import arrays
from benchmarks._run import Case, main
from core.field import Field
from core.geometry import Kernel, as_matrix, inverse
from core.parallel import THREADS, in_order
from core.tiles import strip_rects
from core.types import Rect, Token
from core.warp import sampled, warped

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from core.geometry import Matrix

STRIP = 1 << 19
SMALL = (800, 1250)


def homography(shape: tuple[int, int]) -> Matrix:
    """Return what a shot from a hand does: a degree of rotation, some perspective."""
    height, width = shape
    c, s = np.cos(np.radians(1.0)), np.sin(np.radians(1.0))
    middle = np.array([[c, -s, 0], [s, c, 0], [4e-3 / width, -2e-3 / width, 1]])
    move = np.array([[1, 0, width / 2], [0, 1, height / 2], [0, 0, 1]])
    return as_matrix(move @ middle @ np.linalg.inv(move))


@cache
def field(shape: tuple[int, int]) -> Field:
    nodes = shape[0] // 8, shape[1] // 8, 2
    rough = np.random.default_rng(3).standard_normal(nodes).astype(np.float32)
    return Field(cv2.GaussianBlur(rough, (0, 0), 12) * 20, 8, 3.5)


def _strips(kernel: Kernel, channels: int, bent: Field | None = None) -> None:
    source = arrays(12, channels)[1]
    shape = source.shape[:2]
    matrix = homography(shape)

    def strip(rect: Rect) -> None:
        warped(lambda r, _: source[r.slices], shape, matrix, rect, 0, kernel, bent)

    for _ in in_order(strip, strip_rects(shape, STRIP), Token()):
        pass


def _opencv(kernel: Kernel, channels: int) -> None:
    source = arrays(12, channels)[1]
    flag = {Kernel.LINEAR: cv2.INTER_LINEAR, Kernel.CUBIC: cv2.INTER_CUBIC}[kernel]
    shape = source.shape[:2]
    threads = cv2.getNumThreads()
    cv2.setNumThreads(THREADS)
    try:
        matrix = np.array(homography(shape))
        cv2.warpPerspective(source.astype(np.float32), matrix, shape[::-1], flags=flag)
    finally:
        cv2.setNumThreads(threads)


def _milliseconds(work: Callable[[], Any]) -> float:
    work()
    taken = []
    for _ in range(7):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return 1e3 * median(taken)


def time_cubic_12mp() -> None:
    _strips(Kernel.CUBIC, 3)


def time_opencv_cubic_12mp() -> None:
    _opencv(Kernel.CUBIC, 3)


def time_linear_12mp() -> None:
    _strips(Kernel.LINEAR, 3)


def time_opencv_linear_12mp() -> None:
    _opencv(Kernel.LINEAR, 3)


def time_cubic_gray_12mp() -> None:
    _strips(Kernel.CUBIC, 1)


def time_opencv_cubic_gray_12mp() -> None:
    _opencv(Kernel.CUBIC, 1)


def time_lanczos_12mp() -> None:
    _strips(Kernel.LANCZOS, 3)


def time_field_12mp() -> None:
    _strips(Kernel.CUBIC, 3, field((3000, 4000)))


@cache
def _small() -> NDArray[np.uint8]:
    return np.ascontiguousarray(arrays(12)[1][:800, :1250])


def time_cubic_1mp() -> None:
    source = _small()
    rect = Rect.of(source)
    warped(lambda r, _: source[r.slices], SMALL, homography(SMALL), rect, 0, Kernel.CUBIC)


def time_skimage_cubic_1mp() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from skimage.transform import ProjectiveTransform, warp  # noqa: PLC0415 - slow to load
    back = ProjectiveTransform(np.array(inverse(homography(SMALL))))
    warp(_small(), back, order=3, preserve_range=True)


def track_cubic_12mp() -> float:
    return _milliseconds(time_cubic_12mp)


def track_linear_12mp() -> float:
    return _milliseconds(time_linear_12mp)


def track_cubic_gray_12mp() -> float:
    return _milliseconds(time_cubic_gray_12mp)


def track_linear_gray_12mp() -> float:
    return _milliseconds(partial(_strips, Kernel.LINEAR, 1))


def track_cubic_1mp() -> float:
    return _milliseconds(time_cubic_1mp)


def track_windows() -> float:
    gray = np.ascontiguousarray(_small()[:, :, 0], np.float32)
    y, x = np.mgrid[0:96, 0:96].astype(np.float64)
    u, v = 300 + x * 1.01 - 0.02 * y, 200 + 0.02 * x + y * 0.99
    return _milliseconds(lambda: [sampled(gray, u, v, Kernel.CUBIC) for _ in range(60)])


def track_off_by() -> dict[str, float]:
    """Return the largest error on a slope, whose values are known at every position."""
    height, width = 300, 500
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    slope = (4 * x + 3 * y).astype(np.float32)
    matrix = homography((height, width))
    u, v, w = np.einsum("ij,jhw->ihw", np.array(inverse(matrix)), [x, y, np.ones_like(x)])
    inner = np.s_[30:-30, 30:-30]
    exact = (4 * u / w + 3 * v / w)[inner]
    ours, _ = warped(
        lambda r, _: slope[r.slices], (height, width), matrix, Rect(0, 0, height, width), 0,
        Kernel.CUBIC,
    )  # fmt: skip
    theirs = cv2.warpPerspective(slope, np.array(matrix), (width, height), flags=cv2.INTER_CUBIC)
    return {
        "ours": float(np.abs(ours[inner] - exact).max()),
        "OpenCV": float(np.abs(theirs[inner] - exact).max()),
    }


CASES = (
    Case("cubic, 12 MP RGB by a homography", track_cubic_12mp, most=800),
    Case("linear, 12 MP RGB by a homography", track_linear_12mp, most=300),
    Case("cubic, 12 MP gray by a homography", track_cubic_gray_12mp, most=270),
    Case("linear, 12 MP gray by a homography", track_linear_gray_12mp, most=100),
    Case("cubic, 1 MP RGB by a homography, one thread", track_cubic_1mp, most=80),
    Case("60 windows of 96 x 96", track_windows),
    Case("largest error on a slope of 5 levels a pixel", track_off_by, unit="levels"),
    Case("cubic, 12 MP RGB, against OpenCV in float32", time_cubic_12mp, time_opencv_cubic_12mp),
    Case("linear, 12 MP RGB, against OpenCV in float32", time_linear_12mp,
         time_opencv_linear_12mp),
    Case("cubic, 12 MP gray, against OpenCV in float32", time_cubic_gray_12mp,
         time_opencv_cubic_gray_12mp),
    Case("cubic, 1 MP RGB, against scikit-image", time_cubic_1mp, time_skimage_cubic_1mp,
         faster=1),
    Case("Lanczos, 12 MP RGB by a homography", time_lanczos_12mp),
    Case("cubic, 12 MP RGB by a homography and a field", time_field_12mp),
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CASES))
