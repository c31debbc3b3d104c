"""Archives of arrays saved by NumPy."""

from __future__ import annotations

import io
import os
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from core.errors import ReadError, TooLargeError
from core.io import Address, Limits, open_image
from core.io.stills import read_still

if TYPE_CHECKING:
    from pathlib import Path

RNG = np.random.default_rng(6)
DEPTH = RNG.random((23, 71)).astype(np.float32)
COLOUR = RNG.integers(0, 65536, (23, 71, 3), np.uint16)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_are_layers(tmp_path: Path, save: Any) -> None:
    path = tmp_path / "a.npz"
    save(path, meta=np.arange(5), depth=DEPTH, colour=np.asfortranarray(COLOUR), flip=DEPTH.T)
    picture = open_image(path)
    np.testing.assert_array_equal(picture.data, DEPTH)  # the first that is a picture
    assert picture.contents.layers == ("depth", "colour", "flip")
    assert picture.contents.layer == picture.meta["layer"] == "depth"
    for name, data in (("depth", DEPTH), ("colour", COLOUR), ("flip", DEPTH.T)):
        picture = open_image(f"{path}#layer={name}")
        np.testing.assert_array_equal(picture.data, data)
        assert picture.data.dtype == data.dtype
        assert picture.meta["compression"] == ("none" if save is np.savez else "Deflate")
    with pytest.raises(ReadError, match="no layer “z”; choose one of: “depth”, “colour”, “flip”"):
        open_image(path, layer="z")
    with pytest.raises(ReadError, match=r"holds an array of shape \(5,\), not a picture"):
        open_image(path, layer="meta")


def test_a_stored_array_stays_on_disk(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=DEPTH)
    picture = read_still(Address(str(tmp_path / "a.npz")))
    assert isinstance(picture.data.base, np.memmap)
    assert picture.contents.layers == ()
    np.savez_compressed(tmp_path / "b.npz", x=DEPTH)
    assert not isinstance(read_still(Address(str(tmp_path / "b.npz"))).data.base, np.memmap)


def test_a_file_that_is_replaced_keeps_its_pixels(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, x=DEPTH)
    picture = read_still(Address(str(path)))
    np.savez(tmp_path / "b.npz", x=1 - DEPTH)
    os.replace(tmp_path / "b.npz", path)  # noqa: PTH105 - what programs that save do
    np.testing.assert_array_equal(picture.data, DEPTH)


def bomb(path: Path, shape: str, count: int) -> None:
    """An array of zeros, squeezed about a thousand times."""
    head = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".encode()
    head = head.ljust(117) + b"\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        body = b"\x93NUMPY\1\0" + len(head).to_bytes(2, "little") + head + bytes(count)
        archive.writestr("x.npy", body)


def test_a_bomb_is_refused_before_it_is_inflated(tmp_path: Path) -> None:
    bomb(tmp_path / "a.npz", "(4000, 5000)", 20_000_000)
    with pytest.raises(TooLargeError, match="5000 × 4000 pixels"):
        open_image(tmp_path / "a.npz", limits=Limits(bytes=1_000_000))
    bomb(tmp_path / "b.npz", "(40, 50)", 20_000_000)  # more than the header says
    assert open_image(tmp_path / "b.npz").shape == (40, 50)
    bomb(tmp_path / "c.npz", "(4000, 5000)", 2000)  # less
    with pytest.raises(ReadError, match="is damaged or incomplete"):
        open_image(tmp_path / "c.npz")


def test_damage_is_said(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, x=COLOUR)
    whole = buffer.getvalue()
    for cut in (len(whole) // 2, len(whole) - 10):
        (tmp_path / "a.npz").write_bytes(whole[:cut])
        with pytest.raises(ReadError, match="is damaged or incomplete"):
            open_image(tmp_path / "a.npz")
    broken = bytearray(whole)
    broken[len(whole) // 2] ^= 0xFF
    (tmp_path / "a.npz").write_bytes(broken)
    with pytest.raises(ReadError, match="is damaged or incomplete"):
        open_image(tmp_path / "a.npz")


def test_an_archive_without_a_picture_is_said(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.arange(4), y=np.array({"a": 1}["a"]))
    with pytest.raises(ReadError, match=r"holds an array of shape \(4,\), not a picture"):
        open_image(tmp_path / "a.npz")
