"""Finds the feature of a pin in B near the place that was clicked.

The surroundings of its point in A are compared with those of B, turned and scaled as B lies now,
at every whole shift up to a reach (normalised cross-correlation); a few steps that make the
differences smallest give the fraction. Where there is no clear answer, the click stands: too
little alike, best at the end of the reach, or as good along a line, as on a straight edge.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.alignment.models import mapped
from core.alignment.pins import Pin
from core.geometry import inverse, multiply
from core.store import MemoryStore
from core.types import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.buffer import ImageBuffer
    from core.geometry import Matrix, Placement

    Plane = NDArray[np.float32]

REACH: Final = 6
FARTHEST: Final = 24
"""More is not looked at, however little is magnified: a click is not that far off."""
_LEAST: Final = 10
"""Half of the side of the smallest surroundings, px."""
_ALIKE: Final = 0.8
_DROP: Final = 0.01
"""By how much the likeness must fall within `_AROUND` px in every direction."""
_AROUND: Final = 2
_TURNS: Final = 12
_DONE: Final = 1e-3
_SETTLED: Final = 0.05
"""A shift this close to a whole one, px, is taken for it: that keeps B's values."""


def snapped(
    a: ImageBuffer, b: ImageBuffer, pin: Pin, placement: Placement, reach: float = REACH
) -> Pin:
    """Return the pin with its point of B moved to where the feature of A is, if that is clear.

    Parameters
    ----------
    a, b
        The pictures.
    pin
        As it was clicked; its point of A stays.
    placement
        How the pictures lie now; shifts do not matter, only how B is turned and scaled at the pin.
    reach
        How far from the click to look, px of A.

    Returns
    -------
    Pin
        The same one where nothing is clear, and for pictures that are read piece by piece: that may
        take a while, and a person waits.
    """
    if not all(isinstance(picture.store, MemoryStore) for picture in (a, b)):
        return pin
    matrix = multiply(inverse(placement.a), placement.b)
    far = min(max(math.ceil(reach), 1), FARTHEST)
    half = max(_LEAST, far + 4)
    slope = _slope(matrix, pin.b)
    patch = _around(a, pin.a, np.eye(2), half)
    if slope is None or patch is None or _flat(patch):
        return pin
    window = _around(b, pin.b, slope, half + far)
    found = None if window is None else _clear(_likeness(window, patch))
    if found is None:
        return pin
    start = np.array(pin.b) + slope @ (np.array(found) - far)
    point = _refined(b, patch, start, slope)
    return pin if point is None else Pin(pin.a, _settled(pin.a, point, slope))


def _refined(
    b: ImageBuffer, patch: Plane, start: NDArray[np.float64], slope: NDArray[np.float64]
) -> tuple[float, float] | None:
    """Return where B is most alike, by Gauss-Newton steps on the differences.

    A parabola through likenesses errs by some hundredths of a pixel even between equal pictures,
    because what enters on one side is not what leaves on the other; where the pictures are equal
    these steps end exactly. None when they lead away.
    """
    half = patch.shape[0] // 2
    wanted = patch - patch.mean()
    point = start
    for _ in range(_TURNS):
        window = _around(b, (float(point[0]), float(point[1])), slope, half + 1)
        if window is None:
            return None
        seen = window[1:-1, 1:-1] - window[1:-1, 1:-1].mean()
        gain = float((wanted * seen).sum()) / max(float((seen * seen).sum()), 1e-12)
        steps = (window[1:-1, 2:] - window[1:-1, :-2], window[2:, 1:-1] - window[:-2, 1:-1])
        grade = np.stack([gain / 2.0 * (s - s.mean()).ravel() for s in steps], axis=1)
        step, *_ = np.linalg.lstsq(grade, (wanted - gain * seen).ravel(), rcond=None)
        point = point + slope @ step
        if math.hypot(*(point - start)) > _AROUND:
            return None
        if float(np.abs(step).max()) < _DONE:
            break
    return float(point[0]), float(point[1])


def _settled(
    a: tuple[float, float], b: tuple[float, float], slope: NDArray[np.float64]
) -> tuple[float, float]:
    """Return a point of B as a whole shift from A when it is next to one and B is not turned."""
    shift = np.array(b) - a
    whole = np.round(shift)
    near = float(np.abs(shift - whole).max()) <= _SETTLED
    if not near or not np.allclose(slope, np.eye(2), rtol=0.0, atol=1e-6):
        return b
    return a[0] + float(whole[0]), a[1] + float(whole[1])


def _flat(patch: Plane) -> bool:
    return float(patch.std()) <= 1e-3 * float(np.abs(patch).max())


def _slope(matrix: Matrix, at: tuple[float, float]) -> NDArray[np.float64] | None:
    """Return how steps in A become steps in B at a point of B; None where they do not."""
    step = 0.5
    x, y = at
    around = np.array([[x + step, y], [x - step, y], [x, y + step], [x, y - step]])
    there = mapped(np.asarray(matrix, np.float64), around)
    forth = np.stack([there[0] - there[1], there[2] - there[3]], axis=1)
    if not np.isfinite(forth).all() or abs(np.linalg.det(forth)) < 1e-3:
        return None
    back: NDArray[np.float64] = np.linalg.inv(forth)
    return back


def _around(
    picture: ImageBuffer, at: tuple[float, float], slope: NDArray[np.float64], half: int
) -> Plane | None:
    """Return (2 half + 1)² gray values around a point, in steps of `slope`; None at the border."""
    steps = np.arange(-half, half + 1, dtype=np.float64)
    x = at[0] + slope[0, 0] * steps[None, :] + slope[0, 1] * steps[:, None]
    y = at[1] + slope[1, 0] * steps[None, :] + slope[1, 1] * steps[:, None]
    left, top = math.floor(x.min()) - 1, math.floor(y.min()) - 1
    right, bottom = math.ceil(x.max()) + 2, math.ceil(y.max()) + 2
    rect = Rect(top, left, bottom - top, right - left)
    if rect.intersect(Rect(0, 0, *picture.shape)) != rect:
        return None
    gray = _gray(picture.read(rect))
    maps = (x - left).astype(np.float32), (y - top).astype(np.float32)
    return np.asarray(cv2.remap(gray, *maps, cv2.INTER_CUBIC), np.float32)


def _gray(pixels: NDArray[Any]) -> Plane:
    """Return the mean of the colours; what is no number is 0."""
    values = np.nan_to_num(pixels.astype(np.float32), posinf=0.0, neginf=0.0)
    if values.ndim == 3:
        values = values[:, :, : 3 if values.shape[2] >= 3 else 1].mean(axis=2)
    return np.ascontiguousarray(values)


def _likeness(window: Plane, patch: Plane) -> NDArray[np.float64]:
    return np.asarray(cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED), np.float64)


def _clear(likeness: NDArray[np.float64]) -> tuple[int, int] | None:
    """Return (x, y) of the one clear maximum; None when there is none."""
    row, col = (int(i) for i in np.unravel_index(int(likeness.argmax()), likeness.shape))
    best, size = likeness[row, col], likeness.shape[0]
    if best < _ALIKE or not (1 <= row < size - 1 and 1 <= col < size - 1):
        return None
    rows, cols = np.mgrid[0:size, 0:size]
    beside = likeness[np.hypot(rows - row, cols - col) >= _AROUND]
    if beside.size and best - beside.max() < _DROP:
        return None
    return col, row
