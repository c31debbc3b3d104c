import json
import math
import os
import re
import sys

import cv2
import pytest

from cli.__main__ import main
from cli.sequence_text import clock
from core.result import VERSION
from core.sequence.golden import Golden
from core.types import Token
from tests.cli.shots import THERE, film, frame, read, shots


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Write a folder of 40 shots; go to where it is."""
    monkeypatch.chdir(tmp_path)
    shots(tmp_path / "shots")
    return tmp_path


def timeless(text):
    return re.sub(r", [\d.,]+ frames a second", "", text)


def test_lines_of_a_folder(here, capsys):
    (here / "shots" / "f_030.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    assert main(["sequence", "shots"]) == 1
    output = capsys.readouterr()
    assert output.err == ""
    assert timeless(output.out) == (
        "#30  unreadable: f_030.png: The PNG file “f_030.png” is damaged or incomplete; get a fresh"
        " copy and open that.\n"
        "40 frames, 1 unreadable\n"
        "6 frames changed, 1 event\n"
    )


def test_lines_of_a_video_have_its_times(here, capsys):
    film(here / "film.mkv", [*range(10), *[10] * 6, *range(100, 110)])
    assert main(["sequence", "film.mkv"]) == 1
    assert timeless(capsys.readouterr().out) == (
        "0:00.4  #11  duplicate\n"
        "0:00.5  #13  frozen\n"
        "26 frames\n"
        "Named: frozen 3, duplicate 2\n"
        "0 frames changed, 2 events\n"
    )


def test_json_holds_every_frame(here, capsys):
    assert main(["sequence", "shots", "--json", "n.json", "-q"]) == 1
    assert capsys.readouterr() == ("", "")
    document = read(here / "n.json")
    assert list(document) == [
        *("pairlens", "schema", "source", "source_b", "settings", "frames", "events", "summary"),
    ]
    assert (document["pairlens"], document["schema"]) == (VERSION, 1)
    assert document["source"]["address"] == "shots"
    assert document["source"]["count"] == 40
    assert document["source_b"] is None
    assert document["settings"]["tolerance"] == 10
    frames = document["frames"]
    assert [f["index"] for f in frames] == list(range(40))
    assert frames[0] == {
        "index": 0, "name": "f_000.png", "time": "nan", "l1_per_pixel": "nan",
        "changed_share": "nan", "foreground_share": "nan", "hist_kl": "nan", "flow_mean_px": "nan",
        "verdicts": ["ok"],
    }  # fmt: skip
    moved = [f["index"] for f in frames[1:] if f["changed_share"] > 0.001]
    assert moved == [*THERE, THERE.stop]
    assert document["summary"]["changed"] == 6
    assert document["summary"]["ended"] == "finished"
    assert document["summary"]["settled"] == 40
    assert not list(here.glob(".*"))


def test_json_on_the_terminal_is_all_there_is(here, capsys):
    (here / "shots" / "f_003.png").write_bytes(b"no picture")
    assert main(["sequence", "shots", "--json", "-", "--count", "6"]) == 1
    output = capsys.readouterr()
    assert [f["index"] for f in json.loads(output.out)["frames"]] == list(range(6))
    assert output.err.startswith("#3  unreadable: f_003.png: ")
    assert len(output.err.splitlines()) == 1


def test_foreground_is_an_event(here, capsys):
    words = ["sequence", "shots", "--against", "background", "--window", "15", "--events"]
    assert main([*words, "e.csv"]) == 1
    assert "\n#20  foreground\n" in "\n" + capsys.readouterr().out
    head, *rows = (here / "e.csv").read_text("utf-8").splitlines()
    assert head == "kind,start,end,start_time,end_time,frames,peak,what"
    assert [row.split(",")[:5] for row in rows] == [["foreground", "20", "24", "", ""]]
    assert main([*words, "e.json", "--json", "n.json", "-q"]) == 1
    assert read(here / "e.json") == read(here / "n.json")["events"]
    assert main([*words, "-"]) == 1
    assert capsys.readouterr().out.splitlines() == [head, *rows]
    assert main(["sequence", "shots", "--count", "10", "--events", "none.json"]) == 0
    assert read(here / "none.json") == []


def test_exit_status(here):
    assert main(["sequence", "shots", "--count", "20", "-q"]) == 0
    assert main(["sequence", "shots", "-q"]) == 1
    assert main(["sequence", "shots", "--changed-over", "0.5", "-q"]) == 0
    assert main(["sequence", "shots/f_000.png", "-q"]) == 0


def test_chosen_frames(here):
    assert main(["sequence", "shots", "--start", "3", "--every", "5", "--json", "n.json"]) == 1
    assert [f["index"] for f in read(here / "n.json")["frames"]] == list(range(3, 40, 5))
    film(here / "film.mkv", range(40))
    words = ["sequence", "film.mkv", "--every", "4", "--count", "7", "--json", "n.json", "-q"]
    assert main(words) == 1
    frames = read(here / "n.json")["frames"]
    assert [f["index"] for f in frames] == list(range(0, 28, 4))
    assert all("dropped" not in f["verdicts"] for f in frames)


def test_a_reference_may_be_a_picture(here):
    words = ["sequence", "shots", "--reference", "shots/f_000.png", "--json", "n.json", "-q"]
    assert main(words) == 1
    document = read(here / "n.json")
    assert document["settings"]["against"] == "reference"
    changed = [f["index"] for f in document["frames"] if f["changed_share"] > 0.001]
    assert changed == list(THERE)


def test_a_reference_may_be_a_golden_model(here):
    golden = Golden()
    for i in range(100, 130):
        golden.approve(frame(i), Token())
    golden.save(here / "g.npz")
    words = ["sequence", "shots", "--reference", "g.npz", "--json", "n.json", "-q"]
    assert main(words) == 1
    frames = read(here / "n.json")["frames"]
    assert [f["index"] for f in frames if f["foreground_share"] > 0.001] == list(THERE)


def test_a_reference_of_another_size_is_refused_and_older_files_stay(here, capsys):
    film(here / "film.mkv", range(3))
    cv2.imwrite("small.png", frame(0)[:20])
    (here / "n.json").write_text("old")
    words = ["sequence", "film.mkv", "--reference", "small.png", "--json", "n.json"]
    assert main(words) == 2
    assert capsys.readouterr().err == (
        "pairlens: The reference is of 64 × 20 px colour, the sequence of 64 × 48 px colour.\n"
    )
    assert [p.name for p in here.glob("*n.json*")] == ["n.json"]
    assert (here / "n.json").read_text() == "old"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_no_text(here):
    odd = os.fsdecode(b"odd\xff")
    shots(here / "more", range(8))
    (here / "more").rename(here / odd)
    words = ["sequence", odd, "--reference", f"{odd}/f_000.png", "--keep-changed", f"{odd}/k"]
    words += ["--changed-over", "0", "--tolerance", "0", "--report", "r.html", "--json", "n.json"]
    assert main(words) == 1
    assert read(here / "n.json")["source"]["address"] == "odd\\xff"
    assert len(list((here / odd / "k").iterdir())) == 7
    assert "odd" in (here / "r.html").read_text("utf-8")


def test_nothing_to_compare_is_trouble(here, capsys):
    for path in (here / "shots").iterdir():
        path.write_bytes(b"no picture")
    assert main(["sequence", "shots", "--json", "n.json", "-q"]) == 2
    assert capsys.readouterr().err == "pairlens: No frame of “shots” could be compared.\n"
    assert read(here / "n.json")["summary"]["unreadable"] == 40


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "The following arguments are required: SOURCE"),
        (["nowhere.mp4"], "There is no file “nowhere.mp4” at this place"),
        (["shots", "shots", "shots"], "Two sequences are compared at most; “shots” is one too"),
        (["shots", "--nonsense"], "There is no flag --nonsense. See pairlens sequence --help."),
        (["shots", "--every", "0"], "--every needs a number from 1 on, not 0."),
        (["shots", "--start", "x"], "--start needs a whole number, not “x”."),
        (["shots", "--tolerance", "many"], "--tolerance needs a number, not “many”."),
        (["shots", "--against", "all"], "use one of: previous, first, reference, background."),
        (["shots", "--against", "reference"], "--against reference needs --reference FILE."),
        (["shots", "--against", "first", "--reference", "a.png"], "leave one of them"),
        (["shots", "--reference", "no.png"], "no.png"),
        (["shots", "--offset", "2"], "--offset needs a second sequence."),
        (["shots", "shots", "--flow", "dense"], "--flow has no effect between two sequences"),
        (["shots", "--changed-over", "7"], "--changed-over needs a share between 0 and 1"),
        (["shots", "--report", "r.pdf"], "let it end in .html."),
        (["shots", "--events", "e.txt"], "let it end in .csv or .json."),
        (["shots", "--json", "-", "--events", "-"], "cannot both be written to the terminal"),
        (["shots", "--resume"], "--resume needs --json FILE"),
        (["shots", "--json", "no/n.json"], "The JSON file “no/n.json” could not be written"),
        (["shots", "--json", "shots"], "that is a folder."),
    ],
)
def test_trouble_is_2_and_one_sentence(here, capsys, words, says):
    assert main(["sequence", *words]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("pairlens: ")
    assert says in output.err
    assert len(output.err.splitlines()) == 1


def test_help_lists_every_parameter(capsys):
    assert main(["--help"]) == 0
    assert "pairlens sequence" in capsys.readouterr().out
    assert main(["sequence", "--help"]) == 0
    text = capsys.readouterr().out
    for flag in ("--against previous|first|reference|background", "--kl-limit NATS", "--no-gray"):
        assert flag in text
    assert "Exit status: 0" in text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00.0"), (12.34, "0:12.3"), (59.96, "1:00.0"), (3723.4, "1:02:03.4"), (math.nan, "")],
)
def test_clock(seconds, text):
    assert clock(seconds) == text
