"""Runs that do not end by themselves, in processes of their own."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.sequence.growing import partial
from tests.cli.shots import THERE, read, shots

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


@contextlib.contextmanager
def started(*words, cwd):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "sequence", *map(str, words)], cwd=cwd, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_for(ready, process, seconds=30):
    end = time.monotonic() + seconds
    while not ready():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.05)


def lines_of(path):
    return path.read_text("utf-8").count('{"index"') if path.exists() else 0


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_watched_folder_until_a_signal(tmp_path, number):
    folder = shots(tmp_path / "shots", range(23))
    words = ["watch:shots", "--against", "first", "--json", "n.json", "--report", "r.html"]
    words += ["--keep-changed", "kept", "--events", "e.csv"]
    with started(*words, cwd=tmp_path) as process:
        growing = partial(tmp_path / "n.json")
        wait_for(lambda: lines_of(growing) == 23, process)
        shots(folder, [23, 24, 25])  # more come while it runs, after a pause
        wait_for(lambda: lines_of(growing) == 26, process)
        assert not (tmp_path / "n.json").exists()
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (1, "")
    assert out.splitlines()[-1] == "Interrupted."
    document = read(tmp_path / "n.json")
    assert [f["index"] for f in document["frames"]] == list(range(26))
    assert document["summary"]["ended"] == "interrupted"
    assert document["source"]["live"] is True
    assert document["summary"]["verdicts"] == {"ok": 26}  # none was dropped
    kept = sorted(path.name[6:12] for path in (tmp_path / "kept").iterdir())
    assert kept == [f"{i:06}" for i in THERE]
    assert "</html>" in (tmp_path / "r.html").read_text("utf-8")
    assert (tmp_path / "e.csv").read_text().startswith("kind,")
    assert not list(tmp_path.glob(".*"))


@posix
def test_frames_arrive_on_the_terminal_as_they_come(tmp_path):
    shots(tmp_path / "shots", range(3))
    with started("watch:shots", "--json", "-", cwd=tmp_path) as process:
        assert process.stdout is not None
        text = ""
        while text.count('{"index"') < 3:
            line = process.stdout.readline()
            assert line
            text += line
            if text.count('{"index"') == 2:
                break  # the end of a line comes with the next frame
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(timeout=30) == 0
    assert len(json.loads(text + rest)["frames"]) >= 2


@posix
def test_an_interrupted_run_of_files_is_whole_and_continued(tmp_path):
    shots(tmp_path / "shots", range(150))
    words = ["shots", "--json", "n.json", "--flow", "points"]
    with started(*words, cwd=tmp_path) as process:
        wait_for(lambda: lines_of(partial(tmp_path / "n.json")) >= 5, process)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode in (0, 1)
    first = read(tmp_path / "n.json")
    assert first["summary"]["ended"] == "interrupted"
    assert 5 <= len(first["frames"]) < 150
    with started(*words, "--resume", cwd=tmp_path) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (1, "")
    assert "note: going on after " in out
    again = read(tmp_path / "n.json")
    assert [f["index"] for f in again["frames"]] == list(range(150))
    assert (
        again["frames"][: first["summary"]["settled"]]
        == (first["frames"][: first["summary"]["settled"]])
    )


@posix
def test_nothing_came_is_trouble(tmp_path):
    (tmp_path / "empty").mkdir()
    with started("watch:empty", "--json", "n.json", cwd=tmp_path) as process:
        wait_for(partial(tmp_path / "n.json").exists, process)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert err == "pairlens: No frame of “empty” came.\n"
    assert read(tmp_path / "n.json")["frames"] == []


@posix
def test_a_reader_that_has_enough_ends_it(tmp_path):
    shots(tmp_path / "shots", range(150))
    with started("shots", "--json", "-", cwd=tmp_path) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        err = process.stderr.read()
        assert process.wait(timeout=30) == 141
    assert err == ""
