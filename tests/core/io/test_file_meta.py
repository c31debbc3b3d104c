"""What every file says, and parts that it does not have."""

from __future__ import annotations

import os
import re
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
import tifffile
from PIL import Image

from core.errors import ReadError
from core.io import open_image
from core.io.address import Part
from core.io.decoded import Decoded
from core.io.file_meta import check_part, file_meta
from core.io.files import PictureFile
from core.types import Encoding
from tests.make import photo, write_png

if TYPE_CHECKING:
    from pathlib import Path


def test_size_and_time_are_those_of_the_file(tmp_path: Path) -> None:
    path = write_png(tmp_path / "a.png", photo(30, 70))
    when = datetime(2024, 5, 1, 12, 30, 7).astimezone().timestamp()
    os.utime(path, (when, when + 0.9))
    meta = open_image(path).meta
    assert meta["modified"] == "2024-05-01 12:30:07"
    assert meta["file_size"] == f"{path.stat().st_size:,} bytes"


@pytest.mark.parametrize("when", [-(2**40), 2**40])
def test_a_time_outside_the_calendar_is_left_out(
    tmp_path: Path, when: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_png(tmp_path / "a.png", photo(30, 70))
    status = list(path.stat())
    status[8] = when
    monkeypatch.setattr(os, "fstat", lambda _: os.stat_result(status))
    with PictureFile(path) as file:
        assert set(file_meta(file)) == {"file_size"}


def test_a_page_that_no_file_of_the_kind_has_is_refused(tmp_path: Path) -> None:
    png = write_png(tmp_path / "a.png", photo(30, 70))
    tiff, gif = tmp_path / "a.tif", tmp_path / "a.gif"
    tifffile.imwrite(tiff, np.zeros((3, 20, 30), np.uint8), photometric="minisblack")
    frames = [Image.fromarray(photo(30, 70, k)) for k in range(2)]
    frames[0].save(gif, save_all=True, append_images=frames[1:])
    for path, page, advice in (
        (png, 2, "it has only one picture"),
        (tiff, 4, "choose one from 1 to 3"),
        (gif, 3, "choose one from 1 to 2"),
    ):
        says = f"“{path.name}” has no page {page}; {advice}."
        with pytest.raises(ReadError, match=re.escape(says)):
            open_image(f"{path}#page={page}")


def test_a_layer_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    path = write_png(tmp_path / "a.png", photo(30, 70))
    with pytest.raises(ReadError, match=re.escape("has no layer “x”; it has only one picture.")):
        open_image(f"{path}#layer=x")
    names = tuple(f"l{k}" for k in range(14))
    decoded = Decoded(photo(30, 70), Encoding.LINEAR, layers=names, layer="l0")
    with PictureFile(path) as file:
        check_part(file, Part(layer="l13"), decoded)
        with pytest.raises(ReadError, match=re.escape("choose one of: “l0”, “l1”,")) as caught:
            check_part(file, Part(layer="y"), decoded)
    assert str(caught.value).endswith("“l11” and 2 more.")
    assert "l12" not in str(caught.value)
