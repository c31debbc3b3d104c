"""Lays the frames of a sequence on one of them: each by itself, or along the chain of neighbours.

A chain follows what single frames cannot be asked: a camera that pans until nothing of the first
frame is left, light that changes slowly. But every link is off by a little, and the links add up.
So from time to time a frame is aligned directly to a key frame, starting from where the chain puts
it, and the chain goes on from there.

The expected errors of links are added in quadrature, but for 0.01 px of each, which neighbours
share (`core.alignment._chain.STEADY`) and which add up as they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.alignment._chain import chained, error_of, first
from core.alignment.frame_types import Drift, FrameAlignment, FrameReference
from core.alignment.models import GLOBAL, AlignModel
from core.errors import SettingsError
from core.geometry import IDENTITY, Matrix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.alignment.types import Alignment
    from core.buffer import ImageBuffer
    from core.types import Token

__all__ = ["DRIFT", "Drift", "FrameAlignment", "FrameReference", "aligned_frames"]

DRIFT: Final = Drift()
"""Every 20 frames, or above 0.5 px: what 20 links have in common stays well below that."""
_MODELS: Final = (AlignModel.AUTO, *GLOBAL)


def aligned_frames(
    frames: Iterable[ImageBuffer],
    to: FrameReference | str | ImageBuffer = FrameReference.FIRST,
    model: str = "auto",
    drift: Drift | None = DRIFT,
    token: Token | None = None,
) -> Iterator[FrameAlignment]:
    """Yield where each frame lies, in their order, as they come.

    Parameters
    ----------
    frames
        The pictures, of any sizes. No more of them are held than the first, the last key, the one
        before and the one at hand.
    to
        FIRST aligns each frame to the first one by itself. PREVIOUS aligns it to the last frame
        that was aligned, and chains the matrices. A picture is a reference that stands before the
        first frame.
    model
        ``"auto"``, or one of `core.alignment.models.GLOBAL`.
    drift
        When a chain is tied to a key frame; None never does.
    token
        Checked before each alignment.

    Yields
    ------
    FrameAlignment
        For the first frame, unless there is a reference picture, the identity. A frame that is
        refused says so in `notice`, lies where the last one lay, and is no link of the chain.

    Raises
    ------
    SettingsError
        For a model that is not one matrix, and a word that is no `FrameReference`.
    """
    if isinstance(to, str) and to not in list(FrameReference):
        words = ", ".join(FrameReference)
        raise SettingsError(f"Frames cannot be aligned to “{to}”; use one of: {words}.")
    if model not in _MODELS:
        words = ", ".join(_MODELS)
        raise SettingsError(
            f"Frames are moved by one matrix each, which “{model}” is not; use one of: {words}."
        )
    ask = _Ask(model, token)
    if to == FrameReference.PREVIOUS:
        return chained(iter(frames), ask, drift)
    return _by_themselves(iter(frames), None if isinstance(to, str) else to, ask)


@dataclass(frozen=True, slots=True)
class _Ask:
    """How two frames are aligned."""

    model: str
    token: Token | None

    def __call__(self, a: ImageBuffer, b: ImageBuffer, start: Matrix | None = None) -> Alignment:
        from core.alignment import estimate_alignment  # noqa: PLC0415 - loads the estimators

        if self.token is not None:
            self.token.check()
        return estimate_alignment(a, b, self.model, start)


def _by_themselves(
    frames: Iterator[ImageBuffer], reference: ImageBuffer | None, ask: _Ask
) -> Iterator[FrameAlignment]:
    against = None if reference is not None else 0
    matrix: Matrix = IDENTITY
    for index, frame in enumerate(frames):
        if reference is None:
            reference = frame
            yield first()
            continue
        found = ask(reference, frame)
        if not found.accepted and matrix != IDENTITY:
            found = ask(reference, frame, matrix)  # perhaps it lies about where the last one lay
        matrix = found.matrix if found.accepted else matrix
        error = error_of(found) if found.accepted else math.nan
        yield FrameAlignment(index, found, against, matrix, error)
