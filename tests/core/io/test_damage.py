"""Damage of every format: refused, silently, and without leaving anything behind."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import OpenImageIO
import pytest
import tifffile
from PIL import Image

from core.errors import ReadError, TooLargeError
from core.io import Limits, open_image

if TYPE_CHECKING:
    from pathlib import Path

RGB = np.random.default_rng(5).integers(0, 256, (23, 41, 3), np.uint8)


def write_samples(folder: Path) -> None:
    for suffix in ("png", "jpg", "webp", "gif", "avif", "bmp", "tga", "jp2", "sgi", "dds", "ppm"):
        Image.fromarray(RGB).save(folder / f"a.{suffix}")
    tifffile.imwrite(folder / "a.tif", RGB, photometric="rgb")
    tifffile.imwrite(folder / "half.tif", RGB.astype(np.float16), photometric="rgb")
    np.save(folder / "a.npy", RGB)
    for name in ("a.exr", "a.hdr", "a.dpx", "a.pfm", "a.jxl"):
        spec = OpenImageIO.ImageSpec(41, 23, 3, "uint8" if name.endswith("l") else "float")
        output = OpenImageIO.ImageOutput.create(str(folder / name))
        assert output.open(str(folder / name), spec)
        output.write_image(RGB if name.endswith("l") else RGB.astype(np.float32) / 255)
        output.close()


def test_a_huge_picture_is_refused_before_its_memory_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every reader asks first: with a limit of 1000 bytes none of these opens."""
    monkeypatch.chdir(tmp_path)
    write_samples(tmp_path)
    for path in sorted(tmp_path.iterdir()):
        with pytest.raises(
            TooLargeError, match=r"is 41 × 23 pixels and would need 0\.0 GB of memory"
        ):
            open_image(path, limits=Limits(bytes=1000))


def test_a_file_cut_anywhere_is_never_shown_as_whole(tmp_path: Path) -> None:
    """Cut at 24 places and before each of the last bytes: refused, or all pixels were there."""
    samples = tmp_path / "samples"
    samples.mkdir()
    write_samples(samples)
    refused = 0
    for path in sorted(samples.iterdir()):
        whole = open_image(path).data
        data = path.read_bytes()
        cuts = {*range(1, len(data), len(data) // 24), *range(len(data) - 8, len(data))}
        for cut in sorted(cuts):
            path.write_bytes(data[:cut])
            try:
                got = open_image(path).data
            except ReadError as error:
                refused += 1
                assert re.fullmatch(r"The .*“.*”.*[^.]\.", str(error)), error  # noqa: PT017 - the form of every refusal
            else:
                np.testing.assert_array_equal(got, whole, err_msg=f"{path.name} cut at {cut}")
    assert refused > 500


def test_any_damage_ends_in_a_picture_or_a_refusal(tmp_path: Path) -> None:
    """Bytes changed at random, mostly in the header: never another error, never a hang."""
    write_samples(tmp_path)
    rng = np.random.default_rng(11)
    refused = 0
    for path in sorted(tmp_path.iterdir()):
        data = path.read_bytes()
        for _ in range(24):
            reach = len(data) if rng.random() < 0.3 else min(len(data), 300)
            changed = bytearray(data)
            for at in rng.integers(0, reach, rng.integers(1, 5)):
                changed[at] = rng.integers(256)
            path.write_bytes(changed)
            try:
                open_image(path)
            except ReadError:
                refused += 1
    assert refused > 100


def test_nothing_is_printed(tmp_path: Path) -> None:
    """Good files, wrong tags and damage: libraries stay silent, and the process ends well."""
    write_samples(tmp_path)
    tags = tmp_path / "odd.tif"
    tifffile.imwrite(tags, RGB, photometric="rgb", extratags=[(40000, "s", 0, "?", True)])
    for path in list(tmp_path.iterdir()):
        data = path.read_bytes()
        path.with_name("cut-" + path.name).write_bytes(data[: len(data) * 2 // 3])
        noise = bytearray(data)
        noise[len(noise) // 2 :: 7] = bytes(len(noise[len(noise) // 2 :: 7]))
        path.with_name("bad-" + path.name).write_bytes(noise)
    code = (
        "import sys, pathlib\nfrom core.errors import ReadError\nfrom core.io import open_image\n"
        "good = 0\nfor path in pathlib.Path(sys.argv[1]).iterdir():\n"
        "    try:\n        good += open_image(path).channels > 0\n"
        "    except ReadError:\n        pass\n"
        "sys.exit(0 if good >= 20 else 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    write_samples(tmp_path)
    data = (tmp_path / "a.png").read_bytes()
    (tmp_path / "half.png").write_bytes(data[: len(data) // 2])

    def descriptors() -> set[int]:
        return {n for n in range(256) if _is_open(n)}

    def open_all() -> None:
        for path in tmp_path.iterdir():
            if path.name == "half.png":
                with pytest.raises(ReadError):
                    open_image(path)
            else:
                open_image(path)

    open_all()
    before = descriptors()
    open_all()
    assert descriptors() == before


def _is_open(number: int) -> bool:
    try:
        return stat.S_ISREG(os.fstat(number).st_mode)
    except OSError:
        return False
