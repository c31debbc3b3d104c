"""The two pictures in working values, laid on one canvas: what the first stage receives."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import cv2
import numpy as np

from core.buffer import ImageBuffer
from core.color import AlphaMode, Conversion, GrayParams, Transparent, finite, split_alpha
from core.difference import DifferenceParams
from core.errors import CompareError
from core.geometry import Placement
from core.light import LightParams, Values, decode, wanted
from core.pair_notices import colors, notices, see_through
from core.places.params import PlacesParams
from core.places.shapes import outside
from core.resample import fetch
from core.settings import Settings
from core.tiles import both, finite_mask
from core.types import SCALE, Alpha, Encoding, Mask, Notice, Pixels, Rect, Tile

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
        self.values = settings[LightParams].values
        self.conversions = (self.conversion(a), self.conversion(b))
        self.ignored = settings[PlacesParams].ignored

    @property
    def plain(self) -> bool:
        """Whether working values are the bytes of the files, if these are moved as a whole."""
        return all(
            p.dtype == np.uint8 and p.alpha is Alpha.NONE and c.plain
            and (c.gray is None or p.channels == 1)
            for p, c in zip((self.a, self.b), self.conversions, strict=True)
        )  # fmt: skip

    @cached_property
    def keep_alpha(self) -> bool:
        """Whether transparency takes part."""
        channel = self.mode in (AlphaMode.PREMULTIPLIED, AlphaMode.STRAIGHT)
        return channel and (see_through(self.a) or see_through(self.b))

    @property
    def mode(self) -> AlphaMode:
        """How transparency takes part."""
        return self.settings[DifferenceParams].alpha

    @cached_property
    def leaves_out(self) -> bool:
        """Whether pixels that are fully transparent in both pictures are left out."""
        wanted = self.settings[DifferenceParams].transparent is Transparent.LEAVE_OUT
        return wanted and see_through(self.a) and see_through(self.b)

    @cached_property
    def linear(self) -> bool:
        """Whether what is compared is linear light; an unknown picture beside one is taken so."""
        if self.values is Values.FILE:
            own = (self.a.encoding, self.b.encoding)
            return Encoding.LINEAR in own and Encoding.SRGB not in own
        return self.values is Values.LINEAR

    @property
    def key(self) -> tuple[object, ...]:
        """What decides the working pixels, besides the pictures and where they lie."""
        return (*self.conversions, self.leaves_out, self.settings[PlacesParams].ignore)

    @cached_property
    def color_channels(self) -> int:
        """Channels of the working pixels without alpha, before Gray.

        Raises
        ------
        CompareError
            When the numbers of channels do not go together; the text says what to do.
        """
        a, b = colors(self.a), colors(self.b)
        if a != b and 1 not in (a, b):
            raise CompareError(
                f"“{self.a.name}” and “{self.b.name}” have different numbers of channels"
                f" ({a} and {b}), so they cannot be subtracted; switch Gray on to compare"
                " their brightness."
            )
        return max(a, b)

    def notices(self) -> Iterator[Notice]:
        """Yield what a person must be told about how the two go together."""
        return notices(self)

    @property
    def words(self) -> str:
        """What the numbers are those of, in a few words; empty where no picture says it."""
        if self.linear:
            return "linear light"
        said = self.values is Values.ENCODED or Encoding.SRGB in (self.a.encoding, self.b.encoding)
        return "sRGB-encoded" if said else ""

    def conversion(self, picture: ImageBuffer) -> Conversion:
        """Return how one picture's values become working values."""
        params = self.settings[DifferenceParams]
        level = params.over_level if params.alpha is AlphaMode.OVER else 0.0
        background = float(decode(np.array([level]))[0]) if self.linear else level
        other = self.b if picture is self.a else self.a
        peak = picture.peak
        if all(p.dtype.kind == "f" for p in (self.a, self.b)):
            peak = max(self.a.peak, self.b.peak)
        channels = 1 if self.gray is not None else colors(picture)
        if channels == 1:  # a gray picture is repeated to match a colour one
            channels = self.channels
        return Conversion(
            divisor=peak / SCALE,
            gray=self.gray,
            alpha=picture.alpha,
            keep_alpha=self.keep_alpha,
            channels=channels,
            wide=self.wide,
            transfer=wanted(self.values, picture.encoding, other.encoding),
            mode=params.alpha,
            background=background,
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

        What is ignored is not valid, and its values are within 0...255, so that nothing that
        depends on the range of all values is told of larger ones (some builds of OpenCV make the
        bilateral filter's table of weights for that range).

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
        valid = both(valid_a, valid_b)
        if self.leaves_out:
            valid = both(valid, self.seen(rect, level, placement))
        heeded = self.heeded(rect, level)
        if heeded is not None:
            valid = both(valid, heeded)
            a, b = _tamed(a, heeded), _tamed(b, heeded)
        return Tile(a, b, valid, rect, level)

    def heeded(self, rect: Rect, level: int) -> Mask | None:
        """Return where nothing is ignored; None means everywhere."""
        return outside(self.ignored, rect, level)

    def seen(self, rect: Rect, level: int, placement: Placement) -> Mask | None:
        """Return where at least one picture is not fully transparent; None means everywhere."""
        masks = [self._cover(i, rect, level, placement) for i in (0, 1)]
        mask = np.bitwise_or(*masks)
        return None if cv2.countNonZero(mask) == mask.size else mask

    def _cover(self, index: int, rect: Rect, level: int, placement: Placement) -> Mask:
        """Return 255 where a picture's alpha is not 0, and where there is no picture."""
        kind = (self.a, self.b)[index].alpha

        def alpha_of(pixels: Pixels) -> Pixels:
            _, alpha = split_alpha(pixels, kind)
            assert alpha is not None
            return np.not_equal(alpha, 0).astype(np.float32)

        share, valid = self._laid(index, alpha_of, rect, level, placement)
        # Every kernel gives exactly 0 where all that it looks at is 0, and weighs what is not by
        # more than rounding anywhere else, up to single pixels at which it passes through 0.
        cover = np.not_equal(share, 0).view(np.uint8) * np.uint8(255)
        return cover if valid is None else np.where(valid > 0, cover, np.uint8(255))

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

        def read(where: Rect, at: int) -> Pixels:
            return convert(finite(picture.read(where, at), picture.limit))

        pixels, valid = _moved(read, picture, index, rect, level, placement)
        if picture.nonfinite:
            valid = both(valid, both(*self._finite(index, rect, level, placement)))
        return pixels, valid

    def broken(self, index: int, rect: Rect, level: int, placement: Placement) -> Mask:
        """Return where NaN or an infinity of a picture takes part."""
        whole, inside = self._finite(index, rect, level, placement)
        bad = np.bitwise_not(whole)
        return bad if inside is None else np.bitwise_and(bad, inside)

    def _finite(
        self, index: int, rect: Rect, level: int, placement: Placement
    ) -> tuple[Mask, Mask | None]:
        """Return where only finite pixels take part, and where the picture exists."""
        picture = (self.a, self.b)[index]

        def read_mask(where: Rect, at: int) -> Pixels:
            return finite_mask(picture.read(where, at), picture.limit)

        good, inside = _moved(read_mask, picture, index, rect, level, placement)
        # Kernels have negative weights, so a pixel that a bad one takes part in may also be
        # above 255. What a bad one adds to the pixels that stay is below 0.01 levels.
        whole = np.asarray(cv2.inRange(good, SCALE - 0.01, SCALE + 0.01), dtype=np.uint8)
        return whole, inside


def _moved(
    read: Callable[[Rect, int], Pixels], picture: ImageBuffer, index: int, rect: Rect, level: int,
    placement: Placement,
) -> tuple[Pixels, Mask | None]:  # fmt: skip
    """Return what is read of a picture where the placement lays it; only B is ever bent."""
    matrix = (placement.a, placement.b)[index]
    field = (None, placement.field)[index]
    return fetch(read, picture.shape, matrix, rect, level, placement.kernel, field)


def _tamed(pixels: Pixels, heeded: Mask) -> Pixels:
    """Return pixels of which those that are ignored lie within 0...255."""
    if pixels.dtype == np.uint8:
        return pixels
    within = np.clip(pixels, 0, SCALE)
    where = heeded > 0
    np.copyto(within, pixels, where=where if pixels.ndim == 2 else where[:, :, None])
    return within


def channel_names(colors: int, *, alpha: bool) -> tuple[str, ...]:
    """Return the names of so many colour channels, and of alpha."""
    color = {1: ("gray",), 3: ("R", "G", "B")}.get(colors, tuple(str(i) for i in range(colors)))
    return (*color, "alpha") if alpha else color
