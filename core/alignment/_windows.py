"""Sub-pixel shifts from windows of the pictures, by phase correlation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.alignment._fourier import backward, forward
from core.types import Mask, Pixels, Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Spectrum = NDArray[np.complex64]

PASS: Final = 0.2
"""Sigma of the Gaussian over frequency, cycles/px: higher ones hold aliasing and noise."""
NOISE_RING: Final = 0.4
"""Frequencies above this, cycles/px, are taken to hold noise only."""
ABOVE_NOISE: Final = 30.0
"""A frequency this many times as strong as noise has half a say. On photographs with noise of
sigma 10, blur or both, 20 to 40 gave the smallest errors; less lets the many noisy frequencies
outvote the few good ones of a smooth picture."""
MIN_SHARPNESS: Final = 7.0
"""Of a window's peak, in deviations of its surface. Unrelated windows of 512 x 512 reach 5.2."""


@dataclass(frozen=True, slots=True)
class WindowShift:
    """What one window, or several together, say: A(x) looks like B(x - shift)."""

    dx: float
    dy: float
    sharpness: float


def good_length(length: int, limit: int) -> int:
    """Return the longest length that is fast to transform, even, and at most both numbers."""
    found = min(length, limit)
    while found > 2 and (found % 2 or cv2.getOptimalDFTSize(found) != found):
        found -= 1
    return found


def cross_power(a: Pixels, b: Pixels, valid: Mask | None) -> NDArray[np.complex64]:
    """Return the weighted cross-power spectrum of two windows of one size, (h, w // 2 + 1).

    Both windows lose their mean and are faded to their borders (Hann). Every frequency gets the
    same say (Kuglin & Hines 1975) as far as it stands above the noise of the highest ones (the
    weight of a Wiener filter), times a Gaussian that keeps the highest out.
    """
    h, w = a.shape
    fade = _hann(h, w)
    if valid is not None:
        # Shrunk and softened, or the edge of the invalid area would say "not moved".
        inner = cv2.erode(valid, np.ones((9, 9), np.uint8)).astype(np.float32) / np.float32(255)
        fade = cv2.multiply(fade, cv2.GaussianBlur(inner, (0, 0), 2.0))
    product = _spectrum(a, fade) * np.conj(_spectrum(b, fade))
    size = np.abs(product)
    band, ring = _weights(h, w)
    noise = ABOVE_NOISE * float(np.median(size[ring])) + 1e-12 * float(size.max()) + 1e-30
    product *= band * size / (size * size + np.float32(noise) ** 2)
    return product


def _spectrum(window: Pixels, fade: Pixels) -> Spectrum:
    weight = float(cv2.sumElems(fade)[0])
    mean = float(cv2.sumElems(cv2.multiply(window, fade))[0]) / max(weight, 1e-9)
    faded = cv2.multiply(window - np.float32(mean), fade)
    return forward(faded)


@lru_cache(maxsize=16)
def _hann(h: int, w: int) -> Pixels:
    # sin² at half-integers: symmetric, and no pixel of the window has weight 0.
    rows, cols = (np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 2 for n in (h, w))
    fade = np.outer(rows, cols).astype(np.float32)
    fade.setflags(write=False)
    return fade


@lru_cache(maxsize=16)
def _weights(h: int, w: int) -> tuple[Pixels, NDArray[np.bool_]]:
    fy, fx = np.fft.fftfreq(h)[:, None], np.fft.rfftfreq(w)[None, :]
    f2 = fy * fy + fx * fx
    band = np.exp(-f2 / (2.0 * PASS * PASS)).astype(np.float32)
    ring = f2 > NOISE_RING * NOISE_RING
    band[0, 0] = 0.0
    band.setflags(write=False)
    ring.setflags(write=False)
    return band, ring


def peak(spectrum: Spectrum, width: int, radius: int, steps: tuple[float, ...]) -> WindowShift:
    """Return the shift at which a cross-power spectrum peaks.

    Parameters
    ----------
    spectrum
        As `cross_power` returns it, or a sum of such.
    width
        Width of the windows it is made from.
    radius
        Longest shift looked at in each direction, pixels.
    steps
        How finely the peak is looked at, each step a tenth of the one before; the first is 0.1 px.
    """
    height = spectrum.shape[0]
    every = backward(spectrum, width)
    ry, rx = min(radius, height // 2 - 1), min(radius, width // 2 - 1)
    ys, xs = np.arange(-ry, ry + 1), np.arange(-rx, rx + 1)
    near = every.take(ys, 0, mode="wrap").take(xs, 1, mode="wrap")
    _, high, _, (x, y) = cv2.minMaxLoc(near)
    deviation = float(cv2.norm(every)) / every.size**0.5
    cx, cy = float(xs[x]), float(ys[y])
    for step in steps:
        cx, cy = _refined(spectrum, width, (cx, cy), step)
    return WindowShift(cx, cy, high / max(deviation, 1e-30))


def _refined(
    spectrum: Spectrum, width: int, centre: tuple[float, float], step: float
) -> tuple[float, float]:
    """Evaluate the surface on a 21 x 21 grid by matrix products; return where it is highest.

    Guizar-Sicairos et al. 2008, DOI 10.1364/OL.33.000156.
    """
    height, half = spectrum.shape
    offsets = step * np.arange(-10, 11)
    fy, fx = np.fft.fftfreq(height), np.arange(half) / width
    # The half spectrum stands for the whole: all columns but the first (and the last, when the
    # width is even) count twice.
    twice = np.full(half, 2.0)
    twice[0] = 1.0
    if width % 2 == 0:
        twice[-1] = 1.0
    left: NDArray[Any] = np.exp(2j * np.pi * np.outer(centre[1] + offsets, fy))
    right: NDArray[Any] = np.exp(2j * np.pi * np.outer(fx, centre[0] + offsets)) * twice[:, None]
    grid = (left.astype(np.complex64) @ spectrum @ right.astype(np.complex64)).real
    y, x = divmod(int(np.argmax(grid)), grid.shape[1])
    return centre[0] + float(offsets[x]), centre[1] + float(offsets[y])


def choose(texture: Pixels, side: tuple[int, int], count: int) -> list[Rect]:
    """Return up to `count` windows that hold most texture and do not overlap, best first.

    Parameters
    ----------
    texture
        (h, w) >= 0: how much structure both pictures have at each place of the common area.
    side
        (height, width) of a window, in pixels of `texture`; at most its shape.
    """
    h, w = side
    total = cv2.integral(texture, sdepth=cv2.CV_64F)
    held = total[h:, w:] - total[:-h, w:] - total[h:, :-w] + total[:-h, :-w]
    if texture.shape[0] == h:
        held = held.reshape(1, -1)
    left: NDArray[np.float64] = np.ascontiguousarray(held)
    found: list[Rect] = []
    first = -1.0
    for _ in range(count):
        _, high, _, (x, y) = cv2.minMaxLoc(left)
        first = high if first < 0.0 else first
        if high <= 0.02 * first or high <= 0.0:
            break
        found.append(Rect(y, x, h, w))
        left[max(y - h + 1, 0) : y + h, max(x - w + 1, 0) : x + w] = -1.0
    return found
