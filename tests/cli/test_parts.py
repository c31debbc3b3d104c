"""Pictures inside files, and what files say, on the command line."""

from __future__ import annotations

import json
import shlex

import numpy as np
import pytest
import tifffile
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from cli.__main__ import main
from core.io import limits
from tests.make import photo, with_patch, write_tiff

MODEL, MAKER, ISO, EXPOSURE, EXIF_IFD = 0x0110, 0x010F, 0x8827, 0x829A, 0x8769


@pytest.fixture
def pages(tmp_path, monkeypatch):
    """Write a.tif of three pages, and b.tif of its second page with one defect; go there."""
    monkeypatch.chdir(tmp_path)
    scenes = [photo(40, 90, seed) for seed in range(3)]
    tifffile.imwrite("a.tif", np.stack(scenes), photometric="rgb")
    tifffile.imwrite("b.tif", with_patch(scenes[1], 11, 60, 2, 5), photometric="rgb")
    return tmp_path


def test_a_page_is_named_wherever_the_picture_is(pages, capsys):
    words = ["compare", "a.tif#page=2", "b.tif", "--json", "n.json", "--report", "r.html"]
    assert main(words) == 1
    document = json.loads((pages / "n.json").read_text("utf-8"))
    assert document["measures"]["l0"]["value"] == 10
    a, b = document["a"], document["b"]
    assert (a["path"], a["address"]) == ("a.tif", "a.tif#page=2")
    assert (a["page"], a["pages"], a["layer"]) == (2, 3, "")
    assert (b["address"], b["page"], b["pages"]) == ("b.tif", 1, 1)
    assert a["meta"]["page"] == "2"
    report = (pages / "r.html").read_text("utf-8")
    command = "pairlens compare " + shlex.quote("a.tif#page=2") + " b.tif"
    assert command.replace("'", "&#39;") in report
    assert "page 2 of 3" in report
    assert "a.tif#page=2" in capsys.readouterr().out


def test_the_command_of_a_report_repeats_it(pages, capsys):
    from core.recipes import command_line
    from core.settings import Settings

    line = command_line(Settings(), "a.tif#page=2", "b.tif")
    assert main(shlex.split(line)[1:]) == 1
    assert "10 of 3,600 pixels" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("a.tif#page=4", "b.tif"), "“a.tif” has no page 4; choose one from 1 to 3."),
        (("a.tif", "b.tif#page=2"), "“b.tif” has no page 2; it has only one picture."),
        (("a.tif", "b.tif#layer=z"), "“b.tif” has no layer “z”; it has only one picture."),
    ],
)
def test_a_part_that_is_not_there_is_trouble(pages, capsys, words, says):
    assert main(["compare", *words]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == f"pairlens: The file {says}\n"


@pytest.fixture
def shots(tmp_path, monkeypatch):
    """Write two photographs of one camera at other exposures; go there."""
    monkeypatch.chdir(tmp_path)
    for name, divisor in (("a.jpg", 250), ("b.jpg", 60)):
        exif = Image.Exif()
        exif[MAKER], exif[MODEL] = "Canon", "Canon EOS 5D"
        inner = exif.get_ifd(EXIF_IFD)
        inner[ISO], inner[EXPOSURE] = 100, IFDRational(1, divisor)
        Image.fromarray(photo(40, 90)).save(name, exif=exif)
    return tmp_path


def test_the_table_of_what_files_say(shots, capsys):
    assert main(["compare", "a.jpg", "b.jpg", "--metadata"]) == 0
    lines = capsys.readouterr().out.splitlines()
    found = {line.split("  ")[0]: line for line in lines}
    assert found["Pixels"].split() == ["Pixels", "90", "×", "40", "90", "×", "40"]
    assert "≠" in found["SHA-256"]
    assert "≠" not in found["Name"]
    assert found["Exposure time"].split() == ["Exposure", "time", "≠", "1/250", "s", "1/60", "s"]
    assert all(line == line.rstrip() for line in lines)
    assert main(["compare", "a.jpg", "b.jpg"]) == 0
    output = capsys.readouterr().out
    assert "SHA-256" not in output
    assert "note: Same camera, but exposure time differs: 1/250 s and 1/60 s.\n" in output


def test_a_terminal_is_told_how_much_of_large_pictures_is_read(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(limits, "PIECES_FROM", 1000)
    monkeypatch.setattr("core.chunks._SURVEYED", (8, 64))
    paths = [str(write_tiff(tmp_path / f"{n}.tif", photo(60, 90, seed=2))) for n in "ab"]
    assert main(["compare", *paths]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["compare", *paths, "--quiet"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["compare", *paths]) == 0
    said = capsys.readouterr().err
    assert said.startswith("\rreading ")
    assert said.endswith(f"\r{'':<12}\r")
