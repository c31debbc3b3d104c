"""What a page says of an alignment, and its drawing of what is left."""

from __future__ import annotations

import math
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from core.alignment.facts import facts
from core.alignment.models import AlignModel
from core.alignment.types import Arrow
from core.reports._alignment import LENGTHS, LONGEST, WIDTH, section
from core.reports.html import page
from core.stages.align import AlignParams
from core.stages.fit import Anchor, FitParams
from tests.core.reports.test_html import Tree
from tests.make import photo, shifted

ARROWS = (
    Arrow(20, 20, 0.1, 0.0),
    Arrow(60, 20, 0.0, 0.1),
    Arrow(20, 40, -0.1, 0.0),
    Arrow(60, 40, 50.0, 0.0, counted=False),
    Arrow(40, 30, 0.0, 0.0),
)


@pytest.fixture
def report(make):
    made = make(*shifted(3, -7, 90, 160), AlignParams(enabled=True))
    found = replace(made.result.alignment, arrows=ARROWS)
    return replace(made, result=replace(made.result, alignment=found))


def drawn(report):
    svg = ElementTree.fromstring(section(report.result)["drawing"])
    return {
        kind: [e.attrib for e in svg.iter(kind)] for kind in ("rect", "polygon", "circle", "path")
    }


def test_all_facts_are_on_the_page(report):
    words = Tree(page(report)).words
    result = report.result
    for name, text in facts(result.alignment, (result.a.height, result.a.width)):
        assert f"{name} {text}" in words
    assert " ".join(result.alignment.reason.split()) in words
    assert "Refused" not in words
    assert "longest 0.1 px" in words
    assert "1 place does not count" in words


def test_a_refusal_has_no_shift(make):
    report = make(photo(60, 90, 1), np.full((60, 90, 3), 90, np.uint8), AlignParams(enabled=True))
    words = Tree(page(report)).words
    assert "Refused. " in words
    assert "Model none (asked for: auto)" in words
    assert "Shift of B" not in words


def test_pins_and_what_they_leave_are_on_the_page(make):
    by_hand = AlignParams(
        enabled=True, model=AlignModel.MANUAL, pins="20,30=13,33; 90,50=83,53", nudge_x=0.5
    )
    words = Tree(page(make(*shifted(3, -7, 90, 160), by_hand))).words
    assert "Model by hand" in words
    assert "2 pins left apart by 0.5 px, 0.5 px" in words
    assert "Moved by hand +0.50, 0.00 px" in words


def test_the_outline_lies_on_a(report):
    found = drawn(report)
    scale = WIDTH / 160
    (rect,) = found["rect"]
    assert [float(rect[k]) for k in ("x", "y", "width", "height")] == pytest.approx(
        [0, 0, WIDTH, 90 * scale], abs=0.01
    )
    (polygon,) = found["polygon"]
    corners = [tuple(map(float, p.split(","))) for p in polygon["points"].split()]
    expected = [(7, 0), (160, 0), (160, 87), (7, 87)]
    assert np.array(corners) == pytest.approx(np.array(expected) * scale, abs=0.02)


def test_a_that_is_padded_lies_where_it_was_put(make):
    a, b = shifted(3, -7, 90, 160)
    params = FitParams(anchor=Anchor.CENTER), AlignParams(enabled=True)
    (rect,) = drawn(make(a[10:70, 20:120], b, *params))["rect"]
    scale = WIDTH / 160
    assert (float(rect["x"]), float(rect["y"])) == pytest.approx((30 * scale, 15 * scale), abs=0.01)


def test_each_arrow_begins_at_its_place_and_points_its_way(report):
    found = drawn(report)
    scale = WIDTH / 160
    assert len(found["circle"]) == len(ARROWS)
    for dot, arrow in zip(found["circle"], ARROWS, strict=True):
        at = float(dot["cx"]), float(dot["cy"])
        assert at == pytest.approx(((arrow.x + 0.5) * scale, (arrow.y + 0.5) * scale), abs=0.01)
        assert ("uncounted" in dot["class"]) is not arrow.counted
    shafts = [p for p in found["path"] if "shaft" in p["class"]]
    moving = [a for a in ARROWS if math.hypot(a.dx, a.dy)]
    assert len(shafts) == len(moving)
    for shaft, arrow in zip(shafts, moving, strict=True):
        dx, dy = map(float, shaft["d"].partition("l")[2].split())
        assert math.atan2(dy, dx) == pytest.approx(math.atan2(arrow.dy, arrow.dx))
        low, high = LENGTHS
        length = math.hypot(dx, dy)
        assert length <= LONGEST * high + 0.01
        if arrow.counted:
            assert low / 2 < length < high * 2
    # What is far too long is cut, and has two heads.
    heads = [p["d"].count("M") for p in found["path"] if "shaft" not in p["class"]]
    assert heads == [1, 1, 1, 2]


def test_without_arrows_there_is_still_the_outline(make):
    found = drawn(make(*shifted(0, 0, 60, 90), AlignParams(enabled=True, model=AlignModel.MANUAL)))
    assert found["circle"] == found["path"] == []
    assert len(found["polygon"]) == 1
