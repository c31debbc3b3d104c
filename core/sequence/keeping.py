"""Keeps the frames that changed, as PNG files."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from core.atomic import replacing
from core.errors import WriteError
from core.sequence.pixels import as_bytes
from core.sequence.types import Verdict
from core.types import Rect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.buffer import ImageBuffer
    from core.sequence.starts import Start
    from core.sequence.types import Frame
    from core.types import Pixels

_STILL = frozenset({Verdict.DUPLICATE, Verdict.FROZEN, Verdict.DROPPED})
"""Events that do not say that anything moved: their frames are not worth keeping."""
_CHANNELS = (1, 3, 4)
WHITE = 65535


class Keeper:
    """Writes frames into a folder, each whole or not at all.

    8- and 16-bit frames are kept in their own values (those of 9 to 15 bits brought to 16, which
    loses nothing), others as `core.sequence.pixels.as_bytes` sees them.

    Parameters
    ----------
    folder
        Made when it is not there.

    Raises
    ------
    WriteError
        When the folder cannot be made; from `keep`, when a file cannot be written.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.kept = 0
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise WriteError(f"The folder “{folder}” could not be made: {e.strerror or e}.") from e

    def keep(self, frame: Frame) -> Path | None:
        """Keep a frame; None for one that could not be read."""
        if frame.image is None:
            return None
        path = self.folder / name_of(frame)
        with replacing(path, "frame") as temporary:
            temporary.write_bytes(_png(_pixels(frame.image)))
        self.kept += 1
        return path


def worth_keeping(begun: Iterable[Start], *, changed: bool) -> bool:
    """Whether a frame is kept: it changed, or an event begins with it that is no repeat or gap.

    Parameters
    ----------
    begun
        The events that began with its result.
    changed
        What `core.sequence.tally.changed` says of it.
    """
    return changed or any(start.kind not in _STILL for start in begun)


def name_of(frame: Frame) -> str:
    """Return what the file of a frame is called: its index, and its time where it has one."""
    when = f"-{frame.time:.3f}s" if math.isfinite(frame.time) else ""
    return f"frame-{frame.index:06d}{when}.png"


def _pixels(image: ImageBuffer) -> Pixels:
    if image.channels not in _CHANNELS or image.dtype not in (np.uint8, np.uint16):
        return as_bytes(image)
    pixels = image.read(Rect(0, 0, *image.shape))
    if image.dtype == np.uint8:
        return pixels if image.peak == 255 else as_bytes(image)
    if image.peak == WHITE:
        return pixels
    return np.asarray(np.rint(np.clip(pixels * (WHITE / image.peak), 0, WHITE)), np.uint16)


def _png(pixels: Pixels) -> bytes:
    order = {3: cv2.COLOR_RGB2BGR, 4: cv2.COLOR_RGBA2BGRA}
    if pixels.ndim == 3 and pixels.shape[2] in order:
        pixels = np.asarray(cv2.cvtColor(pixels, order[pixels.shape[2]]))
    done, data = cv2.imencode(".png", pixels)
    if not done:
        raise WriteError("A frame could not be made a PNG file.")
    return bytes(data.data)
