"""Align: finds how B lies against A, and lays it on A; or says why it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from core.alignment.models import AlignModel
from core.alignment.pins import SEPARATOR, Pins, pins_of, swapped, text_of
from core.color import GrayMethod, to_gray
from core.geometry import Kernel, Placement
from core.settings import Params, ui
from core.types import Mask, Pixels, Rect

if TYPE_CHECKING:
    from core.fitted import Fitted
    from core.types import Token

_SEARCHED: Final = ("auto", "translation", "rigid", "similarity", "affine", "homography", "elastic")
"""The models that are looked for; the other one is set by hand."""


@dataclass(frozen=True, kw_only=True)
class AlignParams(Params):
    """How B is laid on A."""

    name: ClassVar[str] = "align"
    title: ClassVar[str] = "Align"
    about: ClassVar[str] = (
        "Finds how B lies against A and lays it on A before comparing; "
        "says so when there is no believable answer, and then moves nothing."
    )
    joint: ClassVar[str] = SEPARATOR
    """What a flag adds to when it is given again is put together with this."""

    model: AlignModel = field(
        default=AlignModel.AUTO,
        metadata=ui(
            "Model",
            "What B may have undergone; auto takes the simplest that explains the pair, and by hand"
            " (manual) nothing is searched: only pins and moves count.",
            choices={
                "auto": "auto",
                "translation": "translation",
                "rigid": "rigid",
                "similarity": "similarity",
                "affine": "affine",
                "homography": "homography",
                "elastic": "elastic",
                "manual": "by hand",
            },
            primary=True,
        ),
    )
    nudge_x: float = field(
        default=0.0,
        metadata=ui(
            "Move right",
            "How far B is moved to the right by hand, on top of what is found.",
            -100_000.0,
            100_000.0,
            step=0.1,
            unit="px",
        ),
    )
    nudge_y: float = field(
        default=0.0,
        metadata=ui(
            "Move down",
            "How far B is moved down by hand, on top of what is found.",
            -100_000.0,
            100_000.0,
            step=0.1,
            unit="px",
        ),
    )
    pins: str = field(
        default="",
        metadata=ui(
            "Pins",
            "The same feature in both pictures, written as X,Y=X,Y: in pixels of A and of B. By"
            " hand, one pin gives a shift, two a similarity, three an affine map, four or more a"
            " homography; otherwise the search starts there. May be given again.",
            flag="pin",
            hidden=True,
        ),
    )
    max_shift: float = field(
        default=0.75,
        metadata=ui(
            "Longest shift",
            "A shift longer than this share of the width is refused.",
            0.01,
            1.0,
            step=0.01,
            only_for=_SEARCHED,
        ),
    )
    kernel: Kernel = field(
        default=Kernel.CUBIC,
        metadata=ui(
            "Kernel",
            "How B's values are found between its pixels when it is moved by a fraction of one.",
            choices={"linear": "linear", "cubic": "cubic", "lanczos": "Lanczos"},
        ),
    )

    def __post_init__(self) -> None:
        """Write pins and nudges in one way, so that what means the same is equal."""
        super().__post_init__()
        object.__setattr__(self, "pins", text_of(pins_of(self.pins)))
        for name in ("nudge_x", "nudge_y"):
            object.__setattr__(self, name, getattr(self, name) + 0.0)  # -0 is 0

    @property
    def pinned(self) -> Pins:
        """The pins, in their order."""
        return pins_of(self.pins)

    def swapped(self) -> AlignParams:
        """Return what means the same when A and B are exchanged.

        Pins change sides; what was moved by hand is moved the other way, which is the same as long
        as B is neither turned nor scaled.
        """
        if not self.pins and self.nudge == (0.0, 0.0):
            return self
        pins = text_of(swapped(self.pinned))
        return self.replace(pins=pins, nudge_x=-self.nudge_x, nudge_y=-self.nudge_y)

    @property
    def nudge(self) -> tuple[float, float]:
        """(right, down): how far B is moved by hand on top of what is found, px."""
        return self.nudge_x, self.nudge_y


GEOMETRY_ORDER: Final = 20
PARAMS: Final = AlignParams


def refine(
    placement: Placement,
    upstream: Fitted,
    params: AlignParams,
    token: Token,
    shapes: tuple[tuple[int, int], tuple[int, int]],
) -> Placement:
    """Return the placement with B laid on A.

    Parameters
    ----------
    placement
        Where fit laid the pictures.
    upstream
        The fitted pair. At a level above 0 the answer is for a preview: it is estimated from
        overviews, to about a tenth of a pixel of that level. What it says is ignored is not looked
        at.
    params
        Model, limits, kernel, and what a person set.
    token
        Checked between the pieces of work.
    shapes
        (height, width) of A and of B.

    Returns
    -------
    Placement
        With `alignment`, a summary, and a notice when the estimate was refused (B then stays where
        fit and the person laid it) or when parts of B are moved differently.
    """
    from core.alignment.laying import laid  # noqa: PLC0415 - only when align is on

    heeded = upstream.heeded if upstream.ignores else None
    return laid(placement, _sides(upstream), upstream.level, params, token, shapes, heeded)


def _sides(upstream: Fitted) -> Callable[[int, Rect, int], tuple[Pixels, Mask | None]]:
    def side(index: int, rect: Rect, level: int) -> tuple[Pixels, Mask | None]:
        pixels, valid = upstream.side(index, rect, level)
        return _gray(pixels), valid

    return side


def _gray(pixels: Pixels) -> Pixels:
    return to_gray(pixels.astype(np.float32, copy=False), GrayMethod.REC709)
