"""How values become brightness on the screen: exposure, curve, gamma. It never touches a number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.counting import to_byte
from core.light import decode, encode
from core.types import SCALE, Encoding, Mask, Pixels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.buffer import ImageBuffer

EV_RANGE: Final = (-10.0, 10.0)
GAMMA_RANGE: Final = (0.2, 5.0)
AUTO_SHARE: Final = 0.95
"""`auto_exposure` makes this share of all pixels no brighter than white."""
_LOOKED_AT: Final = 1 << 17
"""So many pixels of a picture, evenly spread, decide the automatic exposure."""
_STEPS: Final = 65535
"""Values are looked up in a table of so many steps: each is far below what a byte can show."""
_TOP: Final = 256.0
"""Light, in whites, from which on no curve gets any brighter that a byte could show."""
_LOG_STOPS: Final = (-10.0, 6.0)
"""Stops from white at which the logarithmic curve has its black and its white."""
ABOVE, BELOW, NO_NUMBER = (255, 64, 64), (64, 128, 255), (255, 0, 255)
"""Marks of what is over white, below black, and NaN or infinite."""
_STRIPE: Final = 6
"""Width of the zebra's stripes, in pixels of the picture that is shown."""


class Curve(StrEnum):
    """How light above and below white is brought onto the screen.

    STANDARD
        As it is; what is over white is white.
    REINHARD
        ``L / (1 + L)``: Reinhard et al. 2002, equation 3 (DOI 10.1145/566654.566575), here for
        each channel by itself.
    FILMIC
        ``h(2 L) / h(11.2)`` with ``h(x) = (x (A x + C B) + D E) / (x (A x + B) + D F) - E / F`` and
        A, B, C, D, E, F = 0.15, 0.50, 0.10, 0.20, 0.02, 0.30: J. Hable, "Uncharted 2: HDR
        Lighting", Game Developers Conference 2010.
    LOG
        Equal steps for equal ratios, from ten stops below white to six above; not sRGB-encoded,
        as the logarithm stands in its place. ``log2(1 + 1024 L) / log2(1 + 1024 * 64)``.
    """

    STANDARD = "standard"
    REINHARD = "reinhard"
    FILMIC = "filmic"
    LOG = "log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """How pictures are shown.

    Attributes
    ----------
    exposure_ev
        Light is multiplied by two to the power of this, -10...10.
    gamma
        What is shown, 0...1, is raised to 1 / gamma in the end: above 1 opens the shadows.
    curve
        What happens to light on the way to the screen.
    mark
        Paint stripes over what is brighter than white or darker than black after the exposure
        (before the curve), and over NaN and infinities.
    """

    exposure_ev: float = 0.0
    gamma: float = 1.0
    curve: Curve = Curve.STANDARD
    mark: bool = False

    @property
    def neutral(self) -> bool:
        """Whether pictures are shown as they are, marks or not."""
        return (self.exposure_ev, self.gamma, self.curve) == (0.0, 1.0, Curve.STANDARD)

    @property
    def words(self) -> str:
        """What is done, for a label: ``"+2 EV · filmic"``; empty when nothing is."""
        said = []
        if self.exposure_ev:
            said.append(f"{self.exposure_ev:+.4g} EV".replace("-", "−"))
        if self.curve is not Curve.STANDARD:
            said.append(str(self.curve))
        if self.gamma != 1.0:
            said.append(f"γ {self.gamma:.3g}")
        if self.mark:
            said.append("clipping")
        return " · ".join(said)

    def stepped(self, ev: float) -> Tone:
        """Return the tone so many stops brighter, within the range."""
        low, high = EV_RANGE
        return Tone(
            exposure_ev=min(max(self.exposure_ev + ev, low), high), gamma=self.gamma,
            curve=self.curve, mark=self.mark,
        )  # fmt: skip


NEUTRAL: Final = Tone()


def worth_toning(picture: ImageBuffer) -> bool:
    """Whether a picture may hold more than a screen shows at once: light, or float values."""
    return picture.encoding is Encoding.LINEAR or picture.dtype.kind == "f"


def toned(pixels: Pixels, tone: Tone, *, linear: bool) -> Mask:
    """Return working pixels as bytes for the screen.

    Parameters
    ----------
    pixels
        Finite working values, 0...255 and beyond, any shape; uint8, float32 or float64. Without
        alpha.
    linear
        Whether they are linear light; otherwise they are sRGB-encoded.

    Returns
    -------
    Mask
        uint8 of the same shape. The very same pixels when they are encoded bytes and the tone is
        neutral; encoded floats are then only rounded and clipped.
    """
    if tone.neutral and not linear:
        return to_byte(pixels)
    plain = Tone(exposure_ev=tone.exposure_ev, gamma=tone.gamma, curve=tone.curve)
    if pixels.dtype == np.uint8:
        return np.asarray(cv2.LUT(pixels, _byte_table(plain, linear)), np.uint8)
    top, root = _span(plain, linear)
    steps = pixels
    if root:
        steps = cv2.sqrt(np.maximum(pixels, 0) * pixels.dtype.type(1 / top))
        top = 1.0
    index = cv2.addWeighted(steps, _STEPS / top, steps, 0.0, 0.0, dtype=cv2.CV_16U)
    return np.asarray(cv2.LUT(index, _word_table(plain, linear)), np.uint8)


def _span(tone: Tone, linear: bool) -> tuple[float, bool]:
    """Return the value of the last step of the table, and whether steps go with the square root."""
    light = 1.0 if tone.curve is Curve.STANDARD else _TOP
    top = light * SCALE * 2.0**-tone.exposure_ev
    if linear:
        return top, tone.curve is not Curve.STANDARD
    return float(encode(np.array([top]))[0]), False


@lru_cache(maxsize=8)
def _word_table(tone: Tone, linear: bool) -> Mask:
    top, root = _span(tone, linear)
    share = np.arange(_STEPS + 1) / _STEPS
    return _shown((share * share if root else share) * top, tone, linear)


@lru_cache(maxsize=8)
def _byte_table(tone: Tone, linear: bool) -> Mask:
    return _shown(np.arange(256.0), tone, linear)


def _shown(values: NDArray[np.float64], tone: Tone, linear: bool) -> Mask:
    """Return the bytes shown for working values >= 0: the definition, in float64."""
    light = (values if linear else decode(values)) / SCALE * 2.0**tone.exposure_ev
    if tone.curve is Curve.LOG:
        low, high = _LOG_STOPS
        share = np.log2(1 + light * 2.0**-low) / np.log2(1 + 2.0 ** (high - low))
    else:
        if tone.curve is Curve.REINHARD:
            light = light / (1 + light)
        elif tone.curve is Curve.FILMIC:
            light = _hable(2.0 * light) / _hable(np.array(11.2))
        share = encode(light * SCALE) / SCALE
    return to_byte(np.clip(share, 0, 1).reshape(1, -1) ** (1 / tone.gamma) * SCALE).ravel()


def _hable(x: NDArray[np.float64]) -> NDArray[np.float64]:
    a, b, c, d, e, f = 0.15, 0.50, 0.10, 0.20, 0.02, 0.30
    return np.asarray((x * (a * x + c * b) + d * e) / (x * (a * x + b) + d * f) - e / f)


def mark(rgb: Mask, pixels: Pixels, tone: Tone, *, linear: bool, corner: tuple[int, int]) -> Mask:
    """Return a picture with stripes over what the exposure brings beyond white or black.

    Parameters
    ----------
    rgb
        (h, w, 3) uint8 that is shown; not written to.
    pixels
        (h, w) or (h, w, C) working values that it was made from, without alpha. A pixel is over
        white, or below black, where one of its channels is (by more than rounding can do).
    corner
        (row, col) of its top left pixel, so that the stripes stay in place.
    """
    white = SCALE * 2.0**-tone.exposure_ev
    limit = white if linear else float(encode(np.array([white]))[0])
    slack = 1e-4 * limit
    planes = [pixels] if pixels.ndim == 2 else cv2.split(pixels)
    above, below = (np.zeros(rgb.shape[:2], np.uint8) for _ in range(2))
    for plane in planes:
        np.bitwise_or(above, np.greater(plane, limit + slack).view(np.uint8), above)
        np.bitwise_or(below, np.less(plane, -slack).view(np.uint8), below)
    out = rgb
    for where, color in ((above, ABOVE), (below, BELOW)):
        out = stripes(out, where, color, corner)
    return out


def stripes(rgb: Mask, where: Mask, color: tuple[int, int, int], corner: tuple[int, int]) -> Mask:
    """Return a picture with diagonal stripes of a colour and black where a mask is not 0."""
    if not cv2.countNonZero(where):
        return rgb
    height, width = where.shape
    line = (np.arange(height + width - 1) + sum(corner)) // _STRIPE % 2
    stripe = np.lib.stride_tricks.sliding_window_view(line.astype(np.uint8), width)[:height]
    out = cv2.copyTo(np.zeros_like(rgb), where, rgb.copy())
    lit = np.multiply(where, stripe)
    return np.asarray(cv2.copyTo(np.full_like(rgb, color), lit, out), np.uint8)


def auto_exposure(pictures: Sequence[tuple[Pixels, Mask | None]], *, linear: bool) -> float:
    """Return the exposure that brings the brightest channel of 95 % of the pixels within white.

    Parameters
    ----------
    pictures
        Working pixels without alpha, and where they count (None: everywhere); all together.

    Returns
    -------
    float
        In steps of a tenth of a stop within `EV_RANGE`; 0 where nothing is brighter than black.
    """
    brightest = []
    for pixels, valid in pictures:
        step = max(int(np.sqrt(pixels.shape[0] * pixels.shape[1] / _LOOKED_AT)), 1)
        few = np.ascontiguousarray(pixels[::step, ::step])
        top = few if few.ndim == 2 else few.max(axis=2)
        brightest.append(top.ravel() if valid is None else top[valid[::step, ::step] > 0])
    values = np.concatenate(brightest).astype(np.float64) if brightest else np.zeros(0)
    level = float(np.quantile(values, AUTO_SHARE)) if values.size else 0.0
    light = level if linear else float(decode(np.array([level]))[0])
    if light <= 0:
        return 0.0
    least, most = EV_RANGE
    return round(min(max(float(np.log2(SCALE / light)), least), most), 1)
