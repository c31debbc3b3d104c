"""The difference of two whole pictures, for the eye and for counting."""

from __future__ import annotations

from dataclasses import dataclass

from core.types import MapKind, Mask


@dataclass(frozen=True, slots=True, eq=False)
class DifferenceMap:
    """The whole difference, one byte a pixel, with overviews that lose no defect.

    Attributes
    ----------
    kind
        What the codes mean.
    levels
        uint8 (H, W) codes; level 0 is full size, each further level halves it (odd sizes round up)
        and keeps the most extreme of 2x2 codes, never an average.
    magnitude
        uint8 (H, W): the difference magnitude in steps of one, 0 only where it is exactly 0
        (the codes of `Histograms.difference`). The same array as ``levels[0]`` for ABSOLUTE.
    valid
        Where both pictures exist; None means everywhere. Codes are 0 (SIGNED: 128) elsewhere.
    low, high
        The values that codes 0 and 255 stand for. SIGNED: code 128 is exactly 0.
    unit
        Unit of low and high.
    """

    kind: MapKind
    levels: tuple[Mask, ...]
    magnitude: Mask
    valid: Mask | None
    low: float
    high: float
    unit: str

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays, each counted once."""
        arrays = {id(x): x for x in (*self.levels, self.magnitude, self.valid) if x is not None}
        return sum(x.nbytes for x in arrays.values())

    def at_level(self, level: int) -> Mask:
        """Return the codes at a level, or the smallest there is."""
        return self.levels[min(level, len(self.levels) - 1)]
