"""What reading by a worker process costs: 12 megapixels, a warm worker, against this process."""

from __future__ import annotations

import sys
import tempfile
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from benchmarks._pictures import arrays
from benchmarks._run import Case, main
from core import open_image


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="pairlens-bench-")  # removed at the end


@cache
def _file(name: str) -> str:
    path = Path(_folder().name, name)
    picture = arrays(12)[0]
    if path.suffix == ".npy":
        np.save(path, picture)
    else:
        cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return str(path)


def time_png() -> None:
    open_image(_file("a.png"))


def time_png_here() -> None:
    open_image(_file("a.png"), isolated=False)


def time_jpeg() -> None:
    open_image(_file("a.jpg"))


def time_jpeg_here() -> None:
    open_image(_file("a.jpg"), isolated=False)


def time_webp() -> None:
    open_image(_file("a.webp"))


def time_webp_here() -> None:
    open_image(_file("a.webp"), isolated=False)


def time_npy() -> None:
    open_image(_file("a.npy"))


def time_npy_here() -> None:
    open_image(_file("a.npy"), isolated=False)


def time_tiff() -> None:
    open_image(_file("a.tiff"))


def time_tiff_here() -> None:
    open_image(_file("a.tiff"), isolated=False)


CASES = (
    Case("read 12 MP PNG by a worker", time_png, time_png_here, slower=1.1),
    Case("read 12 MP JPEG by a worker", time_jpeg, time_jpeg_here, slower=1.1),
    Case("read 12 MP WebP by a worker", time_webp, time_webp_here, slower=1.1),
    Case("read 12 MP TIFF, LZW, by a worker", time_tiff, time_tiff_here, slower=1.1),
    Case("map 12 MP .npy by a worker", time_npy, time_npy_here),
)

if __name__ == "__main__":
    sys.exit(main(CASES))
