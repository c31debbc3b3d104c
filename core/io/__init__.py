"""Reading pictures: still ones of any common, film or science format.

The public names load their modules when they are first used, decoders when the first file of their
kind is opened, and both mostly in processes of their own (`core.io.isolation`).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.io.address import Address, Part
    from core.io.kinds import suffixes
    from core.io.limits import Limits
    from core.io.opening import open_image, open_pair

__all__ = ["Address", "Limits", "Part", "open_image", "open_pair", "suffixes"]

_HOMES = {
    "Address": "core.io.address",
    "Limits": "core.io.limits",
    "Part": "core.io.address",
    "open_image": "core.io.opening",
    "open_pair": "core.io.opening",
    "suffixes": "core.io.kinds",
}


def __getattr__(name: str) -> Any:
    """Load a public name from the module that defines it."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'core.io' has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)
