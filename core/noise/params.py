"""What a person can set about noise."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Final

from core.settings import Params, ui


class Control(StrEnum):
    """What is held down when a threshold is chosen."""

    DISCOVERY = "discovery"
    PIXELS = "pixels"


@dataclass(frozen=True, kw_only=True)
class NoiseParams(Params):
    """Whether a difference must be beyond the pictures' own noise, and how surely."""

    name: ClassVar[str] = "noise"
    title: ClassVar[str] = "Noise"
    about: ClassVar[str] = "Counts only what is beyond the pictures' own noise."

    control: Control = field(
        default=Control.DISCOVERY,
        metadata=ui(
            "Held down",
            "The false discovery rate is the share of noise among the pixels that count: strict"
            " where little changed, lenient where much did. Expected false pixels are a share of"
            " all unchanged pixels, however many changed.",
            choices={"discovery": "false discovery rate", "pixels": "expected false pixels"},
            primary=True,
        ),
    )
    rate: float = field(
        default=0.05,
        metadata=ui(
            "At most",
            "Of the pixels that count as different, at most this share is expected to be noise.",
            0.0001,
            0.5,
            step=0.01,
            only_for=("discovery",),
        ),
    )
    false_pixels: float = field(
        default=1e-4,
        metadata=ui(
            "False share",
            "Of the pixels at which nothing changed, this share is expected to count as different"
            " all the same.",
            1e-6,
            0.1,
            step=0.0001,
            only_for=("pixels",),
        ),
    )


PARAMS: Final = NoiseParams
