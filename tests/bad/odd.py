"""Odd but sound pictures: extreme shapes and values; they open, exactly as they are."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO
import tifffile

from tests.bad.case import Case, Outcome, encoded, of


def _sound(name: str, about: str, make: Any, pixels: np.ndarray) -> Case:
    return Case(name, about, make, Outcome.RIGHT, lambda: pixels)


def _saved(pixels: np.ndarray) -> bytes:
    stream = BytesIO()
    np.save(stream, pixels)
    return stream.getvalue()


def _tiff(pixels: np.ndarray) -> bytes:
    stream = BytesIO()
    tifffile.imwrite(stream, pixels, photometric="rgb" if pixels.ndim == 3 else "minisblack")
    return stream.getvalue()


def _exr(pixels: np.ndarray) -> Any:
    def make(path: Path) -> None:
        spec = OpenImageIO.ImageSpec(pixels.shape[1], pixels.shape[0], 3, "float")
        output = OpenImageIO.ImageOutput.create(str(path))
        assert output.open(str(path), spec), output.geterror()
        output.write_image(pixels)
        output.close()

    return make


def shapes() -> list[Case]:
    """One pixel, one row, one column, and as wide as a format goes."""
    rng = np.random.default_rng(8)
    found = []
    for height, width in ((1, 1), (1, 1021), (1021, 1), (2, 65_500), (65_500, 2)):
        pixels = rng.integers(0, 256, (height, width, 3), np.uint8)
        size = f"{width} × {height}"
        name = f"{width}x{height}"
        found += [
            _sound(f"shape-{name}.png", f"a PNG of {size}", of(encoded("PNG", pixels)), pixels),
            _sound(f"shape-{name}.tif", f"a TIFF of {size}", of(_tiff(pixels)), pixels),
            _sound(f"shape-{name}.npy", f"an array of {size}", of(_saved(pixels)), pixels),
        ]
    flat = np.full((1, 65_500, 3), 128, np.uint8)
    found.append(
        _sound("shape-65500x1.jpg", "a JPEG of 65500 × 1", of(encoded("JPEG", flat)), flat)
    )
    return found


def values() -> list[Case]:
    """Floating-point pictures that hold what no screen shows."""
    base = np.random.default_rng(9).random((23, 41, 3)).astype(np.float32)
    kinds = {
        "nan": np.nan, "inf": np.inf, "minus-inf": -np.inf, "negative": -3.5, "denormal": 1e-42,
        "largest": np.finfo(np.float32).max,
    }  # fmt: skip
    found = []
    for name, value in kinds.items():
        pixels = base.copy()
        pixels[5:9, 11:30] = value
        found += [
            _sound(f"value-{name}.tif", f"a float TIFF with {name}", of(_tiff(pixels)), pixels),
            _sound(f"value-{name}.npy", f"a float array with {name}", of(_saved(pixels)), pixels),
            _sound(f"value-{name}.exr", f"an OpenEXR with {name}", _exr(pixels), pixels),
        ]
    nothing = np.full((7, 11), np.nan, np.float32)
    wide = np.array([[0, 2**32 - 1], [7, 2**31]], np.uint32)
    low = np.array([[-32768, 32767], [0, -1]], np.int16)
    found += [
        _sound("value-all-nan.npy", "nothing but NaN", of(_saved(nothing)), nothing),
        _sound("value-uint32.npy", "32-bit integers to the limit", of(_saved(wide)), wide),
        _sound("value-int16.tif", "signed 16-bit integers", of(_tiff(low)), low),
        _sound("value-big-endian.npy", "big-endian doubles",
               of(_saved(base.astype(">f8"))), base.astype(np.float64)),
        _sound("value-columns-first.npy", "an array stored by columns",
               of(_saved(np.asfortranarray(base))), base),
    ]  # fmt: skip
    return found


def cases() -> list[Case]:
    """Return all of them."""
    return [*shapes(), *values()]
