"""RGB spaces as numbers: primaries, white, and the matrix from one to another.

A matrix that leads to the working space is a linear map of light, so colours outside sRGB become
values below 0 or above 1 and stay different from each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.io.color.curves import IDENTITY, Curve

Matrix = NDArray[np.float64]
Chromaticities = tuple[float, ...]
"""CIE (x, y) of red, green, blue and white: eight numbers."""

SRGB: Final = (0.640, 0.330, 0.300, 0.600, 0.150, 0.060, 0.3127, 0.3290)
"""Rec. ITU-R BT.709-6, table 1.3; IEC 61966-2-1 takes the same."""
BT470_BG: Final = (0.640, 0.330, 0.290, 0.600, 0.150, 0.060, 0.3127, 0.3290)
SMPTE_170M: Final = (0.630, 0.340, 0.310, 0.595, 0.155, 0.070, 0.3127, 0.3290)
BT2020: Final = (0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290)
DCI_P3: Final = (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.314, 0.351)
P3_D65: Final = (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.3127, 0.3290)
ADOBE_RGB: Final = (0.640, 0.330, 0.210, 0.710, 0.150, 0.060, 0.3127, 0.3290)
"""Adobe RGB (1998) Color Image Encoding, version 2005-05, 4.2 and 4.3.1."""

_WITH_NAMES: Final[dict[str, Chromaticities]] = {
    "P3": P3_D65,
    "DCI-P3": DCI_P3,
    "BT.2020": BT2020,
    "Adobe RGB (1998)": ADOBE_RGB,
    "ACES2065-1": (0.7347, 0.2653, 0.0, 1.0, 0.0001, -0.0770, 0.32168, 0.33767),
    "ACEScg": (0.713, 0.293, 0.165, 0.830, 0.128, 0.044, 0.32168, 0.33767),
}  # the last two: SMPTE ST 2065-1 and the Academy's S-2014-004

D50: Final = (0.9642, 1.0, 0.8249)
"""XYZ of the white of the profile connection space: ICC.1:2022, 7.2.16."""
_BRADFORD: Final = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
"""To sharpened cone responses: ICC.1:2022, E.3."""
_ROUNDING: Final = 1e-4
SAME: Final = 0.001
"""Chromaticities that differ by no more than this are taken as the same."""


@dataclass(frozen=True, eq=False)
class Space:
    """What the values of a picture mean.

    Attributes
    ----------
    name
        What a person calls it.
    curves
        From values 0...1 to light 0...1: one for gray, one or three for RGB.
    matrix
        (3, 3), from linear light of this space to that of sRGB.
    linear
        Whether the values are meant as light: the result is then light, too, not encoded.
    luminance
        Weights of red, green and blue in the luminance, for the system gamma of HLG (Rec. ITU-R
        BT.2100-2, table 5); None for everything else.
    """

    name: str
    curves: tuple[Curve, ...]
    matrix: Matrix
    linear: bool = False
    luminance: tuple[float, float, float] | None = None

    @cached_property
    def has_srgb_primaries(self) -> bool:
        """Whether only the curve is another than that of sRGB: `matrix` is then the identity."""
        return bool(np.array_equal(self.matrix, np.eye(3)))


def to_xyz(chromaticities: Chromaticities) -> Matrix:
    """Return the matrix from linear RGB to XYZ, where white has Y = 1 (SMPTE RP 177, section 3.3).

    Raises
    ------
    ValueError
        When these chromaticities span no space: not finite, a y of 0, or all on one line.
    """
    xy = np.asarray(chromaticities, np.float64)
    if xy.shape != (8,) or not np.isfinite(xy).all() or float(np.abs(xy).max()) > 100.0:
        raise ValueError("its chromaticities make no sense")
    if float(np.abs(xy[1::2]).min()) < 1e-6:
        raise ValueError("one of its chromaticities has a y of 0")
    x, y = xy[0::2], xy[1::2]
    columns = np.stack([x / y, np.ones(4), (1.0 - x - y) / y])
    primaries, white = columns[:, :3], columns[:, 3]
    if abs(float(np.linalg.det(np.stack([x[:3], y[:3], np.ones(3)])))) < 1e-5:
        raise ValueError("its primaries lie on one line")
    return np.asarray(primaries * np.linalg.solve(primaries, white))


def adaptation(white: Matrix, target: Matrix) -> Matrix:
    """Return the linear Bradford matrix that takes one white (XYZ) to another (ICC.1:2022, E.3)."""
    bradford = np.asarray(_BRADFORD)
    scale = np.diag((bradford @ target) / (bradford @ white))
    return np.asarray(np.linalg.inv(bradford) @ scale @ bradford)


def white_xyz(chromaticities: Chromaticities) -> Matrix:
    """Return XYZ of the white, Y = 1."""
    x, y = chromaticities[6:8]
    return np.asarray([x / y, 1.0, (1.0 - x - y) / y])


def same_chromaticities(one: Chromaticities, other: Chromaticities) -> bool:
    """Whether primaries and white agree within `SAME`."""
    return all(abs(a - b) <= SAME for a, b in zip(one, other, strict=True))


def from_chromaticities(chromaticities: Chromaticities) -> Matrix:
    """Return the matrix from linear RGB of these primaries to linear sRGB, white to white.

    Exactly the identity for the primaries and the white of sRGB. Another white is adapted.

    Raises
    ------
    ValueError
        As `to_xyz`.
    """
    if same_chromaticities(chromaticities, SRGB):
        return np.eye(3)
    xyz = to_xyz(chromaticities)
    adapted = adaptation(white_xyz(chromaticities), white_xyz(SRGB)) @ xyz
    return np.asarray(np.linalg.solve(to_xyz(SRGB), adapted))


def from_d50(colorants: Matrix) -> Matrix:
    """Return the matrix from linear RGB to linear sRGB for a profile's D50 colorants, the columns.

    Exactly the identity where their chromaticities and that of their sum are those of sRGB.
    """
    xyz = to_xyz(SRGB)
    srgb = adaptation(white_xyz(SRGB), np.asarray(D50)) @ xyz
    if same_chromaticities(_chromaticities(colorants), _chromaticities(srgb)):
        return np.eye(3)
    matrix = np.linalg.solve(srgb, colorants)
    white = matrix.sum(axis=1, keepdims=True)
    # Colorants are rounded to 1/65536; their sum is meant to be white, and gray to stay gray.
    return np.asarray(matrix / white if float(np.abs(white - 1.0).max()) <= _ROUNDING else matrix)


def _chromaticities(columns: Matrix) -> Chromaticities:
    four = np.column_stack([columns, columns.sum(axis=1)])
    total = four.sum(axis=0)
    total = np.where(total == 0.0, np.nan, total)
    return tuple((four[:2] / total).T.ravel().tolist())


def linear_light(chromaticities: Chromaticities) -> Space:
    """Return the space of linear light with these primaries; ValueError as `to_xyz`."""
    matrix = from_chromaticities(chromaticities)
    known = (n for n, xy in _WITH_NAMES.items() if same_chromaticities(xy, chromaticities))
    return Space(f"linear {next(known, 'own primaries')}", (IDENTITY,), matrix, linear=True)


def luminance_of(chromaticities: Chromaticities) -> tuple[float, float, float]:
    """Return how much red, green and blue add to the luminance Y of white."""
    red, green, blue = to_xyz(chromaticities)[1].tolist()
    return red, green, blue
