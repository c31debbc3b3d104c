"""Lays B on A: what was found, what a person pinned, and what they nudged, in one matrix."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from core.alignment.answer import NOUNS, Estimate
from core.alignment.estimate import estimate
from core.alignment.models import AlignModel, mapped
from core.alignment.overlap import overlap
from core.alignment.pins import fitted
from core.alignment.types import CONFIDENT, Alignment, Arrow
from core.alignment.words import motion, summary
from core.geometry import IDENTITY, Kernel, Matrix, as_matrix, inverse, multiply, translation
from core.types import Notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.alignment.pins import Pinned, Pins
    from core.alignment.sides import Heeded, Side
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
    heeded: Heeded | None = None,
) -> Placement:
    """Return the placement with B laid on A; see `core.stages.align.refine`."""
    pinned = fitted(params.pinned, *shapes) if params.pinned else None
    start = IDENTITY if pinned is None else _on_canvas(placement, pinned)
    if params.model is AlignModel.MANUAL:
        found = _by_hand(start, pinned, params.nudge)
    else:
        seed = None if pinned is None else start
        found = estimate(
            side, placement.shape, level, params.model, params.max_shift, token, seed, heeded
        )
    moved = multiply(translation(*params.nudge), found.matrix if found.accepted else start)
    b = placement.b if moved == IDENTITY else _scaled(multiply(moved, placement.b))
    # What is known of the error is that of the place found, not of one chosen by hand instead.
    error = math.nan if any(params.nudge) else found.error
    # A resized B is resampled once; the kernel that fit was given stays.
    kernel = placement.kernel if b == placement.b or _scales(placement) else params.kernel
    if level:
        kernel = Kernel.LINEAR  # a preview is for the eye, and has to be there at once
    field = found.field if found.accepted else None
    new = placement.replace(b=b, kernel=kernel, field=field)
    seen = _from_b(moved, placement, shapes[1])
    alignment = replace(
        _alignment(new, found, params, shapes),
        expected_error_px=error,
        motion=motion(*seen),
    )
    words = summary(*seen, error) if found.accepted else "refused"
    return new.replace(
        alignment=alignment,
        notices=(*placement.notices, *_notices(found, pinned, params)),
        summaries={**placement.summaries, "align": words},
    )


def _from_b(moved: Matrix, placement: Placement, shape: Shape) -> tuple[Matrix, Shape]:
    """Return how B is moved, in coordinates that begin at its first pixel, and its size there."""
    (sx, _, left), (_, sy, top), _ = placement.b  # fit only moves and scales
    size = max(round(shape[0] * sy), 1), max(round(shape[1] * sx), 1)
    there = multiply(moved, translation(left, top))
    return multiply(translation(-left, -top), there), size


def _on_canvas(placement: Placement, pinned: Pinned) -> Matrix:
    """Return how B must be moved on the canvas so that its pins lie on those of A."""
    onto_a = multiply(as_matrix(pinned.matrix), inverse(placement.b))
    return multiply(placement.a, onto_a)


def _scaled(matrix: Matrix) -> Matrix:
    """Return the same map with a last entry of 1, which B's pixel (0, 0) in front has."""
    last = matrix[2][2]
    return as_matrix(np.asarray(matrix) / last) if last > 0.0 and last != 1.0 else matrix


def _by_hand(start: Matrix, pinned: Pinned | None, nudge: tuple[float, float]) -> Estimate:
    """Return what a person said; it is believed."""
    error = math.nan if pinned is None else pinned.error
    count = 0 if pinned is None else len(pinned.residuals)
    done = [f"laid by {count} pins" if count > 1 else "laid by one pin"] if count else []
    if any(nudge):
        done.append("moved by hand")
    text = f"B was {' and '.join(done)}." if done else "B lies as it was opened."
    return Estimate(AlignModel.MANUAL, start, 1.0, error, True, text)


def _alignment(
    placement: Placement, found: Estimate, params: AlignParams, shapes: tuple[Shape, Shape]
) -> Alignment:
    """Return what was done, in pixels of A."""
    back = inverse(placement.a)
    by_hand = bool(params.pinned) or any(params.nudge)
    matrix = _scaled(multiply(back, placement.b)) if found.accepted or by_hand else IDENTITY
    dx, dy = back[0][2], back[1][2]
    nudged = [
        replace(a, x=a.x + dx, y=a.y + dy, dx=a.dx - params.nudge_x, dy=a.dy - params.nudge_y)
        for a in (found.arrows if found.accepted else ())
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
        text = f"B was not aligned. {found.reason}"
        by = ["by pins"] * (pinned is not None) + ["by hand"] * any(params.nudge)
        if by:
            text = f"{text} It stays where it was put {' and '.join(by)}."
        made.append(Notice("align_refused", text, "warning"))
    elif found.uneven:
        text = (
            f"Parts of B are moved differently, by about {found.uneven:.1f} px:"
            f" {NOUNS[found.model]} does not fit everywhere."
        )
        made.append(Notice("align_uneven", text, "warning"))
    elif found.confidence < CONFIDENT:
        text = (
            "The alignment is not sure: of answers like it, about"
            f" {found.confidence:.0%} are right. Look at what it leaves, or set pins."
        )
        made.append(Notice("align_unsure", text, "warning"))
    if pinned is not None and pinned.fewer:
        made.append(Notice("align_pins", _fewer(pinned), "warning"))
    return made


def _fewer(pinned: Pinned) -> str:
    """Return why pins did less than their number allows, and what helps."""
    noun = {
        AlignModel.TRANSLATION: "a shift",
        AlignModel.SIMILARITY: "a shift, turn and scale",
        AlignModel.AFFINE: "an affine map",
    }[pinned.model]
    far = max(pinned.residuals)
    missed = f" They are missed by up to {far:.1f} px." if far >= 0.05 else ""
    return (
        f"The pins {pinned.why}, so only {noun} was taken from them.{missed} Spread them over the"
        " picture, and see that each is on the same thing in A and B."
    )


def _scales(placement: Placement) -> bool:
    return placement.b[0][0] != 1.0 or placement.b[1][1] != 1.0
