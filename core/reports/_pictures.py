"""Pictures as files and as data that a page can hold, and where regions lie on them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final, NamedTuple

import cv2

if TYPE_CHECKING:
    from core.reports import Report
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


class Box(NamedTuple):
    """A region's number and its rectangle in pixels of the painted map."""

    k: int
    x: float
    y: float
    width: float
    height: float


def boxes(report: Report) -> list[Box]:
    """Return a box around every listed region; tiny ones are widened so that they can be seen."""
    made = []
    least = max(report.heat.shape[1] / 120, 1.0)
    for k, region in enumerate(report.result.regions, 1):
        r = region.rect
        width, height = (max(side / report.step, least) for side in (r.width, r.height))
        x = (r.col + r.width / 2) / report.step - width / 2
        y = (r.row + r.height / 2) / report.step - height / 2
        made.append(Box(k, x, y, width, height))
    return made
