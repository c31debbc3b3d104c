"""What is said of an alignment in full: for tooltips, reports and the command line alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from core.alignment.overlap import share_of
from core.alignment.quiver import length_text, quiver
from core.alignment.words import (
    BENT,
    SCALED,
    TURNED,
    angle_text,
    bent_text,
    error_text,
    scale_text,
    shift_text,
)
from core.format import NONE, count, number, percent

if TYPE_CHECKING:
    from core.alignment.types import Alignment

Facts = tuple[tuple[str, str], ...]


def facts(alignment: Alignment, shape_a: tuple[int, int]) -> Facts:
    """Return what is known of an alignment as (name, text), without its reason.

    Parameters
    ----------
    alignment
        What align did.
    shape_a
        (height, width) of A.
    """
    a = alignment
    share = f"{_percent(share_of(a.overlap, shape_a))} of A"
    error = NONE if math.isnan(a.expected_error_px) else error_text(a.expected_error_px)
    rows = [
        ("Model", model_text(a)),
        *_motion(a),
        ("Expected error", error),
        ("Confidence", _percent(a.confidence)),
        ("Overlap", share),
    ]
    if a.iterations:
        rows.append(("Iterations", number(a.iterations)))
    if any(a.nudge):
        rows.append(("Moved by hand", shift_text(*a.nudge)))
    if a.pins:
        apart = ", ".join(length_text(d) for d in a.pins)
        rows.append((count(len(a.pins), "pin", "pins"), f"left apart by {apart}"))
    elif a.arrows:
        rows.append(("Left over", left_text(a)))
    return tuple(rows)


def model_text(alignment: Alignment) -> str:
    """Return the model, and what was asked for where that is another one."""
    a = alignment
    model = "by hand" if a.model == "manual" else a.model
    taken = model if a.accepted else "none"
    if a.asked == "manual" or (a.asked in {"", a.model} and a.accepted):
        return taken
    return f"{taken} (asked for: {a.asked or model})"


def left_text(alignment: Alignment) -> str:
    """Return what is left, e.g. ``"median 0.02 px, longest 0.12 px at 120 places"``."""
    made, words = quiver(alignment), []
    places = len(alignment.arrows) - made.uncounted
    if places:
        lengths = f"median {length_text(made.median)}, longest {length_text(made.longest)}"
        words.append(f"{lengths} at {count(places, 'place', 'places')}")
    if made.uncounted:
        words.append(f"{count(made.uncounted, 'place does', 'places do')} not count")
    return "; ".join(words)


def _motion(alignment: Alignment) -> list[tuple[str, str]]:
    moved = alignment.motion
    if moved is None or not (alignment.accepted or alignment.pins or any(alignment.nudge)):
        return []
    turned, scaled = abs(moved.angle) >= TURNED, abs(moved.scale - 1.0) >= SCALED
    way = "clockwise" if moved.angle > 0.0 else "counter-clockwise"
    turn = f"{angle_text(abs(moved.angle)).removeprefix('+')} {way}"
    rows = [
        ("Shift of B", f"{shift_text(moved.dx, moved.dy)} (right, down)"),
        ("Turn", turn if turned else "none"),
        ("Scale", scale_text(moved.scale) if scaled else "none"),
    ]
    if moved.bent >= BENT:
        rows.append(("Bent", f"{bent_text(moved.bent)} at the corners, beyond turn and scale"))
    return rows


def _percent(share: float) -> str:
    """Return a share with one digit behind the point; all only where it is all."""
    shown = round(share, 3)
    return percent(0.999 if shown == 1.0 and share < 1.0 - 1e-9 else shown)
