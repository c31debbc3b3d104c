"""Finds the regions of whole pictures; see `core.regions.finder` for the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from core.regions.finder import Finder

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.regions.rule import RegionParams
    from core.types import Mask, Rect, Region, Token


def find(
    magnitude: Mask, over: Mask, params: RegionParams, token: Token
) -> tuple[tuple[Region, ...], int]:
    """Return the regions of the changed pixels, and how many there are.

    Parameters
    ----------
    magnitude
        (H, W) uint8 codes of the difference: 0 only where it is exactly 0, else the magnitude
        rounded up to a whole level. `Region.peak` and `Region.mean` are taken from these codes, so
        they are exact for whole-numbered differences and else less than one level too high.
    over
        (H, W) uint8 mask of the changed pixels: 255 where the difference is over the tolerance and
        both pictures exist, else 0. A pixel there whose code is 0 does not count as changed.
    params
        The rule.
    token
        Checked at every strip.

    Returns
    -------
    regions
        Those with at least `params.min_area` changed pixels, by area from large to small, then by
        (row, col) of the rectangle; at most `MAX_LISTED`. Rectangles hug the changed pixels;
        `peak_at` is the first of the largest codes, row by row.
    count
        How many regions there are in all, however small.

    Raises
    ------
    Cancelled
        When the token is cancelled.
    """

    def load(rows: slice, out: Mask) -> None:
        np.bitwise_and(magnitude[rows], over[rows], out=out)

    return _run(magnitude.shape, load, params, token)


def find_above(
    magnitude: Mask, tolerance: float, params: RegionParams, token: Token
) -> tuple[tuple[Region, ...], int]:
    """Return the same as `find` for the pixels whose code is above `tolerance` (0...255).

    For a whole-numbered tolerance these are exactly the pixels whose difference is over it: what
    the window needs while the tolerance is dragged. A fractional one acts like the next lower
    whole number.
    """
    limit = int(tolerance)

    def load(rows: slice, out: Mask) -> None:
        cv2.threshold(magnitude[rows], limit, 0, cv2.THRESH_TOZERO, dst=out)

    return _run(magnitude.shape, load, params, token)


def _run(
    shape: tuple[int, ...],
    load: Callable[[slice, Mask], None],
    params: RegionParams,
    token: Token,
) -> tuple[tuple[Region, ...], int]:
    """Run over a picture; `load` writes the codes of some rows, 0 where nothing changed."""
    finder = Finder(shape, params, token)
    rows: Mask = np.empty((finder.step, shape[1]), np.uint8)
    for start in range(0, shape[0], finder.step):
        part = rows[: min(finder.step, shape[0] - start)]
        load(slice(start, start + part.shape[0]), part)
        finder.add(part)
    return finder.finish()


class Bands:
    """Finds the regions of a picture that comes in strips which need not be as wide as it.

    Parameters
    ----------
    shape, params, token
        As for `Finder`.
    """

    def __init__(self, shape: tuple[int, int], params: RegionParams, token: Token) -> None:
        self._shape, self._params, self._token = shape, params, token
        self._finder: Finder | None = None
        self._band: Mask = np.empty((0, shape[1]), np.uint8)

    def add(self, codes: Mask, rect: Rect) -> None:
        """Take the codes over a rectangle, 0 where nothing changed; in the order of reading."""
        if self._finder is None:
            self._finder = Finder(self._shape, self._params, self._token)
        if rect.height != self._band.shape[0]:
            self._band = np.empty((rect.height, self._shape[1]), np.uint8)
        self._band[:, rect.col : rect.right] = codes
        if rect.right == self._shape[1]:
            self._finder.add(self._band)

    def finish(self) -> tuple[tuple[Region, ...], int]:
        """Return what `find` does, after the last strip."""
        return ((), 0) if self._finder is None else self._finder.finish()
