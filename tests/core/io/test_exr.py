"""OpenEXR layers, parts and their names, written by OpenImageIO."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import OpenImageIO
import pytest

from core.errors import ReadError
from core.io import open_image
from core.io.exr import find_layers
from core.types import Alpha, Encoding

if TYPE_CHECKING:
    from pathlib import Path

RNG = np.random.default_rng(8)
SHAPE = (10, 32)


def write(path: Path, names: tuple[str, ...], forms: tuple[str, ...] | str, **more: Any) -> Any:
    """Write channels of these names in this order; returns them by name."""
    data = RNG.random((*SHAPE, len(names))).astype(np.float32)
    form = forms if isinstance(forms, str) else "float"
    spec = OpenImageIO.ImageSpec(SHAPE[1], SHAPE[0], len(names), form)
    spec.channelnames = names
    for name, value in more.items():
        spec.attribute(name, *value if isinstance(value, tuple) else (value,))
    output = OpenImageIO.ImageOutput.create(str(path))
    assert output.open(str(path), spec), output.geterror()
    assert output.write_image(data), output.geterror()
    output.close()
    return {name: data[..., i] for i, name in enumerate(names)}


NAMES = (
    "Z", "diffuse.R", "A", "diffuse.G", "B", "diffuse.B", "N.X", "G", "N.Z", "R", "N.Y", "id",
    "crypto00.R", "crypto00.G", "crypto00.B", "crypto00.A", "light.key.B", "light.key.R",
    "light.key.G", "light.key.A", "depth.Z",
)  # fmt: skip
LAYERS = {
    "RGBA": ("R", "G", "B", "A"), "Z": ("Z",), "id": ("id",),
    "N": ("N.X", "N.Y", "N.Z"),
    "crypto00": ("crypto00.R", "crypto00.G", "crypto00.B", "crypto00.A"),
    "depth": ("depth.Z",), "diffuse": ("diffuse.R", "diffuse.G", "diffuse.B"),
    "light.key": ("light.key.R", "light.key.G", "light.key.B", "light.key.A"),
}  # fmt: skip


def test_layers_are_channels_that_belong_together(tmp_path: Path) -> None:
    channels = write(tmp_path / "a.exr", NAMES, "float")
    first = open_image(tmp_path / "a.exr")
    assert first.contents.layers == tuple(LAYERS)
    assert first.contents.layer == "RGBA"
    for name, own in LAYERS.items():
        picture = open_image(f"{tmp_path}/a.exr#layer={name}")
        expected = np.squeeze(np.dstack([channels[c] for c in own]))
        np.testing.assert_array_equal(picture.data, expected)
        assert picture.contents.layer == picture.meta["layer"] == name
        colour = name in {"RGBA", "diffuse", "light.key"}
        assert picture.encoding is (Encoding.LINEAR if colour else Encoding.UNKNOWN)
        alpha = Alpha.PREMULTIPLIED if name in {"RGBA", "light.key"} else Alpha.NONE
        assert picture.alpha is alpha  # the fourth channel of an object's numbers is none
        assert picture.peak == 1.0  # also of a depth: A and B must have the same scale
    with pytest.raises(ReadError, match="no layer “spec”; choose one of: “RGBA”, “Z”, “id”, “N”"):
        open_image(tmp_path / "a.exr", layer="spec")


@pytest.mark.parametrize(
    ("names", "layers"),
    [
        (("R", "G", "B"), ["RGB"]),
        (("Y",), ["Y"]),
        (("Y", "A"), ["YA"]),
        (("X", "Y", "Z"), ["XYZ"]),
        (("Z",), ["Z"]),
        (("Z", "V.Combined.R", "V.Combined.G", "V.Combined.B"), ["V.Combined", "Z"]),
        (("b.R", "b.G", "b.B", "b.mask"), ["b", "b.mask"]),
        (("left.R", "left.G", "left.B", "right.R", "right.G", "right.B"), ["left", "right"]),
        (("r", "g", "b"), ["rgb"]),
        (("uv.U", "uv.V"), ["uv"]),
    ],
)
def test_names_of_layers(names: tuple[str, ...], layers: list[str]) -> None:
    found = find_layers(names)
    assert [layer.name for layer in found] == layers
    assert sorted(c for layer in found for c in layer.channels) == list(range(len(names)))


def test_one_layer_is_no_choice(tmp_path: Path) -> None:
    write(tmp_path / "a.exr", ("R", "G", "B"), "half")
    picture = open_image(tmp_path / "a.exr")
    assert (picture.contents.layers, picture.contents.layer) == ((), "")
    assert not picture.notices
    with pytest.raises(ReadError, match="has no layer “Z”; it has only one picture"):
        open_image(tmp_path / "a.exr", layer="Z")


def attribute(name: str, kind: str, data: bytes) -> bytes:
    return name.encode() + b"\0" + kind.encode() + b"\0" + struct.pack("<I", len(data)) + data


def raw_exr(channels: list[tuple[str, int, int, np.ndarray[Any, Any]]]) -> bytes:
    """An uncompressed file: name, type (0 uint, 1 half, 2 float), sampling, values."""
    height, width = SHAPE
    entries = b"".join(
        name.encode() + b"\0" + struct.pack("<iiii", kind, 0, step, step)
        for name, kind, step, _ in channels
    )
    box = struct.pack("<4i", 0, 0, width - 1, height - 1)
    header = struct.pack("<II", 20000630, 2) + b"".join(
        attribute(*parts)
        for parts in (
            ("channels", "chlist", entries + b"\0"), ("compression", "compression", b"\0"),
            ("dataWindow", "box2i", box), ("displayWindow", "box2i", box),
            ("lineOrder", "lineOrder", b"\0"), ("pixelAspectRatio", "float", b"\0\0\x80?"),
            ("screenWindowCenter", "v2f", bytes(8)), ("screenWindowWidth", "float", b"\0\0\x80?"),
        )
    ) + b"\0"  # fmt: skip
    lines = []
    for row in range(height):
        body = b"".join(v[row // s].tobytes() for _, _, s, v in channels if row % s == 0)
        lines.append(struct.pack("<ii", row, len(body)) + body)
    ends = np.cumsum([len(header) + 8 * height, *(len(line) for line in lines)])
    return header + ends[:-1].astype("<u8").tobytes() + b"".join(lines)


def test_whole_numbers_stay_whole(tmp_path: Path) -> None:
    depth = RNG.random(SHAPE).astype("<f4")
    number = RNG.integers(0, 1 << 32, SHAPE, np.uint32).astype("<u4")
    (tmp_path / "a.exr").write_bytes(raw_exr([("Z", 2, 1, depth), ("id", 0, 1, number)]))
    picture = open_image(tmp_path / "a.exr", layer="id")
    np.testing.assert_array_equal(picture.data, number)
    assert (picture.data.dtype, picture.peak) == (np.uint32, 2.0**32 - 1)
    np.testing.assert_array_equal(open_image(tmp_path / "a.exr", layer="Z").data, depth)


def test_subsampled_colours_are_refused(tmp_path: Path) -> None:
    half = np.zeros((5, 16), "<f4")
    full = np.zeros(SHAPE, "<f4")
    data = raw_exr([("BY", 2, 2, half), ("RY", 2, 2, half), ("Y", 2, 1, full)])
    (tmp_path / "a.exr").write_bytes(data)
    with pytest.raises(ReadError, match="has subsampled channels; save it as R, G, B"):
        open_image(tmp_path / "a.exr")


def test_deep_data_are_refused(tmp_path: Path) -> None:
    spec = OpenImageIO.ImageSpec(4, 3, 2, "float")
    spec.channelnames, spec.deep = ("A", "Z"), True
    deep = OpenImageIO.DeepData()
    deep.init(12, 2, ("float", "float"), spec.channelnames)
    output = OpenImageIO.ImageOutput.create(str(tmp_path / "a.exr"))
    assert output.open(str(tmp_path / "a.exr"), spec)
    assert output.write_deep_image(deep)
    output.close()
    with pytest.raises(ReadError, match="holds deep data; flatten it"):
        open_image(tmp_path / "a.exr")


def test_the_first_level_of_tiled_mip_levels(tmp_path: Path) -> None:
    data = RNG.random((64, 128, 3)).astype(np.float32)
    source = OpenImageIO.ImageBuf(np.ascontiguousarray(data))
    config = OpenImageIO.ImageSpec()
    config.attribute("maketx:opaquedetect", 0)
    config.set_format("float")
    path = str(tmp_path / "a.exr")
    kind = OpenImageIO.MakeTxTexture
    assert OpenImageIO.ImageBufAlgo.make_texture(kind, source, path, config)
    assert OpenImageIO.ImageInput.open(path).seek_subimage(0, 1)  # there is a second level
    picture = open_image(path)
    np.testing.assert_array_equal(picture.data, data)
    assert picture.contents.pages == 1


def test_what_the_header_says(tmp_path: Path) -> None:
    primaries = (0.708, 0.292, 0.17, 0.797, 0.131, 0.046, 0.3127, 0.329)
    write(
        tmp_path / "a.exr", ("R", "G", "B"), "half", compression="piz", Make="Maker",
        Model="Model", Software="Renderer", Artist="Ida", Copyright="Ida & Co",
        ImageDescription="a view", DateTime="2024:05:01 12:30:00", ExposureTime=0.004, FNumber=2.8,
        isoSpeed=800.0, chromaticities=("float[8]", primaries),
    )  # fmt: skip
    meta = open_image(tmp_path / "a.exr", managed=False).meta
    assert {
        "camera_make": "Maker", "camera": "Model", "software": "Renderer", "artist": "Ida",
        "copyright": "Ida & Co", "description": "a view", "taken": "2024-05-01 12:30:00",
        "exposure_time": "1/250 s", "aperture": "f/2.8", "iso": "800", "compression": "piz",
    }.items() <= meta.items()  # fmt: skip
