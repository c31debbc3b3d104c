"""The scenes that are photographed: drawn ones, photographs of installed packages, and collages.

The photographs are those that the wheel of scikit-image holds itself (others would be downloaded)
and the samples of Pairlens.
"""

from __future__ import annotations

import importlib.util
import zlib
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

import resources
from tests.alignment import drawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[Any]

PHOTOS = {
    "motorcycle": "motorcycle_left.png",
    "rocket": "rocket.jpg",
    "coffee": "coffee.png",
    "astronaut": "astronaut.png",
    "tissue": "ihc.png",
    "retina": "retina.jpg",
    "hubble": "hubble_deep_field.jpg",
    "camera": "camera.png",
    "gravel": "gravel.png",
    "grass": "grass.png",
    "brick": "brick.png",
}
SAMPLES = {"desk": "samples/desk-a.jpg", "screenshot": "samples/screenshot-a.png"}
COLLAGES = ("prints", "album")
_FOR_COLLAGES = (
    *("motorcycle_left.png", "coffee.png", "astronaut.png", "chelsea.png", "rocket.jpg"),
    *("coins.png", "camera.png", "ihc.png", "moon.png", "text.png", "hubble_deep_field.jpg"),
)
LARGE = (1600, 2400)
SMALL = (760, 1140)
"""(height, width) of drawn scenes: for the benchmark, and for the quick tests."""

DRAWN = tuple(drawn.SCENES)
NAMES = (*DRAWN, *COLLAGES, *SAMPLES, *PHOTOS)
SINGLE = (*DRAWN, *SAMPLES, *PHOTOS)
"""Scenes of which no two show the same thing; a collage shows others, and some prints twice."""
COLOURED = (*DRAWN, *COLLAGES, *SAMPLES, "motorcycle", "rocket", "coffee", "astronaut", "tissue")


@lru_cache(maxsize=32)
def scene(name: str, size: tuple[int, int] = LARGE) -> Pixels:
    """Return a scene, uint8, RGB or gray; `size` is that of drawn ones and collages.

    A drawn one may be asked for as ``"page/2"``: of the same kind, but another.
    """
    kind = name.partition("/")[0]
    if kind in drawn.SCENES:
        return drawn.SCENES[kind](_random(name), *size)
    if name in COLLAGES:
        return _collage(_random(name), *size)
    if name in SAMPLES:
        return _read(resources.path(SAMPLES[name]))
    return _read(_folder() / PHOTOS[name])


def _random(name: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(name.encode()))


@cache
def _folder() -> Path:
    """Return the folder of the photographs, without loading the package."""
    found = importlib.util.find_spec("skimage")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "data"


def _read(path: Path) -> Pixels:
    """Return RGB pixels, gray where all channels are equal."""
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
    assert pixels is not None, path
    gray = (pixels[..., :1] == pixels).all()
    return pixels[..., 0].copy() if gray else cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)


def _collage(rng: np.random.Generator, height: int, width: int) -> Pixels:
    """Return photographs as prints thrown on a table, at their own size and slightly turned."""
    ground = 110 + 25 * drawn.pink(rng, height, width, 1.2)[..., None] + np.array([15.0, 0, -18])
    table = np.clip(ground, 0, 255).astype(np.float32)
    for _ in range(height * width // 52000):
        photo = _read(_folder() / str(rng.choice(_FOR_COLLAGES)))
        photo = photo if photo.ndim == 3 else cv2.cvtColor(photo, cv2.COLOR_GRAY2RGB)
        photo = photo[:440, :640] if rng.random() < 0.5 else photo[-440:, -640:]
        print_ = cv2.copyMakeBorder(photo, *(12,) * 4, cv2.BORDER_CONSTANT, value=(240,) * 3)
        _lay(table, print_, float(rng.uniform(-14, 14)), rng.uniform(0, (width, height)))
    return np.clip(np.rint(table), 0, 255).astype(np.uint8)


def _lay(table: Pixels, photo: Pixels, degrees: float, centre: NDArray[np.float64]) -> None:
    """Paint a turned print into a table, with its centre at (x, y)."""
    h, w = photo.shape[:2]
    reach = int(np.hypot(h, w) / 2) + 2
    left, top = (max(int(v) - reach, 0) for v in centre)
    part = table[top : int(centre[1]) + reach, left : int(centre[0]) + reach]
    turn = cv2.getRotationMatrix2D((w / 2, h / 2), degrees, 1.0)
    turn[:, 2] += centre - (left + w / 2, top + h / 2)
    size = part.shape[1], part.shape[0]
    where = cv2.warpAffine(np.ones((h, w), np.float32), turn, size)
    laid = cv2.warpAffine(
        photo.astype(np.float32), turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    part += where[..., None] * (laid - part)
