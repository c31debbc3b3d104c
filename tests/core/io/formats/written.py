"""Formats whose other cases follow the standard's own bytes, written by other programs here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from astropy.io import fits
from PIL import Image
from psd_tools import PSDImage

from tests.core.io.formats._case import Case, Pixels, noise

if TYPE_CHECKING:
    from pathlib import Path


def psd(path: Path) -> Pixels:
    data = noise(19, 43, 3)
    PSDImage.frompil(Image.fromarray(data)).save(path)
    return data


def psd_gray(path: Path) -> Pixels:
    data = noise(19, 43, 1)[..., 0]
    PSDImage.frompil(Image.fromarray(data)).save(path)
    return data


def pfm(path: Path) -> Pixels:
    data = np.random.default_rng(5).random((19, 43, 3)).astype(np.float32)
    assert cv2.imwrite(str(path), np.ascontiguousarray(data[..., ::-1]))
    return data


def image(path: Path, data: Pixels) -> Pixels:
    """Write with astropy, which like FITS itself counts rows from below."""
    fits.PrimaryHDU(np.ascontiguousarray(data[::-1])).writeto(path)
    return data


def units(path: Path) -> list[Pixels]:
    """Write a picture and another behind it; unsigned numbers are stored with a BZERO."""
    first, second = (noise(19, 43, 1, dtype=t)[..., 0] for t in (np.uint16, np.uint8))
    fits.HDUList(
        [
            fits.PrimaryHDU(np.ascontiguousarray(first[::-1])),
            fits.ImageHDU(np.ascontiguousarray(second[::-1])),
        ]
    ).writeto(path)
    return [first, second]


CASES = (
    Case("psd-written", "Photoshop", "8 bit", "RGB", "psd-tools", psd, ".psd"),
    Case("psd-written-gray", "Photoshop", "8 bit", "gray", "psd-tools", psd_gray, ".psd"),
    Case("pfm-written", "PFM", "float", "RGB", "OpenCV", pfm, ".pfm"),
    Case("fits-written", "FITS", "8 bit", "gray", "astropy",
         lambda path: image(path, noise(19, 43, 1)[..., 0]), ".fits"),
    Case("fits-written-double", "FITS", "double", "gray", "astropy",
         lambda path: image(path, np.random.default_rng(5).random((19, 43))), ".fits"),
    Case("fits-written-units", "FITS", "16 bit", "gray units", "astropy", units, ".fits", pages=2),
)  # fmt: skip
