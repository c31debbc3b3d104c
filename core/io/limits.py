"""How much one picture may cost."""

from __future__ import annotations

from typing import Final, NamedTuple


class Limits(NamedTuple):
    """What reading one picture may take.

    Attributes
    ----------
    bytes
        Memory of the decoded pixels. A picture that says it needs more is refused with
        `core.errors.TooLargeError` before any is taken; a tiled one is then read piece by piece.
    seconds
        Time until reading is given up; of a picture that is read piece by piece, one piece.
    """

    bytes: int = 2_000_000_000
    seconds: float = 60.0


DEFAULT: Final = Limits()

PIECES_FROM: Final = 1_000_000_000
"""TIFF and NumPy pictures of more bytes than this are read piece by piece (`core.io.tiled`)."""

_BESIDE: Final = 1 << 30


def room(limits: Limits) -> int:
    """Return how many bytes of addresses a process may take while it reads one picture.

    Three times the pixels (as decoded, turned upright, converted), and 1 GiB for what decoders
    keep beside them: tables, threads' stacks, the file mapped.
    """
    return 3 * max(limits.bytes, 0) + _BESIDE
