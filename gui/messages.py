"""The sentence that a person reads when something went wrong."""

from __future__ import annotations

from core.errors import PairlensError


def sentence(error: Exception) -> str:
    """Return what to show for an exception: its own text if it was written for a person."""
    if isinstance(error, PairlensError):
        return str(error)
    if isinstance(error, MemoryError):
        return "There is not enough memory for this; close other programs or use smaller pictures."
    what = f"{type(error).__name__}: {error}"
    return f"Pairlens made a mistake ({what}). Nothing you had is lost; please report this."
