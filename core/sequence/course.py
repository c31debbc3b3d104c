"""Which way movement between two pictures is shown: as time goes, where time is known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Course:
    """From which picture to which things are shown to move.

    Attributes
    ----------
    onto_a
        Whether they moved from B to where they are in A: A is the later one. Then arrows end at
        their places on A; otherwise they begin there.
    start, end
        What to call the picture in which movement begins, and the one in which it ends.
    """

    onto_a: bool = False
    start: str = "A"
    end: str = "B"

    @property
    def words(self) -> str:
        """Say it: ``"from A to B"``, ``"from frame 20 to frame 21"``."""
        return f"from {self.start} to {self.end}"


def course_of(a: int, b: int | None) -> Course:
    """Return the course of two frames of one sequence: from the earlier one to the later one.

    Parameters
    ----------
    a, b
        Their numbers; `b` is None where B is no frame of it. Then, and where they are the same, it
        is from A to B, as it is for any two pictures.
    """
    if b is None or a == b:
        return Course()
    return Course(b < a, f"frame {min(a, b)}", f"frame {max(a, b)}")
