"""The two pictures in working values, laid on one canvas: what the first stage receives."""

from __future__ import annotations

from functools import cached_property

import cv2
import numpy as np

from core.buffer import ImageBuffer
from core.color import AlphaMode, Conversion, GrayParams, finite
from core.difference import DifferenceParams
from core.errors import CompareError
from core.geometry import Placement
from core.resample import fetch
from core.settings import Settings
from core.tiles import both, finite_mask
from core.types import SCALE, Alpha, Mask, Pixels, Rect, Tile


class Pair:
    """Two pictures and how their values become working values.

    Parameters
    ----------
    a, b
        The pictures.
    settings
        Decides whether colour and transparency take part.
    wide
        Work in float64 instead of float32.

    Raises
    ------
    CompareError
        When the numbers of channels do not go together; the text says what to do.
    """

    def __init__(self, a: ImageBuffer, b: ImageBuffer, settings: Settings, *, wide: bool) -> None:
        self.a, self.b, self.settings, self.wide = a, b, settings, wide
        gray = settings[GrayParams]
        self.gray = gray.method if gray.enabled else None
        self.conversions = (self.conversion(a), self.conversion(b))

    @cached_property
    def keep_alpha(self) -> bool:
        """Whether transparency takes part."""
        wanted = self.settings[DifferenceParams].alpha is AlphaMode.PREMULTIPLIED
        return wanted and any(
            p.alpha in (Alpha.STRAIGHT, Alpha.PREMULTIPLIED) for p in (self.a, self.b)
        )

    @cached_property
    def color_channels(self) -> int:
        """Channels of the working pixels without alpha, before Gray."""
        counts = {p.channels - (p.alpha is not Alpha.NONE) for p in (self.a, self.b)}
        if len(counts) == 2 and 1 not in counts:
            low, high = sorted(counts)
            raise CompareError(
                f"“{self.a.name}” and “{self.b.name}” have different numbers of channels"
                f" ({low} and {high}), so they cannot be subtracted; switch Gray on to compare"
                " their brightness."
            )
        return max(counts)

    def conversion(self, picture: ImageBuffer) -> Conversion:
        """Return how one picture's values become working values."""
        peak = picture.peak
        if all(p.data.dtype.kind == "f" for p in (self.a, self.b)):
            peak = max(self.a.peak, self.b.peak)
        return Conversion(
            divisor=peak / SCALE,
            gray=self.gray,
            alpha=picture.alpha,
            keep_alpha=self.keep_alpha,
            channels=1 if self.gray is not None else self.color_channels,
            wide=self.wide,
        )

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Names of the channels of a tile."""
        n = 1 if self.gray is not None else self.color_channels
        color = {1: ("gray",), 3: ("R", "G", "B")}.get(n, tuple(str(i) for i in range(n)))
        return (*color, "alpha") if self.keep_alpha else color

    def fetch(self, rect: Rect, level: int, placement: Placement) -> Tile:
        """Return the pair over a rectangle of the canvas at a pyramid level."""
        (a, valid_a), (b, valid_b) = (self.side(i, rect, level, placement) for i in (0, 1))
        if a.dtype != b.dtype:
            common = np.promote_types(np.promote_types(a.dtype, b.dtype), np.float32)
            a, b = a.astype(common, copy=False), b.astype(common, copy=False)
        return Tile(a, b, both(valid_a, valid_b), rect, level)

    def side(
        self, index: int, rect: Rect, level: int, placement: Placement
    ) -> tuple[Pixels, Mask | None]:
        """Return one picture (0 = A, 1 = B) over a rectangle, and where it exists."""
        picture, convert = (self.a, self.b)[index], self.conversions[index]
        matrix = (placement.a, placement.b)[index]

        def read(where: Rect, at: int) -> Pixels:
            return convert(finite(picture.read(where, at)))

        pixels, valid = fetch(read, picture.shape, matrix, rect, level, placement.kernel)
        if picture.nonfinite:

            def read_mask(where: Rect, at: int) -> Pixels:
                return finite_mask(picture.read(where, at))

            good, inside = fetch(read_mask, picture.shape, matrix, rect, level, placement.kernel)
            whole = np.asarray(
                cv2.threshold(good, 254.5, 255.0, cv2.THRESH_BINARY)[1], dtype=np.uint8
            )
            valid = both(valid, both(whole, inside))
        return pixels, valid
