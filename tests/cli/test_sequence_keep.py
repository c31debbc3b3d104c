import errno
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from cli.__main__ import main
from core.buffer import ImageBuffer
from core.sequence.growing import Growing
from core.sequence.keeping import Keeper
from core.sequence.types import Frame
from tests.cli.shots import THERE, film, frame, read, shots


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shots(tmp_path / "shots")
    return tmp_path


def indices(folder):
    return [int(path.name[6:12]) for path in sorted(folder.iterdir())]


def test_exactly_the_changed_frames_are_kept(here, capsys):
    words = ["sequence", "shots", "--against", "first", "--keep-changed"]
    assert main([*words, "kept"]) == 1
    assert indices(here / "kept") == list(THERE)
    assert "5 frames kept\n" in capsys.readouterr().out
    for i in THERE:
        kept = cv2.imread(str(here / "kept" / f"frame-{i:06}.png"), cv2.IMREAD_UNCHANGED)
        assert np.array_equal(kept[:, :, ::-1], frame(i))
    assert main([*words, "more", "--changed-over", "0.5"]) == 0
    assert indices(here / "more") == []


def test_against_the_background(here):
    shots(here / "shots", range(40, 70), there=[*THERE, 50, 51, 52])
    words = ["--against", "background", "--window", "15", "--keep-changed", "kept", "-q"]
    assert main(["sequence", "shots", *words]) == 1
    assert indices(here / "kept") == [*THERE, 50, 51, 52]


def test_a_frame_with_which_an_event_starts_is_kept(here):
    cv2.imwrite("shots/f_010.png", np.zeros((48, 64, 3), np.uint8))
    words = ["--changed-over", "1", "--keep-changed", "kept", "-q"]
    assert main(["sequence", "shots", "--count", "18", *words]) == 1
    assert indices(here / "kept") == [10]


def test_repeats_are_not_kept(here):
    film(here / "film.mkv", [*range(5), *[5] * 9, *range(6, 15)])
    assert main(["sequence", "film.mkv", "--keep-changed", "kept", "-q"]) == 1
    assert indices(here / "kept") == []


def test_names_have_the_time(here):
    film(here / "film.mkv", range(28))
    assert main(["sequence", "film.mkv", "--against", "first", "--keep-changed", "k", "-q"]) == 1
    names = sorted(path.name for path in (here / "k").iterdir())
    assert names == [f"frame-{i:06}-{i / 25:.3f}s.png" for i in THERE]


@pytest.mark.parametrize(
    ("dtype", "peak", "factor"), [(np.uint8, 255, 1), (np.uint16, 65535, 1), (np.uint16, 1023, 64)]
)
def test_depth_is_kept(tmp_path, dtype, peak, factor):
    top = min(peak, 65535)
    pixels = np.linspace(0, top, 60).astype(dtype).reshape(5, 4, 3)
    image = ImageBuffer.from_array(pixels, peak=peak)
    path = Keeper(tmp_path / "k").keep(Frame(3, 1.5, image, "x"))
    assert path is not None
    kept = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)[:, :, ::-1]
    assert kept.dtype == dtype
    expected = np.rint(pixels * (65535 / peak)) if factor > 1 else pixels
    assert np.array_equal(kept, expected)


def full_after(monkeypatch, count):
    """Let the disk be full after so many frames: half of a file is written, then it is refused."""
    write, written = Path.write_bytes, []

    def refuse(self, data):
        if len(written) == count:
            write(self, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(self)
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", refuse)


def test_a_full_disk_ends_with_one_sentence(here, capsys, monkeypatch):
    words = ["sequence", "shots", "--against", "first", "--keep-changed", "kept"]
    words += ["--json", "n.json"]
    with monkeypatch.context() as patch:
        full_after(patch, 2)
        assert main([*words, "-q"]) == 2
    said = "The frame “kept/frame-000022.png” could not be written: No space left on device."
    assert capsys.readouterr().err == f"pairlens: {said}\n"
    assert sorted(p.name for p in (here / "kept").iterdir()) == [
        "frame-000020.png", "frame-000021.png",
    ]  # fmt: skip
    document = read(here / "n.json")
    assert [f["index"] for f in document["frames"]] == list(range(23))
    assert document["summary"]["ended"] == said
    assert document["summary"]["kept"] == 2
    assert main([*words, "--resume", "-q"]) == 1  # once there is room again
    assert indices(here / "kept") == list(THERE)
    assert len(read(here / "n.json")["frames"]) == 40


def test_a_folder_that_cannot_be_made_is_said_before_any_work(here, capsys):
    (here / "file").write_text("x")
    assert main(["sequence", "shots", "--keep-changed", "file/kept", "--json", "n.json"]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert "The folder “file/kept” could not be made" in output.err
    assert not list(here.glob("*.json"))
    assert not list(here.glob(".*"))


def test_a_full_disk_under_the_json_file(here, capsys, monkeypatch):
    """What was written is left under its other name, and continued from there."""
    write, lines = Growing.write, []

    def refuse(self, text):
        lines.append(text)
        if len(lines) == 13:
            text = text[:20]  # the disk takes no more
        write(self, text)
        if len(lines) == 13:
            self._broken = True
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def said(self, text):
        with self._said():
            refuse(self, text)

    with monkeypatch.context() as patch:
        patch.setattr(Growing, "write", said)
        assert main(["sequence", "shots", "--json", "n.json", "-q"]) == 2
    error = capsys.readouterr().err
    assert (
        error == "pairlens: The JSON file “n.json” could not be written: No space left on device.\n"
    )
    assert not (here / "n.json").exists()
    assert main(["sequence", "shots", "--json", "n.json", "--resume"]) == 1
    assert "going on after 11 frames" in capsys.readouterr().out
    assert [f["index"] for f in read(here / "n.json")["frames"]] == list(range(40))


def test_no_file_replaces_an_older_one_before_it_is_whole(tmp_path):
    path = tmp_path / "n.json"
    path.write_text("old")
    growing = Growing(path, "file")
    growing.write("new")
    assert path.read_text() == "old"
    growing.close()
    assert [p.name for p in tmp_path.iterdir()] == ["n.json"]
    growing = Growing(path, "file")
    growing.write("new")
    growing.finish()
    growing.close()
    assert path.read_text() == "new"
