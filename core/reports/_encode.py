"""Pictures as files and as data that a page can hold."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

import cv2

if TYPE_CHECKING:
    from core.types import Pixels

HEAVY: Final = 1_500_000
"""Bytes of a PNG above which a photograph goes into a page as JPEG."""
QUALITY: Final = 92


def png(rgb: Pixels) -> bytes:
    """Return uint8 RGB pixels as the bytes of a PNG file."""
    return _encode(rgb, ".png", [])


def data_uri(rgb: Pixels, *, exact: bool = False) -> str:
    """Return uint8 RGB pixels as a ``data:`` address: PNG, or JPEG when that gets too heavy.

    With `exact` it is always PNG: colours of a difference map are read against its legend.
    """
    data, kind = png(rgb), "png"
    if len(data) > HEAVY and not exact:
        data, kind = _encode(rgb, ".jpg", [cv2.IMWRITE_JPEG_QUALITY, QUALITY]), "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _encode(rgb: Pixels, suffix: str, options: list[int]) -> bytes:
    done, data = cv2.imencode(suffix, cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), options)
    if not done:
        raise OSError(f"the picture of {rgb.shape[1]} × {rgb.shape[0]} could not be encoded")
    return bytes(data.data)
