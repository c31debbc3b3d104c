"""The exact values under the cursor: the same code as the statistics, on one pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.buffer import ImageBuffer
from core.difference import difference, largest_channel
from core.engine import difference_params
from core.pipeline import Pipeline
from core.render import originals
from core.types import SCALE, Mask, Pixels, Rect


@dataclass(frozen=True, slots=True)
class Probe:
    """What is known of one pixel.

    Attributes
    ----------
    row, col
        On the canvas, in A's frame.
    a, b
        Each picture's own values there, in its file's units (B resampled if it was moved by part
        of a pixel); None where the picture does not exist.
    channels
        Names of the channels of a and b.
    difference
        ``|A - B|`` per channel after the stages, 0...255 (in Lab: of L*, a*, b*); None where there
        is none.
    magnitude
        The number that is painted and compared with the tolerance; None where there is none.
    """

    row: int
    col: int
    a: tuple[float, ...] | None
    b: tuple[float, ...] | None
    channels: tuple[str, ...]
    difference: tuple[float, ...] | None
    magnitude: float | None


def probe(pipeline: Pipeline, row: int, col: int) -> Probe:
    """Return the exact values at a canvas pixel; outside the canvas everything is None."""
    height, width = pipeline.shape
    plain = Pipeline(pipeline.a, pipeline.b, originals(pipeline.settings), pipeline.cache)
    names = plain.pair.channel_names
    if not (0 <= row < height and 0 <= col < width):
        return Probe(row, col, None, None, names, None, None)
    spot = Rect(row, col, 1, 1)
    sides = (plain.pair.side(i, spot, 0, pipeline.placement) for i in (0, 1))
    a, b = (
        _own(pixels, valid, picture, divisor=conversion.divisor)
        for (pixels, valid), picture, conversion in zip(
            sides, (pipeline.a, pipeline.b), plain.pair.conversions, strict=True
        )
    )
    tile = pipeline.tile(spot, 0)
    if tile.valid is not None and not tile.valid[0, 0]:
        return Probe(row, col, a, b, names, None, None)
    d = difference(tile, (slice(None), slice(None)), difference_params(pipeline))
    size = float(largest_channel(d.magnitude)[0, 0])
    return Probe(row, col, a, b, names, _values(d.absolute), size)


def _own(
    pixels: Pixels, valid: Mask | None, picture: ImageBuffer, *, divisor: float
) -> tuple[float, ...] | None:
    """Return one pixel in its file's units."""
    if valid is not None and not valid[0, 0]:
        return None
    whole = picture.data.dtype.kind in "iu"
    values = (v * divisor for v in _values(pixels))
    return tuple(round(v, 3) if whole else v for v in values)


def _values(pixels: Pixels) -> tuple[float, ...]:
    return tuple(float(v) for v in np.atleast_1d(pixels[0, 0]))


def picture_scale(picture: ImageBuffer) -> float:
    """Return by what working values are multiplied to get the file's own units."""
    return picture.peak / SCALE
