"""Turns working pixels and difference codes into 8-bit RGB for the eye, never into numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import cv2
import numpy as np

from core.cache import Cache
from core.color import AlphaMode
from core.colormaps import is_diverging, lut
from core.maps import DifferenceMap
from core.pipeline import Pipeline
from core.pyramid import level_shape, preview_level
from core.result import Preview, Request, Result
from core.screen import hatched, rgb8
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.fit import FitParams
from core.tone import NEUTRAL, NO_NUMBER, Tone, auto_exposure, stripes
from core.types import MapKind, Mask, Pixels, Rect


class Side(StrEnum):
    """What a pane shows."""

    A = "a"
    B = "b"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class Look:
    """How a difference is painted.

    Attributes
    ----------
    colormap
        One of `core.colormaps.NAMES`.
    high
        The value, in the map's unit, that gets the last colour.
    dim
        Paint only what is over the tolerance; the rest gets the colour of zero. A code that holds
        values on both sides of the tolerance is painted. The relative map knows no tolerance.
    """

    colormap: str = "inferno"
    high: float = 64.0
    dim: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Pixels ready to be drawn.

    Attributes
    ----------
    side
        What it shows.
    rgb
        (h, w, 3) uint8, C-contiguous.
    rect
        Where it lies, in pixels of the canvas at `level`.
    level
        It covers canvas pixels ``rect * 2**level``.
    exact
        False for a preview.
    """

    side: Side
    rgb: Pixels
    rect: Rect
    level: int
    exact: bool


def originals(settings: Settings) -> Settings:
    """Return the settings that only lay B on A: what the pictures look like without the stages."""
    return Settings((settings[FitParams], settings[AlignParams]))


def picture(
    pipeline: Pipeline,
    side: Side,
    rect: Rect,
    level: int,
    *,
    exact: bool = True,
    tone: Tone = NEUTRAL,
) -> Picture:
    """Render A or B after the stages of a pipeline over a rectangle at a level.

    Linear light is shown sRGB-encoded, as screens want it.

    Where the other picture is missing this one is still shown; where it is missing itself there is
    a hatch.
    """
    index = 0 if side is Side.A else 1
    if pipeline.stages:
        tile = pipeline.tile(rect, level)
        pixels = (tile.a, tile.b)[index]
        _, valid = (None, None) if tile.valid is None else _own(pipeline, index, rect, level)
    else:
        pixels, valid = _own(pipeline, index, rect, level)
    alpha = pipeline.pair.keep_alpha
    if alpha and not pipeline.keeps_color:  # what stands in the place of alpha covers nothing
        alpha, pixels = False, pixels[:, :, 0] if pixels.shape[2] == 2 else pixels[:, :, :-1]
    straight = pipeline.pair.mode is AlphaMode.STRAIGHT
    rgb = rgb8(pixels, rect, alpha=alpha, tone=tone, linear=pipeline.linear, straight=straight)
    rgb = hatched(rgb, valid, rect)
    if tone.mark and (pipeline.a, pipeline.b)[index].nonfinite:
        broken = pipeline.pair.broken(index, rect, level, pipeline.placement)
        rgb = stripes(rgb, broken, NO_NUMBER, (rect.row, rect.col))
    return Picture(side, rgb, rect, level, exact)


def _own(pipeline: Pipeline, index: int, rect: Rect, level: int) -> tuple[Pixels, Mask | None]:
    return pipeline.pair.side(index, rect, level, pipeline.placement)


def fitting_exposure(shown: Sequence[tuple[Pipeline, Side]], visible: Rect) -> float:
    """Return the exposure, in stops, that brings pictures within white (`core.tone`).

    Parameters
    ----------
    shown
        Pipelines, and which of their pictures is looked at.
    visible
        What is seen of them, in canvas pixels at full resolution; overviews of it are looked at.
    """
    found = []
    linear = False
    for pipeline, side in shown:
        level = preview_level((visible.height, visible.width))
        step = 1 << level
        small = Rect(
            visible.row // step, visible.col // step, -(-visible.height // step),
            -(-visible.width // step),
        ).intersect(Rect(0, 0, *level_shape(pipeline.shape, level)))  # fmt: skip
        if small.empty:
            continue
        pixels, valid = _own(pipeline, 0 if side is Side.A else 1, small, level)
        if pipeline.pair.keep_alpha:
            pixels = pixels[:, :, 0] if pixels.shape[2] == 2 else pixels[:, :, :-1]
        found.append((pixels, valid))
        linear = pipeline.pair.linear
    return auto_exposure(found, linear=linear)


def preview_pictures(
    preview: Preview, look: Look, *, alpha: bool, tone: Tone = NEUTRAL, linear: bool = False
) -> dict[Side, Picture]:
    """Render the three pictures of a preview; for `alpha`, `tone`, `linear` see `rgb8`."""
    tile = preview.tile
    made = {}
    for side, pixels in ((Side.A, tile.a), (Side.B, tile.b)):
        rgb = rgb8(pixels, tile.rect, alpha=alpha, tone=tone, linear=linear)
        made[side] = Picture(side, rgb, tile.rect, tile.level, False)
    kind = MapKind.SIGNED if preview.low < 0 else MapKind.ABSOLUTE
    table = painted(kind, preview.low, preview.high, look)
    rgb = hatched(paint(preview.codes, table), tile.valid, tile.rect)
    made[Side.DIFFERENCE] = Picture(Side.DIFFERENCE, rgb, tile.rect, tile.level, False)
    return made


def heat(map_: DifferenceMap, rect: Rect, level: int, look: Look, tolerance: float) -> Picture:
    """Paint the exact difference over a rectangle at a level; overviews keep every defect."""
    level, _ = map_.whole(level)
    codes, valid = map_.read(rect, level)
    table = painted(map_.kind, map_.low, map_.high, look, tolerance, beyond=map_.beyond)
    if valid is not None:
        # A pixel of an overview stands for many: where any of them differs, it is shown.
        zero = 128 if map_.kind is MapKind.SIGNED else 0
        valid = np.bitwise_or(valid, np.not_equal(codes, zero).view(np.uint8))
    return Picture(Side.DIFFERENCE, hatched(paint(codes, table), valid, rect), rect, level, True)


def heat_level(map_: DifferenceMap, level: int) -> tuple[int, Rect]:
    """Return the level that a map really has for a wanted one, and the rectangle of all of it."""
    return map_.whole(level)


@lru_cache(maxsize=64)
def painted(
    kind: MapKind, low: float, high: float, look: Look, tolerance: float = 0.0, *,
    beyond: bool = False,
) -> Pixels:  # fmt: skip
    """Return the (256, 3) colours of all codes of a map.

    The code of zero has the map's colour of zero, and no other code has, unless `look.dim` hides
    it: the smallest difference is seen, however large `look.high` is. `beyond` says that the end
    codes hold values beyond them too: those are over any tolerance.
    """
    codes = np.arange(256)
    colors = lut(look.colormap)
    top = max(look.high, 1e-9)
    if kind is MapKind.SIGNED:
        share = np.clip((codes - 128) / 127.0 * high / top, -1.0, 1.0)
        if is_diverging(look.colormap):
            index = np.rint(share * 127.0) + 128
            index = np.where(index == 128, 128 + np.sign(codes - 128), index)
        else:
            index = np.rint(np.abs(share) * 255.0)
            index = np.where(codes != 128, np.maximum(index, 1), index)
        hidden = np.abs(codes - 128) / 127.0 * high <= tolerance
    else:
        share = np.clip((low + (high - low) * codes / 255.0) / top, 0.0, 1.0)
        middle, steps = (128, 127.0) if is_diverging(look.colormap) else (0, 255.0)
        index = np.rint(share * steps) + middle
        index[1:] = np.maximum(index[1:], middle + 1)
        hidden = codes < 0
        if kind is MapKind.ABSOLUTE:
            hidden = codes <= tolerance
        elif kind is MapKind.SQUARED:
            hidden = codes * (high / 255.0) <= tolerance * tolerance
    zero = 128 if is_diverging(look.colormap) else 0
    if beyond:
        hidden[255] = False
        hidden[1] &= kind is not MapKind.SIGNED
    if look.dim:
        index = np.where(hidden, zero, index)
    table: Pixels = colors[index.astype(np.int64)]
    table.setflags(write=False)
    return table


def paint(codes: Pixels, table: Pixels) -> Pixels:
    """Return the (h, w, 3) uint8 RGB picture of codes."""
    if codes.size == 0:
        return np.zeros((*codes.shape[:2], 3), np.uint8)
    return np.asarray(cv2.applyColorMap(codes, np.ascontiguousarray(table).reshape(256, 1, 3)))


def overview(
    request: Request,
    result: Result,
    side: Side,
    look: Look,
    max_pixels: int = 1_500_000,
    *,
    tone: Tone = NEUTRAL,
) -> Picture:
    """Render a whole picture or the whole map of a finished comparison, for reports."""
    level = preview_level(result.shape, max_pixels)
    if side is Side.DIFFERENCE:
        level, rect = heat_level(result.map, level)
        return heat(result.map, rect, level, look, 0.0)
    pipeline = Pipeline(request.a, request.b, request.settings, Cache())
    rect = Rect(0, 0, *level_shape(result.shape, level))
    return picture(pipeline, side, rect, level, tone=tone)
