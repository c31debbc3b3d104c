"""Telling kinds apart by content."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.io import suffixes
from core.io.kinds import KINDS, kind_of_suffix, not_a_picture, sniff


def test_suffixes_are_lower_case_unique_and_start_with_the_everyday_ones() -> None:
    found = suffixes()
    assert found[0] == ".png"
    assert len(set(found)) == len(found)
    assert all(s.startswith(".") and s == s.lower() for s in found)
    assert {".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".exr", ".hdr", ".npy",
            ".ppm", ".avif", ".tga", ".psd", ".dpx"} <= set(found)  # fmt: skip


def test_every_suffix_leads_back_to_its_kind() -> None:
    for kind in KINDS:
        for suffix in kind.suffixes:
            assert kind_of_suffix(suffix.upper()) is kind
    assert kind_of_suffix(".txt") is None


@given(st.binary(max_size=64), st.binary(max_size=26), st.sampled_from(["", ".tga", ".png"]))
def test_any_bytes_are_a_kind_or_have_a_reason(head: bytes, tail: bytes, suffix: str) -> None:
    if sniff(head, tail, suffix) is None:
        text = not_a_picture(head)
        assert text.startswith("is ")
        assert not text.endswith(".")


TARGA = bytes([0, 0, 2, *bytes(9), 4, 0, 4, 0, 24, 0])


@pytest.mark.parametrize(
    ("head", "tail", "suffix", "name"),
    [
        (TARGA, b"", ".tga", "tga"),
        (TARGA, b"\0" * 8 + b"TRUEVISION-XFILE.\0", ".dat", "tga"),
        (TARGA, b"", ".dat", None),
        (b"just text, nothing else", b"", ".tga", None),
        (b"BMW is a car, and no picture", b"", "", None),
        (b"BM" + bytes(12) + b"\x28\0\0\0", b"", "", "bmp"),
        (b"P5\n2 2 255\n", b"", "", "pnm"),
        (b"P9\n2 2 255\n", b"", "", None),
        (b"PF\n2 2 -1\n", b"", "", "pfm"),
        (b"RIFF\0\0\0\0WEBPVP8 ", b"", "", "webp"),
        (b"RIFF\0\0\0\0AVI LIST", b"", "", None),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", b"", "", "avif"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", b"", "", "heic"),
        (b"\xef\xbb\xbf<svg>", b"", "", "svg"),
        (b"<?xml version='1.0'?><!-- x --><svg/>", b"", "", "svg"),
        (b"<?xml version='1.0'?><html/>", b"", "", None),
        (b"\0\0\1\0\1\0" + bytes(12) + b"\x16\0\0\0", b"", "", "ico"),
        (b"\0\0\0\x18ftypcrx ", b"", ".CR3", "raw"),
        (b"II*\0", b"", ".NEF", "raw"),
        (b"II*\0", b"", ".tif", "tif"),
        (b"PK\3\4" + bytes(22) + b"\5\0\0\0a.npy", b"", ".zip", "npz"),
        (b"PK\3\4" + bytes(22) + b"\5\0\0\0a.txt", b"", ".npz", None),
        (bytes(128) + b"DICM", b"", "", "dcm"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", b"", "", None),
    ],
)
def test_the_unclear_ones(head: bytes, tail: bytes, suffix: str, name: str | None) -> None:
    kind = sniff(head, tail, suffix)
    assert (kind.name if kind else None) == name


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"PK\x03\x04", "a ZIP archive"),
        (b"<!DOCTYPE html><p>", "a web page"),
        (b"a" * 4095 + "ä".encode(), "a text"),  # a character cut in two
        (b"RIFF\0\0\0\0AVI LIST", "a video"),
        (b"\xfe\0\xfe\0", "not in a picture format"),
    ],
)
def test_what_else_it_is(head: bytes, words: str) -> None:
    assert words in not_a_picture(head)
