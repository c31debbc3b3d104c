"""Align: finds how B is moved against A, and lays it on A; or says why it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from core.color import GrayMethod, to_gray
from core.geometry import IDENTITY, Kernel, Placement, inverse, multiply, translation
from core.settings import Params, ui
from core.types import Alignment, Mask, Notice, Pixels, Rect

if TYPE_CHECKING:
    from core.alignment.phase import Translation
    from core.stages import Upstream
    from core.types import Token


class AlignModel(StrEnum):
    """What B may have undergone against A."""

    TRANSLATION = "translation"


@dataclass(frozen=True, kw_only=True)
class AlignParams(Params):
    """How B is laid on A."""

    name: ClassVar[str] = "align"
    title: ClassVar[str] = "Align"
    about: ClassVar[str] = (
        "Finds how B is moved against A and lays it on A before comparing; "
        "says so when there is no believable answer, and then moves nothing."
    )

    model: AlignModel = field(
        default=AlignModel.TRANSLATION,
        metadata=ui(
            "Model",
            "What B may have undergone: a translation moves it without turning or scaling it.",
            choices={"translation": "translation"},
            primary=True,
        ),
    )
    max_shift: float = field(
        default=0.25,
        metadata=ui(
            "Longest shift",
            "A shift longer than this share of the width is refused.",
            0.01,
            0.5,
            step=0.01,
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


GEOMETRY_ORDER: Final = 20
PARAMS: Final = AlignParams


def refine(
    placement: Placement, upstream: Upstream, params: AlignParams, token: Token
) -> Placement:
    """Return the placement with B moved onto A.

    Parameters
    ----------
    placement
        Where fit laid the pictures.
    upstream
        The fitted pair. At a level above 0 the answer is for a preview: it is estimated from
        overviews, to about a tenth of a pixel of that level.
    params
        Model, limits, kernel.
    token
        Checked between the pieces of work.

    Returns
    -------
    Placement
        With `alignment`, a summary, and a notice when the estimate was refused (B then stays where
        fit laid it) or when parts of B are moved differently.
    """
    from core.alignment.phase import estimate_translation  # noqa: PLC0415 - only when align is on

    found = estimate_translation(
        _gray_pair(upstream), placement.shape, upstream.level, params.max_shift, token
    )
    if not found.accepted:
        notice = Notice("align_refused", f"B was not aligned. {found.reason}", "warning")
        return placement.replace(
            alignment=_alignment(placement, found, params.model),
            notices=(*placement.notices, notice),
            summaries={**placement.summaries, "align": "refused"},
        )
    notices = placement.notices
    if found.uneven:
        text = (
            f"Parts of B are moved differently, by about {found.error:.1f} px: one translation "
            "does not fit everywhere, B may be rotated, scaled or distorted."
        )
        notices = (*notices, Notice("align_uneven", text, "warning"))
    moved = placement.replace(
        notices=notices,
        b=multiply(translation(found.dx, found.dy), placement.b),
        # A resized B is resampled once; the kernel that fit was given stays.
        kernel=placement.kernel if _scales(placement) else params.kernel,
        summaries={**placement.summaries, "align": _summary(found)},
    )
    return moved.replace(alignment=_alignment(moved, found, params.model))


def _scales(placement: Placement) -> bool:
    return placement.b[0][0] != 1.0 or placement.b[1][1] != 1.0


def _alignment(placement: Placement, found: Translation, model: AlignModel) -> Alignment:
    matrix = multiply(inverse(placement.a), placement.b) if found.accepted else IDENTITY
    return Alignment(
        str(model), matrix, found.confidence, found.error, found.accepted, found.reason
    )


def _summary(found: Translation) -> str:
    if found.dx == 0.0 and found.dy == 0.0:
        return "no shift"
    return f"{found.dx:+.2f}, {found.dy:+.2f} px".replace("-", "−")


def _gray_pair(
    upstream: Upstream,
) -> Callable[[Rect, int], tuple[Pixels, Pixels, Mask | None]]:
    def pair(rect: Rect, level: int) -> tuple[Pixels, Pixels, Mask | None]:
        tile = upstream.tile(rect, level)
        return _gray(tile.a), _gray(tile.b), tile.valid

    return pair


def _gray(pixels: Pixels) -> Pixels:
    return to_gray(pixels.astype(np.float32, copy=False), GrayMethod.REC709)
