"""Finds the regions of whole pictures; see `core.regions.finder` for the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from core.regions.finder import Finder

if TYPE_CHECKING:
    from core.regions.rule import RegionParams
    from core.types import Mask, Pixels, Rect, Region, Token


def find_above(
    magnitude: Mask, limit: float, params: RegionParams, token: Token
) -> tuple[tuple[Region, ...], int]:
    """Return the regions of the pixels that differ by more than a limit, and how many there are.

    Parameters
    ----------
    magnitude
        (H, W) uint8: the difference magnitudes themselves, 0 where a picture does not exist. Codes
        of magnitudes that are not whole numbers (`core.difference`) would make every peak and mean
        too high: those go through `Bands`.
    limit
        At least 0. A fractional one acts like the next lower whole number.
    params
        The rule.
    token
        Checked at every strip.

    Returns
    -------
    regions
        Those with at least `params.min_area` changed pixels, by area from large to small, then by
        (row, col) of the rectangle; at most `MAX_LISTED`. Rectangles hug the changed pixels. `peak`
        is the largest magnitude, exactly; `peak_at` is the first place of it, row by row; `mean` is
        summed in float64.
    count
        How many regions there are in all, however small.

    Raises
    ------
    Cancelled
        When the token is cancelled.
    """
    finder = Finder(magnitude.shape, params, token)
    for start in range(0, magnitude.shape[0], finder.step):
        rows = magnitude[start : start + finder.step]
        finder.add(cv2.threshold(rows, int(limit), 0, cv2.THRESH_TOZERO)[1])
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
        self._band: Pixels = np.empty((0, shape[1]), np.uint8)

    @property
    def begun(self) -> bool:
        """Whether there was a strip yet."""
        return self._finder is not None

    def add(self, values: Pixels, rect: Rect) -> None:
        """Take the magnitudes over a rectangle, 0 where nothing changed; in the order of reading.

        (h, w) uint8, float32 or float64, the same for all strips.
        """
        if self._finder is None:
            self._finder = Finder(self._shape, self._params, self._token, values.dtype)
        if rect.width == self._shape[1]:
            self._finder.add(values)
            return
        if rect.height != self._band.shape[0]:
            self._band = np.empty((rect.height, self._shape[1]), values.dtype)
        self._band[:, rect.col : rect.right] = values
        if rect.right == self._shape[1]:
            self._finder.add(self._band)

    def finish(self) -> tuple[tuple[Region, ...], int]:
        """Return what `find_above` does, after the last strip."""
        return ((), 0) if self._finder is None else self._finder.finish()
