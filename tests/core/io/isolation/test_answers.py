"""What comes out of a worker is what would have been read here."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.errors import ReadError, TooLargeError
from core.io import Limits, open_image, open_pair
from core.io.isolation import pool as pools
from core.io.isolation import reading
from core.io.isolation.pool import Pool
from core.io.isolation.requests import ReadReply
from core.types import Alpha, Contents, Encoding, Notice
from tests.make import photo, write_png, write_tiff
from tests.misbehaving import MISBEHAVE, Ask

COMPARED = [f.name for f in fields(ImageBuffer) if f.name != "source"]


def alike(path: Path, **options: object) -> ImageBuffer:
    """Assert that a worker and this process read the same; return it."""
    there, here = open_image(path, **options), open_image(path, isolated=False, **options)
    for name in COMPARED:
        assert getattr(there, name) == getattr(here, name), name
    assert there.data.dtype == here.data.dtype
    np.testing.assert_array_equal(there.data, here.data)  # NaN is NaN
    assert there.data.flags.c_contiguous
    assert not there.data.flags.writeable
    return there


def test_everything_but_pixels_travels() -> None:
    picture = ImageBuffer(
        np.zeros((3, 5), np.uint16), key="k", peak=4095.0, bits=12, encoding=Encoding.LINEAR,
        alpha=Alpha.PREMULTIPLIED, path="/x/\udcff\ud800 y.tif", sha256="s", meta={"a": "ä"},
        notices=(Notice("c", "text", "warning"),), address="/x/\udcff\ud800 y.tif#page=3",
        contents=Contents(9, 2, ("one", "two"), "two"),
    )  # fmt: skip
    reply, pixels = reading.taken_apart(picture)
    again = reading.put_together(reply, pixels, "“y.tif”")
    for name in COMPARED:
        assert getattr(again, name) == getattr(picture, name), name
    own = {"pages", "page", "layers", "layer"}
    names = {n for n in COMPARED if n != "contents"}
    assert {*ReadReply.__struct_fields__} - own == names, "a field of ImageBuffer does not travel"


def test_a_reply_that_is_no_picture_is_refused() -> None:
    reply, pixels = reading.taken_apart(ImageBuffer.from_array(np.zeros((3, 5), np.uint8)))
    for bad in (pixels[None, None], pixels.ravel(), None):
        with pytest.raises(ReadError, match=r"“a\.png” gave no picture"):
            reading.put_together(reply, bad, "“a.png”")


@pytest.mark.parametrize("anonymous", [True, False])
def test_files_of_every_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, anonymous: bool
) -> None:
    monkeypatch.setattr(pools, "_default", Pool(anonymous=anonymous))
    color = photo(40, 90)
    floats = photo(40, 90, dtype=np.float32)
    floats[3, 50] = np.nan
    np.save(tmp_path / "a.npy", np.asfortranarray(color))
    cv2.imwrite(str(tmp_path / "a.jpg"), color)
    cv2.imwrite(str(tmp_path / "a.pgm"), color[..., 0])
    write_png(tmp_path / "wrong.tif", color)
    write_tiff(tmp_path / "float.tiff", floats[..., 0])
    for path in sorted(tmp_path.iterdir()):
        alike(path)
    assert alike(tmp_path / "wrong.tif", managed=False).notices
    pools.default().close()


@pytest.mark.parametrize(
    ("rows", "text"), [(10, ""), (10, "part"), (10, "strided"), (7_000_000, "part")]
)
def test_pixels_arrive(pool: Pool, rows: int, text: str) -> None:
    """Small ones, and ones (294 MB) that are made right in the memory that is handed over."""
    ask = Ask("pixels", rows, text)
    _, pixels = pool.call(MISBEHAVE, ask, name="“a.png”")
    assert pixels is not None
    first = 2 if text else 0
    assert pixels.shape == (rows - first, 7, 2 if text == "strided" else 3)
    for row in (0, 5, rows - first - 1):
        assert (pixels[row] == (row + first) % 65521).all()
    assert not pixels.flags.writeable
    with pytest.raises(ValueError, match=r"read-only|WRITEABLE"):
        pixels.setflags(write=True)


def test_two_workers_work_at_the_same_time(own: Pool, tmp_path: Path) -> None:
    from core.io.beside import Beside

    a, b = tmp_path / "a", tmp_path / "b"
    second = Beside(lambda: own.call(MISBEHAVE, Ask("meet", text=f"{b}|{a}"), name="“b”"))
    own.call(MISBEHAVE, Ask("meet", text=f"{a}|{b}"), name="“a”")
    second.result()
    assert len(own.idle) == 2


def test_one_worker_reads_two_small_files_and_two_read_large_ones(
    own: Pool, tmp_path: Path
) -> None:
    small = write_png(tmp_path / "small.png", photo(20, 50))
    noise = np.random.default_rng(1).integers(0, 256, (700, 900, 3), np.uint8)  # 1.9 MB
    large = write_png(tmp_path / "large.png", noise)
    open_pair(small, small)
    assert len(own.idle) == 1
    a, b = open_pair(small, large)
    assert len(own.idle) == 2
    assert (a.shape, b.shape) == ((20, 50), (700, 900))


def test_refusals_arrive_as_they_are(own: Pool, tmp_path: Path) -> None:
    path = write_png(tmp_path / "a.png", photo(20, 50))
    (tmp_path / "text.png").write_text("This is not a picture. " * 9)
    with pytest.raises(TooLargeError, match=r"would need 0\.0 GB") as large:
        open_image(path, limits=Limits(bytes=100))
    assert large.value.need == 20 * 50 * 3
    with pytest.raises(ReadError, match=r"“text\.png” is a text"):
        open_image(tmp_path / "text.png")
    with pytest.raises(ReadError, match="no page 7"):
        open_image(f"{path}#page=7")
    assert len(own.idle) == 1  # a refusal costs no worker


def test_names_folders_and_homes(
    own: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = os.fsdecode("odd \udcff\n名 #page=x.png".encode("utf-8", "surrogateescape"))
    picture = photo(20, 50)
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_png(tmp_path / folder / "a.png", picture + (folder == "two"))
        (tmp_path / folder / "a.png").rename(tmp_path / folder / odd)
    for folder in ("one", "two", "one"):
        monkeypatch.chdir(tmp_path / folder)
        monkeypatch.setenv("HOME", str(tmp_path / "home" / folder))
        for address in (odd, os.fsencode(odd), Path(odd), tmp_path / folder / odd):
            read = open_image(address)
            assert read.path == os.fsdecode(address)
            assert np.array_equal(read.data, picture + (folder == "two"))
    with pytest.raises(ReadError, match=r"There is no file “none\.png”"):
        open_image("none.png")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(ReadError, match="There is no file"):
        open_image(odd)
    told, _ = own.call(MISBEHAVE, Ask("facts"), name="“a”")
    assert told.text == "('/', True, (0, 0))"  # no folder held, none imported from, no core dump


def test_modules_beside_the_pictures_are_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("numpy", "msgspec", "struct", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("open('imported', 'w')\nraise SystemExit(1)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pools, "_default", Pool())
    assert open_image(write_png(tmp_path / "a.png", photo(20, 50))).notices == ()
    assert not (tmp_path / "imported").exists()
    pools.default().close()


@pytest.mark.parametrize("command", [["/nonexistent"], ["/bin/false"]])
def test_without_workers_a_file_is_read_here_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setattr(pools, "_default", Pool(command))
    path = write_png(tmp_path / "a.png", photo(20, 50))
    for picture in (open_image(path), *open_pair(path, path)):
        assert np.array_equal(picture.data, photo(20, 50))
        assert [(n.code, n.severity) for n in picture.notices] == [("isolation", "warning")]
