"""Lays B on A: what was found, what a person pinned, and what they nudged, in one matrix."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from core.alignment.answer import Estimate
from core.alignment.estimate import estimate
from core.alignment.models import AlignModel, mapped
from core.alignment.overlap import overlap
from core.alignment.pins import fitted
from core.alignment.types import Alignment, Arrow
from core.alignment.words import motion, summary
from core.geometry import IDENTITY, Matrix, as_matrix, inverse, multiply, translation
from core.types import Notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.alignment.pins import Pinned, Pins
    from core.alignment.sides import Side
    from core.geometry import Placement
    from core.stages.align import AlignParams
    from core.types import Token

    Shape = tuple[int, int]


def laid(
    placement: Placement,
    side: Side,
    level: int,
    params: AlignParams,
    token: Token,
    shapes: tuple[Shape, Shape],
) -> Placement:
    """Return the placement with B laid on A; see `core.stages.align.refine`."""
    pinned = fitted(params.pinned, shapes[0]) if params.pinned else None
    start = IDENTITY if pinned is None else _on_canvas(placement, pinned)
    if params.model is AlignModel.MANUAL:
        found = _by_hand(start, pinned, params.nudge)
    else:
        seed = None if pinned is None else start
        found = estimate(side, placement.shape, level, params.model, params.max_shift, token, seed)
    moved = multiply(translation(*params.nudge), found.matrix if found.accepted else start)
    b = placement.b if moved == IDENTITY else multiply(moved, placement.b)
    # A resized B is resampled once; the kernel that fit was given stays.
    kernel = placement.kernel if b == placement.b or _scales(placement) else params.kernel
    new = placement.replace(b=b, kernel=kernel)
    alignment = replace(
        _alignment(new, found, params, shapes), motion=motion(moved, placement.shape)
    )
    words = summary(moved, placement.shape, found.error) if found.accepted else "refused"
    return new.replace(
        alignment=alignment,
        notices=(*placement.notices, *_notices(found, pinned, params)),
        summaries={**placement.summaries, "align": words},
    )


def _on_canvas(placement: Placement, pinned: Pinned) -> Matrix:
    """Return how B must be moved on the canvas so that its pins lie on those of A."""
    return multiply(
        placement.a, multiply(as_matrix(pinned.matrix), inverse(placement.b))
    )  # fmt: skip


def _by_hand(start: Matrix, pinned: Pinned | None, nudge: tuple[float, float]) -> Estimate:
    """Return what a person said; it is believed."""
    error = math.nan
    if pinned is not None and len(pinned.residuals) > _exact(pinned.model):
        error = math.sqrt(float(np.mean(np.square(pinned.residuals))))
    by = [] if pinned is None else [f"{len(pinned.residuals)} pins" if len(pinned.residuals) > 1
                                    else "one pin"]  # fmt: skip
    if any(nudge):
        by.append("typed values")
    text = f"B was laid by {' and '.join(by)}." if by else "B lies as it was opened."
    return Estimate(AlignModel.MANUAL, start, 1.0, error, True, text)


def _exact(model: AlignModel) -> int:
    """Return how many pins a model follows exactly."""
    return {AlignModel.TRANSLATION: 1, AlignModel.SIMILARITY: 2, AlignModel.AFFINE: 3}.get(model, 4)


def _alignment(
    placement: Placement, found: Estimate, params: AlignParams, shapes: tuple[Shape, Shape]
) -> Alignment:
    """Return what was done, in pixels of A."""
    back = inverse(placement.a)
    by_hand = bool(params.pinned) or any(params.nudge)
    matrix = multiply(back, placement.b) if found.accepted or by_hand else IDENTITY
    dx, dy = back[0][2], back[1][2]
    nudged = [
        replace(a, x=a.x + dx, y=a.y + dy, dx=a.dx - params.nudge_x, dy=a.dy - params.nudge_y)
        for a in found.arrows
    ]
    return Alignment(
        model=str(found.model),
        matrix=matrix,
        confidence=found.confidence,
        expected_error_px=found.error,
        accepted=found.accepted,
        reason=found.reason,
        asked=str(params.model),
        overlap=overlap(multiply(back, placement.b), *shapes),
        iterations=found.iterations,
        arrows=tuple(nudged) or _pin_arrows(params.pinned, matrix),
        pins=tuple(math.hypot(a.dx, a.dy) for a in _pin_arrows(params.pinned, matrix)),
        nudge=params.nudge,
        origin=(placement.a[0][2], placement.a[1][2]),
    )


def _pin_arrows(pins: Pins, matrix: Matrix) -> tuple[Arrow, ...]:
    """Return how far each pin's point of B would still have to go to lie on its point of A."""
    if not pins:
        return ()
    there = mapped(np.asarray(matrix, np.float64), np.array([p.b for p in pins], np.float64))
    return tuple(
        Arrow(*pin.a, pin.a[0] - float(x), pin.a[1] - float(y))
        for pin, (x, y) in zip(pins, there, strict=True)
    )


def _notices(found: Estimate, pinned: Pinned | None, params: AlignParams) -> Sequence[Notice]:
    made = []
    if not found.accepted:
        stays = "It stays where the pins and typed values put it." if (
            pinned is not None or any(params.nudge)
        ) else ""  # fmt: skip
        text = f"B was not aligned. {found.reason} {stays}".rstrip()
        made.append(Notice("align_refused", text, "warning"))
    elif found.uneven:
        text = (
            f"Parts of B are moved differently, by about {found.uneven:.1f} px: one {found.model}"
            " does not fit everywhere."
        )
        made.append(Notice("align_uneven", text, "warning"))
    if pinned is not None and pinned.fewer:
        text = (
            f"The pins lie on one line or on each other, so they only fix a {pinned.model};"
            " spread them over the picture."
        )
        made.append(Notice("align_pins", text, "warning"))
    return made


def _scales(placement: Placement) -> bool:
    return placement.b[0][0] != 1.0 or placement.b[1][1] != 1.0
