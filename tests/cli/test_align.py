"""Pins, nudges and models on the command line."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cli.__main__ import main
from cli.compare import parser, settings_of
from cli.flags import UsageError, apply, mark_bare
from core.alignment.models import AlignModel
from core.recipes import arguments, command_line, save
from core.settings import Settings
from core.stages.align import AlignParams
from tests.make import photo, write_png

ROOT = Path(__file__).resolve().parents[2]


def align(*words, recipe=None):
    args = parser().parse_args(mark_bare(["a.png", "b.png", *words]))
    return settings_of(recipe, args.changes)[AlignParams]


@pytest.fixture
def files(tmp_path):
    """Write A, and B in which everything lies 12 px further right and 5 px higher."""
    large = photo(200, 330, 3)
    a, b = large[20:170, 30:300], large[25:175, 18:288]
    return [str(write_png(tmp_path / n, p)) for n, p in (("a.png", a), ("b.png", b))]


def compared(files, path, *words):
    status = main(["compare", *files, "--quiet", "--json", str(path), *words])
    return status, json.loads(path.read_text(encoding="utf-8"))


PIN = "120,40=132,35"


# -- flags


def test_a_pin_given_again_is_one_more():
    found = align("--align", "manual", "--pin", "120,40=118.5,41", "--pin=-3,8.0=0,9; 1,2=3,4")
    assert found == AlignParams(
        enabled=True, model="manual", pins="120,40=118.5,41; -3,8=0,9; 1,2=3,4"
    )


def test_an_empty_pin_takes_all_away(tmp_path):
    path = tmp_path / "mine.toml"
    save(Settings([AlignParams(enabled=True, model="manual", pins=PIN)]), path)
    more = align("--pin", "1,2=3,4", recipe=str(path))
    assert more.pins == f"{PIN}; 1,2=3,4"
    assert more.model is AlignModel.MANUAL
    assert align("--pin=", "--pin", "1,2=3,4", recipe=str(path)).pins == "1,2=3,4"
    assert align("--pin=", recipe=str(path)).pins == ""


def test_nothing_but_pins_adds_up():
    assert align("--align", "rigid", "--align", "affine").model is AlignModel.AFFINE
    assert align("--align-kernel", "linear", "--align-kernel", "lanczos").kernel == "lanczos"
    assert align("--align-nudge-x", "3", "--align-nudge-x", "4").nudge == (4, 0)
    # The values that hang on an enum are texts, too, and are not joined.
    twice = [(AlignParams, "model", AlignModel.RIGID), (AlignParams, "model", AlignModel.AFFINE)]
    assert apply(Settings(), twice)[AlignParams].model is AlignModel.AFFINE


@pytest.mark.parametrize(
    "words",
    [("--pin", PIN), ("--align-nudge-x", "-1.5"), ("--align-nudge-y=2",), ("--align", "rigid")],
)
def test_what_is_set_switches_align_on_and_can_be_switched_off(words):
    found = align(*words)
    assert found.enabled
    assert align(*words, "--no-align") == found.replace(enabled=False)


@pytest.mark.parametrize("number", ["-3", "-3.25", "-.5", "12", "1e2"])
def test_a_nudge_may_go_left_and_up(number):
    assert align("--align-nudge-x", number, f"--align-nudge-y={number}").nudge == (
        float(number), float(number),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--pin", "1,2"), "--pin cannot be used. “1,2” is not a pin; write it like"
                           " “120,40=118.5,41”: x,y in A = x,y in B."),
        (("--pin", "1,2=nan,3"), "--pin cannot be used. “1,2=nan,3” is not a pin;"),
        (("--pin", "1,2=1e9,3"), "a pin may be at most 10,000,000 px from the corner."),
        (("--align-nudge-x", "far"), "--align-nudge-x needs a number, not “far”."),
        (("--align-nudge-y", "1e6"), "--align-nudge-y cannot be “1e6”; give a number between"
                                     " -100000 and 100000 px."),
        (("--align", "bent"), "--align cannot be “bent”; use one of: auto, translation, rigid,"
                              " similarity, affine, homography, elastic, manual."),
    ],
)  # fmt: skip
def test_errors_name_the_flag_and_say_what_would_do(words, says):
    with pytest.raises(UsageError) as caught:
        align(*words)
    assert says in str(caught.value)


PARAMS = [
    AlignParams(enabled=True),
    AlignParams(enabled=True, model="manual", pins=f"{PIN}; -3,8.125=0,9"),
    AlignParams(enabled=True, model="rigid", nudge_x=-0.001, nudge_y=7),
    AlignParams(enabled=True, pins="-1,-2=-3,-4", max_shift=0.1, kernel="linear"),
    AlignParams(enabled=False, model="homography", pins=PIN, nudge_y=-2.5),
]


@pytest.mark.parametrize("params", PARAMS)
def test_the_copied_command_gives_the_same_back(params, tmp_path):
    words = shlex.split(command_line(Settings([params]), "a.png", "b.png"))
    assert words[:4] == ["pairlens", "compare", "a.png", "b.png"]
    assert align(*words[4:]) == params
    save(Settings([params]), tmp_path / "r.toml")
    assert align(recipe=str(tmp_path / "r.toml")) == params


def test_the_copied_command_is_short():
    assert arguments(Settings([PARAMS[0]])) == ["--align"]
    assert arguments(Settings([PARAMS[1]])) == [
        "--align", "manual", "--pin", f"{PIN}; -3,8.125=0,9",
    ]  # fmt: skip
    assert arguments(Settings([PARAMS[2]])) == [
        "--align", "rigid", "--align-nudge-x=-0.001", "--align-nudge-y", "7",
    ]  # fmt: skip
    assert arguments(Settings([PARAMS[3]]))[0] == "--pin=-1,-2=-3,-4"
    assert arguments(Settings([PARAMS[4]]))[-1] == "--no-align"


def test_the_help_says_what_pins_are(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    for word in ("--pin TEXT", "X,Y=X,Y", "--align-nudge-x PX", "--align-nudge-y PX", "manual"):
        assert word in text


# -- from end to end


def test_pins_and_nudges_decide_the_answer(files, tmp_path):
    out = tmp_path / "out.json"
    assert compared(files, out)[0] == 1
    status, document = compared(files, out, "--align", "manual", "--pin", PIN)
    assert status == 0
    found = document["alignment"]
    assert found["matrix"] == [[1, 0, -12], [0, 1, 5], [0, 0, 1]]
    assert (found["model"], found["asked"], found["accepted"]) == ("manual", "manual", True)
    assert (found["pins"], found["nudge"]) == ([0], [0, 0])
    assert document["settings"]["align"]["pins"] == PIN
    assert document["pixels"] == (270 - 12) * (150 - 5)
    # The pin is 2 px off; the nudge puts it right.
    words = ["--align", "manual", "--pin", "118,40=132,35"]
    assert compared(files, out, *words)[0] == 1
    status, document = compared(files, out, *words, "--align-nudge-x", "2")
    assert status == 0
    assert document["alignment"]["matrix"][0] == [1, 0, -12]
    assert document["alignment"]["nudge"] == [2, 0]
    assert document["alignment"]["pins"] == [2]
    assert document["alignment"]["reason"] == "B was laid by one pin and moved by hand."
    assert compared(files, out, *words, "--align-nudge-x", "2", "--no-align")[0] == 1
    assert compared(files, out, "--align-nudge-x", "-12", "--align-nudge-y", "5", "--align",
                    "manual")[0] == 0  # fmt: skip


def test_the_program_itself(files, tmp_path):
    words = ["compare", *files, "--align", "manual", "--pin", PIN, "--json", "-"]
    run = subprocess.run(
        [sys.executable, "-m", "cli", *words], capture_output=True, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"}, check=False, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    document = json.loads(run.stdout)
    assert document["alignment"]["pins"] == [0]


def test_a_search_from_pins_is_exact_again(files, tmp_path):
    pins = ["--align", "translation", "--pin", "119,41=132,35"]  # off by a pixel
    status, document = compared(files, tmp_path / "out.json", *pins)
    assert status == 0
    assert document["alignment"]["matrix"] == [[1, 0, -12], [0, 1, 5], [0, 0, 1]]
    assert document["alignment"]["pins"] == [pytest.approx(2**0.5)]


def test_pins_that_fix_too_little_are_a_warning_on_the_terminal(files, capsys):
    main(["compare", *files, "--align", "manual", "--pin", "9,9=8,8; 99,99=98,98; 50,50=49,49"])
    assert "The pins lie on one line or on each other" in " ".join(capsys.readouterr().out.split())
