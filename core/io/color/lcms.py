"""Profiles that map colours by tables, applied by Little CMS."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Final

import numpy as np

from core.io.color.spaces import SRGB
from core.io.color.transform import ColorTransform
from core.types import Pixels

_RELATIVE: Final = 1  # the intent of relative colorimetry: ICC.1:2022, 7.2.15
_DTYPES: Final = (np.uint8, np.uint16, np.float32)


@dataclass(frozen=True, eq=False)
class TableTransform(ColorTransform):
    """Relative colorimetry: white becomes white, and no black point is moved.

    Attributes
    ----------
    profile
        The ICC profile, of a gray or an RGB space.
    """

    profile: bytes

    _step: ClassVar[int] = 0  # every call prepares the tables anew

    def _light(self, color: Pixels) -> Pixels:
        full = float(np.iinfo(color.dtype).max) if color.dtype.kind in "ui" else 1.0
        if color.dtype not in _DTYPES or self.peak != full:
            color = color.astype(np.float32) / np.float32(self.peak)
        return light_of(np.ascontiguousarray(color), self.profile)


def light_of(color: Pixels, profile: bytes) -> Pixels:
    """Return linear light of sRGB primaries, float32 and not clipped.

    Parameters
    ----------
    color
        (H, W) of a gray profile, (H, W, 3) of an RGB one: uint8, uint16, or float32 with white 1.0.

    Raises
    ------
    ValueError
        When Little CMS refuses the profile.
    """
    import imagecodecs  # noqa: PLC0415 - few pictures need it

    try:
        light: Pixels = imagecodecs.cms_transform(
            color if color.ndim == 3 else color[:, :, None], profile, _linear_srgb(),
            colorspace="gray" if color.ndim == 2 else "rgb", outcolorspace="rgb",
            outdtype="float32", intent=_RELATIVE,
        )  # fmt: skip
    except (RuntimeError, ValueError) as error:
        raise ValueError("it cannot be used") from error
    return light if color.ndim == 3 else np.ascontiguousarray(light[..., 1]).reshape(color.shape)


@cache
def _linear_srgb() -> Any:
    import imagecodecs  # noqa: PLC0415 - as above

    return imagecodecs.cms_profile("rgb", whitepoint=SRGB[6:], primaries=SRGB[:6], gamma=1.0)
