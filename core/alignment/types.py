"""What an alignment is: where B was laid, how sure that is, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_Row = tuple[float, float, float]


CONFIDENT: Final = 0.9
"""Confidence from which an answer counts as sure: at least 99 of 100 such answers are right."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """What is left at one place after B was laid on A.

    Attributes
    ----------
    x, y
        The place, in pixels of A.
    dx, dy
        How far B's content there would still have to be moved to lie on A's, in px.
    counted
        Whether it had a say; False for what contradicts the rest (a thing that moved by itself).
    """

    x: float
    y: float
    dx: float
    dy: float
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Motion:
    """How a matrix moves a picture: in its middle, and around it.

    Attributes
    ----------
    dx, dy
        Right and down, px, in the middle of the picture.
    angle
        Degrees, clockwise as seen (y points down).
    scale
        1 for none: the geometric mean of both directions.
    bent
        What is left beyond shift, angle and scale: the largest distance at the four corners, px;
        infinite where a corner has no place.
    """

    dx: float
    dy: float
    angle: float
    scale: float
    bent: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """How B was laid onto A.

    Attributes
    ----------
    model
        What was taken: ``"translation"``, ``"rigid"``, ``"similarity"``, ``"affine"``,
        ``"homography"``, ``"elastic"``, or ``"manual"``.
    matrix
        3x3 rows; maps the pixel centre (x, y, 1) of B to the same point in A. With ``"elastic"`` it
        is what the displacements come on top of.
    confidence
        0...1: the share of answers like this one that are right.
    expected_error_px
        Expected error of the placement, in pixels, root mean square over the corners of B; nan when
        refused or not known.
    accepted
        False when the estimate was refused; `matrix` is then what a person set, else the identity.
    reason
        One sentence for a person, e.g. why it was refused or why this model was taken.
    asked
        The model that was asked for, e.g. ``"auto"``; empty means the same.
    overlap
        Corners (x, y), in pixels of A, of the polygon that both pictures cover.
    iterations
        Steps of refinement that it took.
    arrows
        What is left, at places spread over the overlap.
    pins
        Of each pin, how far its two points lie apart now, in px of A.
    nudge
        (right, down): how far B was moved by hand on top; part of `matrix`.
    origin
        (x, y): the pixel of the canvas on which A's pixel (0, 0) lies.
    motion
        How B was moved on the canvas, where fit had laid it; None when that is not known.
    """

    model: str
    matrix: tuple[_Row, _Row, _Row]
    confidence: float
    expected_error_px: float
    accepted: bool
    reason: str
    asked: str = ""
    overlap: tuple[tuple[float, float], ...] = ()
    iterations: int = 0
    arrows: tuple[Arrow, ...] = ()
    pins: tuple[float, ...] = ()
    nudge: tuple[float, float] = (0.0, 0.0)
    origin: tuple[float, float] = (0.0, 0.0)
    motion: Motion | None = None

    @property
    def shift(self) -> tuple[float, float]:
        """(dx, dy) of the translation part: how far B is moved to lie on A, in pixels."""
        return self.matrix[0][2], self.matrix[1][2]
