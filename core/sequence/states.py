"""What an analysis knows between two frames as bytes, to go on from another day.

It is Python's own format (pickle), read by a reader that makes nothing but what stands in a table:
arrays, and the classes of an analysis, of which it sets the values and calls no method. Bytes of
another version of the program are refused, as its classes may hold other things.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from functools import cache
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from core.result import VERSION
from core.sequence import (
    _points,
    background,
    changes,
    clock,
    drift,
    moments,
    params,
    pixels,
    result,
    torn,
    tracks,
    types,
    usual,
)  # fmt: skip
from core.types import Rect

_CLASSES: Final = (
    Rect, _points.Points, background.Bounds, background.Deviation, changes.Judge, changes.Judged,
    clock.Clock, drift.Steadier, moments.Moments, params.Against, params.Flow, params.Model,
    params.Preset, params.SequenceParams, params.Shake, pixels.Picture, result.FrameResult,
    torn.Torn, tracks.Thing, tracks.Track, tracks.Tracker, types.Verdict, usual.Usual,
)  # fmt: skip
_KNOWN: Final = {(kind.__module__, kind.__qualname__) for kind in _CLASSES} | {
    ("collections", "deque"),
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"),
}
_MARK: Final = 32
"""Bytes of the mark of the version, which come first."""


@cache
def version() -> str:
    """Return what changes with the program: its version, that of its libraries, and its code."""
    mark = hashlib.sha256(f"{VERSION} {np.__version__} {cv2.__version__}".encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):  # none in a program packed as one file
        mark.update(file.read_bytes())
    return mark.hexdigest()


def packed(state: dict[str, Any]) -> bytes | None:
    """Return a state as bytes; None for one with a model that only OpenCV knows."""
    try:
        return _mark() + pickle.dumps(state, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, TypeError):
        return None


def unpacked(data: bytes) -> dict[str, Any] | None:
    """Return the state that bytes hold; None when they are damaged, or of another version."""
    if data[:_MARK] != _mark():
        return None
    try:
        state = _Reader(io.BytesIO(data[_MARK:])).load()
    except Exception:  # whatever damaged bytes do
        return None
    return state if isinstance(state, dict) else None


def _mark() -> bytes:
    return bytes.fromhex(version())


class _Reader(pickle.Unpickler):
    """Makes what stands in the table, and refuses all else."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        if (module_name, global_name) not in _KNOWN:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is no part of an analysis")
        return super().find_class(module_name, global_name)
