"""The exact values under the cursor: the same code as the statistics, on one pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.absolute import largest_channel
from core.difference import difference
from core.engine import difference_params
from core.linear import tail
from core.pair import channel_names
from core.pipeline import Pipeline
from core.types import Alpha, Pixels, Rect


@dataclass(frozen=True, slots=True)
class Probe:
    """What is known of one pixel.

    Attributes
    ----------
    row, col
        On the canvas, in A's frame.
    a, b
        Each picture's own values there, in its file's units, colour as the file has it under its
        transparency (B resampled if it was moved by part of a pixel). A gray picture's value is
        repeated beside a colour picture; without transparency it is opaque beside one that has it.
        None where the picture does not exist or is not finite.
    channels
        Names of the channels of a and b; of the one with more, when their numbers differ and Gray
        is on.
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
    pictures = (pipeline.a, pipeline.b)
    alpha = any(p.alpha in (Alpha.STRAIGHT, Alpha.PREMULTIPLIED) for p in pictures)
    colors = max(p.channels - (p.alpha is not Alpha.NONE) for p in pictures)
    names = channel_names(colors, alpha=alpha)
    if not (0 <= row < height and 0 <= col < width):
        return Probe(row, col, None, None, names, None, None)
    spot = Rect(row, col, 1, 1)
    a, b = (_own(pipeline, i, spot, colors, alpha=alpha) for i in (0, 1))
    tile = pipeline.tile(spot, 0)
    if tile.valid is not None and not tile.valid[0, 0]:
        return Probe(row, col, a, b, names, None, None)
    params = difference_params(pipeline)
    end = tail(pipeline, params)
    signed = None if end is None else end.difference(spot)
    d = difference(tile, (slice(None), slice(None)), params, signed, linear=pipeline.linear)
    assert d.absolute is not None  # nobody asked for its sums
    size = float(largest_channel(d.magnitude)[0, 0])
    return Probe(row, col, a, b, names, _values(d.absolute), size)


def _own(
    pipeline: Pipeline, index: int, spot: Rect, colors: int, *, alpha: bool
) -> tuple[float, ...] | None:
    """Return one pixel in its file's units, in so many colours where it is gray."""
    picture = (pipeline.a, pipeline.b)[index]
    pixels, valid = pipeline.pair.own(index, spot, 0, pipeline.placement)
    if valid is not None and not valid[0, 0]:
        return None
    values = _values(pixels)
    if picture.dtype.kind in "iu":
        values = tuple(round(v, 3) for v in values)
    cover: tuple[float, ...] = ()
    if picture.alpha is not Alpha.NONE:
        values, cover = values[:-1], values[-1:]
    if len(values) == 1:
        values *= colors
    return (*values, *(cover or (picture.peak,))) if alpha else values


def _values(pixels: Pixels) -> tuple[float, ...]:
    return tuple(float(v) for v in np.atleast_1d(pixels[0, 0]))
