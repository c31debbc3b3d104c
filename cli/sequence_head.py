"""What a run of ``pairlens sequence`` says of itself: its sources, its settings, its command."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, Any

from core.sequence.sources.live import shown

if TYPE_CHECKING:
    from core.sequence.pairing import Pairing
    from core.sequence.params import SequenceParams
    from core.sequence.types import Source


def head_of(
    a: Source, b: Source | None, pairing: Pairing | None, params: SequenceParams, args: Any
) -> dict[str, Any]:
    """Return what the document says before the first frame."""
    second = None
    if b is not None and pairing is not None:
        second = {**_source(b), "offset": pairing.offset}
    settings = {**params.to_dict(), "changed_over": args.changed_over}
    return {
        "source": {**_source(a), "start": args.start, "every": args.every},
        "source_b": second,
        "settings": {**settings, "reference": args.reference},
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


def word(given: str) -> str:
    """Return a word of the command line as it may be shown and given again."""
    text = os.fsencode(given).decode("utf-8", "backslashreplace")
    return shlex.quote(shown(text) if "://" in text else text)
