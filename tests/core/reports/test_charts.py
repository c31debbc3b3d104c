import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.histograms import Histograms
from core.reports._charts import channel_chart, difference_chart, threshold_chart
from core.threshold import RegionPoint, changed, knee, otsu


def histograms(difference):
    return Histograms(("gray",), np.zeros((1, 256)), np.zeros((1, 256)), np.array(difference))


def heights(path):
    """The y of each bar's top."""
    return [float(y) for y in re.findall(r"V([\d.]+)H", path)]


def test_higher_bars_for_larger_counts():
    a, b = [0] * 256, [0] * 256
    a[10], a[20], b[255] = 5, 500, 50
    filled, line, dashed = ET.fromstring(channel_chart("R", a, b)).iter("path")
    tops = heights(filled.get("d"))
    assert len(tops) == 256
    assert tops[20] < tops[10] < tops[0]
    assert heights(line.get("d")) == tops
    assert heights(dashed.get("d"))[255] < tops[255]


@pytest.mark.parametrize(("tolerance", "within", "over"), [(0, 1, 15), (4, 5, 11), (3.5, 4, 12)])
def test_the_tolerance_parts_the_bars(tolerance, within, over):
    counts = [100, 1, 1, 1, 1, 1, 1] + [0] * 249
    first, second = ET.fromstring(difference_chart(histograms(counts), tolerance, 3)).iter("path")
    assert (len(heights(first.get("d"))), len(heights(second.get("d")))) == (within, over)


def test_the_count_over_the_tolerance_is_written():
    counts = [90, 4, 6] + [0] * 253
    text = " ".join(
        t.text for t in ET.fromstring(difference_chart(histograms(counts), 1, 6)).iter("text")
    )
    assert "tolerance 1 · 6 pixels over it (6 %)" in text


@settings(max_examples=25)  # lists this long are slow to make
@given(
    st.lists(st.integers(0, 10**9), min_size=256, max_size=256),
    st.floats(0, 255),
)
def test_everything_stays_inside_the_drawing(counts, tolerance):
    root = ET.fromstring(difference_chart(histograms(counts), tolerance, None))
    _, _, width, height = map(float, root.get("viewBox").split())
    for path in root.iter("path"):
        assert all(0 <= float(x) <= width for x in re.findall(r"H([\d.]+)", path.get("d")))
        assert all(0 <= float(y) <= height for y in re.findall(r"V([\d.]+)", path.get("d")))


def test_an_empty_histogram_is_drawn():
    assert "tolerance 0" in difference_chart(histograms([0] * 256), 0.0, 0)


def test_ends_that_hold_more_say_so():
    made = replace(histograms([90] * 256), beyond=3)
    texts = [t.text for t in ET.fromstring(difference_chart(made, 255.0, 3)).iter("text")]
    assert "≥ 255" in texts
    ends = {0: "≤ 0", 255: "≥ 255"}
    texts = [
        t.text for t in ET.fromstring(channel_chart("R", [1] * 256, [2] * 256, ends)).iter("text")
    ]
    assert {"≤ 0", "≥ 255"} <= set(texts)


def noise_and_change():
    """Half of a Gaussian of deviation 4, and 3,000 pixels at 90."""
    made = np.rint(90_000 * np.exp(-(np.arange(256.0) ** 2) / 32)).astype(np.int64)
    made[90] += 3000
    return histograms(made)


def texts_of(svg):
    return [t.text for t in ET.fromstring(svg).iter("text")]


def test_the_threshold_curve_steps_down_with_the_counts():
    made = noise_and_change()
    filled, line = ET.fromstring(threshold_chart(made, 4.0)).iter("path")
    tops = heights(filled.get("d"))
    assert len(tops) == 128
    assert heights(line.get("d")) == tops
    assert tops == sorted(tops)  # y grows downwards
    counts = changed(made)[:128]
    assert tops[0] < tops[30] == tops[89] < tops[90]
    assert np.argsort(-counts, kind="stable").tolist() == list(range(128))


def test_the_tolerance_and_both_proposals_are_marked_where_they_are():
    made = noise_and_change()
    svg = threshold_chart(made, 4.0)
    marks = ["tolerance 4", f"knee {knee(made)}", f"Otsu {otsu(made)}"]
    assert [t for t in texts_of(svg) if t in marks] == marks
    lines = [e for e in ET.fromstring(svg).iter("line") if "limit" in e.get("class")]
    places = [float(e.get("x1")) for e in lines]
    # A bin is 929 / 128 wide, from 30 on; a tolerance stands in the middle of its bin.
    expected = [30 + (v + 0.5) * 929 / 128 for v in (4, knee(made), otsu(made))]
    assert places == pytest.approx(expected, abs=0.05)
    rows = [t.get("y") for t in ET.fromstring(svg).iter("text") if t.get("class") == "note"]
    assert len(set(rows)) == 3


def test_what_there_is_not_is_not_marked():
    texts = texts_of(threshold_chart(histograms([90] + [0] * 255), 300.0))
    assert "tolerance 300" in texts
    assert not any(t.startswith(("knee", "Otsu")) for t in texts)


def test_regions_are_a_line_of_their_own():
    points = [RegionPoint(0, 3, 900, 500), RegionPoint(4, 40, 300, 50), RegionPoint(200, 0, 0, 0)]
    (line,) = ET.fromstring(threshold_chart(noise_and_change(), 4.0, points)).iter("polyline")
    pairs = [tuple(map(float, p.split(","))) for p in line.get("points").split()]
    assert len(pairs) == 2  # the third lies beyond the chart
    assert pairs[0][0] < pairs[1][0]
    assert pairs[0][1] > pairs[1][1]


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), tolerance=st.floats(0, 1e6))
def test_the_threshold_chart_stays_inside_the_drawing(seed, tolerance):
    rng = np.random.default_rng(seed)
    made = histograms((10 ** rng.uniform(0, 9, 256)).astype(np.int64) * (rng.random(256) < 0.3))
    root = ET.fromstring(threshold_chart(made, tolerance))
    _, _, width, height = map(float, root.get("viewBox").split())
    for path in root.iter("path"):
        assert all(0 <= float(x) <= width for x in re.findall(r"H([\d.]+)", path.get("d")))
        assert all(0 <= float(y) <= height for y in re.findall(r"V([\d.]+)", path.get("d")))
    for line in root.iter("line"):
        assert 0 <= float(line.get("x1")) <= width
