"""How the kinds of events look: a colour, a letter, and a shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from core.sequence.events import FOREGROUND
from core.sequence.starts import CHANGED
from core.sequence.types import Verdict
from gui.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

Shape = Literal["flag", "box", "bar"]


@dataclass(frozen=True, slots=True)
class Look:
    """How one kind is drawn.

    Attributes
    ----------
    letter
        One character; no two kinds share it.
    tint
        Name of a colour of the theme.
    shape
        A flag is a moment, a box is damage, a bar is something that lasts.
    name
        What it is called.
    """

    letter: str
    tint: str
    shape: Shape
    name: str

    def colour(self) -> QColor:
        """Return its colour."""
        colour: QColor = getattr(theme(), self.tint)
        return colour


LOOKS: Final = {
    str(Verdict.CUT): Look("C", "accent", "flag", "cut"),
    str(Verdict.DROPPED): Look("›", "b", "flag", "frames dropped"),
    str(Verdict.CORRUPTED): Look("×", "danger", "box", "corrupted"),
    str(Verdict.TORN): Look("T", "danger", "box", "torn"),
    str(Verdict.UNREADABLE): Look("!", "danger", "box", "unreadable"),
    str(Verdict.BLACK): Look("B", "warn", "box", "black"),
    str(Verdict.FLASH): Look("F", "warn", "box", "flash"),
    str(Verdict.FROZEN): Look("Z", "muted", "bar", "frozen"),
    str(Verdict.DUPLICATE): Look("D", "muted", "box", "duplicate"),
    FOREGROUND: Look("M", "ok", "bar", "something there"),
    CHANGED: Look("Δ", "ok", "bar", "changed"),
}
_OTHER: Final = Look("•", "text", "box", "event")


def look_of(kind: str) -> Look:
    """Return how a kind is drawn; unknown kinds look alike."""
    return LOOKS.get(kind, _OTHER)
