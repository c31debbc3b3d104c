"""Large files: opened in pieces from the start, with colours, limits, progress and a way out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tifffile

from core.chunks import ChunkStore
from core.errors import Cancelled, ReadError
from core.io import Limits, limits, open_image, open_pair
from core.io import tiff_chunks as tiffs
from core.io.address import Address
from core.io.isolation.process import living
from core.io.stills import read_still
from core.types import Alpha, Token
from tests.make import photo
from tests.profiles import DISPLAY_P3, SRGB, SRGB_PARA, matrix_profile, para

if TYPE_CHECKING:
    from pathlib import Path

SHAPE = (150, 333)


@pytest.fixture(autouse=True)
def _everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PIECES_FROM", 1000)
    monkeypatch.setattr(tiffs, "CHUNK_BYTES", 1)


def written(path: Path, data: Any, **options: Any) -> Path:
    kind = "rgb" if data.ndim == 3 else "minisblack"
    tifffile.imwrite(path, data, tile=(64, 64), photometric=kind, metadata=None, **options)
    return path


def picture(dtype: str = "u1", channels: int = 3) -> Any:
    return photo(*SHAPE, seed=4, channels=channels, dtype=np.dtype(dtype))


def whole(path: Path, **options: Any) -> Any:
    return read_still(Address(str(path)), **options)


@pytest.mark.parametrize("dtype", ["u1", "u2"])
@pytest.mark.parametrize("channels", [3, 4])
def test_colours_are_those_of_a_picture_read_whole(
    tmp_path: Path, dtype: str, channels: int
) -> None:
    data = picture(dtype, channels)
    extra = {"extrasamples": ["unassalpha"]} if channels == 4 else {}
    path = written(tmp_path / "a.tif", data, iccprofile=DISPLAY_P3, **extra)
    found, wanted = open_image(path, isolated=False), whole(path)
    assert isinstance(found.store, ChunkStore)
    names = ("dtype", "peak", "bits", "encoding", "alpha", "nonfinite", "sha256")
    assert [getattr(found, n) for n in names] == [getattr(wanted, n) for n in names]
    assert found.dtype == np.float32
    assert {k: found.meta[k] for k in ("icc", "color")} == {
        k: wanted.meta[k] for k in ("icc", "color")
    }
    np.testing.assert_array_equal(found.data, wanted.data)
    assert [n.code for n in found.notices] == ["color", "large"]
    found.store.close()


def test_opaque_alpha_is_still_opaque_once_colours_are_converted(tmp_path: Path) -> None:
    data = picture("u1", 4)
    data[:, :, 3] = 255
    path = written(
        tmp_path / "a.tif", data, iccprofile=DISPLAY_P3, extrasamples=["unassalpha"]
    )  # fmt: skip
    assert open_image(path, isolated=False).alpha is Alpha.OPAQUE


@pytest.mark.parametrize(
    ("profile", "dtype", "managed", "codes"),
    [
        (matrix_profile(SRGB, para(3, *SRGB_PARA)), "u1", True, ["large"]),
        (b"", "u1", True, ["large"]),
        (DISPLAY_P3, "u1", False, ["icc", "large"]),
        (DISPLAY_P3, "f4", True, ["icc", "large"]),  # the white of floats is known at the end
    ],
)
def test_values_are_as_stored_where_nothing_is_converted(
    tmp_path: Path, profile: bytes, dtype: str, managed: bool, codes: list[str]
) -> None:
    data = picture(dtype)
    path = written(tmp_path / "a.tif", data, iccprofile=profile or None)
    found = open_image(path, managed=managed, isolated=False)
    np.testing.assert_array_equal(found.data, data)
    assert [n.code for n in found.notices] == codes
    assert found.key != open_image(path, managed=not managed, isolated=False).key


def test_values_that_are_no_pictures_are_counted_as_of_a_picture_read_whole(
    tmp_path: Path,
) -> None:
    data = picture("f4", 1)
    data[3, 5], data[140, 2], data[100, 300] = np.nan, -3.4e38, -9e7
    path = written(tmp_path / "a.tif", data)
    found, wanted = open_image(path, isolated=False), whole(path)
    assert found.nonfinite == wanted.nonfinite == 2


def test_what_is_done_is_told(tmp_path: Path) -> None:
    one, two = (written(tmp_path / f"{n}.tif", picture()) for n in "ab")
    told: list[float] = []
    found = open_image(one, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    found.store.close()
    both: list[float] = []
    for picture_ in open_pair(one, two, progress=both.append):
        picture_.store.close()
    assert max(both) == 1.0
    assert min(both) < 1.0


def test_reading_stops_when_it_is_cancelled_and_leaves_no_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.chunks._SURVEYED", (8, 64))
    path = written(tmp_path / "a.tif", photo(600, 700, dtype=np.uint8))
    token = Token()
    before = living()
    told: list[float] = []

    def stop(share: float) -> None:
        told.append(share)
        token.cancel()

    with pytest.raises(Cancelled):
        open_image(path, token=token, progress=stop)
    assert len(told) == 1
    assert len(living() - before) <= 1  # the one that was asked first waits for another question


def test_a_second_worker_helps_and_goes(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tif", picture())
    before = living()
    found = open_image(path)
    assert len(found.store._chunks._readers) == 1
    assert len(living() - before) <= 2  # its own, and the one that was asked first
    np.testing.assert_array_equal(found.data, picture())
    found.store.close()


def test_a_piece_that_takes_too_long_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "a.tif", picture())
    found = open_image(path, limits=Limits(seconds=30.0))
    chunks = found.store._chunks
    found.store._cache.clear()
    # So little time that no answer can come within it.
    monkeypatch.setattr(chunks, "_limits", Limits(seconds=1e-9))
    with pytest.raises(ReadError, match="was given up after the 1e-09 seconds allowed"):
        found.data  # noqa: B018 - reads
    monkeypatch.setattr(chunks, "_limits", Limits())
    deadline = time.monotonic() + 30.0
    np.testing.assert_array_equal(found.data, picture())  # by a new worker
    assert time.monotonic() < deadline
    found.store.close()
