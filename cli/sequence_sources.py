"""What a run of ``pairlens sequence`` compares with: a reference, or another sequence."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from core.errors import ReadError
from core.sequence import pairs

if TYPE_CHECKING:
    from core.buffer import ImageBuffer
    from core.io.reading import Reading
    from core.sequence.golden import Golden
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


def reference_of(path: str | None, how: Reading, token: Token) -> ImageBuffer | Golden | None:
    """Return a picture or a golden model; None when none is asked for.

    Raises
    ------
    ReadError
        When it cannot be read.
    """
    if path is None:
        return None
    from core.io import open_image  # noqa: PLC0415 - only when asked for
    from core.sequence.golden import Golden  # noqa: PLC0415 - the same

    if path.lower().endswith(".npz"):  # may be a picture, too
        with contextlib.suppress(ReadError):
            return Golden.load(path)
    return open_image(path, managed=how.managed, limits=how.limits, token=token)
