import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest

from cli.__main__ import main
from core.difference import DifferenceParams
from core.io.limits import Limits
from core.io.reading import Reading
from core.recipes import load
from core.result import VERSION
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def pair(tmp_path, monkeypatch):
    """Write a.png, b.png (a block of 6 x 10 pixels, 50 brighter) and small.png; go there."""
    monkeypatch.chdir(tmp_path)
    a = np.random.default_rng(5).integers(0, 200, (60, 90, 3)).astype(np.uint8)
    b = a.copy()
    b[20:26, 70:80] += 50
    for name, pixels in (("a.png", a), ("b.png", b), ("small.png", a[:30, :40])):
        cv2.imwrite(name, pixels)
    return tmp_path


def test_equal_pictures_are_0_and_different_ones_1(pair, capsys):
    assert main(["compare", "a.png", "a.png"]) == 0
    assert main(["compare", "a.png", "b.png"]) == 1
    assert main(["compare", "a.png", "b.png", "--tolerance", "49.5"]) == 1
    assert main(["compare", "a.png", "b.png", "--tolerance", "50"]) == 0
    assert main(["compare", "a.png", "small.png"]) == 1
    output = capsys.readouterr()
    assert "No difference beyond the tolerance of 50." in output.out
    assert output.err == ""


def test_quiet_says_nothing(pair, capsys):
    assert main(["compare", "a.png", "b.png", "-q"]) == 1
    assert capsys.readouterr() == ("", "")


def test_json_on_the_terminal_is_all_there_is(pair, capsys):
    assert main(["compare", "a.png", "b.png", "--json", "-", "--tolerance", "4"]) == 1
    output = capsys.readouterr()
    document = json.loads(output.out)
    assert document["measures"]["l0"]["value"] == 60
    assert document["settings"]["difference"]["tolerance"] == 4
    assert output.err == ""


def test_files_hold_the_same_numbers(pair, capsys):
    words = [
        "compare",
        "a.png",
        "b.png",
        "--json",
        "n.json",
        "--report",
        "r.json",
        "--report",
        "r.html",
    ]
    assert main(words) == 1
    numbers, report = (json.loads((pair / n).read_text("utf-8")) for n in ("n.json", "r.json"))
    assert numbers == report
    assert "</html>" in (pair / "r.html").read_text("utf-8")
    assert "They differ" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["compare", "a.png"], "pairlens: The following arguments are required: B."),
        (["compare", "a.png", "b.png", "c.png"], "pairlens: Two pictures are compared; “c.png” is"),
        (["compare", "a.png", "no.png"], "no.png"),
        (["compare", "a.png", "b.png", "--nonsense"], "pairlens: There is no flag --nonsense."),
        (["compare", "a.png", "b.png", "--report", "r.doc"], "let it end in one of: .csv, .html"),
        (["compare", "a.png", "b.png", "--recipe", "nope"], "There is no recipe “nope”"),
        (["compare", "a.png", "b.png", "--json", "no/n.json"], "could not be written"),
        (["a.png", "b.png", "--align"], "pairlens: There is no flag --align for the window;"),
        (["a.png", "b.png", "c.png"], "The window compares two pictures; “c.png” is one too many."),
        (["compare", "a.png", "b.png", "--max-gb", "-1"], "--max-gb needs a number above 0"),
        (["a.png", "--time-limit", "soon"], "--time-limit needs a number above 0, not “soon”."),
        (["a.png", "--max-gb"], "--max-gb needs a number after it."),
        (["recipes", "--nonsense"], "See pairlens recipes --help."),
    ],
)
def test_trouble_is_2_and_one_sentence(pair, capsys, words, says):
    assert main(words) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("pairlens: ")
    assert says in output.err
    assert len(output.err.splitlines()) == 1


def test_a_wrong_report_name_is_said_before_any_work(pair, capsys, monkeypatch):
    monkeypatch.delattr("core.engine.compare")  # calling it would be another error
    assert main(["compare", "a.png", "b.png", "--report", "r.doc"]) == 2
    assert "“r.doc” is not a report's name" in capsys.readouterr().err


def test_a_failure_inside_has_no_traceback_unless_asked_for(pair, capsys, monkeypatch):
    def fail(*a, **k):
        raise ZeroDivisionError("x")

    monkeypatch.setattr("core.engine.compare", fail)
    assert main(["compare", "a.png", "b.png"]) == 2
    assert "Traceback" not in (text := capsys.readouterr().err)
    assert "(ZeroDivisionError: x)" in text
    monkeypatch.setenv("PAIRLENS_DEBUG", "1")
    assert main(["compare", "a.png", "b.png"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_version_and_help(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"pairlens {VERSION}\n"
    assert main(["--help"]) == 0
    assert "pairlens compare A B" in capsys.readouterr().out
    assert main(["compare", "--help"]) == 0
    assert "Exit status" in capsys.readouterr().out


def test_measures_are_listed_with_what_they_answer(capsys):
    assert main(["measures"]) == 0
    printed = capsys.readouterr().out
    assert "ssim: Structural similarity" in printed
    assert "A shift by one pixel" in " ".join(printed.split())


def test_recipes_are_listed_with_reasons_and_flags(capsys):
    assert main(["recipes"]) == 0
    text = capsys.readouterr().out
    for name in ("classic", "noise", "photo", "render", "screenshot"):
        assert f"\n{name}\n" in f"\n{text}"
    assert "--tolerance 2" in text


@pytest.fixture
def window(monkeypatch):
    """Stand in for the window; return the list of its calls."""
    calls = []
    module = ModuleType("gui.app")
    module.main = lambda paths, settings, reading: calls.append((paths, settings, reading)) or 7
    monkeypatch.setitem(sys.modules, "gui.app", module)
    return calls


@pytest.mark.parametrize("words", [[], ["a.png"], ["a.png", "b.png"]])
def test_without_a_command_the_window_opens(window, words):
    assert main(words) == 7
    assert window == [(words, None, None)]


@pytest.mark.parametrize(
    ("words", "reading"),
    [
        (["--as-stored", "a.png", "b.png"], Reading(managed=False)),
        (["a.png", "b.png", "--max-gb", "11.5"], Reading(limits=Limits(bytes=11_500_000_000))),
        (["a.png", "--time-limit=5", "b.png"], Reading(limits=Limits(seconds=5))),
    ],
)
def test_the_window_is_told_how_to_read(window, words, reading):
    assert main(words) == 7
    assert window == [(["a.png", "b.png"], None, reading)]
    window.clear()
    assert main(["compare", *words, "--gui"]) == 7
    assert window == [(["a.png", "b.png"], Settings(), reading)]
    assert main(["compare", "a.png", "b.png", *reading.arguments(), "--gui"]) == 7
    assert window[1] == window[0]


def test_a_picture_that_is_too_large_is_opened_with_the_flag_that_is_named(pair, capsys):
    assert main(["compare", "a.png", "b.png", "--max-gb", "0.00001"]) == 2
    assert "(to allow it: --max-gb 0.1)." in (text := capsys.readouterr().err)
    assert len(text.splitlines()) == 1
    assert main(["compare", "a.png", "b.png", "--max-gb", "0.1", "-q"]) == 1


def test_gui_opens_the_window_with_the_settings(window):
    words = ["compare", "a.png", "b.png", "--recipe", "classic", "--tolerance", "3", "--gui"]
    assert main(words) == 7
    expected = load("classic").replacing(DifferenceParams(tolerance=3))
    assert window == [(["a.png", "b.png"], expected, Reading())]
    assert isinstance(window[0][1], Settings)


def start(*words, cwd, **more):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    return subprocess.Popen(
        [sys.executable, "-m", "cli", *words], cwd=cwd, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", **more,
    )  # fmt: skip


def test_as_a_program(pair):
    process = start("compare", "a.png", "b.png", cwd=pair)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "They differ: 60 of 5,400 pixels" in out
    assert "\x1b" not in out
    assert err == ""


def test_a_closed_pipe_is_no_trouble(pair):
    process = start("compare", "a.png", "b.png", cwd=pair)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 141
    assert err == ""


def test_ctrl_c_is_130_without_a_traceback(pair):
    code = """
import sys, time
import core.engine
from cli.__main__ import main

def endless(a, b, settings, **more):
    print("comparing", flush=True)
    while True:
        time.sleep(0.01)

core.engine.compare = endless
sys.exit(main(["compare", "a.png", "b.png"]))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=pair, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "comparing\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")


def test_comparing_loads_no_window_no_template_engine_and_no_decoder(pair):
    code = (
        "import sys; from cli.__main__ import main; main(['compare', 'a.png', 'b.png', '-q']);"
        "print([m for m in ('PySide6', 'jinja2', 'OpenImageIO', 'pyvips') if m in sys.modules])"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=pair, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert process.stdout == "[]\n"
