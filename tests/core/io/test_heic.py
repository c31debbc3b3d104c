"""HEIC without its extra, and damaged."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from core.errors import ReadError, TooLargeError
from core.io import Limits, open_image
from tests.core.io.formats._phone import heic

if TYPE_CHECKING:
    from pathlib import Path


def test_without_the_extra_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heic(tmp_path / "a.heic", 8, "RGB")
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(ReadError) as caught:
        open_image(tmp_path / "a.heic", isolated=False)
    assert str(caught.value) == (
        "The HEIC file “a.heic” needs a decoder that is not installed; "
        'run pip install "pairlens[heic]" and open it again.'
    )


def test_too_large_is_said_before_pixels_are_decoded(tmp_path: Path) -> None:
    heic(tmp_path / "a.heic", 10, "RGB")
    with pytest.raises(TooLargeError, match="90 × 40 pixels"):
        open_image(tmp_path / "a.heic", limits=Limits(bytes=1000))


def test_a_cut_or_changed_file_is_refused_or_opens(tmp_path: Path) -> None:
    path = tmp_path / "a.heic"
    heic(path, 8, "RGB")
    data = path.read_bytes()
    for cut in range(40, len(data) - 200, len(data) // 12):
        path.write_bytes(data[:cut])
        with pytest.raises(ReadError, match="damaged or incomplete"):
            open_image(path)
    refused = 0
    for at in range(20, 400, 7):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        try:
            open_image(path)
        except ReadError:
            refused += 1
    assert refused > 10


def test_there_is_no_page_after_the_last(tmp_path: Path) -> None:
    heic(tmp_path / "a.heic", 8, "RGB")
    with pytest.raises(ReadError, match="has no page 2; it has only one picture"):
        open_image(tmp_path / "a.heic", page=1)
