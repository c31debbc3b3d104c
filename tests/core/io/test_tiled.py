"""Files read piece by piece: the same picture as through the ordinary door, or one sentence."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tifffile

from core.buffer import ImageBuffer
from core.chunks import ChunkStore
from core.errors import ReadError, TooLargeError
from core.io import Limits, limits, open_image
from core.io.address import Address
from core.io.stills import read_still
from core.store import MemoryStore
from core.types import Alpha, Rect
from tests.make import as_dtype, photo

if TYPE_CHECKING:
    from pathlib import Path

SHAPE = (150, 333)


@pytest.fixture(autouse=True)
def _everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PIECES_FROM", 1000)


def open_large(path: Path, *, isolated: bool = False, **options: Any) -> ImageBuffer:
    return open_image(path, isolated=isolated, **options)


def read_whole(path: Path, page: int = 0, **options: Any) -> ImageBuffer:
    return read_still(Address(str(path)).choosing(page, None, None), **options)


def both_doors(path: Path) -> tuple[ImageBuffer, ImageBuffer]:
    ordinary, large = read_whole(path), open_large(path)
    assert isinstance(large.store, ChunkStore)
    return ordinary, large


def assert_same(a: ImageBuffer, b: ImageBuffer) -> None:
    """The same pixels at every level, and the same meaning."""
    assert (a.shape, a.dtype, a.channels) == (b.shape, b.dtype, b.channels)
    names = (
        "peak",
        "bits",
        "encoding",
        "alpha",
        "contents",
        "sha256",
        "nonfinite",
        "path",
        "address",
    )
    assert [getattr(a, n) for n in names] == [getattr(b, n) for n in names]
    assert a.key != b.key
    for level in range(6):
        height, width = a.level_shape(level)
        for rect in (
            Rect(0, 0, height, width),
            Rect(height // 3, width // 4, max(height // 2, 1), max(width // 5, 1)),
        ):
            np.testing.assert_array_equal(b.read(rect, level), a.read(rect, level))


def picture(dtype: str, channels: int) -> Any:
    return photo(*SHAPE, seed=4, channels=channels, dtype=np.dtype(dtype))


CODINGS: list[dict[str, Any]] = [
    {"tile": (64, 80)},
    {"tile": (16, 16), "compression": "deflate", "predictor": 2},
    {"rowsperstrip": 7, "compression": "deflate"},
    {"rowsperstrip": 1, "compression": "lzw", "predictor": 2},
    {"tile": (32, 48), "compression": "packbits", "bigtiff": True, "byteorder": ">"},
]


@pytest.mark.parametrize("coding", CODINGS, ids=lambda c: "-".join(map(str, c.values())))
@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
@pytest.mark.parametrize("channels", [1, 3])
def test_both_doors_give_the_same_picture(
    tmp_path: Path,
    coding: dict[str, Any],
    dtype: str,
    channels: int,
) -> None:
    if dtype == "f4" and "predictor" in coding:
        coding = {**coding, "predictor": 3}
    kind = "minisblack" if channels == 1 else "rgb"
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, picture(dtype, channels), photometric=kind, metadata=None, **coding)
    assert_same(*both_doors(path))


@pytest.mark.parametrize("dtype", ["u4", "i2", "i4", "f2", "f8"])
def test_rarer_types_come_out_as_stored(tmp_path: Path, dtype: str) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, picture(dtype, 1), tile=(32, 32), metadata=None)
    assert_same(*both_doors(path))


def test_planes_lie_beside_one_another(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    planes = np.moveaxis(picture("u1", 3), 2, 0)
    tifffile.imwrite(
        path, planes, tile=(32, 64), photometric="rgb", planarconfig="separate", metadata=None
    )
    assert_same(*both_doors(path))


def test_jpeg_tiles_are_rgb(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    data = picture("u1", 3)
    tifffile.imwrite(
        path, data, tile=(64, 64), photometric="rgb", compression="jpeg", metadata=None
    )
    ordinary, large = both_doors(path)
    with tifffile.TiffFile(path) as file:
        assert file.pages[0].photometric == 6
    assert_same(ordinary, large)


def test_white_may_be_zero(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(
        path, picture("u2", 1), rowsperstrip=9, photometric="miniswhite", metadata=None
    )
    assert_same(*both_doors(path))


@pytest.mark.parametrize("kind", ["unassalpha", "assocalpha", "unspecified"])
@pytest.mark.parametrize("opaque", [True, False])
def test_alpha_means_the_same(tmp_path: Path, kind: str, opaque: bool) -> None:
    data = picture("u1", 4)
    data[:, :, 3] = 255
    if not opaque:
        data[149, 332, 3] = 254
    path = tmp_path / "a.tif"
    tifffile.imwrite(
        path, data, tile=(64, 64), photometric="rgb", extrasamples=[kind], metadata=None
    )
    ordinary, large = both_doors(path)
    assert_same(ordinary, large)
    if kind != "unspecified":
        assert (large.alpha is Alpha.OPAQUE) == opaque


def test_pages_and_significant_bits(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    deep = (picture("u2", 1) >> 4).astype(np.uint16)
    with tifffile.TiffWriter(path) as writer:
        writer.write(picture("u1", 3), tile=(64, 64), photometric="rgb", metadata=None)
        white = [(281, "H", 1, 4095, True)]
        writer.write(deep, tile=(64, 64), extratags=white, metadata=None)
    ordinary, large = read_whole(path, 1), open_large(path, page=1)
    assert_same(ordinary, large)
    assert (large.bits, large.peak, large.contents.page) == (12, 4095.0, 1)
    with pytest.raises(ReadError, match="no page 3"):
        open_large(path, page=2)


def test_floats_that_are_no_numbers_are_counted_and_white_is_found(tmp_path: Path) -> None:
    data = picture("f4", 1) * 250
    data[3, 5], data[140, 2] = np.nan, np.inf
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, data, tile=(64, 64), metadata=None)
    ordinary, large = both_doors(path)
    assert_same(ordinary, large)
    assert (large.nonfinite, large.peak) == (2, 255.0)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("shape", [SHAPE, (*SHAPE, 1), (*SHAPE, 3), (*SHAPE, 4)])
def test_an_array_is_read_by_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: str, shape: tuple[int, ...]
) -> None:
    monkeypatch.setattr("core.io.npy_chunks.CHUNK_BYTES", 20_000)
    path = tmp_path / "a.npy"
    data = np.random.default_rng(2).integers(0, 65536, shape, np.uint16)
    np.save(path, data.astype(order + "u2"))
    assert_same(*both_doors(path))


def test_what_can_only_be_read_whole_is_refused(tmp_path: Path) -> None:
    data = picture("u1", 1)
    np.save(tmp_path / "a.npy", np.asfortranarray(data))
    palette = np.zeros((3, 256), np.uint16)
    tifffile.imwrite(
        tmp_path / "a.tif", data, rowsperstrip=9, photometric="palette", colormap=palette
    )
    for name in ("a.npy", "a.tif"):
        with pytest.raises(TooLargeError):
            open_large(tmp_path / name, limits=Limits(bytes=1000))
        assert isinstance(open_large(tmp_path / name).store, MemoryStore)


def test_a_turned_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    turned = [(274, "H", 1, 6, True)]
    tifffile.imwrite(path, picture("u1", 3), tile=(64, 64), photometric="rgb", extratags=turned)
    with pytest.raises(ReadError, match="turned by an orientation tag"):
        open_large(path, limits=Limits(bytes=1000))
    assert open_large(path).shape == SHAPE[::-1]


def test_it_is_said_that_a_picture_is_large(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, picture("u1", 3), tile=(64, 64), photometric="rgb")
    found = open_large(path)
    assert [n.code for n in found.notices] == ["large"]
    assert (found.meta["width"], found.meta["height"]) == ("333", "150")


def test_a_damaged_tile_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(
        path, picture("u1", 3), tile=(64, 64), photometric="rgb", compression="deflate"
    )
    with tifffile.TiffFile(path) as file:
        place = file.pages[0].dataoffsets[11]
    with path.open("r+b") as handle:
        handle.seek(place)
        handle.write(b"\xff" * 40)
    with pytest.raises(ReadError, match="damaged or incomplete"):
        open_large(path)


def test_a_file_written_to_is_one_sentence(tmp_path: Path) -> None:
    for name in ("a.tif", "a.npy"):
        path = tmp_path / name
        data = as_dtype(photo(800, 900, dtype=np.float64), "u2")
        if name == "a.tif":
            tifffile.imwrite(path, data, tile=(64, 64), photometric="rgb")
        else:
            np.save(path, data)
        found = open_large(path)
        found.store._cache.clear()
        status = path.stat()
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))
        with pytest.raises(ReadError, match="was changed while it was read"):
            found.read(Rect(700, 800, 2, 2))
        found.store.close()


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, picture("u1", 3), tile=(64, 64), photometric="rgb", metadata=None)
    found = open_large(path, isolated=True)
    reader = found.store._chunks._first
    reader.close()
    found.store._cache.clear()
    ordinary = read_whole(path)
    rect = Rect(40, 50, 80, 200)
    np.testing.assert_array_equal(found.read(rect), ordinary.read(rect))
    assert found.store._chunks._first is not reader
    found.store.close()


def test_a_worker_gives_the_same_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, picture("u1", 3), tile=(64, 64), photometric="rgb", metadata=None)
    found = open_large(path, isolated=True)
    assert_same(read_whole(path), found)
    found.store.close()


def test_a_file_replaced_while_its_worker_is_gone_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, picture("u1", 3), tile=(64, 64), photometric="rgb", metadata=None)
    found = open_large(path, isolated=True)
    found.store._chunks._first.close()
    found.store._cache.clear()
    tifffile.imwrite(path, picture("u1", 3)[::-1], tile=(32, 32), photometric="rgb", metadata=None)
    with pytest.raises(ReadError, match="was changed"):
        found.read(Rect(0, 0, 5, 5))
    found.store.close()
