"""Turn and scale from the spectra: they do not move with the picture.

Reddy & Chatterji 1996, DOI 10.1109/83.506761. It serves where noise or blur leave no features.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.alignment._surface import SEARCHED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.alignment._overview import Overview
    from core.alignment.models import Floats
    from core.types import Pixels, Token

SIDE: Final = 512
"""Side of the square frame whose spectrum is taken, and of the polar picture."""
LOWEST: Final = 6.0
"""Radius of the spectrum, in its pixels, below which there is lighting, not structure."""


def turns(seen: Overview, token: Token) -> Iterator[Floats]:
    """Yield the matrices (B to A) that the spectra suggest: with a turn, and a half turn more."""
    polar = [_polar(p.even) for p in (seen.a, seen.b)]
    token.check()
    (across, down), _ = cv2.phaseCorrelate(polar[1], polar[0], cv2.createHanningWindow(
        (SIDE, SIDE), cv2.CV_32F))  # fmt: skip
    turn = 180.0 * down / SIDE
    grow = math.exp(-across * math.log(SIDE / 2.0 / LOWEST) / SIDE)
    height, width = seen.shape
    x, y = (width - 1) / 2.0, (height - 1) / 2.0
    for angle in (turn, turn + 180.0):
        token.check()
        # OpenCV turns counter-clockwise as seen.
        made = np.vstack([cv2.getRotationMatrix2D((x, y), -angle, grow), [0.0, 0.0, 1.0]])
        (best,) = seen.surface(made, SEARCHED).peaks(1)
        shift = np.array([[1.0, 0.0, best.dx], [0.0, 1.0, best.dy], [0.0, 0.0, 1.0]])
        yield shift @ made


def _polar(structure: Pixels) -> Pixels:
    """Return the spectrum's logarithm over angle (rows, half a turn) and log radius (columns)."""
    h, w = structure.shape
    fade = np.outer(np.hanning(h + 2)[1:-1], np.hanning(w + 2)[1:-1]).astype(np.float32)
    frame = np.zeros((SIDE, SIDE), np.float32)
    size = min(h, SIDE), min(w, SIDE)
    part = cv2.resize(structure * fade, (size[1], size[0]), interpolation=cv2.INTER_AREA)
    frame[: size[0], : size[1]] = part
    spectrum = np.fft.fftshift(np.abs(np.fft.fft2(frame))).astype(np.float32)
    strength = np.log1p(spectrum)
    angle = np.arange(SIDE) * (math.pi / SIDE)
    radius = LOWEST * np.exp(np.arange(SIDE) * (math.log(SIDE / 2.0 / LOWEST) / SIDE))
    u = SIDE / 2.0 + np.outer(np.cos(angle), radius)
    v = SIDE / 2.0 + np.outer(np.sin(angle), radius)
    made = cv2.remap(
        strength, u.astype(np.float32), v.astype(np.float32), cv2.INTER_LINEAR
    )  # fmt: skip
    return made - cv2.blur(made, (1, SIDE // 4))
