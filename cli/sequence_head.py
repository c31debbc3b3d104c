"""How a word of the command line is shown in what ``pairlens sequence`` writes."""

from __future__ import annotations

import os
import shlex

from core.sequence.sources.live import shown


def word(given: str) -> str:
    """Return a word of the command line as it may be shown and given again."""
    text = os.fsencode(given).decode("utf-8", "backslashreplace")
    return shlex.quote(shown(text) if "://" in text else text)
