import cv2
import numpy as np
import pytest

from cli.__main__ import main
from tests.cli.shots import film, read, shots


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_frames_are_compared_one_by_one(here, capsys):
    shots(here / "a", range(12), there=[])
    shots(here / "b", range(10), there=[4, 5])
    assert main(["sequence", "a", "b", "--json", "n.json", "--events", "e.csv"]) == 1
    document = read(here / "n.json")
    assert document["source_b"]["address"] == "b"
    assert document["source_b"]["offset"] == 0
    frames = document["frames"]
    assert [(f["index"], f["index_b"]) for f in frames] == [(i, i) for i in range(10)]
    for f in frames:
        there = f["index"] in (4, 5)
        assert (f["l1_per_pixel"] > 0) == there
        assert f["changed_share"] == (pytest.approx(36 / 3072) if there else 0)
        assert (f["hist_kl"] > 0) == there
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["note: frame i of A with frame i of B.", "#4  changed"]
    assert lines[2].startswith("10 frames, 2 without a partner in B")
    assert lines[3] == "2 frames changed, 1 event"
    assert (here / "e.csv").read_text().splitlines()[1] == (
        'changed,4,5,,,2,0.01171875,"Frames 4 to 5 differ, in up to 1.17 % of the pixels."'
    )


def test_the_same_sequence_is_0(here):
    film(here / "a.mkv", range(20))
    assert main(["sequence", "a.mkv", "a.mkv", "-q"]) == 0


@pytest.mark.parametrize("offset", ["3", "auto"])
def test_an_offset_by_hand_or_found(here, capsys, offset):
    now_and_then = np.flatnonzero(np.random.default_rng(3).random(60) < 0.5)
    shots(here / "a", range(60), there=now_and_then)
    shots(here / "b", range(3), there=[])
    for i in range(3, 60):
        (here / "b" / f"f_{i:03}.png").hardlink_to(here / "a" / f"f_{i - 3:03}.png")
    assert main(["sequence", "a", "b", "--offset", offset, "--json", "n.json"]) == 0
    assert "note: frame i of A with frame i + 3 of B." in capsys.readouterr().out
    document = read(here / "n.json")
    assert document["source_b"]["offset"] == 3
    frames = document["frames"]
    assert [(f["index"], f["index_b"]) for f in frames] == [(i, i + 3) for i in range(57)]
    assert all(f["l1_per_pixel"] == 0 for f in frames)
    assert document["summary"]["unpaired"] == 3


def test_an_offset_that_nobody_can_tell_is_refused_by_name(here, capsys):
    shots(here / "a", [0], there=[])
    for i in range(1, 20):
        (here / "a" / f"f_{i:03}.png").hardlink_to(here / "a" / "f_000.png")
    assert main(["sequence", "a", "a", "--offset", "auto"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("pairlens: No offset was found: ")
    assert len(error.splitlines()) == 1
    assert main(["sequence", "a", "watch:a", "--offset", "auto"]) == 2
    assert "is live, so no offset can be found" in capsys.readouterr().err


def test_different_rates_go_by_time(here, capsys):
    film(here / "a.mkv", range(10), rate=10)
    film(here / "b.mkv", [i // 2 for i in range(20)], rate=20)
    assert main(["sequence", "a.mkv", "b.mkv", "--json", "n.json"]) == 0
    assert "by time" in capsys.readouterr().out
    frames = read(here / "n.json")["frames"]
    assert [f["index_b"] for f in frames] == [2 * i for i in range(10)]
    assert all(f["l1_per_pixel"] == 0 for f in frames)


def test_what_cannot_be_compared_is_named_and_passed_over(here, capsys):
    shots(here / "a", range(6), there=[])
    shots(here / "b", range(6), there=[])
    (here / "b" / "f_002.png").write_bytes(b"no picture")
    assert main(["sequence", "a", "b", "--json", "n.json"]) == 1
    out = capsys.readouterr().out
    assert "#2  unreadable: f_002.png: B, “f_002.png”: " in out
    frames = read(here / "n.json")["frames"]
    assert [f["verdicts"] for f in frames] == [["unreadable" if i == 2 else "ok"] for i in range(6)]


def test_other_sizes_are_trouble(here, capsys):
    shots(here / "a", range(3))
    film(here / "b.mkv", range(3))
    words = ["sequence", "a", "b.mkv", "-q"]
    assert main(words) == 0
    for path in (here / "a").iterdir():
        cv2.imwrite(str(path), cv2.imread(str(path))[:20])
    assert main(words[:-1]) == 2
    output = capsys.readouterr()
    assert "It is of 64 × 20 px colour, that of B of 64 × 48 px colour." in output.out
    assert output.err == "pairlens: No frame of “a” could be compared.\n"


def test_it_is_continued(here):
    shots(here / "a", range(30))
    shots(here / "b", range(28), there=[3, 4, 18])
    words = ["sequence", "a", "b", "--offset", "-1", "-q", "--json"]
    assert main([*words, "whole.json"]) == 1
    main([*words, "n.json", "--count", "11"])
    assert main([*words, "n.json", "--resume"]) == 1
    expected, found = read(here / "whole.json"), read(here / "n.json")
    for name in ("frames", "events"):
        assert found[name] == expected[name]
    assert found["summary"]["unpaired"] == expected["summary"]["unpaired"] == 2
