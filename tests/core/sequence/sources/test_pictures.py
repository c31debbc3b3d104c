"""Folders, patterns, pages and stills as sequences."""

from __future__ import annotations

import math
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from core import open_source
from core.errors import ReadError
from core.sequence.sources import watch
from core.types import Token
from tests.core.sequence.sources.movies import movie_of, number, pattern

if TYPE_CHECKING:
    from core.sequence.types import Frame, Source


def save(folder: Path, names: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    for i, name in enumerate(names):
        Image.fromarray(pattern(i)).save(folder / name)
    return folder


def shown(source: Source) -> list[int | str]:
    frames = list(source.frames())
    source.close()
    assert [f.index for f in frames] == list(range(len(frames)))
    assert source.count == len(frames)
    return [f.problem or number(f.image) for f in frames]


def test_a_folder_in_natural_order(tmp_path: Path) -> None:
    folder = save(tmp_path / "a", ["b1.png", "B2.png", "b10.png", "c.tif", "d.bmp"])
    (folder / "notes.txt").write_text("no picture")
    (folder / ".hidden.png").write_bytes(b"")
    source = open_source(folder, isolated=False)
    assert not source.live
    assert source.rate is None
    assert source.name == "a"
    assert source.frame(2).name == "b10.png"
    assert math.isnan(source.frame(2).time)
    assert shown(source) == [0, 1, 2, 3, 4]


def test_gaps_in_a_folder_of_renders_are_named(tmp_path: Path) -> None:
    folder = save(tmp_path / "a", [f"f_{n:04d}.png" for n in (15, 16, 18, 19)])
    source = open_source(folder, isolated=False)
    assert shown(source) == [0, 1, "There is no frame 17.", 2, 3]
    scattered = save(tmp_path / "b", [f"img_{n}.png" for n in (1, 40, 97)])
    assert shown(open_source(scattered, isolated=False)) == [0, 1, 2]


@pytest.mark.parametrize("name", ["f.%04d.png", "f.####.png", "f.%d.png", "f.#.png"])
def test_numbered_patterns(tmp_path: Path, name: str) -> None:
    digits = "{:04d}" if "4" in name or "##" in name else "{}"
    numbers = [8, 9, 10, 12]
    folder = save(tmp_path / "a", [f"f.{digits.format(n)}.png" for n in numbers])
    save(folder, ["g.0001.png"])
    source = open_source(folder / name, isolated=False)
    assert shown(source) == [0, 1, 2, "There is no frame 11.", 3]


def test_a_glob(tmp_path: Path) -> None:
    save(tmp_path / "a", ["x2.png", "x10.png", "y3.png"])
    assert shown(open_source(tmp_path / "a" / "x*.png", isolated=False)) == [0, 1]


def test_a_picture_that_cannot_be_read_is_one_frame(tmp_path: Path) -> None:
    folder = save(tmp_path / "a", ["1.png", "2.png", "3.png"])
    (folder / "2.png").write_bytes((folder / "2.png").read_bytes()[:60])
    got = shown(open_source(folder))
    assert got[::2] == [0, 2]
    assert "2.png" in str(got[1])


@pytest.mark.parametrize("name", ["a.tif", "a.gif", "a.webp", "a.png"])
def test_pages_and_their_times(tmp_path: Path, name: str) -> None:
    pictures = [Image.fromarray(pattern(i)).convert("RGB") for i in range(4)]
    options = {} if name == "a.tif" else {"duration": [100, 200, 300, 50]}
    options |= {"lossless": True} if name == "a.webp" else {}
    pictures[0].save(tmp_path / name, save_all=True, append_images=pictures[1:], **options)
    source = open_source(tmp_path / name, isolated=False)
    times = [source.frame(i).time for i in range(4)]
    if name == "a.tif":
        assert all(map(math.isnan, times))
    else:
        assert times == pytest.approx([0, 0.1, 0.3, 0.6])
    assert source.frame(3).name == f"{name} page 4"
    assert shown(source) == [0, 1, 2, 3]
    one = open_source(f"{tmp_path / name}#page=3", isolated=False)
    assert shown(one) == [2]


def test_a_still_is_a_source_of_one_frame(tmp_path: Path) -> None:
    folder = save(tmp_path / "a", ["one.png", "two.jpg"])
    source = open_source(folder / "one.png")
    assert (source.count, source.name) == (1, "one.png")
    frame = source.frame(0)
    assert (frame.time, frame.name, frame.problem) == (0.0, "one.png", "")
    with pytest.raises(IndexError):
        source.frame(1)
    assert shown(source) == [0]
    assert shown(open_source(folder / "two.jpg", isolated=False)) == [1]


def test_a_relative_name_goes_on_meaning_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = [Image.fromarray(pattern(i)) for i in range(3)]
    pictures[0].save(tmp_path / "a.tif", save_all=True, append_images=pictures[1:])
    movie_of(tmp_path / "exact.mkv")
    monkeypatch.chdir(tmp_path)
    sources = [open_source(n, isolated=False) for n in ("a.tif", "exact.mkv")]
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    for source in sources:
        assert number(source.frame(2).image) == 2
        source.close()


def test_a_video_by_the_same_door(tmp_path: Path) -> None:
    path = movie_of(tmp_path / "exact.mkv", count=3)
    assert shown(open_source(path)) == [0, 1, 2]


def test_what_there_is_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name, words in {
        "empty": "no picture in the folder",
        "f_%03d.png": "no file that fits",
        "missing.mp4": "There is no file",
        "watch:" + str(tmp_path / "nowhere"): "cannot be read",
    }.items():
        with pytest.raises(ReadError, match=words):
            open_source(name if name.startswith("watch:") else tmp_path / name)


def test_a_watched_folder_gives_files_when_they_are_complete(tmp_path: Path) -> None:
    folder = save(tmp_path / "a", ["f1.png"])
    os.utime(folder / "f1.png", (1e9, 1e9))
    whole = save(tmp_path / "b", ["x", "f2.png"][1:])
    data = (whole / "f2.png").read_bytes()
    source = open_source(folder, live=True, isolated=False)
    assert source.live
    assert source.count is None
    token = Token()
    got: list[Frame] = []

    def fill() -> None:
        with (folder / "f2.png").open("wb") as file:  # in pieces
            for at in range(0, len(data), 40):
                file.write(data[at : at + 40])
                file.flush()
                time.sleep(0.05)
        (folder / "f3.png.part").write_bytes(data)
        (folder / "f3.png.part").rename(folder / "f3.png")

    writer = threading.Thread(target=fill)
    writer.start()
    for frame in source.frames(0, token):
        got.append(frame)
        if len(got) == 3:
            stopper = threading.Timer(0.2, token.cancel)
            stopper.start()
    ended = time.monotonic()
    writer.join()
    stopper.join()
    assert [f.name for f in got] == ["f1.png", "f2.png", "f3.png"]
    assert [f.problem for f in got] == [""] * 3
    assert [f.index for f in got] == [0, 1, 2]
    assert got[0].time == 0.0
    assert time.monotonic() - ended < 0.2
    with pytest.raises(ReadError, match="watched"):
        source.frame(0)


def test_a_file_that_never_stops_growing_does_not_hold_up_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "PATIENCE", 0.3)
    monkeypatch.setattr(watch, "SETTLED", 0.2)
    folder = save(tmp_path / "a", ["f1.png", "f2.png"])
    stop = threading.Event()

    def grow() -> None:
        with (folder / "f1.png").open("ab") as file:
            while not stop.wait(0.02):
                file.write(b"\0")
                file.flush()

    grower = threading.Thread(target=grow)
    grower.start()
    source = open_source(f"watch:{folder}", isolated=False)
    first = next(iter(source.frames()))
    stop.set()
    grower.join()
    assert first.name == "f2.png"
    source.close()


def test_arrays_stay_what_they_are(tmp_path: Path) -> None:
    values = np.arange(2 * 32 * 160, dtype=np.uint16).reshape(2, 32, 160)
    pages = [Image.fromarray(v) for v in values]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    with_pages = open_source(tmp_path / "a.tif", isolated=False)
    for i in range(2):
        image = with_pages.frame(i).image
        assert image is not None
        assert (image.data == values[i]).all()
    with_pages.close()
