"""Work that waits while a person does something: the picture they ask for comes first."""

from __future__ import annotations

import time
from typing import Final

from core.types import Token

_LOOK: Final = 0.05
REST: Final = 0.4
"""Seconds after a person's last doing until work goes on."""


class Gate:
    """Is closed while a person seeks or plays.

    Time is that of the clock: a gate that nobody holds any more opens by itself.
    """

    def __init__(self) -> None:
        self._until = 0.0

    def touch(self) -> None:
        """Stay closed for a moment from now on."""
        self._until = time.monotonic() + REST

    @property
    def closed(self) -> bool:
        """Whether work is to wait."""
        return time.monotonic() < self._until


class PatientToken(Token):
    """A token at whose checks work waits for a gate.

    Parameters
    ----------
    gate
        What it waits for.
    other
        The token of the job: when that one is cancelled, this one is.
    """

    __slots__ = ("_gate", "_other")

    def __init__(self, gate: Gate, other: Token) -> None:
        super().__init__()
        self._gate, self._other = gate, other

    @property
    def cancelled(self) -> bool:
        """Whether either was cancelled."""
        return self._event.is_set() or self._other.cancelled

    def check(self) -> None:
        """Wait while the gate is closed; raise `Cancelled` when the work is no longer wanted."""
        while self._gate.closed and not self.cancelled:
            time.sleep(_LOOK)
        self._other.check()
        super().check()
