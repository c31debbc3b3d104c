"""How well two pictures agree at every whole shift at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.alignment._spectra import correlated, in_common, padded, spectrum

if TYPE_CHECKING:
    from core.alignment._spectra import Known
    from core.types import Mask, Pixels

FINE: Final = 1.0
"""Sigma that keeps half a pixel of shift, and noise, from hiding an agreement; pixels."""
BOX: Final = 13
"""Side of the box mean that is run three times; together a Gaussian of sigma 6.5 px, above which
structure counts as lighting."""
SEARCHED: Final = 0.65
"""Longest shift looked at, as a share of the picture's height and width: more than is ever
accepted, so that a longer one is named as such."""
MIN_SEARCHED_OVERLAP: Final = 0.3
"""Shifts that leave less in common are not looked at: chance agrees too well there."""
PEAK_RADIUS: Final = 8
"""Around a peak this many pixels belong to it."""


def bandpass(gray: Pixels, valid: Mask | None) -> Pixels:
    """Return the structure of a picture: blurred a little, minus blurred a lot.

    Brightness and slow gradients (exposure, vignetting) are gone; a gain stays. Both blurs are
    weighted by `valid` (normalised convolution), so the border of the valid area is no edge;
    invalid pixels are 0.
    """
    if valid is None:
        return cv2.subtract(_fine(gray), _wide(gray))
    known = (valid > 0).astype(np.float32)
    masked = cv2.multiply(gray, known)
    tiny = 1e-3
    small = cv2.divide(_fine(masked), np.maximum(_fine(known), tiny))
    large = cv2.divide(_wide(masked), np.maximum(_wide(known), tiny))
    return cv2.multiply(cv2.subtract(small, large), known)


def evened(structure: Pixels, count: int | None = None) -> Pixels:
    """Return structure with strong edges brought down to about its mean strength, within -1...1.

    A few hard edges (a watermark, a frame, a moving object) then weigh no more than their area. On
    unrelated photographs the highest peak falls from 22 deviations of the surface to 7. `count` is
    the number of pixels that the mean is one of; None: of all.
    """
    size = structure.size if count is None else max(count, 1)
    mean = np.float32(cv2.norm(structure, cv2.NORM_L1) / size + 1e-6)
    return structure / cv2.sqrt(cv2.multiply(structure, structure) + mean * mean)


def _fine(plane: Pixels) -> Pixels:
    return cv2.GaussianBlur(plane, (0, 0), FINE)


def _wide(plane: Pixels) -> Pixels:
    for _ in range(3):
        plane = cv2.blur(plane, (BOX, BOX))
    return plane


@dataclass(frozen=True, slots=True)
class Peak:
    """One candidate: A(x) looks like B(x - shift)."""

    dx: float
    dy: float
    ncc: float  # normalised cross-correlation of the structure on the overlap
    score: float  # ncc times the square root of the overlap, over the surface's own deviation
    overlap: float  # share of the picture's area


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Normalised cross-correlation of two pictures of one size at every whole shift.

    Attributes
    ----------
    ncc
        (2 ny + 1, 2 nx + 1): row ny + dy, column nx + dx holds how well A(x) agrees with B(x - d)
        on what they have in common, -1...1; 0 where that is too little.
    weighted
        The same, times the square root of the overlap: as likely by chance at every shift.
    looked
        Number of shifts whose agreements the deviation is one of.
    """

    ncc: Pixels
    weighted: Pixels
    shape: tuple[int, int]
    looked: int

    def peaks(self, count: int) -> list[Peak]:
        """Return the best candidates, best first, each more than `PEAK_RADIUS` from the others."""
        ny, nx = self.ncc.shape[0] // 2, self.ncc.shape[1] // 2
        deviation = max(float(cv2.norm(self.weighted)) / self.looked**0.5, 1e-9)
        left = self.weighted.copy()
        found: list[Peak] = []
        for _ in range(count):
            _, high, _, (x, y) = cv2.minMaxLoc(left)
            cv2.circle(left, (x, y), PEAK_RADIUS, -1.0, -1)
            dx, dy = x - nx, y - ny
            fx = _vertex(self.ncc[y, max(x - 1, 0) : x + 2])
            fy = _vertex(self.ncc[max(y - 1, 0) : y + 2, x])
            overlap = _overlap(self.shape, dx, dy)
            ncc = float(self.ncc[y, x])
            found.append(Peak(dx + fx, dy + fy, ncc, high / deviation, overlap))
        return found


def _vertex(three: Pixels) -> float:
    """Return where the parabola through three values has its top, -0.5...0.5; 0 at a border."""
    if three.size < 3:
        return 0.0
    low, mid, high = (float(v) for v in three)
    bend = low - 2.0 * mid + high
    return 0.0 if bend >= 0.0 else min(max(0.5 * (low - high) / bend, -0.5), 0.5)


def _overlap(shape: tuple[int, int], dx: int, dy: int) -> float:
    return (1.0 - abs(dx) / shape[1]) * (1.0 - abs(dy) / shape[0])


def surface(
    a: Pixels, b: Pixels, searched: float = SEARCHED, known: Known | None = None
) -> Surface:  # fmt: skip
    """Correlate two bandpassed pictures of one size at every whole shift.

    One product of spectra, zero-padded so that nothing wraps around, over the energy of both
    overlaps from summed-area tables (Lewis 1995, "Fast Normalized Cross-Correlation").
    `searched` is the longest shift looked at, as a share of the height and of the width. `known`
    says where each picture exists, where this is not all of it: the energies and the overlap are
    then those of what both show at a shift (Padfield 2012, DOI 10.1109/TIP.2011.2181402).
    """
    h, w = a.shape
    ny, nx = int(h * searched), int(w * searched)
    size = padded((h, w), ny, nx)
    shared = correlated(spectrum(a, size, ny, nx), spectrum(b, size, 0, 0), ny, nx)
    if known is None:
        other = np.ascontiguousarray(_energy(b, ny, nx)[::-1, ::-1])
        energy = cv2.multiply(_energy(a, ny, nx), other)
        tall = 1.0 - np.abs(np.arange(-ny, ny + 1, dtype=np.float32)) / h
        wide = 1.0 - np.abs(np.arange(-nx, nx + 1, dtype=np.float32)) / w
        overlap = np.outer(tall, wide)
    else:
        energy, overlap = in_common(a, b, known, ny, nx)
    # An overlap that holds a thousandth of the pictures' deviation is flat: nothing to compare.
    floor = 1e-3 * float(cv2.norm(a)) * float(cv2.norm(b)) + 1e-6
    ncc = cv2.divide(shared, np.maximum(cv2.sqrt(energy), np.float32(floor)))
    near = (overlap >= MIN_SEARCHED_OVERLAP).astype(np.float32)
    ncc = cv2.multiply(ncc, near)
    # Where much is ignored, many shifts leave nothing in common; they are no agreements.
    looked = ncc.size if known is None else max(cv2.countNonZero(near), 1)
    return Surface(ncc, cv2.multiply(ncc, cv2.sqrt(overlap)), (h, w), looked)


def _energy(plane: Pixels, ny: int, nx: int) -> Pixels:
    """Return the sum of squares of the part of A under B moved by each shift."""
    total = cv2.integral(cv2.multiply(plane, plane), sdepth=cv2.CV_64F)
    h, w = plane.shape
    ys, xs = np.arange(-ny, ny + 1), np.arange(-nx, nx + 1)
    rows = total.take(np.clip(h + ys, 0, h), 0) - total.take(np.clip(ys, 0, h), 0)
    rows32 = rows.astype(np.float32)
    found: Pixels = rows32.take(np.clip(w + xs, 0, w), 1)
    found -= rows32.take(np.clip(xs, 0, w), 1)
    return found
