import base64
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest
from markupsafe import escape

from core.color import GrayParams
from core.device import verdict as verdict_of_devices
from core.difference import DifferenceParams
from core.format import NONE, interval_text, measure_text, number, verdict
from core.jury import disagreements, verdicts
from core.metadata import rows
from core.places.params import PlacesParams
from core.reports import html
from core.reports.html import page
from core.stages.align import AlignParams
from core.types import Contents
from tests.make import photo, with_noise

VOID = {"meta", "img", "input", "link", "br"}
OUTSIDE = re.compile(r"""(?:src|href|url)\s*[=(]\s*["']?(?!data:|#)[^"'\s)>]+""")


class Tree(HTMLParser):
    """Collects text and attributes, and checks that what is opened is closed."""

    def __init__(self, source):
        super().__init__()
        self.open, self.text, self.tags = [], [], []
        self.feed(source)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "script"):
            self.text.append(data)

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())


@pytest.fixture
def source(report):
    return page(report)


@pytest.fixture
def tree(source):
    return Tree(source)


def test_it_needs_nothing_from_outside(source):
    assert OUTSIDE.findall(source) == []
    assert "@import" not in source
    assert "http" not in source.replace("http-equiv", "")


def test_it_says_everything_that_was_found(report, tree):
    words = tree.words
    assert " ".join(verdict(report.result).split()) in words
    for measure in report.result.measures.values():
        assert measure.label in words
        assert measure_text(measure) in words
    assert "70, 20 10 × 6 60 50 50" in words
    assert report.result.a.sha256 in words
    assert report.created in words
    assert report.command in words
    for name, version in report.versions.items():
        assert f"{name} {version}" in words


def test_each_measure_explains_itself(report, tree):
    titles = {attrs.get("title") for _, attrs in tree.tags}
    assert all(m.help in titles for m in report.result.measures.values())


def test_names_cannot_become_markup(source, tree):
    assert "left <b>.png" not in source
    assert "left <b>.png" in tree.words
    assert "right & co.png" in tree.words


def test_a_name_cannot_end_the_embedded_document(make, scene):
    name = "</script><script>alert(1)</script>.png"
    source = page(make(*scene, names=(name, "b.png")))
    scripts = [tag for tag, _ in Tree(source).tags if tag == "script"]
    assert scripts == ["script"]
    assert embedded(source)["a"]["path"] == name


def embedded(source):
    found = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', source, re.DOTALL)
    return json.loads(found[1])


def test_the_embedded_document_is_the_result(report, source):
    assert embedded(source) == json.loads(json.dumps(report.result.to_dict()))


def test_the_pictures_are_in_it(report, tree):
    found = []
    for tag, attrs in tree.tags:
        if tag == "img":
            data = base64.b64decode(attrs["src"].partition("base64,")[2])
            bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
            found.append(bgr[:, :, ::-1])
    for expected, got in zip((report.a, report.b, report.heat), found, strict=True):
        np.testing.assert_array_equal(got, expected)


def test_only_what_is_not_the_default_is_bold(make, scene):
    source = page(make(*scene, DifferenceParams(tolerance=7.5), GrayParams(enabled=True)))
    settings = source[source.index('<table class="settings">') :]
    settings = settings[: settings.index("</table>")]
    assert re.findall(r"<b>(.*?)</b>", settings) == ["7.5"]
    row = settings[settings.index("Gray</th>") :]
    assert '<td class="state">on</td>' in row[:120]


def test_boxes_lie_on_the_regions(tree):
    boxes = [attrs for tag, attrs in tree.tags if tag == "rect" and "x" in attrs]
    assert [float(boxes[0][k]) for k in ("x", "y", "width", "height")] == [70, 20, 10, 6]


def test_equal_pictures_have_no_region_and_no_alignment(make, scene):
    words = Tree(page(make(scene[0], scene[0]))).words
    assert "No difference: all 5,400 pixels are equal." in words
    assert "Regions None." in words
    assert "Alignment" not in words


def test_an_alignment_that_is_refused_says_so(make):
    flat = np.full((60, 90), 100, np.uint8)
    report = make(flat, flat, AlignParams(enabled=True))
    assert not report.result.alignment.accepted
    words = Tree(page(report)).words
    assert "Refused. " + " ".join(report.result.alignment.reason.split()) in words


def test_notices_are_said(make, scene):
    a, b = scene
    report = make(a, b[:50, :80])
    assert report.result.notices
    words = Tree(page(report)).words
    for notice in report.result.notices:
        assert " ".join(notice.text.split()) in words


@pytest.mark.parametrize("channels", [None, 2, 4, 6])
def test_any_number_of_channels_has_its_charts(make, channels):
    shape = (20, 30) if channels is None else (20, 30, channels)
    a = np.random.default_rng(0).integers(0, 255, shape).astype(np.uint8)
    report = make(a, a[::-1])
    charts = [
        t
        for t, attrs in Tree(page(report)).tags
        if t == "svg" and "chart" in attrs.get("class", "")
    ]
    assert len(charts) == len(report.result.histograms.channels) + 2


def test_what_the_files_say_stands_side_by_side(report):
    meta = {"camera": "X100", "iso": "100"}
    a = replace(report.result.a, meta=meta, contents=Contents(10, 2))
    b = replace(report.result.b, meta=meta | {"iso": "400", "odd <key>": "<i>"})
    source = page(replace(report, result=replace(report.result, a=a, b=b)))
    words = Tree(source).words
    assert verdict_of_devices(a, b).text in words
    for row in rows(a, b):
        mark = " ≠" if row.differs else ""
        assert f"{row.label}{mark} {row.a or NONE} {row.b or NONE}" in words
    marked = sum(attrs.get("class") == "differs" for _, attrs in Tree(source).tags)
    assert marked == sum(row.differs for row in rows(a, b)) >= 4
    assert "left <b>.png 90 × 60, page 3 of 10" in words


def test_places_have_a_table(make, scene):
    text = 'rect 65,15 20x20 name="<left>"; ellipse 0,0 30x30'
    made = make(*scene, PlacesParams(only=text, ignore="rect 70,20 2x6"))
    source = page(made)
    assert "<h2>Places</h2>" in source
    table = source[source.index("<h2>Places</h2>") :].partition("</section>")[0]
    assert "&lt;left&gt;" in table
    assert "<left>" not in source
    words = Tree(table).words
    for place in made.result.places:
        assert place.shape in words
        for measure in place.measures.values():
            unit = measure.unit in ("share", "dB")  # of the others the text below says it
            assert (measure_text(measure) if unit else number(measure.value)) in words
    assert "Errors are in levels" in words
    assert "<h2>Places</h2>" not in page(make(*scene))


def test_the_measures_have_their_words_and_intervals(make):
    a = photo(180, 320, seed=3)
    report = make(a, with_noise(a, 3))
    words = Tree(page(report)).words
    said = verdicts(report.result.measures)
    assert "How the measures see it" in words
    assert "No two of them contradict each other." in words
    for name, verdict_of_it in said.items():
        measure = report.result.measures[name]
        parts = [measure.label, f"at {measure.at[1]}, {measure.at[0]}" if measure.at else ""]
        parts += [measure_text(measure), interval_text(measure), verdict_of_it.word]
        assert " ".join(p for p in parts if p) in words
    assert any(interval_text(m) for m in report.result.measures.values())


def test_contradictions_are_said_in_full(make, scene):
    a, _ = scene
    report = make(a, a + np.uint8(1))  # everywhere, and hardly to be seen
    found = disagreements(report.result.measures)
    assert found
    words = Tree(page(report)).words
    for one in found:
        assert one.text in words


def test_the_scale_is_filled_up_to_the_verdict(report, source):
    table = source[source.index("How the measures see it") :]
    table = table[: table.index("</table>")]
    rows = re.findall(r"<tr title.*?</tr>", table)
    said = verdicts(report.result.measures)
    assert len(rows) == len(said)
    for row in rows:
        label = re.findall(r'<td class="left">(.*?)</td>', row)[0]
        (name,) = (n for n, m in report.result.measures.items() if escape(m.label) == label)
        assert row.count('class="on') == said[name].level + 1


def test_the_curve_of_regions_is_drawn_but_for_large_pictures(make, scene, monkeypatch):
    assert "<polyline" in page(make(*scene))
    monkeypatch.setattr(html, "CURVE_PIXELS", 100)
    without = page(make(*scene))
    assert "<polyline" not in without
    assert 'class="chart threshold"' in without
