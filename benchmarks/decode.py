"""Decoding 12 MP: ours against OpenCV, Pillow, imagecodecs and OpenImageIO, file to array.

Ours also computes the SHA-256 of the file, reads what it says of itself and checks that it held
still. ``python -m benchmarks.decode --write`` keeps the numbers for docs/formats.md.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import numpy as np
import OpenImageIO
import tifffile
from numpy.typing import NDArray
from PIL import Image

from benchmarks._pictures import arrays
from benchmarks._run import ROOT, Case, alone, in_turns, main
from core.io.address import Address
from core.io.stills import read_still

Pixels = NDArray[Any]

NUMBERS = ROOT / "docs" / "decode.json"
LIBRARIES = ("opencv-python-headless", "pillow", "imagecodecs", "OpenImageIO", "pyvips")
# Contestants after ours; a format that one of them cannot read has no number there.
PEERS = ("OpenCV", "Pillow", "imagecodecs", "OpenImageIO")


@cache
def _scene(dtype: str) -> Pixels:
    picture = arrays(12)[0]
    if dtype == "uint16":  # the lower byte is of the camera's noise
        low = np.random.default_rng(3).integers(0, 256, picture.shape, np.uint16)
        return picture.astype(np.uint16) * 256 + low
    if dtype == "float16":
        return ((picture / np.float32(255)) ** 2).astype(np.float16)
    return picture


def _oiio(path: str) -> Pixels:
    source = OpenImageIO.ImageInput.open(path)
    data: Pixels = source.read_image(0, 0, 0, source.spec().nchannels, source.spec().format)
    source.close()
    return data


def _pillow(path: str) -> Pixels:
    with Image.open(path) as picture:
        return np.asarray(picture)


def _codec(decode: Callable[[bytes], Pixels], path: str) -> Pixels:
    return decode(Path(path).read_bytes())


def _jxl(data: bytes) -> Pixels:
    return np.asarray(imagecodecs.jpegxl_decode(data, numthreads=os.cpu_count() or 1))


def _jp2(data: bytes) -> Pixels:
    return np.asarray(imagecodecs.jpeg2k_decode(data, numthreads=os.cpu_count() or 1))


def _contest(
    suffix: str, write: Callable[[str], object], **peers: Callable[[str], Pixels]
) -> dict[str, float]:
    """Write one file and return the median milliseconds of each contestant, timed in turns."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "a" + suffix))
        write(path)
        names = [name for name in PEERS if name in peers]
        found = in_turns(
            lambda: read_still(Address(path), managed=False),
            *(partial(peers[name], path) for name in names),
        )
    return {name: round(time.wall, 1) for name, time in zip(["ours", *names], found, strict=True)}


def _bytes(encode: Callable[[Pixels], bytes], dtype: str, path: str) -> None:
    Path(path).write_bytes(encode(_scene(dtype)))


def _cv2(path: str) -> Pixels:
    return cv2.imread(path, cv2.IMREAD_UNCHANGED)


def _plain(suffix: str, coder: str, *without: str, dtype: str = "uint8", **options: Any) -> Any:
    """Time a format that imagecodecs writes."""
    encode = partial(getattr(imagecodecs, f"{coder}_encode"), **options)
    decode = {"jpegxl": _jxl, "jpeg2k": _jp2}.get(coder, getattr(imagecodecs, f"{coder}_decode"))
    readers = {"OpenCV": _cv2, "Pillow": _pillow, "imagecodecs": partial(_codec, decode),
               "OpenImageIO": _oiio}  # fmt: skip
    peers = {name: reader for name, reader in readers.items() if name not in without}
    return _contest(suffix, partial(_bytes, encode, dtype), **peers)


def _tiff(dtype: str, compression: str | None) -> Any:
    predictor = compression is not None
    write = partial(tifffile.imwrite, data=_scene(dtype), compression=compression,
                    predictor=predictor, rowsperstrip=64, photometric="rgb")  # fmt: skip
    more = {"Pillow": _pillow} if dtype == "uint8" else {}
    return _contest(
        ".tif", write, OpenCV=_cv2, imagecodecs=tifffile.imread, OpenImageIO=_oiio, **more
    )


def track_decode_png() -> Any:
    return _plain(".png", "png", level=6)


def track_decode_png_16() -> Any:
    return _plain(".png", "png", "Pillow", dtype="uint16", level=6)  # Pillow has 8 bits of colour


def track_decode_jpeg() -> Any:
    return _plain(".jpg", "jpeg8", level=90)


def track_decode_webp() -> Any:
    return _plain(".webp", "webp", level=90, lossless=False)


def track_decode_avif() -> Any:
    return _plain(".avif", "avif", "OpenImageIO", level=80, speed=9, pixelformat="420")


def track_decode_jxl() -> Any:
    return _plain(".jxl", "jpegxl", "OpenCV", "Pillow", distance=1.0, effort=4)


def track_decode_jp2() -> Any:
    return _plain(".jp2", "jpeg2k", level=45)


def track_decode_tiff() -> Any:
    return _tiff("uint8", None)


def track_decode_tiff_lzw() -> Any:
    return _tiff("uint8", "lzw")


def track_decode_tiff_deflate() -> Any:
    return _tiff("uint8", "deflate")


def track_decode_tiff_16() -> Any:
    return _tiff("uint16", "deflate")


def track_decode_exr() -> Any:
    def write(path: str) -> None:
        data = _scene("float16")
        spec = OpenImageIO.ImageSpec(data.shape[1], data.shape[0], 3, "half")
        spec.attribute("compression", "zip")
        output = OpenImageIO.ImageOutput.create(path)
        output.open(path, spec)
        output.write_image(data)
        output.close()

    return _contest(".exr", write, OpenImageIO=_oiio)


CASES = (
    Case("PNG, 8 bit", track_decode_png),
    Case("PNG, 16 bit", track_decode_png_16),
    Case("JPEG, quality 90, 4:2:0", track_decode_jpeg),
    Case("WebP, quality 90", track_decode_webp),
    Case("AVIF, quality 80, 4:2:0", track_decode_avif),
    Case("JPEG XL, distance 1", track_decode_jxl),
    Case("JPEG 2000, 45 dB", track_decode_jp2),
    Case("TIFF, not compressed", track_decode_tiff),
    Case("TIFF, LZW", track_decode_tiff_lzw),
    Case("TIFF, Deflate", track_decode_tiff_deflate),
    Case("TIFF, Deflate, 16 bit", track_decode_tiff_16),
    Case("OpenEXR, half, ZIP", track_decode_exr),
)


def write() -> int:
    """Measure all, and keep the numbers with what they were measured with."""
    found = {case.title: alone(case.ours) for case in CASES}
    versions = {name: version(name) for name in LIBRARIES}
    machine = f"{os.cpu_count()} cores of {platform.machine()}, {platform.system()}"
    kept = {"machine": machine, "versions": versions, "peers": PEERS, "milliseconds": found}
    NUMBERS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(write() if sys.argv[1:] == ["--write"] else main(CASES))
