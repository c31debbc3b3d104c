"""Pictures from standard input and named pipes, given to the program as a shell gives them."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.make import photo, with_patch, write_png

ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--time-limit", "0.3")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two pictures that differ in 60 pixels, and one for temporary files."""
    a = photo(60, 97, seed=4) // 2
    write_png(tmp_path / "a.png", a)
    write_png(tmp_path / "b.png", with_patch(a, 20, 70, 6, 10, by=50))
    (tmp_path / "temporary").mkdir()
    return tmp_path


def start(folder: Path, *words: str, **more: Any) -> subprocess.Popen[str]:
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "temporary"),
        "PYTHONWARNINGS": "error",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "cli", *words], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", **more,
    )  # fmt: skip


def ended(folder: Path, process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for the end; nothing may be left of what came through pipes."""
    out, err = process.communicate(timeout=60)
    assert list((folder / "temporary").iterdir()) == []
    return process.returncode, out, err


@pytest.mark.parametrize("words", [("-", "b.png"), ("b.png", "-")])
def test_standard_input_is_a_picture(folder: Path, words: tuple[str, str]) -> None:
    with (folder / "a.png").open("rb") as source:
        process = start(folder, "compare", *words, "--json", "-", "-q", stdin=source)
        status, out, err = ended(folder, process)
    assert (status, err) == (1, "")
    document = json.loads(out)
    side = document["ab"[words.index("-")]]
    assert (side["path"], side["address"]) == ("-", "-")
    assert document["measures"]["l0"]["value"] == 60


def test_the_report_repeats_the_command(folder: Path) -> None:
    with (folder / "a.png").open("rb") as source:
        process = start(folder, "compare", "-", "b.png", "--report", "r.html", "-q", stdin=source)
        assert ended(folder, process)[0] == 1
    page = (folder / "r.html").read_text("utf-8")
    assert "pairlens compare - b.png" in page
    assert "standard input" in page
    assert "temporary" not in page


def test_two_pipes_that_one_program_writes_in_turns(folder: Path) -> None:
    """Process substitution: both are read at once, or the writer would wait for ever."""
    halves = []
    for name in ("a.png", "b.png"):
        content = (folder / name).read_bytes()
        halves.append((content[: len(content) // 2], content[len(content) // 2 :]))
        os.mkfifo(folder / f"{name}.pipe")
    process = start(folder, "compare", "a.png.pipe", "b.png.pipe", "--json", "-")

    def write() -> None:
        outs = [(folder / f"{name}.pipe").open("wb", buffering=0) for name in ("a.png", "b.png")]
        for part in (0, 1):
            for out, content in zip(outs, halves, strict=True):
                out.write(content[part])
        for out in outs:
            out.close()

    writer = threading.Thread(target=write)
    writer.start()
    status, out, err = ended(folder, process)
    writer.join()
    assert (status, err) == (1, "")
    document = json.loads(out)
    assert document["a"]["path"] == "a.png.pipe"
    assert document["measures"]["l0"]["value"] == 60


def test_process_substitution_of_a_shell(folder: Path) -> None:
    line = f"exec {sys.executable} -m cli compare <(cat a.png) <(cat b.png)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "temporary")}
    process = subprocess.Popen(
        ["bash", "-c", line], cwd=folder, env=environment, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    status, out, err = ended(folder, process)
    assert (status, err) == (1, "")
    assert "They differ: 60 of 5,820 pixels" in out


@pytest.mark.parametrize(
    ("words", "content", "says"),
    [
        (("-", "-"), b"x", "Standard input is one picture: give “-” once"),
        (("-", "b.png"), b"", "Nothing came through “standard input”; send a picture into it."),
        (("a.png", "-"), b"hello " * 20, "The file “standard input” is a text, not a picture"),
        (("-", "b.png", "--max-gb", "1e-6"), b"x" * 5000, "allow more with --max-gb"),
    ],
)  # fmt: skip
def test_what_is_no_picture_gets_a_sentence(
    folder: Path, words: tuple[str, ...], content: bytes, says: str
) -> None:
    (folder / "input").write_bytes(content)
    with (folder / "input").open("rb") as source:
        status, out, err = ended(folder, start(folder, "compare", *words, stdin=source))
    assert (status, out) == (2, "")
    assert err.startswith("pairlens: ")
    assert says in err
    assert len(err.splitlines()) == 1


def test_a_closed_input_gets_a_sentence(folder: Path) -> None:
    line = f"exec {sys.executable} -m cli compare - b.png <&-"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "temporary")}
    process = subprocess.Popen(
        ["bash", "-c", line], cwd=folder, env=environment, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    status, _, err = ended(folder, process)
    assert status == 2
    assert err == ("pairlens: Standard input is closed; send a picture into it, as in a pipe.\n")


def test_a_terminal_gets_a_sentence(folder: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        status, _, err = ended(folder, start(folder, "compare", "-", "b.png", stdin=theirs))
    finally:
        os.close(ours)
        os.close(theirs)
    assert status == 2
    assert "“standard input” is a terminal, which sends no picture" in err


def test_silence_ends_at_the_time_limit(folder: Path) -> None:
    os.mkfifo(folder / "silent")
    words = ("compare", "-", "silent", *SHORT)
    reader, writer = os.pipe()
    try:
        status, _, err = ended(folder, start(folder, *words, stdin=reader))
    finally:
        os.close(reader)
        os.close(writer)
    assert status == 2
    assert err == (
        "pairlens: Nothing has come through “standard input” and “silent” for 0.3 seconds;"
        " wait longer with --time-limit.\n"
    )


def test_ctrl_c_ends_the_waiting(folder: Path) -> None:
    reader, writer = os.pipe()
    try:
        process = start(folder, "compare", "-", "b.png", stdin=reader)
        os.write(writer, b"x")
        while not any(f.stat().st_size for f in (folder / "temporary").glob("pairlens-*/0/*")):
            assert process.poll() is None  # it has not begun to wait for more
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert ended(folder, process) == (130, "", "")
    finally:
        os.close(reader)
        os.close(writer)
