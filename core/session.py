"""What a window is about: two pictures, the settings, and every setting there was before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from core.buffer import ImageBuffer
from core.settings import Settings
from core.stages.align import AlignParams


@dataclass(frozen=True, slots=True)
class Session:
    """Two pictures (either may still be missing) and the settings."""

    a: ImageBuffer | None = None
    b: ImageBuffer | None = None
    settings: Settings = field(default_factory=Settings)

    @property
    def complete(self) -> bool:
        """Whether there are two pictures to compare."""
        return self.a is not None and self.b is not None

    def swapped(self) -> Session:
        """Return the session with A and B exchanged, and with them what settings say of each."""
        return Session(self.b, self.a, exchanged(self.settings))

    def with_settings(self, settings: Settings) -> Session:
        """Return the session with other settings."""
        return replace(self, settings=settings)


def exchanged(settings: Settings) -> Settings:
    """Return the settings that mean the same when A and B are exchanged."""
    return settings.replacing(settings[AlignParams].swapped())


class History:
    """Undo and redo: a list of Settings and a place in it.

    Parameters
    ----------
    first
        The settings to begin with.
    limit
        How many steps are kept.
    """

    def __init__(self, first: Settings, limit: int = 200) -> None:
        self._steps = [first]
        self._at = 0
        self._limit = limit
        self._merge = ""

    @property
    def current(self) -> Settings:
        """The settings at the present place."""
        return self._steps[self._at]

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier step."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether a step was undone."""
        return self._at < len(self._steps) - 1

    def push(self, settings: Settings, merge: str = "") -> None:
        """Add a step; what was undone is forgotten.

        Steps in a row with the same non-empty `merge` word become one (the drag of a slider); call
        `settle` when the drag ends.
        """
        if settings == self.current:
            return
        if merge and merge == self._merge and self._at > 0:
            self._steps[self._at :] = [settings]
            if settings == self._steps[self._at - 1]:  # dragged back to where it began
                del self._steps[self._at]
                self._at -= 1
                merge = ""
        else:
            self._steps[self._at + 1 :] = [settings]
            self._at += 1
        self._merge = merge
        if len(self._steps) > self._limit:
            del self._steps[0]
            self._at -= 1

    def exchange(self) -> None:
        """Let every step mean the same when A and B are exchanged."""
        self._steps = [exchanged(step) for step in self._steps]
        self._merge = ""

    def settle(self) -> None:
        """End a run of steps that were merged."""
        self._merge = ""

    def undo(self) -> Settings:
        """Go one step back, if there is one, and return the settings there."""
        self._merge = ""
        self._at = max(self._at - 1, 0)
        return self.current

    def redo(self) -> Settings:
        """Go one step forward, if there is one, and return the settings there."""
        self._merge = ""
        self._at = min(self._at + 1, len(self._steps) - 1)
        return self.current
