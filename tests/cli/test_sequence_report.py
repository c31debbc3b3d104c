import math
import re

import pytest

from cli.__main__ import main
from core.reports._curves import _round, curve
from core.sequence.curves import LIMIT, MOST, Curves, Point
from core.sequence.params import SequenceParams
from core.sequence.result import FrameResult
from core.sequence.types import Verdict
from tests.cli.shots import film, shots


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    film(tmp_path / "film.mkv", range(60))
    return tmp_path


def test_the_page_has_curves_events_and_their_pictures(here):
    words = ["sequence", "film.mkv", "--against", "background", "--window", "15"]
    assert main([*words, "--flow", "points", "--report", "r.html", "-q"]) == 1
    page = (here / "r.html").read_text("utf-8")
    assert page.rstrip().endswith("</html>")
    for title in ("Manhattan norm / px", "Changed pixels", "Foreground", "Histogram", "Motion"):
        assert f'aria-label="{title}"' in page
    assert page.count("<title>#20 foreground</title>") == 5  # a mark in each curve
    row = re.search(r"<tr><td class=\"left picture\">.*?</tr>", page)
    assert row
    assert 'src="data:image/jpeg;base64,' in row[0]
    assert "<td>#20</td><td>#24</td><td>0.8 s</td><td>5</td>" in row[0]
    assert "pairlens sequence film.mkv --against background" in page
    assert "prefers-color-scheme: dark" in page


def test_nothing_is_fetched(here):
    main(["sequence", "film.mkv", "--report", "r.html", "-q"])
    page = (here / "r.html").read_text("utf-8")
    sources = re.findall(r"(?:src|href)=\"([^\"]*)|url\(([^)]*)", page)
    assert all(address.startswith("data:") for found in sources for address in found if address)
    assert not re.search(r"https?://|@import|<script", page)


def test_two_sequences(here):
    main(["sequence", "film.mkv", "film.mkv", "--offset", "1", "--report", "r.html", "-q"])
    page = (here / "r.html").read_text("utf-8")
    assert "Comparison of two sequences" in page
    assert '<span class="chip b">B</span> film.mkv' in page
    assert "changed" in page


def test_names_are_escaped(here):
    shots(here / "<b>&", range(4))
    main(["sequence", "<b>&", "--report", "r.html", "-q"])
    page = (here / "r.html").read_text("utf-8")
    assert "<b>&</" not in page
    assert "&lt;b&gt;&amp;" in page


def test_no_more_than_sixty_pictures(here):
    film(here / "twice.mkv", [n for n in range(75) for _ in range(9)])
    main(["sequence", "twice.mkv", "--report", "r.html", "-q"])
    page = (here / "r.html").read_text("utf-8")
    assert page.count("data:image") == 60
    assert page.count("<tr><td") > 60


def test_a_report_that_cannot_be_written_is_one_sentence(here, capsys):
    assert main(["sequence", "film.mkv", "--report", "no/r.html", "--json", "n.json", "-q"]) == 2
    said = capsys.readouterr().err
    assert (
        said
        == "pairlens: The report “no/r.html” could not be written: No such file or directory.\n"
    )
    assert (here / "n.json").exists()


def result(index, value, verdict=Verdict.OK):
    return FrameResult(index, math.nan, "", l1_per_pixel=value, hist_kl=value, verdicts=(verdict,))


def test_curves_keep_every_peak_in_little_memory():
    curves = Curves(SequenceParams())
    for i in range(50_000):
        curves.add(result(i, 9.0 if i in (7, 33_333) else 1.0))
    points = curves.points["l1_per_pixel"]
    assert len(points) <= MOST + 1
    assert curves.step & (curves.step - 1) == 0
    assert [k for k, p in enumerate(points) if p.high == 9.0] == [
        7 // curves.step, 33_333 // curves.step,
    ]  # fmt: skip
    assert all(p.low == 1.0 for p in points)
    assert math.isnan(curves.largest("foreground_share"))


def test_the_limit_is_what_is_usual():
    curves = Curves(SequenceParams())
    for i in range(12):
        curves.add(result(i, 0.01))
    assert math.isnan(curves.points[LIMIT][7].high)
    assert curves.points[LIMIT][11].high == pytest.approx(0.01 + 6 * 0.005)
    curves.add(result(12, 5.0, Verdict.CUT))
    curves.add(result(13, 0.01))
    assert math.isnan(curves.points[LIMIT][13].high)


def test_gaps_are_gaps():
    drawn = curve(
        "x", [Point(1, 2), Point(math.nan, math.nan), Point(2, 2), Point(2, 3)], frames=(0, 3)
    )
    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 1


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (1, 1), (1.01, 2), (0.03, 0.05), (340, 500), (0.2, 0.2), (7, 10)]
)
def test_axes_end_at_round_numbers(value, top):
    assert _round(value) == pytest.approx(top)
