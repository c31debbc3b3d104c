"""Icons and cursors with masks, put together by Microsoft's layout; Pillow reads along."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from core.errors import ReadError
from core.io import open_image
from core.types import Alpha
from tests.core.io.formats._bitmaps import bitmap, padded
from tests.core.io.formats._case import Pixels, noise

if TYPE_CHECKING:
    from pathlib import Path


def icon(entries: list[tuple[int, int, bytes]], kind: int = 1) -> bytes:
    """Return an icon of (width, height, data) in the order given."""
    head = struct.pack("<HHH", 0, kind, len(entries))
    at = len(head) + 16 * len(entries)
    bodies = b""
    for width, height, data in entries:
        bits = 32 if data[:4] == b"\x89PNG" else int.from_bytes(data[14:16], "little")
        head += struct.pack("<4B2H2I", width % 256, height % 256, 0, 0, 1, bits, len(data), at)
        at += len(data)
        bodies += data
    return head + bodies


def masked(bits: int, height: int = 24, width: int = 40) -> tuple[bytes, Pixels]:
    """Return a bitmap with a mask below it, and what it shows."""
    clear = noise(height, width, top=1)
    if bits <= 8:
        codes = noise(height, width, top=(1 << bits) - 1)
        palette = noise(1 << bits, 4)
        each = np.unpackbits(codes[..., None], axis=2)[:, :, 8 - bits :].reshape(height, -1)
        rows, colour = np.packbits(each, axis=1), palette[codes][..., 2::-1]
    else:
        colour = noise(height, width, 3)
        rows = np.dstack([colour[..., ::-1], np.zeros_like(clear)])[..., : bits // 8]
        rows, palette = rows.reshape(height, -1), np.zeros((0, 4), np.uint8)
    body = padded(rows[::-1]) + padded(np.packbits(clear, axis=1)[::-1])
    dib = bitmap(bits, 0, body, palette=palette.tobytes(), height=2 * height, width=width)
    return dib, np.dstack([colour, np.where(clear, 0, 255).astype(np.uint8)])


@pytest.mark.parametrize("bits", [1, 4, 8, 24, 32])
def test_the_mask_becomes_alpha(tmp_path: Path, bits: int) -> None:
    dib, truth = masked(bits)
    (tmp_path / "a.ico").write_bytes(icon([(40, 24, dib)]))
    picture = open_image(tmp_path / "a.ico")
    np.testing.assert_array_equal(picture.data, truth)
    assert picture.alpha is Alpha.STRAIGHT
    if bits != 32:  # Pillow takes the unused fourth byte for alpha
        with Image.open(tmp_path / "a.ico") as oracle:
            np.testing.assert_array_equal(np.asarray(oracle.convert("RGBA")), truth)


def test_the_largest_comes_first_and_a_cursor_is_read_alike(tmp_path: Path) -> None:
    small, truth = masked(8, 8, 16)
    large = noise(48, 64, 4)
    packed = BytesIO()
    Image.fromarray(large).save(packed, "PNG")
    (tmp_path / "a.cur").write_bytes(icon([(16, 8, small), (64, 48, packed.getvalue())], 2))
    first, second = open_image(tmp_path / "a.cur"), open_image(tmp_path / "a.cur", page=1)
    np.testing.assert_array_equal(first.data, large)
    np.testing.assert_array_equal(second.data, truth)
    assert first.contents.pages == 2
    assert {n.code for n in first.notices} == {"pages"}
    with pytest.raises(ReadError, match="has no page 3; choose one from 1 to 2"):
        open_image(tmp_path / "a.cur", page=2)


def test_an_icon_cut_short_is_refused(tmp_path: Path) -> None:
    dib, _ = masked(24)
    whole = icon([(40, 24, dib)])
    for cut in (22, 40, len(whole) // 2, len(whole) - 1):
        (tmp_path / "a.ico").write_bytes(whole[:cut])
        with pytest.raises(ReadError, match="damaged or incomplete"):
            open_image(tmp_path / "a.ico")
