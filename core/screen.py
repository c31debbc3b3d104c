"""Working pixels as 8-bit RGB, with what lies behind and around them."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from core.color import solid_share
from core.counting import to_byte
from core.tone import NEUTRAL, Tone, mark, toned
from core.types import SCALE, Mask, Pixels, Rect

CHECK: Final = 8
"""Side of the squares behind transparency and width of the hatch around pictures, in pixels."""
_CHECK_DARK, _CHECK_LIGHT = 168, 208
_HATCH_DARK, _HATCH_LIGHT = 58, 70


def rgb8(
    pixels: Pixels,
    rect: Rect,
    *,
    alpha: bool,
    tone: Tone = NEUTRAL,
    linear: bool = False,
    straight: bool = False,
) -> Pixels:
    """Return working pixels as 8-bit RGB; with `alpha`, laid over a checkerboard.

    Gray is repeated; of more than three colour channels the first three are shown, of two the
    second is shown as green and blue. Here, and nowhere before, values are clipped to 0...255.

    Parameters
    ----------
    alpha
        Whether the last channel is alpha.
    tone, linear
        How they are shown, and whether they are linear light (`core.tone.toned`). Colour is toned
        by itself, as it is without its alpha.
    straight
        Whether colour is not multiplied by alpha.
    """
    if pixels.size == 0:
        return np.zeros((*pixels.shape[:2], 3), np.uint8)
    color, cover = pixels, None
    if alpha and pixels.ndim == 3:
        cover = np.ascontiguousarray(pixels[:, :, -1])
        color = pixels[:, :, 0] if pixels.shape[2] == 2 else pixels[:, :, :-1]
    color = np.ascontiguousarray(color)
    share = None
    if cover is not None and (straight or linear or tone != NEUTRAL):
        share = solid_share(cover.astype(np.float32) / np.float32(SCALE))
        if not straight:
            color = color.astype(np.float32)
            color /= share if color.ndim == 2 else share[:, :, None]
    rgb = _three(toned(color, tone, linear=linear))
    if tone.mark:
        rgb = mark(rgb, color, tone, linear=linear, corner=(rect.row, rect.col))
    if cover is None:
        return rgb
    if share is not None:
        rgb = to_byte(rgb * share[:, :, None])
    rest = 255 - to_byte(cover).astype(np.uint16)
    under = (checks(rect, _CHECK_DARK, _CHECK_LIGHT).astype(np.uint16) * rest + 127) // 255
    return cv2.add(rgb, cv2.cvtColor(under.astype(np.uint8), cv2.COLOR_GRAY2RGB))


def _three(byte: Mask) -> Mask:
    """Return bytes of any number of channels as RGB."""
    if byte.ndim == 2:
        return np.asarray(cv2.cvtColor(byte, cv2.COLOR_GRAY2RGB), np.uint8)
    return np.ascontiguousarray(byte[:, :, [0, 1, 1]] if byte.shape[2] == 2 else byte[:, :, :3])


def checks(rect: Rect, dark: int, light: int) -> Mask:
    """Return a checkerboard that stays in place on the canvas."""
    rows = (np.arange(rect.row, rect.bottom) // CHECK) % 2
    cols = (np.arange(rect.col, rect.right) // CHECK) % 2
    return np.where(rows[:, None] ^ cols[None, :], light, dark).astype(np.uint8)


def hatched(rgb: Pixels, valid: Mask | None, rect: Rect) -> Pixels:
    """Return the picture with a diagonal hatch where there is nothing to see."""
    if valid is None:
        return rgb
    rows, cols = np.arange(rect.row, rect.bottom), np.arange(rect.col, rect.right)
    stripe = ((rows[:, None] + cols[None, :]) // CHECK) % 2
    hatch = np.where(stripe, _HATCH_LIGHT, _HATCH_DARK).astype(np.uint8)
    out: Pixels = np.where(valid[:, :, None] > 0, rgb, hatch[:, :, None])
    return np.ascontiguousarray(out)
