"""Files of light that say which primaries it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import OpenImageIO

from core.io import open_image
from core.io.color.manage import manage
from core.io.decoded import Decoded
from core.io.files import PictureFile
from core.io.kinds import EXR
from core.types import Encoding
from tests.profiles import P3, SRGB

if TYPE_CHECKING:
    from pathlib import Path


def decoded(**values: Any) -> Decoded:
    return Decoded(np.full((6, 9, 3), 0.5, np.float32), Encoding.LINEAR, **values)


def test_chromaticities_of_light(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with PictureFile(tmp_path / "a") as file:
        for xy, wanted in (
            (P3, "linear P3 converted to linear light of sRGB primaries"),
            (SRGB, "linear sRGB"),
            ((0.7, 0.3, 0.2, 0.7, 0.1, 0.05, 0.31, 0.33),
             "linear own primaries converted to linear light of sRGB primaries"),
            ((), "as stored"),
        ):  # fmt: skip
            given = decoded(chromaticities=xy, peak=1.0)
            manage(file, EXR, given, managed=True)
            assert given.meta["color"] == wanted
            np.testing.assert_allclose(given.data, 0.5, atol=1e-6)  # gray stays gray


def exr(path: Path, names: tuple[str, ...]) -> None:
    spec = OpenImageIO.ImageSpec(9, 6, 3, "half")
    spec.channelnames = names
    spec.attribute("chromaticities", OpenImageIO.TypeDesc("float[8]"), P3)
    writer = OpenImageIO.ImageOutput.create(str(path))
    assert writer.open(str(path), spec)
    assert writer.write_image(np.full((6, 9, 3), (0, 4, 0), np.float32))
    writer.close()


def test_openexr_tells_its_primaries(tmp_path: Path) -> None:
    exr(tmp_path / "a.exr", ("R", "G", "B"))
    picture = open_image(tmp_path / "a.exr")
    # Green of P3 in light of sRGB, by Little CMS: (-0.2250, 1.0421, -0.0786), to its 1/65536.
    np.testing.assert_allclose(picture.data[3, 4], (-0.8999, 4.1683, -0.3145), atol=4e-4)
    assert (picture.encoding, picture.peak, picture.bits) == (Encoding.LINEAR, 1.0, 11)
    assert picture.meta["color"] == "linear P3 converted to linear light of sRGB primaries"
    assert picture.notices[0].text.endswith("; 100.0 % of its pixels lie outside sRGB.")
    exr(tmp_path / "n.exr", ("N.X", "N.Y", "N.Z"))
    normals = open_image(tmp_path / "n.exr")
    np.testing.assert_array_equal(normals.data[3, 4], (0, 4, 0))


def test_a_radiance_picture_tells_its_primaries(tmp_path: Path) -> None:
    spec = OpenImageIO.ImageSpec(9, 6, 3, "float")
    writer = OpenImageIO.ImageOutput.create(str(tmp_path / "a.hdr"))
    assert writer.open(str(tmp_path / "a.hdr"), spec)
    assert writer.write_image(np.full((6, 9, 3), (0, 4, 0), np.float32))
    writer.close()
    data = (tmp_path / "a.hdr").read_bytes()
    assert open_image(tmp_path / "a.hdr").meta["color"] == "as stored"
    line = f"PRIMARIES= {' '.join(map(str, P3))}\n".encode()
    for text, wanted in (
        (line, "linear P3 converted to linear light of sRGB primaries"),
        (b"PRIMARIES= 0.64 x\n", "as stored"),
    ):
        start, _, rest = data.partition(b"\n\n")
        (tmp_path / "b.hdr").write_bytes(start + b"\n" + text + b"\n" + rest)
        assert open_image(tmp_path / "b.hdr").meta["color"] == wanted
