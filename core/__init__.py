"""The comparison engine. Never imports Qt.

The public names load their modules when they are first used, so that a script that only reads a
picture does not wait for the whole engine.

Examples
--------
>>> from core import open_image, compare, Settings  # doctest: +SKIP
>>> result = compare(open_image("a.png"), open_image("b.png"))  # doctest: +SKIP
>>> result.measures["l1"].value  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

# NumPy's library for matrix products starts threads of its own, which wait in a loop and so fight
# with those of the engine: a small product then takes 200 ms instead of 5. It reads this once.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if TYPE_CHECKING:
    from core.alignment import estimate_alignment
    from core.buffer import ImageBuffer
    from core.engine import compare
    from core.errors import CompareError, PairlensError, ReadError, SettingsError, WriteError
    from core.io import open_image
    from core.result import Result
    from core.sequence.sources.open import open_source
    from core.settings import Settings

__all__ = [
    "CompareError",
    "ImageBuffer",
    "PairlensError",
    "ReadError",
    "Result",
    "Settings",
    "SettingsError",
    "WriteError",
    "compare",
    "estimate_alignment",
    "open_image",
    "open_source",
]

_HOMES = {
    "CompareError": "core.errors",
    "ImageBuffer": "core.buffer",
    "PairlensError": "core.errors",
    "ReadError": "core.errors",
    "Result": "core.result",
    "Settings": "core.settings",
    "SettingsError": "core.errors",
    "WriteError": "core.errors",
    "compare": "core.engine",
    "estimate_alignment": "core.alignment",
    "open_image": "core.io",
    "open_source": "core.sequence.sources.open",
}


def __getattr__(name: str) -> Any:
    """Load a public name from the module that defines it."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'core' has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)
