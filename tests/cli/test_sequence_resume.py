import shutil

import pytest

from cli.__main__ import main
from core.sequence.growing import partial
from tests.cli.shots import film, read, shots

MANY = 150
"""More frames than are read again to learn from."""


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Write a long folder and a long video; the square comes twice."""
    folder = tmp_path_factory.mktemp("many")
    shots(folder / "shots", range(MANY), there=[*range(20, 25), *range(95, 101)])
    film(folder / "film.mkv", [*range(60), *[60] * 5, *range(61, 61 + MANY - 65)])
    return folder


@pytest.fixture
def here(many, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in many.iterdir():
        (tmp_path / path.name).symlink_to(path)
    return tmp_path


@pytest.mark.parametrize("source", ["shots", "film.mkv"])
@pytest.mark.parametrize("against", ["previous", "first"])
@pytest.mark.parametrize("count", [1, 62, 97, MANY])
def test_it_is_as_if_there_had_been_no_interruption(here, source, against, count):
    words = ["sequence", source, "--against", against, "-q", "--json"]
    whole = main([*words, "whole.json", "--events", "whole.csv"])
    main([*words, "parts.json", "--count", str(count)])
    assert main([*words, "parts.json", "--resume", "--events", "parts.csv"]) == whole
    expected, found = read(here / "whole.json"), read(here / "parts.json")
    assert found["frames"] == expected["frames"]
    assert found["events"] == expected["events"]
    assert (here / "parts.csv").read_text() == (here / "whole.csv").read_text()
    for name in ("frames", "changed", "unreadable", "verdicts", "events", "ended", "settled"):
        assert found["summary"][name] == expected["summary"][name]


def test_frames_that_are_done_are_not_read_again(here, capsys):
    """But for the last ones, from which it is learned what is usual."""
    words = ["sequence", "shots", "--json", "n.json"]
    main([*words, "--count", "120", "-q"])
    for i in range(40):  # now they cannot be read
        (here / "shots").resolve().joinpath(f"f_{i:03}.png").rename(here / f"away{i}")
        (here / "shots" / f"f_{i:03}.png").write_bytes(b"no picture")
    try:
        assert main([*words, "--resume"]) == 1
    finally:
        for i in range(40):
            (here / f"away{i}").rename((here / "shots").resolve() / f"f_{i:03}.png")
    assert capsys.readouterr().out.startswith(
        "note: going on after 120 frames; the last 66 of them are read again, to learn what is"
        " usual.\n"
    )
    document = read(here / "n.json")
    assert (len(document["frames"]), document["summary"]["unreadable"]) == (MANY, 0)


def test_the_background_is_learned_anew_and_that_is_said(here, capsys):
    words = ["sequence", "film.mkv", "--against", "background", "--window", "20", "--json"]
    main([*words, "n.json", "--count", "130", "-q"])
    main([*words, "n.json", "--resume"])
    assert "and the background, which may come out a little different." in capsys.readouterr().out
    main([*words, "whole.json", "-q"])
    expected, found = (read(here / n)["frames"] for n in ("whole.json", "n.json"))
    for a, b in zip(expected, found, strict=True):
        assert a["verdicts"] == b["verdicts"]
        if a["index"] > 20:
            assert abs(a["foreground_share"] - b["foreground_share"]) < 0.002


@pytest.mark.parametrize("cut", [1, 40, 4000])
def test_a_run_that_was_killed_is_continued_after_its_last_whole_line(here, cut):
    words = ["sequence", "shots", "--json", "n.json", "-q"]
    main(words)
    expected = read(here / "n.json")["frames"]
    text = (here / "n.json").read_bytes().partition(b"\n],\n")[0]
    partial("n.json").write_bytes(text[:-cut])
    (here / "n.json").unlink()
    assert main([*words, "--resume"]) == 1
    assert read(here / "n.json")["frames"] == expected
    assert not partial("n.json").exists()


def test_the_longer_one_counts(here, capsys):
    words = ["sequence", "shots", "--json", "n.json"]
    main([*words, "--count", "90", "-q"])
    shutil.copy("n.json", partial("n.json"))
    main([*words, "--count", "100", "-q", "--resume"])
    main([*words, "--count", "20", "-q"])
    main([*words, "--resume", "--count", "110"])
    assert "going on after 20 frames" in capsys.readouterr().out


def test_without_a_file_it_begins_at_the_first_frame(here, capsys):
    words = ["sequence", "shots", "--json", "n.json", "--resume", "--count", "9"]
    assert main(words) == 0
    assert "note: “n.json” has no frame yet; beginning at the first." in capsys.readouterr().out
    assert len(read(here / "n.json")["frames"]) == 9


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["shots", "--tolerance", "11"], "“n.json” was made with another tolerance;"),
        (["shots", "--every", "2"], "“n.json” was made with another every;"),
        (["film.mkv"], "“n.json” was made with another address, name, rate;"),
        (["shots", "shots"], "“n.json” was made with another source_b;"),
        (["watch:shots", "--every", "2"], "is live, and its frames went by"),
    ],
)
def test_what_does_not_match_is_refused_and_nothing_is_lost(here, capsys, words, says):
    main(["sequence", "shots", "--json", "n.json", "--count", "10", "-q"])
    before = (here / "n.json").read_text()
    assert main(["sequence", *words, "--json", "n.json", "--resume"]) == 2
    assert says in capsys.readouterr().err
    assert (here / "n.json").read_text() == before


@pytest.mark.parametrize("text", ["", "{}", '{"frames": [\n]}', "\0\0\0"])
def test_another_file_is_not_continued(here, capsys, text):
    (here / "n.json").write_text(text)
    assert main(["sequence", "shots", "--json", "n.json", "--resume"]) == 2
    assert "n.json” is no document that pairlens sequence wrote" in capsys.readouterr().err
    assert (here / "n.json").read_text() == text


@pytest.mark.parametrize("count", [10, 97])
def test_a_watched_folder_is_continued(here, count):
    words = ["sequence", "watch:shots", "-q", "--json"]
    main([*words, "n.json", "--count", str(count)])
    main([*words, "whole.json", "--count", str(MANY)])
    assert main([*words, "n.json", "--count", str(MANY), "--resume"]) == 1
    expected, found = (read(here / n)["frames"] for n in ("whole.json", "n.json"))
    assert [f["name"] for f in found] == [f"f_{i:03}.png" for i in range(MANY)]
    times = [f.pop("time") for f in found]
    assert times == sorted(times)
    assert [f.pop("time") for f in expected]
    assert found == expected
