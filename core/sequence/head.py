"""What a document of a sequence says before its first frame."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from core.sequence.sources.live import shown

if TYPE_CHECKING:
    from core.sequence.pairing import Pairing
    from core.sequence.params import SequenceParams
    from core.sequence.selection import Selection
    from core.sequence.types import Source


def head_of(
    a: Source, b: Source | None, pairing: Pairing | None, params: SequenceParams,
    selection: Selection, *, changed_over: float, reference: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return plain JSON values.

    Parameters
    ----------
    a, b, pairing
        The sources, and which frame of B belongs to which of A; without B there is no pairing.
    params, selection
        How frames are compared, and which.
    changed_over
        Share of the pixels over which a frame has changed.
    reference
        Path of what frames are compared with.
    """
    second = None
    if b is not None and pairing is not None:
        second = {**_source(b), "offset": pairing.offset}
    settings = {**params.to_dict(), "changed_over": changed_over}
    return {
        "source": {**_source(a), "start": selection.start, "every": selection.every},
        "source_b": second,
        "settings": {**settings, "reference": reference},
    }


def _source(source: Source) -> dict[str, Any]:
    # Names of files may hold bytes that are no text, streams a password.
    address = os.fsencode(source.address).decode("utf-8", "backslashreplace")
    return {
        "address": shown(address) if "://" in address else address,
        "name": source.name,
        "live": source.live,
        "rate": float(source.rate) if source.rate else None,
        "count": source.count,
    }
