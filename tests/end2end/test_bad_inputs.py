"""Files that are no pictures, or odd ones, dropped one after the other on a running window."""

from __future__ import annotations

import os
import re
import socket
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from tests.bad.case import Outcome
from tests.bad.every import every, groups
from tests.make import photo, write_png, write_tiff

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

ROWS, COLS = 90, 160


def lying_png(width: int, height: int) -> bytes:
    """Return a PNG whose header promises far more than its few bytes hold."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def refused(folder: Path) -> list[Path]:
    """Write files that must be refused with a sentence; return their paths."""
    picture = photo(ROWS, COLS, seed=2)
    whole = write_png(folder / "whole.png", picture).read_bytes()
    jpeg = cv2.imencode(".jpg", picture)[1].tobytes()
    files = {
        "empty.png": b"",
        "text.png": b"This is not a picture.\n" * 40,
        "page.png": b"<!DOCTYPE html><html><body>Not found</body></html>",
        "half.png": whole[: len(whole) // 2],
        "half.jpg": jpeg[: len(jpeg) // 2],
        "noise.jpg": np.random.default_rng(1).bytes(4000),
        "lying.png": lying_png(60000, 60000),
        "zero.png": lying_png(0, 40),
        "secret.png": whole,
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "secret.png").chmod(0)
    (folder / "folder.png").mkdir()
    os.mkfifo(folder / "pipe.png")
    (folder / "loop.png").symlink_to("loop.png")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.open(folder, os.O_RDONLY)
        os.fchdir(here)  # the path of a socket may not be long
        server.bind("socket.png")
        os.close(here)
    names = [*files, "folder.png", "pipe.png", "loop.png", "socket.png", "missing.png"]
    return [folder / name for name in names]


def odd(folder: Path) -> list[Path]:
    """Write pictures that can be compared, although something is to be said about them."""
    holes = photo(ROWS, COLS, channels=3, dtype=np.float32)
    holes[10:20, 30:50] = np.nan
    holes[40, 60] = np.inf
    gray = holes[..., 0].copy()
    np.save(folder / "holes.npy", gray)
    return [
        write_tiff(folder / "holes.tiff", holes),
        folder / "holes.npy",
        write_png(folder / "tiny.png", photo(ROWS, COLS)[:1, :1]),
        write_png(folder / "larger.png", photo(ROWS + 30, COLS + 50, seed=1)),
        write_png(folder / "gray.png", photo(ROWS, COLS, channels=1)),
    ]


def is_refused(name: str, seen: dict[str, Any]) -> None:
    """Check that a file got one sentence and nothing else happened."""
    (sentence,) = seen["errors"]
    assert f"“{name}”" in sentence
    assert re.fullmatch(r"[A-Z“].*(\.|Open it anyway\?)", sentence, re.DOTALL)
    assert "mistake" not in sentence  # that is what a crash inside would be called
    assert seen["kept"], name
    assert not seen["pending"]


def test_a_window_survives_them_all(
    scenario: Callable[..., dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # `refused` goes elsewhere
    a = write_png(tmp_path / "a.png", photo(ROWS, COLS))
    b = write_png(tmp_path / "b.png", photo(ROWS, COLS, seed=1))
    bad, strange = refused(tmp_path), odd(tmp_path)

    facts = scenario("bad_inputs", a, b, *bad, *strange)

    assert facts["alive"]
    for name, seen in facts["seen"].items():
        for words in (*seen["errors"], *seen["notices"], "→ " + seen["state"]):
            print(f"{name:12} {words}")  # noqa: T201 - the table, for ``pytest -s``
    for path in bad:
        is_refused(path.name, facts["seen"][path.name])
    for path in strange:
        seen = facts["seen"][path.name]
        assert seen["errors"] == []
        assert not seen["kept"]
        assert not seen["pending"]
        assert seen["state"].startswith("They differ")
        assert seen["notices"] or path.name == "gray.png"


def test_bad_files_of_every_format_get_one_sentence(
    scenario: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    """One of each suffix; all of them, by hand: tests.end2end.every_bad."""
    a = write_png(tmp_path / "a.png", photo(ROWS, COLS))
    b = write_png(tmp_path / "b.png", photo(ROWS, COLS, seed=1))
    bad: dict[str, list[Path]] = {}
    for case in (c for c in every() if c.outcome is Outcome.REFUSED and "." in c.name):
        paths = bad.setdefault(Path(case.name).suffix, [])
        if not paths and case not in groups()["Names and places"]:
            paths.append(tmp_path / case.name)
            case.make(paths[-1])
    large = next(c for c in every() if c.name == "png-sixty-thousand.png")
    bad["large"] = [tmp_path / large.name]
    large.make(*bad["large"])
    names = [path for paths in bad.values() for path in paths]

    facts = scenario("bad_inputs", a, b, *names)

    assert facts["alive"]
    assert len(facts["seen"]) == len(names) > 20
    for path in names:
        is_refused(path.name, facts["seen"][path.name])
    assert not facts["left"]
