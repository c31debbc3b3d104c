import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.histograms import Histograms
from core.reports._charts import channel_chart, difference_chart


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
