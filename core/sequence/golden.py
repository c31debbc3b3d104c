"""A golden model: what many accepted pictures look like, and where a new one does not.

Learned with the same update as the background (`core.sequence.moments`), from all pictures alike. A
pixel is off when in any channel |x - μ| > k · max(σ, floor); the floor is that of
`core.sequence.background`, made from what was learned so far.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from core.atomic import replacing
from core.counting import to_byte
from core.errors import CompareError, ReadError
from core.sequence.background import OWN, ROUNDING, Bounds
from core.sequence.moments import Moments
from core.sequence.pixels import size_words

if TYPE_CHECKING:
    from core.types import Mask, Token

VERSION: Final = 1
FEWEST: Final = 2
"""From so many pictures on there is a deviation."""


class Golden:
    """Mean and deviation of accepted pictures.

    Parameters
    ----------
    moments
        What was learned before; None to begin.
    """

    def __init__(self, moments: Moments | None = None) -> None:
        self._moments = moments

    @property
    def count(self) -> int:
        """How many pictures were approved."""
        return 0 if self._moments is None else self._moments.count

    @property
    def moments(self) -> Moments | None:
        """Mean and variance; None before the first picture."""
        return self._moments

    def approve(self, pixels: Mask, token: Token) -> None:
        """Learn from a picture, (H, W) or (H, W, 3) uint8.

        Raises
        ------
        CompareError
            When it is not of the size and channels of those before.
        """
        if self._moments is None:
            self._moments = Moments.of(pixels)
        self._check(pixels)
        self._moments.learn(pixels, token)

    def off(self, pixels: Mask, k: float, token: Token) -> Mask:
        """Return where a picture is off: (H, W), 0 or 255.

        Raises
        ------
        CompareError
            When it is not of the size and channels of those before, or there are too few.
        """
        self._check(pixels)
        return self.bounds(k, token).outside(pixels, token)

    def bounds(self, k: float, token: Token) -> Bounds:
        """Return what is not off, for many pictures; nothing approved later changes it.

        Raises
        ------
        CompareError
            When too few pictures were approved.
        """
        m = self._moments
        if m is None or m.count < FEWEST:
            raise CompareError(
                f"The golden model has learned from {self.count} pictures;"
                f" approve at least {FEWEST} before comparing."
            )
        bounds = Bounds(m, k, max(ROUNDING, OWN * float(np.sqrt(np.median(m.variance)))))
        bounds.update(token)
        return bounds

    def picture(self) -> Mask | None:
        """Return the mean, rounded; None before the first picture."""
        return None if self._moments is None else to_byte(self._moments.mean)

    def save(self, path: str | Path) -> None:
        """Write the model to a file, whole or not at all.

        Raises
        ------
        WriteError
            When the system refuses.
        CompareError
            When nothing was learned yet.
        """
        m = self._moments
        if m is None:
            raise CompareError("The golden model has learned from no picture yet.")
        with replacing(path, "golden model") as temporary, temporary.open("wb") as f:
            np.savez_compressed(
                f, version=np.int64(VERSION), count=np.int64(m.count), base=m.base,
                offset=m.offset, variance=m.variance,
            )  # fmt: skip

    @staticmethod
    def load(path: str | Path) -> Golden:
        """Read a model that `save` wrote.

        Raises
        ------
        ReadError
            When the file cannot be read, is no model, or is of a later version.
        """
        try:
            with Path(path).open("rb") as f, np.load(f, allow_pickle=False) as held:
                version = int(held["version"])
                if version > VERSION:
                    raise ReadError(
                        f"The golden model “{path}” is of version {version}, and this program"
                        f" knows versions up to {VERSION}; use a later one."
                    )
                count = int(held["count"])
                base, offset, variance = held["base"], held["offset"], held["variance"]
        except OSError as e:
            raise ReadError(
                f"The golden model “{path}” could not be read: {e.strerror or e}."
            ) from e
        except (ValueError, KeyError, TypeError, AttributeError, EOFError) as e:
            raise ReadError(f"“{path}” is no golden model.") from e
        except (zipfile.BadZipFile, zlib.error, MemoryError) as e:
            raise ReadError(f"“{path}” is no golden model, or is damaged.") from e
        colors = base.ndim == 2 or (base.ndim == 3 and base.shape[2] == 3)
        good = base.dtype == np.uint8 and offset.dtype == variance.dtype == np.float32
        if not (good and base.shape == offset.shape == variance.shape):
            raise ReadError(f"“{path}” is no golden model.")
        if not (colors and base.size and count > 0):
            raise ReadError(f"“{path}” is no golden model.")
        if not (np.isfinite(offset).all() and np.isfinite(variance).all() and variance.min() >= 0):
            raise ReadError(f"The golden model “{path}” is damaged.")
        return Golden(Moments(base, offset, variance, count))

    def _check(self, pixels: Mask) -> None:
        if self._moments is not None and pixels.shape != self._moments.base.shape:
            had, got = (size_words(x) for x in (self._moments.base, pixels))
            raise CompareError(f"The golden model is of {had}, the picture of {got}.")
