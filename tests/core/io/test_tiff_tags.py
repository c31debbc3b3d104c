"""What TIFF files say of themselves, written by tifffile and OpenImageIO."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import OpenImageIO
import tifffile

from core.io import open_image

if TYPE_CHECKING:
    from pathlib import Path

GRAY = np.zeros((37, 83), np.uint8)


def test_what_the_tags_say(tmp_path: Path) -> None:
    def text(tag: int, words: str) -> tuple[Any, ...]:
        return tag, 2, None, words, False

    tifffile.imwrite(
        tmp_path / "a.tif", GRAY, description="a view", software="Maker 1.0",
        datetime="2024:05:01 12:30:00", resolution=(118, 118), resolutionunit="CENTIMETER",
        metadata=None, compression="zstd",
        extratags=[text(271, "Maker"), text(272, "Model"), text(315, "Ida"),
                   text(33432, "Ida & Co"), (274, 3, 1, 6, False)],
    )  # fmt: skip
    meta = open_image(tmp_path / "a.tif").meta
    assert {
        "description": "a view", "software": "Maker 1.0", "taken": "2024-05-01 12:30:00",
        "dpi": "299.7", "camera_make": "Maker", "camera": "Model", "artist": "Ida",
        "copyright": "Ida & Co", "compression": "Zstandard", "orientation": "6",
    }.items() <= meta.items()  # fmt: skip


def test_what_exif_in_a_tiff_says(tmp_path: Path) -> None:
    spec = OpenImageIO.ImageSpec(23, 7, 3, "uint8")
    for name, value in (
        ("ExposureTime", 1 / 250), ("FNumber", 2.8), ("Exif:FocalLength", 50.0),
        ("Exif:LensModel", "Lens 50"), ("Exif:DateTimeOriginal", "2024:05:01 12:30:00"),
        ("compression", "none"),
    ):  # fmt: skip
        spec.attribute(name, value)
    output = OpenImageIO.ImageOutput.create(str(tmp_path / "a.tif"))
    assert output.open(str(tmp_path / "a.tif"), spec)
    assert output.write_image(np.zeros((7, 23, 3), np.uint8))
    output.close()
    meta = open_image(tmp_path / "a.tif").meta
    assert {
        "exposure_time": "1/250 s", "aperture": "f/2.8", "focal_length": "50 mm",
        "lens": "Lens 50", "taken": "2024-05-01 12:30:00", "compression": "none",
    }.items() <= meta.items()  # fmt: skip


def test_descriptions_for_programs_are_left_out_and_long_ones_cut(tmp_path: Path) -> None:
    for about, shown in (("<?xml version='1.0'?><OME/>", None), ('{"shape": [3]}', None),
                         ("word " * 100, ("word " * 40) + "…")):  # fmt: skip
        tifffile.imwrite(tmp_path / "a.tif", GRAY, description=about, metadata=None)
        assert open_image(tmp_path / "a.tif").meta.get("description") == shown
