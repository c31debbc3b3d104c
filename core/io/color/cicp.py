"""Code points for colour: Rec. ITU-T H.273 (ISO/IEC 23091-2), as PNG, AVIF and HEIF hold them."""

from __future__ import annotations

from typing import Final

from core.io.color.curves import HLG, IDENTITY, PQ, SRGB_CURVE, Curve, Parametric
from core.io.color.spaces import (
    BT470_BG,
    BT2020,
    DCI_P3,
    P3_D65,
    SMPTE_170M,
    SRGB,
    Chromaticities,
    Space,
    from_chromaticities,
    luminance_of,
)  # fmt: skip

_PRIMARIES: Final[dict[int, tuple[str, Chromaticities]]] = {
    1: ("BT.709", SRGB),
    5: ("BT.470 BG", BT470_BG),
    6: ("SMPTE 170M", SMPTE_170M),
    7: ("SMPTE 240M", SMPTE_170M),
    9: ("BT.2020", BT2020),
    11: ("DCI-P3", DCI_P3),
    12: ("P3", P3_D65),
}  # H.273, table 2
_TRANSFERS: Final[dict[int, tuple[str, Curve]]] = {
    1: ("sRGB curve", SRGB_CURVE),
    4: ("gamma 2.2", Parametric(2.2)),
    5: ("gamma 2.8", Parametric(2.8)),
    6: ("sRGB curve", SRGB_CURVE),
    8: ("linear", IDENTITY),
    13: ("sRGB curve", SRGB_CURVE),
    14: ("sRGB curve", SRGB_CURVE),
    15: ("sRGB curve", SRGB_CURVE),
    16: ("PQ", PQ()),
    18: ("HLG", HLG()),
}  # H.273, table 3
_LIGHT: Final = (8, 16, 18)
_HLG: Final = 18
_NAMES: Final = {
    **dict.fromkeys(((1, 1), (1, 6), (1, 13), (1, 14), (1, 15)), "sRGB"),
    (12, 13): "Display P3",
    (1, 8): "linear sRGB",
}
UNSPECIFIED: Final = 2
"""The code point of primaries and of transfer that says nothing."""


def cicp_space(
    primaries: int, transfer: int, *, matrix: int = 0, full_range: bool = True
) -> Space | None:
    """Return what code points mean, or None when they say nothing (2, unspecified, for both).

    Values are turned to light by the inverse of the function in H.273, table 3, but those of the
    camera curves of BT.709, BT.601 and BT.2020 (1, 6, 14, 15) by the sRGB curve: programs that
    write still pictures set these numbers without touching values that were made for a screen.
    PQ and HLG give light of which 1.0 is the reference white of 203 cd/m², HLG as on a display of
    1000 cd/m².

    Parameters
    ----------
    matrix, full_range
        Of the values as they came out of the decoder; it has usually undone both.

    Raises
    ------
    ValueError
        For other code points, with the end of a sentence that says which.
    """
    if primaries == transfer == UNSPECIFIED:
        return None
    if matrix != 0 or not full_range:
        what = "a colour matrix" if matrix else "a narrow range"
        raise ValueError(f"it asks for {what}")
    if primaries not in _PRIMARIES:
        raise ValueError(f"its primaries have the unknown number {primaries}")
    if transfer not in _TRANSFERS:
        raise ValueError(f"its transfer function has the unknown number {transfer}")
    (space, xy), (kind, curve) = _PRIMARIES[primaries], _TRANSFERS[transfer]
    return Space(
        _NAMES.get((primaries, transfer), f"{space}, {kind}"),
        (curve,),
        from_chromaticities(xy),
        linear=transfer in _LIGHT,
        luminance=luminance_of(xy) if transfer == _HLG else None,
    )
