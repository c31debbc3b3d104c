"""Sound files of every format, written by other libraries: to be cut and changed."""

from __future__ import annotations

import tempfile
from functools import cache
from io import BytesIO
from pathlib import Path

import imagecodecs
import numpy as np
import OpenImageIO
import tifffile
from PIL import Image

from tests.bad.case import HEIGHT, WIDTH, encoded, scene

PILLOW = {
    "png": "PNG", "jpg": "JPEG", "webp": "WEBP", "gif": "GIF", "avif": "AVIF", "bmp": "BMP",
    "tga": "TGA", "jp2": "JPEG2000", "sgi": "SGI", "dds": "DDS", "ppm": "PPM", "ico": "ICO",
}  # fmt: skip
OIIO = ("exr", "hdr", "dpx", "pfm", "jxl", "fits", "iff")


@cache
def samples() -> dict[str, bytes]:
    """Return suffix -> a whole, sound file."""
    made = {suffix: encoded(kind) for suffix, kind in PILLOW.items()}
    for name, options in {
        "tif": {}, "lzw.tif": {"compression": "lzw"}, "zstd.tif": {"compression": "zstd"},
        "tiled.tif": {"tile": (16, 16), "compression": "deflate", "predictor": True},
        "big.tif": {"bigtiff": True}, "half.tif": {},
    }.items():  # fmt: skip
        stream = BytesIO()
        pixels = scene().astype(np.float16) if name == "half.tif" else scene()
        tifffile.imwrite(stream, pixels, photometric="rgb", **options)
        made[name] = stream.getvalue()
    stream = BytesIO()
    np.save(stream, scene())
    made["npy"] = stream.getvalue()
    stream = BytesIO()
    np.savez_compressed(stream, a=scene(), b=scene()[:, :, 0])
    made["npz"] = stream.getvalue()
    frames = [Image.fromarray(np.roll(scene(), k, 1)) for k in range(3)]
    for name, kind in (("moving.gif", "GIF"), ("moving.webp", "WEBP"), ("moving.png", "PNG")):
        stream = BytesIO()
        frames[0].save(stream, kind, save_all=True, append_images=frames[1:])
        made[name] = stream.getvalue()
    made["j2k"] = imagecodecs.jpeg2k_encode(scene(), codecformat="j2k", level=0)
    with tempfile.TemporaryDirectory() as folder:
        for suffix in OIIO:
            made[suffix] = _by_oiio(Path(folder, f"a.{suffix}"))
    made["psd"] = _psd()
    made["svg"] = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="41" height="23">'
        b'<rect width="20" height="23" fill="#c03060"/></svg>'
    )
    return made


def _by_oiio(path: Path) -> bytes:
    whole = path.suffix in {".jxl", ".iff", ".fits"}
    spec = OpenImageIO.ImageSpec(WIDTH, HEIGHT, 3, "uint8" if whole else "float")
    output = OpenImageIO.ImageOutput.create(str(path))
    assert output.open(str(path), spec), output.geterror()
    output.write_image(scene() if whole else scene().astype(np.float32) / 255)
    output.close()
    return path.read_bytes()


def _psd() -> bytes:
    """Return a Photoshop file: header, three empty sections, the merged picture, uncompressed."""
    head = b"8BPS\0\1" + bytes(6) + (3).to_bytes(2, "big") + HEIGHT.to_bytes(4, "big")
    head += WIDTH.to_bytes(4, "big") + b"\0\x08\0\3" + bytes(12)
    return head + b"\0\0" + np.ascontiguousarray(scene().transpose(2, 0, 1)).tobytes()
