"""What counts as different in places that have a tolerance of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.difference import over_tolerance
from core.places.shapes import covered
from core.types import Rect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.difference import Difference
    from core.places.shapes import Shape
    from core.types import Mask, Tile


class OwnTolerances:
    """A `core.scan.Criterion`: in each place pixels count against its own tolerance.

    Parameters
    ----------
    shapes
        Each has a tolerance; where two overlap the later one counts.
    """

    halo = 0
    looks_at_pictures = False

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self._shapes = tuple(shapes)

    def over(self, tile: Tile, inner: tuple[slice, slice], d: Difference) -> Mask:
        """Return which pixels of the inner part count; see `core.scan.Criterion`."""
        rows, cols = inner
        strip = Rect(tile.rect.row + rows.start, tile.rect.col + cols.start, *d.over.shape)
        out = d.over
        for shape in self._shapes:
            where = shape.rect.intersect(strip)
            if where.empty or (mask := covered((shape,), where)) is None:
                continue
            out = out.copy() if out is d.over else out
            part = where.within(strip)
            magnitude, codes = (np.ascontiguousarray(x[part]) for x in (d.magnitude, d.codes))
            assert shape.tolerance is not None
            over = over_tolerance(magnitude, codes, shape.tolerance)
            np.copyto(out[part], over, where=mask > 0)
        return out
