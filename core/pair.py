"""The two pictures in working values, laid on one canvas: what the first stage receives."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

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
from core.types import SCALE, Alpha, Mask, Notice, Pixels, Rect, Tile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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

    Each side can be had alone; both together only when their numbers of channels go together.
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
        """Channels of the working pixels without alpha, before Gray.

        Raises
        ------
        CompareError
            When the numbers of channels do not go together; the text says what to do.
        """
        a, b = _colors(self.a), _colors(self.b)
        if a != b and 1 not in (a, b):
            raise CompareError(
                f"“{self.a.name}” and “{self.b.name}” have different numbers of channels"
                f" ({a} and {b}), so they cannot be subtracted; switch Gray on to compare"
                " their brightness."
            )
        return max(a, b)

    def notices(self) -> Iterator[Notice]:
        """Yield what a person must be told about how the two go together."""
        for picture in (self.a, self.b):
            if picture.nonfinite:
                one = picture.nonfinite == 1
                text = (
                    f"“{picture.name}” has {picture.nonfinite:,}"
                    f" {'pixel that is' if one else 'pixels that are'} NaN or infinite and left out"
                    " of every number."
                )
                yield Notice("nonfinite", text, "warning")
        a, b = _colors(self.a), _colors(self.b)
        if self.gray is None and a != b:
            gray, color = (self.a, self.b) if a < b else (self.b, self.a)
            text = (
                f"“{gray.name}” is gray and “{color.name}” has {max(a, b)} channels:"
                " its gray is compared with each of them."
            )
            yield Notice("gray_and_color", text)

    def conversion(self, picture: ImageBuffer) -> Conversion:
        """Return how one picture's values become working values."""
        peak = picture.peak
        if all(p.data.dtype.kind == "f" for p in (self.a, self.b)):
            peak = max(self.a.peak, self.b.peak)
        channels = 1 if self.gray is not None else _colors(picture)
        if channels == 1:  # a gray picture is repeated to match a colour one
            channels = self.channels
        return Conversion(
            divisor=peak / SCALE,
            gray=self.gray,
            alpha=picture.alpha,
            keep_alpha=self.keep_alpha,
            channels=channels,
            wide=self.wide,
        )

    @property
    def channels(self) -> int:
        """Channels of a tile without alpha; see `color_channels` for what is raised."""
        return 1 if self.gray is not None else self.color_channels

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Names of the channels of a tile."""
        return channel_names(self.channels, alpha=self.keep_alpha)

    def fetch(self, rect: Rect, level: int, placement: Placement) -> Tile:
        """Return the pair over a rectangle of the canvas at a pyramid level.

        Raises
        ------
        CompareError
            When the numbers of channels do not go together.
        """
        self.channels  # noqa: B018 - asked for what it raises
        (a, valid_a), (b, valid_b) = (self.side(i, rect, level, placement) for i in (0, 1))
        if a.dtype != b.dtype:
            common = np.promote_types(np.promote_types(a.dtype, b.dtype), np.float32)
            a, b = a.astype(common, copy=False), b.astype(common, copy=False)
        return Tile(a, b, both(valid_a, valid_b), rect, level)

    def side(
        self, index: int, rect: Rect, level: int, placement: Placement
    ) -> tuple[Pixels, Mask | None]:
        """Return one picture (0 = A, 1 = B) over a rectangle, and where it exists."""
        return self._laid(index, self.conversions[index], rect, level, placement)

    def own(
        self, index: int, rect: Rect, level: int, placement: Placement
    ) -> tuple[Pixels, Mask | None]:
        """Return one picture in its file's own values, float64, with all its channels."""
        return self._laid(index, lambda p: p.astype(np.float64), rect, level, placement)

    def _laid(
        self, index: int, convert: Callable[[Pixels], Pixels], rect: Rect, level: int,
        placement: Placement,
    ) -> tuple[Pixels, Mask | None]:  # fmt: skip
        picture = (self.a, self.b)[index]
        matrix = (placement.a, placement.b)[index]

        def read(where: Rect, at: int) -> Pixels:
            return convert(finite(picture.read(where, at)))

        pixels, valid = fetch(read, picture.shape, matrix, rect, level, placement.kernel)
        if picture.nonfinite:

            def read_mask(where: Rect, at: int) -> Pixels:
                return finite_mask(picture.read(where, at))

            good, inside = fetch(read_mask, picture.shape, matrix, rect, level, placement.kernel)
            # Kernels have negative weights, so a pixel that a bad one takes part in may also be
            # above 255. What a bad one adds to the pixels that stay is below 0.01 levels.
            whole = np.asarray(cv2.inRange(good, SCALE - 0.01, SCALE + 0.01), dtype=np.uint8)
            valid = both(valid, both(whole, inside))
        return pixels, valid


def _colors(picture: ImageBuffer) -> int:
    return picture.channels - (picture.alpha is not Alpha.NONE)


def channel_names(colors: int, *, alpha: bool) -> tuple[str, ...]:
    """Return the names of so many colour channels, and of alpha."""
    color = {1: ("gray",), 3: ("R", "G", "B")}.get(colors, tuple(str(i) for i in range(colors)))
    return (*color, "alpha") if alpha else color
