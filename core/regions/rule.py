"""When changed pixels belong to one region: what a person can set about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Final

from core.settings import Params, ui

MAX_LISTED: Final = 1000
"""At most this many regions are listed, largest first; all are counted."""


@dataclass(frozen=True, kw_only=True)
class RegionParams(Params):
    """How changed pixels are put together into regions."""

    name: ClassVar[str] = "regions"
    title: ClassVar[str] = "Regions"
    about: ClassVar[str] = "Puts changed pixels that lie close together into numbered regions."
    toggle: ClassVar[bool] = False

    gap: int = field(
        default=8,
        metadata=ui(
            "Join within",
            "Changed pixels at most this far apart, along rows and along columns, are one region; "
            "0 and 1 both mean touching pixels, and no measure changes.",
            0,
            64,
            step=1,
            unit="px",
            primary=True,
        ),
    )
    min_area: int = field(
        default=1,
        metadata=ui(
            "Smallest listed",
            "Regions with fewer changed pixels are counted but not listed; no measure changes.",
            1,
            1_000_000,
            step=1,
            unit="px",
        ),
    )


PARAMS: Final = RegionParams
