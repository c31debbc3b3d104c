"""Places on the command line."""

from __future__ import annotations

import json
import shlex

import numpy as np
import pytest

from cli.__main__ import main
from cli.compare import parser, settings_of
from cli.flags import UsageError, mark_bare
from cli.places import check_mask
from core.buffer import ImageBuffer
from core.places.params import PlacesParams
from core.recipes import command_line, save
from core.settings import Settings
from tests.core.alignment.test_ignored import SHIFT, THERE, pair
from tests.make import photo, with_patch, write_png


def places(*words, recipe=None):
    args = parser().parse_args(mark_bare(["a.png", "b.png", *words]))
    return settings_of(recipe, args.changes)[PlacesParams]


@pytest.fixture
def files(tmp_path):
    a = photo(120, 260, 1)
    b = with_patch(a, 31, 187, 22, 35, by=60)
    return [str(write_png(tmp_path / n, p)) for n, p in (("a.png", a), ("b.png", b))]


@pytest.fixture
def compared(files, tmp_path):
    """Return a function that compares them, and gives the exit status and the document."""

    def run(*words):
        path = tmp_path / "out.json"
        status = main(["compare", *files, "--quiet", "--json", str(path), *words])
        return status, json.loads(path.read_text(encoding="utf-8"))

    return run


def test_a_flag_given_again_adds_to_it():
    found = places(
        "--only", "rect 1,2 3x4", "--ignore", "rect 0,0 1x1", "--only=rect 5,6 7x8 name=b"
    )
    assert found.only == "rect 1,2 3x4; rect 5,6 7x8 name=b"
    assert found.ignore == "rect 0,0 1x1"
    assert places("--place", "rect 1,2 3x4; rect 0,0 1x1", "--place", "ellipse 0,0 2x2").place == (
        "rect 1,2 3x4; rect 0,0 1x1; ellipse 0,0 2x2"
    )


def test_flags_add_to_a_recipe_and_an_empty_one_clears_it(tmp_path):
    path = tmp_path / "clock.toml"
    save(Settings([PlacesParams(ignore="rect 1,2 3x4")]), path)
    assert places(recipe=str(path)).ignore == "rect 1,2 3x4"
    more = places("--ignore", "rect 5,6 7x8", recipe=str(path))
    assert more.ignore == "rect 1,2 3x4; rect 5,6 7x8"
    fresh = places("--ignore=", "--ignore", "rect 5,6 7x8", recipe=str(path))
    assert fresh.ignore == "rect 5,6 7x8"


def test_the_command_line_gives_the_same_places():
    wanted = PlacesParams(
        only='rect 1,2 3x4 name="a b"; polygon 1,2 3,4 5.5,-6', ignore="ellipse -4,0 9x9",
        place="rect 0,0 1x1 tolerance=2.5",
    )  # fmt: skip

    words = shlex.split(command_line(Settings([wanted]), "a.png", "b.png"))[4:]
    assert places(*words) == wanted


def test_an_error_names_the_flag_and_says_what_is_wrong():
    with pytest.raises(UsageError, match=r"--only cannot be used\. “rect 1,2” is not a place;"):
        places("--only", "rect 1,2")


def test_only_and_ignore_decide_the_exit_status(compared):
    assert compared()[0] == 1
    assert compared("--ignore", "rect 187,31 35x22")[0] == 0
    assert compared("--only", "rect 0,0 187x120")[0] == 0
    assert compared("--only", "rect 0,0 188x120")[0] == 1
    assert compared("--place", "rect 180,30 60x60 tolerance=60")[0] == 0


def test_nothing_to_compare_is_not_no_difference(compared, capsys, files):
    assert compared("--only", "rect 900,0 5x5")[0] == 2
    assert compared("--ignore", "rect 0,0 260x120")[0] == 2
    main(["compare", *files, "--only", "rect 900,0 5x5"])
    assert "“rect 900,0 5x5” lies outside the pictures." in capsys.readouterr().out


def test_tables_are_printed(files, capsys):
    words = ["--only", "rect 180,20 60x50 name=clock", "--place", "ellipse 0,0 40x30 tolerance=5"]
    assert main(["compare", *files, *words, "--region-measures"]) == 1
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    at = lines.index(["2", "places"])
    assert lines[at + 1][:3] == ["place", "tolerance", "pixels"]
    assert lines[at + 2][:6] == ["clock", "rect", "180,20", "60x50", "0", "3,000"]
    assert lines[at + 3][:2] == ["place", "2"]
    at = lines.index(["Measures", "of", "the", "regions’", "rectangles"])
    assert lines[at + 2][:3] == ["1", "180", "levels"]
    main(["compare", *files])
    plain = capsys.readouterr().out
    assert "place" not in plain
    assert "rectangles" not in plain


def test_region_measures_are_in_the_document(compared):
    assert "measures" not in compared()[1]["regions"][0]
    (region,) = compared("--region-measures")[1]["regions"]
    assert region["measures"]["l0"]["value"] == 22 * 35


def test_a_mask_picture_is_ignored_exactly(compared, tmp_path):
    mask = np.zeros((120, 260), np.uint8)
    mask[31:53, 187:222] = 255
    mask[60:90, 10:40][np.eye(30, dtype=bool)] = 128
    path = str(write_png(tmp_path / "mask.png", mask))
    status, document = compared("--ignore-mask", path, "--ignore", "rect 0,0 10x1")
    assert status == 0
    assert document["pixels"] == 120 * 260 - 22 * 35 - 30 - 10
    mask[40, 200] = 127
    write_png(tmp_path / "mask.png", mask)
    status, document = compared("--ignore-mask", path)
    assert status == 1
    assert document["over"] == 1


def test_a_mask_of_another_size_is_refused(compared, tmp_path, capsys):
    path = str(write_png(tmp_path / "mask.png", np.zeros((120, 259), np.uint8)))
    with pytest.raises(FileNotFoundError):
        compared("--ignore-mask", path)
    said = capsys.readouterr().err
    assert "The mask must be as large as A: it is 259 × 120, A is 260 × 120." in said
    check_mask((3, 4), ImageBuffer.from_array(np.zeros((3, 4))))
    check_mask(None, ImageBuffer.from_array(np.zeros((3, 4))))


def test_align_does_not_look_at_what_is_ignored(tmp_path):
    files = [
        str(write_png(tmp_path / n, p)) for n, p in zip(("a.png", "b.png"), pair(), strict=True)
    ]
    path = tmp_path / "out.json"

    def found(*words):
        main(["compare", *files, "--quiet", "--json", str(path), "--align", *words])
        return json.loads(path.read_text(encoding="utf-8"))["alignment"]

    def off(alignment):
        return np.abs(np.array(alignment["matrix"])[:2, 2] - SHIFT).max()

    assert off(found()) > 5.0
    assert off(found("--only", "rect 0,0 190x240")) > 5.0  # says where to measure, no more
    beside = found("--ignore", THERE)
    assert off(beside) < 0.1
    assert beside["confidence"] > 0.9
    mask = np.zeros((240, 416), np.uint8)
    mask[:, 200:] = 255
    assert found("--ignore-mask", str(write_png(tmp_path / "mask.png", mask))) == beside
    nothing = found("--ignore", "rect 0,0 416x240")
    assert not nothing["accepted"]
    assert "nothing is left to align by" in nothing["reason"]
