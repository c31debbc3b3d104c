"""Estimators of how one picture lies on another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.alignment.types import CONFIDENT

if TYPE_CHECKING:
    from core.alignment.types import Alignment
    from core.buffer import ImageBuffer
    from core.geometry import Matrix

__all__ = ["CONFIDENT", "estimate_alignment"]


def estimate_alignment(
    a: ImageBuffer, b: ImageBuffer, model: str = "auto", start: Matrix | None = None
) -> Alignment:
    """Return how B must be moved to lie on A, exactly as a comparison with align would.

    Pictures of different sizes are laid on each other at the top left corner first. A refusal is an
    answer: ``accepted`` is False, ``reason`` says why, and the matrix is the identity.

    Parameters
    ----------
    a, b
        The pictures, of any size, depth and number of channels; brightness is compared.
    model
        ``"auto"`` (the simplest that explains the pair), ``"translation"``, ``"rigid"``,
        ``"similarity"``, ``"affine"``, ``"homography"`` or ``"elastic"``.
    start
        About how B lies: 3x3 rows, B to A, pixel centres at integers. The search begins there and
        goes nowhere else; None searches everywhere.

    Raises
    ------
    SettingsError
        For an unknown model; the text names those there are.
    """
    # The stage imports the estimators in this package, so they cannot wait for each other here.
    from core.alignment._buffers import aligned  # noqa: PLC0415

    return aligned(a, b, model, start)
