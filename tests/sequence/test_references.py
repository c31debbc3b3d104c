"""What every frame of a sequence is compared with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cli.__main__ import main
from core import open_source
from core.buffer import ImageBuffer
from core.errors import ReadError
from core.io.reading import Reading
from core.sequence.golden import Golden
from core.sequence.references import frame_reference, reference_of
from core.types import Token
from tests.cli.shots import frame, shots
from tests.make import write_png

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.sequence.types import Source


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    folder = shots(tmp_path / "shots", range(6))
    (folder / "f_004.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    made = open_source(folder)
    yield made
    made.close()


def _of(given: str, source: Source) -> ImageBuffer | Golden | None:
    return reference_of(given, source, Reading(), Token())


def test_nothing_a_picture_a_model_or_a_frame(source: Source, tmp_path: Path) -> None:
    assert _of("", source) is None
    picture = _of(str(write_png(tmp_path / "a.png", frame(9))), source)
    assert isinstance(picture, ImageBuffer)
    assert np.array_equal(picture.data, frame(9))
    model = Golden()
    model.approve(frame(0), Token())
    model.save(tmp_path / "m.npz")
    loaded = _of(str(tmp_path / "m.npz"), source)
    assert isinstance(loaded, Golden)
    assert loaded.count == 1
    own = _of(frame_reference(3), source)
    assert isinstance(own, ImageBuffer)
    assert np.array_equal(own.data, frame(3))


@pytest.mark.parametrize(
    ("index", "sentence"),
    [
        (6, "There is no frame 6 in “shots”; it ends with frame 5."),
        (4, "Frame 4 of “shots” cannot"),
    ],
)
def test_frames_that_cannot_be_had_are_said(source: Source, index: int, sentence: str) -> None:
    with pytest.raises(ReadError) as said:
        _of(frame_reference(index), source)
    assert str(said.value).startswith(sentence)


def test_a_file_of_that_name_comes_first(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_png(tmp_path / "x.png", frame(9)).rename(tmp_path / "frame:2")
    found = _of("frame:2", source)
    assert isinstance(found, ImageBuffer)
    assert np.array_equal(found.data, frame(9))


def test_the_command_line_takes_a_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shots(tmp_path / "shots", range(6))
    main(["sequence", "shots", "--reference", "frame:3", "--json", "n.json", "-q"])
    numbers = [f["l1_per_pixel"] for f in json.loads((tmp_path / "n.json").read_text())["frames"]]
    expected = [np.abs(frame(i).astype(int) - frame(3)).sum() / (48 * 64) for i in range(6)]
    assert numbers == pytest.approx(expected, abs=1e-9)
