"""Colour maps for differences: perceptually uniform, safe for colour-blind people.

The sequential maps are those of matplotlib (inferno, magma, plasma, viridis: S. van der Walt and
N. Smith, 2015; cividis: J. R. Nuñez et al., 2018, DOI 10.1371/journal.pone.0199239), as tabulated
in OpenCV. The diverging maps run from blue over a neutral middle to orange, a pair that people with
any of the common colour vision deficiencies tell apart.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import cv2
import numpy as np

from core.types import Pixels

_SEQUENTIAL: Final = {
    "inferno": cv2.COLORMAP_INFERNO,
    "magma": cv2.COLORMAP_MAGMA,
    "plasma": cv2.COLORMAP_PLASMA,
    "viridis": cv2.COLORMAP_VIRIDIS,
    "cividis": cv2.COLORMAP_CIVIDIS,
}
# CIE Lab stops of the diverging maps: (position, L*, a*, b*).
_DIVERGING: Final = {
    "blue-orange": ((0.0, 86, -22, -22), (0.5, 6, 0, 0), (1.0, 86, 16, 62)),
    "blue-white-orange": ((0.0, 34, 6, -52), (0.5, 97, 0, 0), (1.0, 48, 40, 60)),
}
_DIVERGING_QUARTERS: Final = {
    "blue-orange": ((0.25, 46, -8, -46), (0.75, 46, 34, 56)),
    "blue-white-orange": ((0.25, 66, -12, -34), (0.75, 74, 22, 50)),
}

NAMES: Final = (*_SEQUENTIAL, "gray", *_DIVERGING)
"""All maps, in the order shown."""


def is_diverging(name: str) -> bool:
    """Whether a map has a neutral middle that means zero."""
    return name in _DIVERGING


@cache
def lut(name: str) -> Pixels:
    """Return the (256, 3) uint8 RGB table of a map.

    Raises
    ------
    KeyError
        For a name that is not in `NAMES`.
    """
    ramp = np.arange(256, dtype=np.uint8).reshape(1, 256)
    if name == "gray":
        table: Pixels = np.repeat(ramp.T, 3, axis=1)
    elif name in _SEQUENTIAL:
        table = np.asarray(cv2.applyColorMap(ramp, _SEQUENTIAL[name]))[0, :, ::-1]
    else:
        table = _diverging(name)
    out = np.ascontiguousarray(table, dtype=np.uint8)
    out.setflags(write=False)
    return out


def _diverging(name: str) -> Pixels:
    stops = np.array(sorted((*_DIVERGING[name], *_DIVERGING_QUARTERS[name])), np.float64)
    # 128 is zero: 127 steps on each side, code 0 repeats code 1.
    place = np.clip((np.arange(256) - 128) / 127.0, -1.0, 1.0) / 2.0 + 0.5
    lab = np.stack([np.interp(place, stops[:, 0], stops[:, i]) for i in (1, 2, 3)], axis=1)
    rgb = cv2.cvtColor(lab.astype(np.float32).reshape(1, 256, 3), cv2.COLOR_Lab2RGB)[0]
    table: Pixels = np.rint(np.clip(rgb, 0.0, 1.0) * 255.0).astype(np.uint8)
    return table
