"""How a run of ``pairlens sequence`` lays two sequences on each other in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.sequence import pairs

if TYPE_CHECKING:
    from core.sequence.pairing import Pairing
    from core.sequence.types import Source
    from core.types import Token


def paired(a: Source, b: Source, offset: int | str | None, token: Token) -> Pairing:
    """Return how two sequences lie in time; ``"auto"`` looks for it.

    Raises
    ------
    CompareError
        When it cannot be told.
    """
    if isinstance(offset, str):
        return pairs.by_content(a, b, token)
    return pairs.by_hand(a, b, offset or 0)
