"""Whatever bytes say of colour: something, or nothing; never an error but ValueError."""

from __future__ import annotations

import contextlib
import io
from functools import cache
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from core.io.color.boxes import nclx_space
from core.io.color.tags import (
    exif_space,
    gamma_space,
    jpeg_exif,
    png_chunks,
    radiance_primaries,
)
from core.io.files import PictureFile
from tests.colored import RGB, chunk
from tests.profiles import P3

if TYPE_CHECKING:
    from pathlib import Path

MORE = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


def changed(data: bytes, draw: st.DataObject) -> bytes:
    """Some bytes put to other values, most of them near the start, and perhaps the end cut off."""
    out = bytearray(data)
    places = st.one_of(st.integers(0, min(len(out), 400) - 1), st.integers(0, len(out) - 1))
    edits = st.lists(st.tuples(places, st.sampled_from([0, 1, 2, 127, 128, 255])), max_size=12)
    for at, value in draw.draw(edits):
        out[at] = value
    return bytes(out[: draw.draw(st.one_of(st.just(len(out)), st.integers(1, len(out))))])


def ask(path: Path) -> None:
    with PictureFile(path) as file:
        questions = (
            nclx_space,
            lambda f: exif_space(f, jpeg_exif(f)),
            lambda f: exif_space(f, 0),
            lambda f: gamma_space(png_chunks(f)),
        )
        for question in questions:
            space = None
            with contextlib.suppress(ValueError):
                space = question(file)
            if space is not None:
                assert space.name
                assert np.isfinite(space.matrix).all()


@cache
def sound(kind: str) -> bytes:
    """A file that says what its colours are."""
    if kind == "avif":
        return bytes(imagecodecs.avif_encode(RGB, primaries=12, transfer=13))
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({40961: 65535, 40965: {1: "R03"}})
    exif[0x8769] = exif.get_ifd(0x8769)
    target = io.BytesIO()
    Image.fromarray(RGB).save(target, kind, exif=exif)
    data = target.getvalue()
    if kind == "png":
        numbers = np.array([*P3[6:], *P3[:6]]) * 1e5
        chunks = chunk(b"gAMA", b"\0\0\xb1\x8f") + chunk(b"cHRM", numbers.astype(">u4").tobytes())
        data = data[:33] + chunks + data[33:]
    return data


@given(st.data())
@MORE
def test_changed_files(tmp_path: Path, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["avif", "jpeg", "tiff", "png"]))
    (tmp_path / "a").write_bytes(changed(sound(kind), data))
    ask(tmp_path / "a")


@given(st.binary(min_size=1, max_size=400))
@MORE
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    for start in (b"", b"\xff\xd8\xff\xe1", b"II*\0\x08\0\0\0", b"\0\0\0\x20ftypavif"):
        (tmp_path / "a").write_bytes(start + data)
        ask(tmp_path / "a")
    assert len(radiance_primaries(data)) in {0, 8}


@pytest.mark.parametrize("size", [0, 1, 7, 8, 0xFFFFFFFF])
def test_boxes_that_lie_about_their_size(tmp_path: Path, size: int) -> None:
    start = b"\0\0\0\x10ftypavif\0\0\0\0" + size.to_bytes(4, "big") + b"meta" + bytes(40)
    (tmp_path / "a").write_bytes(start)
    with PictureFile(tmp_path / "a") as file:
        assert nclx_space(file) is None
