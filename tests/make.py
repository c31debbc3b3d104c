"""Scenes with known answers.

Every scene is wide rather than square, so that a row taken for a column shows. Coordinates are
(row, col); a shift is (rows, cols), and content moves down and right where it is positive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import DTypeLike, NDArray

    Pixels = NDArray[Any]

MARGIN = 16
"""Pixels that `shifted` cuts from each side, so that no invented border is left."""


def photo(
    height: int = 270,
    width: int = 480,
    seed: int = 0,
    channels: int = 3,
    dtype: DTypeLike = np.uint8,
) -> Pixels:
    """Return a picture with the statistics of a photograph.

    1/f noise over a slanted gradient, with textured discs and slabs: smooth parts, texture and hard
    edges, and nothing that repeats. The full range is used without clipping of large parts.

    Returns
    -------
    (H, W) for one channel, else (H, W, channels): integers over the whole range of their dtype, or
    floats from 0 to 1. Colour is RGB; a fourth channel is opaque alpha.
    """
    rng = np.random.default_rng(seed)
    colours = 1 if channels in (1, 2) else 3
    rows, cols = np.mgrid[0:height, 0:width].astype(np.float64)
    picture = np.empty((height, width, colours))
    base = _pink(rng, height, width)
    for c in range(colours):
        own = 0.75 * base + 0.25 * _pink(rng, height, width)
        slant = rng.uniform(0.15, 0.35) * cols / width + rng.uniform(-0.2, 0.2) * rows / height
        picture[..., c] = 0.40 + 0.11 * own + slant - 0.12
    for _ in range(9):
        _object(picture, rng)
    picture = cv2.GaussianBlur(picture, (0, 0), 0.7).reshape(height, width, colours)  # a lens
    picture = np.clip(picture, 0.0, 1.0)
    if channels in (2, 4):
        picture = np.dstack([picture, np.ones((height, width))])
    return as_dtype(picture[..., 0] if channels == 1 else picture, dtype)


def _pink(rng: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
    """Return noise with a 1/f amplitude spectrum, mean 0, deviation 1."""
    spectrum = np.fft.rfft2(rng.standard_normal((height, width)))
    f = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    f[0, 0] = np.inf  # no mean
    noise = np.fft.irfft2(spectrum / f, s=(height, width))
    return np.asarray(noise / noise.std())


def _object(picture: NDArray[np.float64], rng: np.random.Generator) -> None:
    """Paint one textured disc or turned slab, where it falls."""
    height, width, colours = picture.shape
    mask = np.zeros((height, width), np.uint8)
    centre = int(rng.integers(0, width)), int(rng.integers(0, height))
    size = rng.uniform(0.06, 0.22, 2) * height
    if rng.random() < 0.5:
        cv2.circle(mask, centre, int(size[0]), 255, -1)
    else:
        box = cv2.boxPoints((centre, (2 * size[0], 1.2 * size[1]), float(rng.uniform(0, 90))))
        cv2.fillConvexPoly(mask, np.rint(box).astype(np.int32), 255)
    texture = 0.06 * _pink(rng, height, width) + 0.03 * rng.standard_normal((height, width))
    colour = rng.uniform(0.1, 0.9, colours)
    picture[mask > 0] = (colour + texture[..., None])[mask > 0]


def as_dtype(picture: Pixels, dtype: DTypeLike) -> Pixels:
    """Return a picture of floats from 0 to 1 in a dtype: integers are rounded to their range."""
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return picture.astype(kind)
    return np.rint(picture * np.iinfo(kind).max).astype(kind)


def shifted(
    rows: float,
    cols: float,
    height: int = 270,
    width: int = 480,
    *,
    seed: int = 0,
    channels: int = 3,
    dtype: DTypeLike = np.uint8,
) -> tuple[Pixels, Pixels]:
    """Return A and B of one scene; what is at p in A is at p + (rows, cols) in B.

    The shift is made in the Fourier domain, exact for any fraction, on a larger scene of which
    `MARGIN` pixels are cut off on each side: B shows true content up to its border. To lay B onto A
    it must be moved by (-rows, -cols). Shifts up to half of MARGIN keep the wrap-around away.
    """
    if max(abs(rows), abs(cols)) > MARGIN / 2:
        raise ValueError("a larger shift would bring wrapped content into view")
    large = photo(height + 2 * MARGIN, width + 2 * MARGIN, seed, channels, np.float64)
    planes = large[..., None] if large.ndim == 2 else large
    turn = np.exp(
        -2j
        * np.pi
        * (
            np.fft.fftfreq(planes.shape[0])[:, None] * rows
            + np.fft.rfftfreq(planes.shape[1])[None, :] * cols
        )
    )
    moved = np.stack(
        [
            np.fft.irfft2(np.fft.rfft2(planes[..., c]) * turn, s=planes.shape[:2])
            for c in range(planes.shape[2])
        ],
        axis=-1,
    ).reshape(large.shape)
    inner = slice(MARGIN, -MARGIN), slice(MARGIN, -MARGIN)
    a, b = large[inner], np.clip(moved[inner], 0.0, 1.0)
    return as_dtype(a, dtype), as_dtype(b, dtype)


def with_patch(
    picture: Pixels, row: int, col: int, height: int = 1, width: int = 1, *, by: float = 64
) -> Pixels:
    """Return a copy in which a rectangle differs by exactly `by` in every value.

    A value that has no room in its dtype for ``+ by`` gets ``- by`` instead, so each one differs by
    the same amount, in the picture's own units.
    """
    changed = picture.copy()
    part = changed[row : row + height, col : col + width]
    high = 1.0 if picture.dtype.kind == "f" else float(np.iinfo(picture.dtype).max)
    values = part.astype(np.float64)
    part[...] = np.where(values + by <= high, values + by, values - by).astype(picture.dtype)
    return changed


def with_noise(picture: Pixels, sigma: float, seed: int = 1) -> Pixels:
    """Return a copy with Gaussian noise of deviation `sigma` in the picture's own units."""
    noise = np.random.default_rng(seed).standard_normal(picture.shape) * sigma
    return _fit(picture.astype(np.float64) + noise, picture.dtype)


def exposed(picture: Pixels, gain: float = 1.0, bias: float = 0.0) -> Pixels:
    """Return ``gain * picture + bias`` in the picture's own units, rounded and clipped."""
    return _fit(picture.astype(np.float64) * gain + bias, picture.dtype)


def _fit(values: NDArray[np.float64], dtype: np.dtype[Any]) -> Pixels:
    if dtype.kind == "f":
        return values.astype(dtype)
    return np.clip(np.rint(values), 0, np.iinfo(dtype).max).astype(dtype)


def ramp(height: int = 120, width: int = 256) -> NDArray[np.uint8]:
    """Return a gray picture whose value at (row, col) is ``(2 * row + col) % 256``."""
    rows, cols = np.mgrid[0:height, 0:width]
    return ((2 * rows + cols) % 256).astype(np.uint8)


def classic_script(a: Pixels, b: Pixels) -> tuple[float, float, float, float]:
    """Return (l1, l1 / N, l0, l0 / N) by the classic recipe, in plain NumPy float64.

    Gray is the mean of the channels, each picture is stretched from its own minimum and maximum to
    0...255 (a picture of one value becomes 0), then they are subtracted.
    """

    def stretched(picture: Pixels) -> NDArray[np.float64]:
        x = picture.astype(np.float64)
        x = x.mean(axis=2) if x.ndim == 3 else x
        span = x.max() - x.min()
        return (x - x.min()) * 255.0 / span if span > 0 else np.zeros_like(x)

    d = stretched(a) - stretched(b)
    l1, l0 = float(np.abs(d).sum()), float(np.count_nonzero(d))
    return l1, l1 / d.size, l0, l0 / d.size


def write_png(path: Path, picture: Pixels) -> Path:
    """Write uint8 or uint16 gray, RGB or RGBA pixels without loss; return the path."""
    return _write(path, picture, ".png")


def write_tiff(path: Path, picture: Pixels) -> Path:
    """Write gray or RGB pixels of any depth, float included, without loss; return the path."""
    return _write(path, picture, ".tiff")


def _write(path: Path, picture: Pixels, suffix: str) -> Path:
    order = {3: cv2.COLOR_RGB2BGR, 4: cv2.COLOR_RGBA2BGRA}
    channels = picture.shape[2] if picture.ndim == 3 else 1
    pixels = cv2.cvtColor(picture, order[channels]) if channels in order else picture
    done, encoded = cv2.imencode(suffix, pixels)
    assert done, f"{path} could not be encoded"
    path.write_bytes(encoded.data)
    return path
