"""JPEG, WebP and GIF files of Pillow and imagecodecs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
from PIL import Image, ImageSequence

from core.types import Alpha
from tests.core.io.formats._case import Case, Pixels, noise, smooth
from tests.core.io.formats._png import sprites

if TYPE_CHECKING:
    from pathlib import Path


def jpeg(path: Path, mode: str = "RGB", **options: Any) -> Pixels:
    Image.fromarray(smooth(37, 90, 3)).convert(mode).save(path, "JPEG", quality=90, **options)
    with Image.open(path) as oracle:
        return np.asarray(oracle)


def sampled(path: Path, sub: str) -> Pixels:
    path.write_bytes(imagecodecs.jpeg8_encode(smooth(37, 90, 3), level=90, subsampling=sub))
    with Image.open(path) as oracle:
        return np.asarray(oracle)


def with_film(path: Path) -> Pixels:
    """Append what telephones append: a film of the moment before."""
    truth = jpeg(path)
    film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + noise(500).tobytes()
    path.write_bytes(path.read_bytes() + film)
    return truth


def several(path: Path) -> list[Pixels]:
    frames = [Image.fromarray(smooth(37, 90, 3)), Image.fromarray(255 - smooth(37, 90, 3))]
    frames[0].save(path, "MPO", save_all=True, append_images=frames[1:])
    with Image.open(path) as oracle:
        return [np.asarray(f.copy()) for f in ImageSequence.Iterator(oracle)]


def ink(path: Path, model: str) -> Pixels:
    """Write CMYK; the truth is what LittleCMS makes of the ink values that Pillow reads."""
    import pyvips
    from PIL import ImageCms

    space = getattr(imagecodecs.JPEG8.CS, model)
    data = imagecodecs.jpeg8_encode(
        smooth(37, 90, 4), level=95, colorspace=imagecodecs.JPEG8.CS.CMYK, outcolorspace=space
    )
    path.write_bytes(data)
    profile = pyvips.Operation.call("profile_load", "cmyk")
    with Image.open(path) as oracle:
        assert oracle.mode == "CMYK"
        from io import BytesIO

        turned = ImageCms.profileToProfile(
            oracle, ImageCms.ImageCmsProfile(BytesIO(bytes(profile))),
            ImageCms.createProfile("sRGB"), ImageCms.Intent.RELATIVE_COLORIMETRIC, "RGB",
        )  # fmt: skip
    assert turned is not None
    return np.asarray(turned)


def deep(path: Path, channels: int) -> Pixels:
    data = smooth(37, 90, *((channels,) if channels > 1 else ()), dtype=np.uint16, top=4095)
    path.write_bytes(imagecodecs.jpeg8_encode(data, level=100, subsampling="444", bitspersample=12))
    return data


def lossless(path: Path, bits: int) -> Pixels:
    data = noise(7, 23, dtype=np.uint16 if bits > 8 else np.uint8, top=(1 << bits) - 1)
    path.write_bytes(imagecodecs.jpeg8_encode(data, lossless=True, bitspersample=bits))
    return data


def near_lossless(path: Path, dtype: str) -> Pixels:
    data = noise(7, 23, dtype=np.dtype(dtype))
    path.write_bytes(imagecodecs.jpegls_encode(data, level=0))
    return data


def webp(path: Path, channels: int, **options: Any) -> Pixels:
    picture = Image.fromarray(smooth(37, 90, channels) if not options else noise(7, 23, channels))
    picture.save(path, **options)
    with Image.open(path) as oracle:
        return np.asarray(oracle)


def animated(path: Path, mode: str, **options: Any) -> list[Pixels]:
    frames = [f.convert(mode) for f in sprites()]
    frames[0].save(path, save_all=True, append_images=frames[1:], **options)
    with Image.open(path) as oracle:
        shown = [np.asarray(f.convert(mode)) for f in ImageSequence.Iterator(oracle)]
    if path.suffix == ".gif":
        # The colour of what is clear is nobody's; libvips says black, and always has an alpha.
        shown = [np.asarray(Image.fromarray(s).convert("RGBA")) for s in shown]
        shown = [np.where(s[..., 3:] > 0, s, 0) for s in shown]
    return shown


def gif(path: Path, mode: str) -> Pixels:
    picture = Image.fromarray(noise(7, 23, 3)).quantize(16)
    picture.save(path, **({"transparency": 3} if mode == "RGBA" else {}))
    with Image.open(path) as oracle:
        shown = np.asarray(oracle.convert(mode))
    return np.where(shown[..., 3:] > 0, shown, 0) if mode == "RGBA" else shown


_COLOUR = "the inverse of a print profile differs by how finely LittleCMS is asked to sample it"
_DCT = "the truth is what was written: rounding in the transform, and of YCbCr"

CASES = (
    Case("jpeg-gray", "JPEG", "8 bit", "gray", "Pillow", partial(jpeg, mode="L"), ".jpg"),
    *(Case(f"jpeg-{sub.replace(':', '')}", "JPEG", "8 bit", f"YCbCr {sub}", "Pillow",
           partial(jpeg, subsampling=sub), ".jpg") for sub in ("4:4:4", "4:2:2", "4:2:0")),
    *(Case(f"jpeg-{sub}", "JPEG", "8 bit", f"YCbCr {sub[0]}:{sub[1]}:{sub[2]}", "imagecodecs",
           partial(sampled, sub=sub), ".jpg") for sub in ("411", "440")),
    Case("jpeg-progressive", "JPEG", "8 bit", "progressive", "Pillow",
         partial(jpeg, progressive=True), ".jpg"),
    Case("jpeg-rgb", "JPEG", "8 bit", "RGB (Adobe transform 0)", "Pillow",
         partial(jpeg, keep_rgb=True), ".jpg"),
    *(Case(f"jpeg-{model.lower()}", "JPEG", "8 bit", model, "imagecodecs",
           partial(ink, model=model), ".jpg", off=3, why=_COLOUR) for model in ("CMYK", "YCCK")),
    Case("jpeg-film", "JPEG", "8 bit", "followed by a film", "Pillow", with_film, ".jpg"),
    Case("jpeg-mpo", "JPEG", "8 bit", "MPO", "Pillow", several, ".mpo", pages=2),
    Case("jpeg-gray-12", "JPEG", "9–15 bit", "gray, 12 bit", "imagecodecs",
         partial(deep, channels=1), ".jpg", bits=12, off=4, why=_DCT),
    Case("jpeg-rgb-12", "JPEG", "9–15 bit", "YCbCr, 12 bit", "imagecodecs",
         partial(deep, channels=3), ".jpg", bits=12, off=4, why=_DCT),
    *(Case(f"jpeg-lossless-{bits}", "JPEG", depth, "lossless gray", "imagecodecs",
           partial(lossless, bits=bits), ".jpg", bits=bits)
      for bits, depth in ((8, "8 bit"), (12, "9–15 bit"), (16, "16 bit"))),
    *(Case(f"jpeg-ls-{bits}", "JPEG", f"{bits} bit", "JPEG-LS gray", "imagecodecs",
           partial(near_lossless, dtype=f"uint{bits}"), ".jls", bits=bits) for bits in (8, 16)),
    Case("webp-lossy", "WebP", "8 bit", "lossy RGB", "Pillow", partial(webp, channels=3), ".webp"),
    Case("webp-lossy-alpha", "WebP", "8 bit", "lossy RGBA", "Pillow", partial(webp, channels=4),
         ".webp", alpha=Alpha.STRAIGHT),
    Case("webp-lossless", "WebP", "8 bit", "lossless RGB", "Pillow",
         partial(webp, channels=3, lossless=True), ".webp"),
    Case("webp-lossless-alpha", "WebP", "8 bit", "lossless RGBA", "Pillow",
         partial(webp, channels=4, lossless=True, exact=True), ".webp", alpha=Alpha.STRAIGHT),
    Case("webp-animated", "WebP", "8 bit", "RGBA", "Pillow",
         partial(animated, mode="RGBA", lossless=True), ".webp", pages=4),
    Case("webp-animated-rgb", "WebP", "8 bit", "RGB, key frames", "Pillow",
         partial(animated, mode="RGB", lossless=True, minimize_size=True), ".webp", pages=4),
    Case("gif", "GIF", "8 bit", "palette", "Pillow", partial(gif, mode="RGB"), ".gif"),
    Case("gif-clear", "GIF", "8 bit", "palette, clear", "Pillow", partial(gif, mode="RGBA"), ".gif",
         alpha=Alpha.STRAIGHT),
    *(Case(f"gif-animated-{word}", "GIF", "8 bit", f"clear, {word}", "Pillow",
           partial(animated, mode="RGBA", disposal=disposal), ".gif", pages=4)
      for word, disposal in (("kept", 1), ("cleared", 2), ("undone", 3), ("mixed", [0, 2, 3, 1]))),
    Case("gif-animated-opaque", "GIF", "8 bit", "opaque", "Pillow",
         partial(animated, mode="RGB"), ".gif", pages=4),
)  # fmt: skip
