"""How pictures are read, and the flags of the command line that say so."""

from __future__ import annotations

from typing import Final, NamedTuple

from core.io.limits import DEFAULT, Limits

AS_STORED: Final = "--as-stored"
MAX_GB: Final = "--max-gb"
TIME_LIMIT: Final = "--time-limit"


class Reading(NamedTuple):
    """How pictures are read.

    Attributes
    ----------
    managed
        Whether colours are converted by what the file says of them.
    limits
        What one picture may cost.
    """

    managed: bool = True
    limits: Limits = DEFAULT

    def arguments(self) -> list[str]:
        """Return the fewest command-line arguments that stand for this."""
        words = [] if self.managed else [AS_STORED]
        if self.limits.bytes != DEFAULT.bytes:
            words += [MAX_GB, f"{self.limits.bytes / 1e9:.10g}"]
        if self.limits.seconds != DEFAULT.seconds:
            words += [TIME_LIMIT, f"{self.limits.seconds:.10g}"]
        return words
