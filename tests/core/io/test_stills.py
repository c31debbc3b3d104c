"""What holds for every picture: identity, pairs, names that say something else, start-up."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from core.errors import ReadError
from core.io import open_image, open_pair

if TYPE_CHECKING:
    from pathlib import Path

RGB = np.random.default_rng(4).integers(0, 256, (23, 41, 3), np.uint8)


def test_a_picture_is_known_by_its_bytes(tmp_path: Path) -> None:
    for name, value in (("a.png", RGB), ("copy.png", RGB), ("b.png", 255 - RGB)):
        Image.fromarray(value).save(tmp_path / name)
    a, copy, b = (open_image(tmp_path / n) for n in ("a.png", "copy.png", "b.png"))
    assert a.sha256 == hashlib.sha256((tmp_path / "a.png").read_bytes()).hexdigest()
    assert a.key == copy.key
    assert a.key != b.key
    assert (a.path, a.name) == (str(tmp_path / "a.png"), "a.png")


def test_a_file_written_anew_is_read_anew(tmp_path: Path) -> None:
    for value in (RGB, 255 - RGB):
        Image.fromarray(value).save(tmp_path / "a.png")
        np.testing.assert_array_equal(open_image(tmp_path / "a.png").data, value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.png", "“a.png” is a JPEG file although its name says PNG; "
                  "it was opened as what it is."),
        ("a.dat", "“a.dat” is a JPEG file although its name ends in .dat; "
                  "it was opened as what it is."),
        ("a.JPG", None),
        ("a.jpeg", None),
        ("a", None),
    ],
)  # fmt: skip
def test_a_wrong_extension_is_told(tmp_path: Path, name: str, text: str | None) -> None:
    Image.fromarray(RGB).save(tmp_path / name, "JPEG")
    picture = open_image(tmp_path / name)
    assert picture.meta["format"] == "JPEG"
    assert [(n.code, n.text) for n in picture.notices] == ([("extension", text)] if text else [])


def test_a_pair_is_two_pictures_in_order(tmp_path: Path) -> None:
    Image.fromarray(RGB).save(tmp_path / "a.png")
    Image.fromarray(RGB[:, ::-1]).save(tmp_path / "b.tga")
    a, b = open_pair(tmp_path / "a.png", str(tmp_path / "b.tga"))
    np.testing.assert_array_equal(a.data, RGB)
    np.testing.assert_array_equal(b.data, RGB[:, ::-1])
    assert not _ours()


@pytest.mark.parametrize(
    ("a", "b", "named"), [(0, 1, "gone-a"), (0, 0, "gone-a"), (1, 0, "gone-b")]
)
def test_a_pair_fails_as_its_first_bad_one(tmp_path: Path, a: bool, b: bool, named: str) -> None:
    Image.fromarray(RGB).save(tmp_path / "good.png")
    paths = [tmp_path / ("good.png" if ok else f"gone-{x}") for ok, x in ((a, "a"), (b, "b"))]
    with pytest.raises(ReadError, match=named):
        open_pair(*paths)
    assert not _ours()


def _ours() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name == "pairlens-io"]


def test_many_threads_get_their_own_pictures(tmp_path: Path) -> None:
    paths = []
    for i in range(24):
        suffix = ("png", "jpg", "tif", "webp", "tga", "bmp")[i % 6]
        paths.append(tmp_path / f"{i}.{suffix}")
        flat = np.full((20 + i, 60, 3), 10 * i, np.uint8)
        Image.fromarray(flat).save(paths[-1], lossless=True, quality=100)
    with ThreadPoolExecutor(6) as pool:
        pictures = list(pool.map(open_image, paths))
    for i, picture in enumerate(pictures):
        assert picture.shape == (20 + i, 60)
        # JPEG: a flat gray, rounded once, is off by one level at most.
        assert np.abs(picture.data.astype(int) - 10 * i).max() <= (1 if i % 6 == 1 else 0)


def test_decoders_are_loaded_when_they_are_needed(tmp_path: Path) -> None:
    Image.fromarray(RGB).save(tmp_path / "a.ppm")
    code = (
        "import sys, core.io\nlazy = {'pyvips', 'OpenImageIO', 'tempfile', 'logging'}\n"
        "assert not lazy & set(sys.modules), lazy & set(sys.modules)\n"
        "core.io.open_image(sys.argv[1])\n"
        "assert not {'pyvips', 'OpenImageIO'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "a.ppm"],
        capture_output=True, timeout=60, check=False, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
