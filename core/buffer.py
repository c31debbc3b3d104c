"""ImageBuffer: one picture, in its file's own values."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.numbers import LARGEST, usable
from core.pyramid import level_shape
from core.store import MemoryStore, Store
from core.types import Alpha, Contents, Encoding, Notice, Pixels, Rect

if TYPE_CHECKING:
    from collections.abc import Mapping


def _writable(path: str) -> str:
    """Return a path as text that can be written as UTF-8; other bytes become escapes.

    A name that came from the system with such bytes holds lone surrogates, which no report format
    takes, and which end the whole program in OpenCV's drawing of text.
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class PictureInfo:
    """What a report says of one picture.

    `path`, `name` and `address` can always be written as UTF-8; so they may not open a file whose
    name cannot.
    """

    path: str
    name: str
    sha256: str
    width: int
    height: int
    dtype: str
    channels: int
    bits: int
    encoding: str
    alpha: str
    meta: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    contents: Contents = field(default_factory=Contents)


@dataclass(frozen=True, eq=False)
class ImageBuffer:
    """One picture: upright, rows first, in the file's own dtype, read-only.

    Attributes
    ----------
    source
        The pixels, or where they are (`core.store`; an array is put into a `MemoryStore`): (H, W)
        gray, (H, W, 2) gray + alpha, (H, W, 3) RGB, (H, W, 4) RGB + alpha, or any other number of
        channels (all compared); uint8, uint16, uint32, int16, int32, float16, float32 or float64;
        not writeable.
    key
        Identity for caches: equal keys mean equal pixels.
    peak
        The value that means white. Integers: what the format says (4095 in a 12-bit file), else the
        dtype's largest. Float: 1.0 in linear light and where colours were converted, elsewhere what
        the values say (see `float_peak`).
    bits
        Significant bits of the file (12 in a 12-bit uint16 file, 5 in an 8-bit PNG whose sBIT chunk
        says so); the mantissa's for float values that were not made from integers.
    encoding, alpha
        What the values mean, after colours were converted.
    path
        Where it was read from; empty for a picture made in memory.
    address
        The same, with which picture of the file it is (`core.io.address`): opens it again.
    contents
        What else there is in the file.
    sha256
        Of the file's bytes; of the pixels for a picture made in memory.
    meta
        What else the file says, as text.
    notices
        What a person must be told about how it was read.
    """

    source: Pixels | Store
    key: str
    peak: float
    bits: int
    encoding: Encoding = Encoding.UNKNOWN
    alpha: Alpha = Alpha.NONE
    path: str = ""
    sha256: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    address: str = ""
    contents: Contents = field(default_factory=Contents)

    def __post_init__(self) -> None:
        if isinstance(self.source, np.ndarray):
            object.__setattr__(self, "source", MemoryStore(self.source))

    @property
    def store(self) -> Store:
        """Where the pixels are."""
        assert not isinstance(self.source, np.ndarray)  # see __post_init__
        return self.source

    @property
    def data(self) -> Pixels:
        """All pixels at once: only for pictures known to be small."""
        store = self.store
        return store.data if isinstance(store, MemoryStore) else self.read(Rect(0, 0, *self.shape))

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the file's values."""
        return self.store.dtype

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width)."""
        height, width = self.store.shape[:2]
        return height, width

    @property
    def channels(self) -> int:
        """Number of channels, alpha included."""
        shape = self.store.shape
        return 1 if len(shape) == 2 else shape[2]

    @property
    def name(self) -> str:
        """File name, or a word for a picture made in memory; as `PictureInfo` has it."""
        return Path(_writable(self.path)).name if self.path else "untitled"

    @property
    def limit(self) -> float:
        """The largest value that counts as one (`core.numbers.LARGEST`)."""
        return LARGEST * self.peak

    @cached_property
    def nonfinite(self) -> int:
        """How many pixels hold NaN, an infinity or a value over `limit`; 0 for integers."""
        if self.dtype.kind != "f":
            return 0
        if not isinstance(self.store, MemoryStore):
            return self.store.nonfinite
        bad = ~usable(self.data, self.limit)
        return int(np.count_nonzero(bad if bad.ndim == 2 else bad.any(axis=2)))

    @property
    def info(self) -> PictureInfo:
        """What a report says of this picture."""
        h, w = self.shape
        return PictureInfo(
            path=_writable(self.path), name=self.name, sha256=self.sha256, width=w, height=h,
            dtype=str(self.dtype), channels=self.channels, bits=self.bits,
            encoding=str(self.encoding), alpha=str(self.alpha), meta=self.meta,
            address=_writable(self.address or self.path), contents=self.contents,
        )  # fmt: skip

    def level_shape(self, level: int) -> tuple[int, int]:
        """(height, width) of a pyramid level."""
        return level_shape(self.shape, level)

    def read(self, rect: Rect, level: int = 0) -> Pixels:
        """Return the pixels of a rectangle that lies inside the picture at a pyramid level.

        This is the only way to the pixels: a file that is read piece by piece may stand behind it.
        The result is a read-only view or copy in the file's dtype; overviews are area averages.

        Raises
        ------
        ReadError
            When a file that is read piece by piece was changed, or cannot be decoded there.
        """
        return self.store.read(rect, level)

    @staticmethod
    def from_array(
        data: Pixels, *, name: str = "", peak: float | None = None, alpha: Alpha | None = None,
        encoding: Encoding = Encoding.UNKNOWN,
    ) -> ImageBuffer:  # fmt: skip
        """Wrap an array (copied): (H, W) or (H, W, C), integer or float.

        Parameters
        ----------
        data
            Pixels; bool is taken as 0/1 gray. A trailing axis of length 1 is dropped. Two channels
            are gray + alpha and four RGB + alpha unless `alpha` says otherwise.
        name
            Shown as the picture's path.
        peak
            The value that means white; when None from the dtype, or for float from the values
            (1.0 for linear light).

        Raises
        ------
        ValueError
            When the array has no pixel, another number of axes, or no real numbers in it.
        """
        if data.ndim not in (2, 3) or not data.size or data.dtype.kind not in "buif":
            msg = "a picture is (H, W) or (H, W, C) of at least one real number"
            raise ValueError(f"{msg}, not {data.shape} {data.dtype}")
        array = np.array(data, dtype=data.dtype.newbyteorder("="), order="C", copy=True)
        if array.dtype == np.bool_:
            array, peak = array.astype(np.uint8), 1.0 if peak is None else peak
        if array.ndim == 3 and array.shape[2] == 1:
            array = np.ascontiguousarray(array[:, :, 0])
        channels = 1 if array.ndim == 2 else array.shape[2]
        if alpha is None:
            alpha = Alpha.STRAIGHT if channels in (2, 4) else Alpha.NONE
        kind, bits = array.dtype.kind, array.dtype.itemsize * 8
        if peak is None:
            peak = float(np.iinfo(array.dtype).max) if kind != "f" else float_peak(array)
            peak = 1.0 if kind == "f" and encoding is Encoding.LINEAR else peak
        digest = hashlib.sha256(array.data).hexdigest()
        key = f"{digest}:{array.shape}:{array.dtype}:{peak}:{alpha}:{encoding}"
        return ImageBuffer(array, key, peak, bits, encoding, alpha, name, digest)


def float_peak(array: Pixels) -> float:
    """Return the value that means white in a float picture.

    1.0, the convention of image files, unless values above 16 show that the file holds 8-bit levels
    (up to 512: white is 255), 16-bit levels (up to 131,070: 65535), or else the maximum.
    NaN and infinities are passed over.
    """
    return white_above(float(np.max(array, where=np.isfinite(array), initial=0.0)))


def white_above(top: float) -> float:
    """Return what `float_peak` does for a picture whose largest value this is."""
    for limit, peak in ((16.0, 1.0), (512.0, 255.0), (131_070.0, 65535.0)):
        if top <= limit:
            return peak
    return top
