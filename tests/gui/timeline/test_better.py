"""Curves of numbers of which higher ones are better: what falls under a limit is marked."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QPointF

from gui.timeline.curve_lines import below
from gui.timeline.curve_plot import over_colour
from tests.gui.timeline.mouse import Mouse
from tests.gui.timeline.painted import curve, like

NAN = math.nan


@pytest.mark.parametrize("count", [120, 900, 20_000, 100_000])
def test_where_higher_is_better_a_dip_of_one_frame_is_marked(timeline, count) -> None:
    timeline.show_length(count, None, 25.0)
    values = np.ones(count)
    at = count * 7 // 10
    values[at] = 0.0
    timeline.show_curves((curve(values, limits=(("limit", 0.5),), better="higher"),))
    timeline.show_frame(0)
    plot = timeline.tracks.curves.plot(0)
    image = timeline.tracks.curves.grab().toImage()
    x = timeline.tracks.axis.x_of(at)
    for value in (0.3, 0.1):
        y = round(plot.y_of(value))
        assert y > plot.y_of(0.5) + 2
        colours = ((c, image.pixelColor(c, y)) for c in range(image.width()))
        seen = {c for c, colour in colours if like(colour, over_colour())}
        assert seen
        assert all(abs(c - x) <= 2 + timeline.tracks.axis.scale for c in seen)
    y = round(plot.y_of(0.8))  # what is over the limit is not marked
    assert not any(like(image.pixelColor(c, y), over_colour()) for c in range(image.width()))


@pytest.mark.parametrize("learned", [False, True])
@pytest.mark.parametrize(("count", "notches"), [(900, 0), (900, 3), (20_000, 0)])
def test_better_is_higher_marks_what_better_is_lower_marks_upside_down(
    timeline, count, notches, learned
) -> None:
    timeline.show_length(count, None, 25.0)
    Mouse(timeline.tracks.ruler).turn((timeline.tracks.axis.x_of(count * 0.4), 5), notches)
    steps = np.array([0.0, 0.6, 0.0, 0.9, 0.3, 0.75, 0.0, 1.0, 0.2])
    values = np.repeat(steps, -(-count // len(steps)))[:count]
    limit = np.where(np.arange(count) < count * 5 // 8, 0.4, 0.8)
    found = []
    for better in ("lower", "higher"):
        seen, usual = (v if better == "lower" else 1 - v for v in (values, limit))
        more = {"limit_curve": usual} if learned else {"limits": (("limit", 0.5),)}
        timeline.show_curves((curve(seen, better=better, **more),))
        timeline.show_frame(0)
        found.append(columns_beyond(timeline, 0.5))
    assert 100 < len(found[0]) < 700
    assert len(found[0] ^ found[1]) <= 2 * len(steps)  # where lines rise they are smoothed


def columns_beyond(timeline, limit) -> set[int]:
    """Return the columns with what is marked, without the line of the limit itself."""
    plot = timeline.tracks.curves.plot(0)
    area, image = plot.area.toAlignedRect(), timeline.tracks.curves.grab().toImage()
    rows = [y for y in range(area.top(), area.bottom()) if abs(y - plot.y_of(limit)) > 3]
    return {
        x
        for x in range(area.left(), area.right())
        if any(like(image.pixelColor(x, y), over_colour()) for y in rows)
    }


def test_the_mouse_reads_the_dip_where_higher_is_better(timeline) -> None:
    timeline.show_length(100_000, None, 25.0)
    values = np.ones(100_000)
    values[41_417], values[41_420] = 0.0, 2.0
    timeline.show_curves((curve(values, better="higher"),))
    place = QPointF(math.floor(timeline.tracks.axis.x_of(41_417)) + 0.5, 30)
    assert timeline.tracks.curves.frame_at(place) == 41_417
    timeline.show_curves((curve(values),))
    assert timeline.tracks.curves.frame_at(place) == 41_420


@pytest.mark.parametrize(
    ("line", "limit", "wanted"),
    [
        ((0, 10, 4, 2), 6, (0, 10, 2, 6)),
        ((0, 2, 4, 10), 6, (2, 6, 4, 10)),
        ((0, 2, 4, 3), 6, None),
        ((0, 8, 4, 9), 6, (0, 8, 4, 9)),
        ((0, 6, 4, 6), NAN, None),
    ],
)
def test_the_part_of_a_line_below_a_limit(line, limit, wanted) -> None:
    assert below(QLineF(*line), limit) == (None if wanted is None else QLineF(*wanted))
