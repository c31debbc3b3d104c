"""The pictures on which measures are held against their oracles: photographs, drawn ones, light.

All are wide rather than square. Those of 16 bits and of floats hold values between the 8-bit
levels, but none halfway, so that float32 and float64 round to the same level.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from core.buffer import ImageBuffer
from core.types import Encoding
from tests.core.measures.flip_scenes import rendering
from tests.core.measures.test_yiq import drawn
from tests.make import exposed, photo, shifted, with_noise, with_patch

if TYPE_CHECKING:
    from collections.abc import Callable

Pixels = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Scene:
    """A pair of pictures.

    Attributes
    ----------
    about
        What A is, and what was done to it for B.
    a, b
        uint8, uint16, or float32 with 1 for white.
    linear
        Whether the values are linear light; otherwise nobody says.
    """

    about: str
    a: Pixels
    b: Pixels
    linear: bool = False

    @property
    def depth(self) -> str:
        if self.linear:
            return f"float, light up to {self.a.max():.0f} × white"
        return {1: "8 bit", 2: "16 bit", 4: "float"}[self.a.dtype.itemsize]

    @property
    def kind(self) -> str:
        return "gray" if self.a.ndim == 2 else "RGB"

    @property
    def size(self) -> str:
        return f"{self.a.shape[1]} × {self.a.shape[0]}"

    @property
    def buffers(self) -> tuple[ImageBuffer, ImageBuffer]:
        """Both as the engine takes them."""
        peak = 1.0 if self.a.dtype.kind == "f" else None
        encoding = Encoding.LINEAR if self.linear else Encoding.UNKNOWN
        a, b = (ImageBuffer.from_array(x, peak=peak, encoding=encoding) for x in (self.a, self.b))
        return a, b

    @property
    def shares(self) -> tuple[Pixels, Pixels]:
        """Both as float64 with 1 for white."""
        white = {1: 255.0, 2: 65535.0, 4: 1.0}[self.a.dtype.itemsize]
        return self.a.astype(np.float64) / white, self.b.astype(np.float64) / white

    @property
    def exact(self) -> tuple[Pixels, Pixels]:
        """Both on the scale of 0…255, in float64."""
        if self.a.dtype == np.uint8:
            return self.a.astype(np.float64), self.b.astype(np.float64)
        a, b = self.shares
        return a * 255.0, b * 255.0

    @property
    def working(self) -> tuple[Pixels, Pixels]:
        """Both on the scale of 0…255, as bytes or float32."""
        if self.a.dtype == np.uint8:
            return self.a, self.b
        a, b = (x.astype(np.float32) for x in self.exact)
        return a, b


def words(picture: Pixels) -> Pixels:
    """Return an 8-bit picture as a smooth 16-bit one, which uses the levels between."""
    smooth = cv2.GaussianBlur(picture.astype(np.float64) * 257.0, (0, 0), 0.6)
    return np.asarray(np.rint(smooth).astype(np.uint16))


def floats(picture: Pixels) -> Pixels:
    return (picture / 65535.0).astype(np.float32)


def jpeg(picture: Pixels, quality: int) -> Pixels:
    flags = [cv2.IMWRITE_JPEG_QUALITY, quality]
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", picture, flags)[1], cv2.IMREAD_UNCHANGED))


def astronaut() -> Scene:
    a = np.ascontiguousarray(data.astronaut()[20:212, 100:401])
    return Scene("photograph; JPEG at quality 25", a, jpeg(a, 25))


def coffee() -> Scene:
    a = np.ascontiguousarray(data.coffee()[100:293, 150:461])
    return Scene("photograph; Gaussian noise of 6 levels", a, with_noise(a, 6.0))


def camera() -> Scene:
    a = np.ascontiguousarray(data.camera()[150:341, 100:409])
    return Scene("photograph; 1.15 times as bright, and 9 levels", a, exposed(a, 1.15, 9))


def page() -> Scene:
    a = data.page()
    moved = np.ascontiguousarray(a[:, :-1]), np.ascontiguousarray(a[:, 1:])
    return Scene("scanned text; moved by a pixel", *moved)


def unrelated() -> Scene:
    a, b = data.chelsea()[60:250, 60:380], data.rocket()[150:340, 200:520]
    return Scene("two photographs", np.ascontiguousarray(a), np.ascontiguousarray(b))


def rocket() -> Scene:
    a = words(data.rocket()[30:222, 150:470])
    return Scene("photograph; blurred by σ 1.2", a, np.asarray(cv2.GaussianBlur(a, (0, 0), 1.2)))


def pattern() -> Scene:
    a, b = shifted(0.6, -1.3, 190, 320, seed=5, channels=1, dtype=np.uint16)
    return Scene("drawn; moved by 0.6 rows and −1.3 columns", a, b)


def chelsea() -> Scene:
    a = words(data.chelsea()[60:250, 60:380])
    return Scene("photograph; noise of 0.4 levels", floats(a), floats(with_noise(a, 100.0)))


def patch() -> Scene:
    a = photo(190, 333, 7, dtype=np.uint16)
    b = with_patch(a, 60, 231, 30, 41, by=60 * 257)
    return Scene("drawn; a patch is off by 60 levels", floats(a), floats(b))


def lamps() -> Scene:
    a = rendering(180, 271, 3)
    b = (a * np.random.default_rng(3).normal(1, 0.1, a.shape).clip(0)).astype(np.float32)
    b[10:13, 20:23] += 500
    return Scene("rendered light; noise of a tenth, and a lamp", a, b, linear=True)


def strokes() -> Scene:
    a, b = drawn(), drawn(0.5)
    b[10:50, 8:30] = 255 - b[10:50, 8:30]
    return Scene("drawn with smoothed edges; moved by half a pixel, a part inverted", a, b)


def _part(name: str, top: int, left: int) -> Callable[[], Scene]:
    def made() -> Scene:
        whole, cut = scene(name), np.s_[top : top + 46, left : left + 91]
        a, b = (np.ascontiguousarray(x[cut]) for x in (whole.a, whole.b))
        return Scene(f"of {name}, for what is looked for pixel by pixel", a, b, whole.linear)

    return made


BYTES = ("astronaut", "coffee", "camera", "page", "unrelated")
DEEP = ("rocket", "pattern", "chelsea", "patch")
LIGHT = ("lamps",)
SMALL = ("strokes", "part of coffee", "part of page", "part of rocket", "part of patch")
SETS = {"8 bit": BYTES, "deep": DEEP, "light": LIGHT, "small": SMALL}
_SCENES: dict[str, Callable[[], Scene]] = {
    "astronaut": astronaut,
    "coffee": coffee,
    "camera": camera,
    "page": page,
    "unrelated": unrelated,
    "rocket": rocket,
    "pattern": pattern,
    "chelsea": chelsea,
    "patch": patch,
    "lamps": lamps,
    "strokes": strokes,
    "part of coffee": _part("coffee", 60, 120),
    "part of page": _part("page", 40, 60),
    "part of rocket": _part("rocket", 70, 150),
    "part of patch": _part("patch", 50, 200),
}
NAMES = tuple(name for names in SETS.values() for name in names)


def in_words(names: tuple[str, ...]) -> str:
    """Return scenes by their sets, where a whole one is meant."""
    whole = [s for s, members in SETS.items() if set(members) <= set(names)]
    covered = {name for s in whole for name in SETS[s]}
    return ", ".join([*whole, *(n for n in names if n not in covered)])


@cache
def scene(name: str) -> Scene:
    return _SCENES[name]()
