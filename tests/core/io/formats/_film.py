"""OpenEXR, Radiance, PFM, DPX, Cineon, Photoshop, DDS, SGI, IFF of OpenImageIO, OpenCV, Pillow."""

from __future__ import annotations

import struct
from functools import partial
from typing import TYPE_CHECKING, Any

import cv2
import imagecodecs
import numpy as np
import OpenImageIO
from PIL import Image

from core.types import Alpha
from tests.core.io.formats._case import Case, Pixels, noise

if TYPE_CHECKING:
    from pathlib import Path

NUMPY = {"half": np.float16, "float": np.float32, "uint16": np.uint16, "uint8": np.uint8}
DEPTHS = {"half": "half", "float": "float", "uint16": "16 bit", "uint8": "8 bit"}


def values(form: str, channels: int, height: int = 19, width: int = 43) -> Pixels:
    if form in {"half", "float"}:
        return np.random.default_rng(5).random((height, width, channels)).astype(NUMPY[form])
    return noise(height, width, channels, dtype=NUMPY[form])


def oiio(
    path: Path, form: str, channels: int, names: str = "", height: int = 19, **attributes: Any
) -> Pixels:
    """Write with OpenImageIO."""
    data = values(form, channels, height)
    spec = OpenImageIO.ImageSpec(43, height, channels, form)
    if names:
        spec.channelnames = tuple(names.split())
        spec.alpha_channel = spec.channelnames.index("A") if "A" in spec.channelnames else -1
    for name, value in attributes.items():
        spec.attribute(name.replace("__", ":"), value)
    output = OpenImageIO.ImageOutput.create(str(path))
    assert output.open(str(path), spec), output.geterror()
    assert output.write_image(np.ascontiguousarray(data)), output.geterror()
    output.close()
    return data[..., 0] if channels == 1 else data


def layer(path: Path, name: str) -> Pixels:
    names = "R G B N.X N.Y N.Z diffuse.R diffuse.G diffuse.B Z"
    data = oiio(path, "float", 10, names)
    at = [i for i, n in enumerate(names.split()) if n == name or n.startswith(f"{name}.")]
    return data[..., at[0]] if len(at) == 1 else data[..., at]


def parts(path: Path) -> list[Pixels]:
    found = [values("float", 3), values("float", 3) * 2]
    specs = []
    for i in range(2):
        spec = OpenImageIO.ImageSpec(43, 19, 3, "float")
        spec.attribute("oiio:subimagename", f"part{i}")
        specs.append(spec)
    output = OpenImageIO.ImageOutput.create(str(path))
    assert output.open(str(path), tuple(specs))
    for i, data in enumerate(found):
        assert i == 0 or output.open(str(path), specs[i], "AppendSubimage")
        assert output.write_image(np.ascontiguousarray(data))
    output.close()
    return found


def radiance(path: Path) -> Pixels:
    """Write with OpenCV; values that its 8 bits of mantissa hold exactly."""
    data = noise(19, 43, 3, top=255).astype(np.float32)
    data[..., 1] = 255  # the largest channel, whose exponent all share
    data /= 256
    cv2.imwrite(str(path), data[..., ::-1])
    return data


def turned(path: Path, resolution: str) -> Pixels:
    """The order of scanlines is in the header: flat pixels put together by the standard."""
    data = noise(19, 43, 4)
    data[..., 3] = 128
    path.write_bytes(
        b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n" + resolution.encode() + data.tobytes()
    )
    upright = {"-Y 19 +X 43\n": data, "+Y 19 +X 43\n": data[::-1], "-Y 19 -X 43\n": data[:, ::-1],
               "+X 19 -Y 43\n": data.swapaxes(0, 1)}[resolution]  # fmt: skip
    return np.ascontiguousarray(upright[..., :3] / np.float32(256))


def pfm(path: Path, channels: int, order: str) -> Pixels:
    data = values("float", channels)
    head = f"{'PF' if channels == 3 else 'Pf'}\n43 19\n{'-' if order == '<' else ''}1.0\n"
    path.write_bytes(head.encode() + data[::-1].astype(f"{order}f4").tobytes())
    return data if channels == 3 else data[..., 0]


def dpx(path: Path, bits: int, **attributes: Any) -> Pixels:
    top = (1 << bits) - 1
    data = noise(19, 43, 3, dtype=np.uint8 if bits == 8 else np.uint16, top=top)
    spec = OpenImageIO.ImageSpec(43, 19, 3, "uint8" if bits == 8 else "uint16")
    spec.attribute("oiio:BitsPerSample", bits)
    for name, value in attributes.items():
        spec.attribute(name.replace("__", ":"), value)
    output = OpenImageIO.ImageOutput.create(str(path))
    assert output.open(str(path), spec), output.geterror()
    assert output.write_image(data << (16 - bits) if 8 < bits < 16 else data)
    output.close()
    return data


def psd(path: Path, depth: int, mode: int, channels: int, version: int = 1) -> Pixels:
    """A Photoshop file of its composite alone, uncompressed, by Adobe's specification."""
    data = (
        values("float", channels)
        if depth == 32
        else noise(19, 43, channels, dtype=NUMPY[f"uint{depth}"])
    )
    head = struct.pack(">4sH6xHIIHH", b"8BPS", version, channels, 19, 43, depth, mode)
    sections = bytes(8) + bytes(4 if version == 1 else 8) + b"\0\0"
    form = {8: ">u1", 16: ">u2", 32: ">f4"}[depth]
    path.write_bytes(head + sections + np.moveaxis(data, 2, 0).astype(form).tobytes())
    return data[..., 0] if channels == 1 else data


def pillow(path: Path, mode: str, **options: Any) -> Pixels:
    channels = {"L": 1, "RGB": 3, "RGBA": 4}[mode]
    data = noise(20, 44, channels)
    data = data[..., 0] if channels == 1 else data
    Image.fromarray(data, mode).save(path, **options)
    return data


def blocks(path: Path, form: str) -> Pixels:
    """Compressed textures of Pillow; imagecodecs unpacks the same blocks."""
    rows, cols = np.mgrid[0:20, 0:44]
    data = np.dstack([rows * 12, cols * 5, rows + cols, 255 - rows * 3]).astype(np.uint8)
    Image.fromarray(data, "RGBA").save(path, pixel_format=form)
    return np.asarray(imagecodecs.dds_decode(path.read_bytes()))


def _exr(name: str, depth: str, colour: str, make: Any, **more: Any) -> Case:
    return Case(f"exr-{name}", "OpenEXR", depth, colour, "OpenImageIO", make, ".exr", **more)


def _case(
    name: str, title: str, depth: str, colour: str, writer: str, make: Any, **more: Any
) -> Case:
    return Case(
        name,
        title,
        depth,
        colour,
        writer,
        make,
        "." + more.pop("suffix", name.split("-", maxsplit=1)[0]),
        **more,
    )


NAMED = {"gray": "Y", "RGB": "R G B", "RGBA": "R G B A"}
STANDARD = "by the standard"
RADIANCE = {"down": "-Y 19 +X 43\n", "up": "+Y 19 +X 43\n", "mirrored": "-Y 19 -X 43\n",
            "columns": "+X 19 -Y 43\n"}  # fmt: skip

CASES = (
    *(_exr(f"{colour.lower()}-{form}", DEPTHS[form], colour,
           partial(oiio, form=form, channels=len(n.split()), names=n),
           alpha=Alpha.PREMULTIPLIED if colour == "RGBA" else Alpha.NONE)
      for form in ("half", "float") for colour, n in NAMED.items()),
    *(_exr(f"{c}-half", "half", f"RGB, {c}",
           partial(oiio, form="half", channels=3, names="R G B", compression=c))
      for c in ("none", "rle", "zips", "zip", "piz")),
    _exr("from-below", "half", "RGB, lines from below",
         partial(oiio, form="half", channels=3, names="R G B", openexr__lineOrder="decreasingY")),
    *(_exr(f"layer-{n}", "float", f"layer {n}", partial(layer, name=n), fragment=f"#layer={n}")
      for n in ("N", "diffuse", "Z")),
    _exr("parts", "float", "RGB parts", parts, pages=2),
    _case("hdr", "Radiance HDR", "float", "RGB", "OpenCV", radiance),
    *(_case(f"hdr-{n}", "Radiance HDR", "float", f"RGB, {n}", STANDARD,
            partial(turned, resolution=r)) for n, r in RADIANCE.items()),
    *(_case(f"pfm-{n}-{'little' if o == '<' else 'big'}", "PFM", "float",
            f"{'gray' if n == 1 else 'RGB'}, {'little' if o == '<' else 'big'} endian", STANDARD,
            partial(pfm, channels=n, order=o)) for n in (1, 3) for o in "<>"),
    *(_case(f"dpx-{b}-{e}", "DPX", "8 bit" if b == 8 else "16 bit" if b == 16 else "9–15 bit",
            f"RGB, {b} bit, {e} endian", "OpenImageIO",
            partial(dpx, bits=b, oiio__Endian=e), bits=b)
      for b in (8, 10, 12, 16) for e in ("little", "big")),
    *(_case(f"psd-{c.lower()}-{d}", "Photoshop", "float" if d == 32 else f"{d} bit", c, STANDARD,
            partial(psd, depth=d, mode=m, channels=n))
      for d in (8, 16, 32) for c, m, n in (("gray", 1, 1), ("RGB", 3, 3))),
    _case("psb-rgb-16", "Photoshop", "16 bit", "RGB, large document", STANDARD,
          partial(psd, depth=16, mode=3, channels=3, version=2)),
    *(_case(f"dds-{m.lower()}", "DDS", "8 bit", m, "Pillow", partial(pillow, mode=m))
      for m in ("RGB", "RGBA")),
    *(_case(f"dds-{f.lower()}", "DDS", "8 bit", f, "Pillow", partial(blocks, form=f),
            off=1, why="decoders round the steps between two colours their own way")
      for f in ("DXT1", "DXT3", "DXT5")),
    *(_case(f"sgi-{m.lower()}", "SGI", "8 bit", m, "Pillow", partial(pillow, mode=m))
      for m in ("L", "RGB", "RGBA")),
    _case("sgi-rgb-16", "SGI", "16 bit", "RGB", "OpenImageIO",
          partial(oiio, form="uint16", channels=3)),
    *(_case(f"iff-rgb-{f}", "Maya IFF", DEPTHS[f], "RGB", "OpenImageIO",
            partial(oiio, form=f, channels=3, height=20)) for f in ("uint8", "uint16")),
)  # fmt: skip
