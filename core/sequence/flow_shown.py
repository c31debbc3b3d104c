"""Flow ready to be drawn on two pictures: arrows for A, colours for B, and in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.alignment.quiver import length_text
from core.format import number, percent
from core.sequence.course import Course
from core.sequence.flow_arrows import arrows
from core.sequence.flow_colors import full_for, least_for, veil

if TYPE_CHECKING:
    from core.alignment.quiver import Quiver
    from core.sequence.flow import FlowField
    from core.types import Mask

SAME: Final = 0.1
"""Px: points are found no better, so a camera that moved less stood still."""
MOST_OF: Final = 0.9
"""Share of a picture that is said to be the picture."""
_TO_B: Final = Course()


@dataclass(frozen=True, slots=True, eq=False)
class FlowShown:
    """What is drawn of a flow.

    Attributes
    ----------
    quiver
        Arrows on A: where its content went, or from where it came.
    veil
        (h, w, 4) uint8 RGBA over the whole of B: how its content came there, or goes on.
    shape
        (height, width) of both pictures.
    full
        Px that get full colour.
    lines
        The numbers, for a person.
    course
        From which picture to which.
    """

    quiver: Quiver
    veil: Mask
    shape: tuple[int, int]
    full: float
    lines: tuple[str, ...]
    course: Course = _TO_B

    def head(self, factor: int) -> str:
        """Return what a person must know of the colours, and of arrows `factor` times too long."""
        said = f"{self.course.words} · full colour = {number(self.full)} px"
        return f"{said} · arrows × {number(factor)}" if self.quiver.arrows else said


def flow_shown(field: FlowField, course: Course = _TO_B) -> FlowShown:
    """Return a flow ready to be drawn.

    Parameters
    ----------
    field
        From A to B.
    course
        Which way it is shown. The other way round arrows and hues are turned about; no number is
        another one.
    """
    full = full_for(field)
    came = -field.arrived if course.onto_a else field.arrived
    covering = veil(came, field.trusted_b, full, least_for(field))
    quiver = arrows(field, onto_a=course.onto_a)
    return FlowShown(quiver, covering, field.shape, full, words(field), course)


def words(field: FlowField) -> tuple[str, str]:
    """Return the numbers of a flow in two lines: how far things moved, and what the camera did.

    Only vectors that are trusted count; how much of the picture these are is said where it is less
    than `MOST_OF`.
    """
    motion = field.motion
    if not motion.followed > 0:
        return "nothing could be followed", camera_words(field)
    moved = (
        f"mean {length_text(motion.mean)} · 95 % {length_text(motion.p95)}"
        f" · {share_text(motion.moving)} moved over {length_text(field.limit)}"
    )
    if motion.followed < MOST_OF:
        moved += f" · {share_text(motion.followed)} could be followed"
    if field.steady:
        moved = f"without the camera: {moved}"
    return moved, camera_words(field)


def camera_words(field: FlowField) -> str:
    """Return what the camera did, and how much of the picture did something else."""
    camera = field.camera
    if camera is None:
        median = length_text(math.hypot(*field.median))
        return f"camera not told from things · median {median}"
    moved = f"camera moved {length_text(camera.length)}"
    if camera.length < SAME:
        moved = "camera stood still"
    return f"{moved} · {share_text(camera.otherwise)} moved otherwise"


def share_text(share: float) -> str:
    """Return a share as a percentage of two significant digits, none below 0.1 %."""
    if 0 < share < 0.001:
        return "under 0.1 %"
    return percent(float(f"{share:.2g}"))
