"""Curves: what is painted where, and what the mouse reads of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLineF, QPointF

from gui.timeline.curve_lines import above
from gui.timeline.curve_plot import curve_colour, over_colour
from gui.timeline.curves import Curve
from gui.timeline.value_scale import ValueScale
from tests.gui.timeline.mouse import Mouse, heard
from tests.gui.timeline.painted import columns_with, curve, furthest, like

NAN = math.nan


@pytest.mark.parametrize("count", [120, 900, 20_000, 100_000])
def test_a_peak_of_one_frame_is_marked_where_it_is(timeline, count) -> None:
    timeline.show_length(count, None, 25.0)
    values = np.zeros(count)
    at = count * 7 // 10
    values[at] = 1.0
    timeline.show_curves((curve(values, limits=(("limit", 0.5),)),))
    timeline.show_frame(0)
    found = columns_with(timeline, over_colour())
    x = timeline.tracks.axis.x_of(at)
    dashes = timeline.tracks.curves.plot(0).y_of(0.5)
    image = timeline.tracks.curves.grab().toImage()
    for value in (0.95, 0.7):
        y = round(timeline.tracks.curves.plot(0).y_of(value))
        assert y < dashes - 2
        colours = ((c, image.pixelColor(c, y)) for c in range(image.width()))
        seen = {c for c, colour in colours if like(colour, over_colour())}
        assert seen
        assert all(abs(c - x) <= 2 + timeline.tracks.axis.scale for c in seen)
        assert seen <= found


def test_nan_is_a_gap(timeline) -> None:
    values = np.full(900, 0.5)
    values[300:600] = NAN
    timeline.show_curves((curve(values),))
    found = columns_with(timeline, curve_colour(0))
    x_of = timeline.tracks.axis.x_of
    assert {round(x_of(f)) for f in (100, 250, 650, 880)} <= found
    assert not {x for x in found if x_of(302) < x < x_of(598)}


@pytest.mark.parametrize(("count", "notches"), [(900, 0), (900, 3), (20_000, 0), (20_000, 3)])
def test_each_frame_has_its_own_learned_limit(timeline, count, notches) -> None:
    timeline.show_length(count, None, 25.0)
    Mouse(timeline.tracks.ruler).turn((timeline.tracks.axis.x_of(count * 0.4), 5), notches)
    limit = np.full(count, 0.2)
    limit[count // 2 :] = 0.8
    limit[: count // 4] = NAN
    timeline.show_curves((curve(np.full(count, 0.5), limit_curve=limit),))
    timeline.show_frame(count * 2 // 5)
    found = columns_with(timeline, over_colour())
    x_of = timeline.tracks.axis.x_of
    quarter, half = x_of(count / 4), x_of(count / 2)
    assert found
    assert min(found) == pytest.approx(quarter, abs=3)
    assert max(found) == pytest.approx(half, abs=3)


def test_the_mouse_reads_the_peak_of_its_column_and_seeks_it(timeline) -> None:
    timeline.show_length(100_000, None, 25.0)
    values = np.zeros(90_000)
    values[31_417] = 1.0
    timeline.show_curves((Curve("a", "A", "", 10_000, values),))
    told = heard(timeline.sought)
    x = math.floor(timeline.tracks.axis.x_of(41_417)) + 0.5
    assert timeline.tracks.axis.frame_at(x) != 41_417
    mouse = Mouse(timeline.tracks.curves)
    mouse.move((x, 30))
    assert all(lane.hovered_frame == 41_417 for lane in timeline.tracks.lanes)
    mouse.click((x, 30))
    assert told[-1] == (41_417, False)


def test_of_several_curves_the_one_under_the_mouse_is_read(timeline) -> None:
    timeline.show_length(100_000, None, 25.0)
    first, second = np.zeros(100_000), np.zeros(100_000)
    first[50_010], second[50_020] = 1.0, 1.0
    timeline.show_curves((curve(first), curve(second, "b")))
    curves = timeline.tracks.curves
    x = math.floor(timeline.tracks.axis.x_of(50_015)) + 0.5
    assert curves.frame_at(QPointF(x, curves.area(0).center().y())) == 50_010
    assert curves.frame_at(QPointF(x, curves.area(1).center().y())) == 50_020


def test_words_say_the_value_and_its_unit() -> None:
    some = Curve("a", "A", "px", 10, [0.25, NAN, 3.0])
    assert [some.text_at(frame) for frame in (9, 10, 11, 12, 13)] == [
        "–",
        "0.25 px",
        "–",
        "3 px",
        "–",
    ]


def test_values_that_begin_later_lie_at_their_frames(timeline) -> None:
    values = np.zeros(100)
    values[50] = 1.0
    timeline.show_curves((Curve("a", "A", "", 400, values, (("limit", 0.5),)),))
    found = columns_with(timeline, curve_colour(0))
    assert min(found) == pytest.approx(timeline.tracks.axis.x_of(400), abs=2)
    assert max(found) == pytest.approx(timeline.tracks.axis.x_of(499), abs=2)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("count", [300, 900, 5000])
def test_more_values_are_painted_as_if_all_had_come_at_once(timeline, log, count) -> None:
    rng = np.random.default_rng(4)
    timeline.show_length(count, None, 25.0)
    values, limit = rng.random(count), np.full(count, 0.9)
    values[2] = 1.0  # so the scale stays
    values[0] = 0.001

    def shown(known):
        return (
            curve(values[:known], limits=(("limit", 0.95),), limit_curve=limit[:known], log=log),
            curve(1 - values[:known], "b"),
        )

    curves = timeline.tracks.curves
    for known in (count // 2, count // 2 + 7, count * 2 // 3, count * 2 // 3, count):
        timeline.show_curves(shown(known))
        step_by_step = curves.grab().toImage()
    curves.refresh()
    at_once = curves.grab().toImage()
    assert furthest(step_by_step, at_once) <= 8  # how lines are smoothed depends on the clip
    timeline.show_curves(shown(count // 2))
    assert furthest(curves.grab().toImage(), at_once) > 60


def test_little_is_painted_anew_when_little_has_come(timeline, monkeypatch) -> None:
    values = np.cos(np.linspace(0, 3, 900))
    timeline.show_curves((curve(values[:500]),))
    timeline.tracks.curves.grab()
    parts: list[float] = []
    kept = type(timeline.tracks.curves).paint_kept

    def paint_kept(self, painter, dirty) -> None:
        parts.append(dirty.width())
        kept(self, painter, dirty)

    monkeypatch.setattr(type(timeline.tracks.curves), "paint_kept", paint_kept)
    timeline.show_curves((curve(np.append(values[:500], [0.2] * 10)),))
    timeline.tracks.curves.grab()
    assert 10 < sum(parts) < 30


@pytest.mark.parametrize(
    "values",
    [[], [NAN] * 900, [0.0] * 900, [math.inf] * 900, [-5.0, 5.0] * 450, [1e-300, 1e300] * 450],
    ids=["none", "nan", "zero", "inf", "negative", "extreme"],
)
@pytest.mark.parametrize("log", [False, True])
def test_every_kind_of_values_is_painted(timeline, values, log) -> None:
    timeline.show_curves((curve(values, limits=(("limit", 0.2),), limit_curve=values, log=log),))
    timeline.tracks.curves.grab()
    Mouse(timeline.tracks.curves).move((500, 30))
    assert not timeline.tracks.curves.grab().isNull()


def test_without_curves_there_is_no_room_for_them(timeline) -> None:
    timeline.show_curves((curve([0.5] * 900),))
    assert timeline.tracks.curves.minimumHeight() > 0
    timeline.show_curves(())
    assert timeline.tracks.curves.maximumHeight() == 0


FINITE = st.floats(-1e9, 1e9, allow_subnormal=False)


@given(st.lists(FINITE, min_size=1), st.lists(FINITE, max_size=3), st.booleans())
def test_a_scale_holds_all_values_and_ticks_lie_on_it(values, limits, log) -> None:
    scale = ValueScale.of(values, limits, log=log)
    assert scale.low < scale.high
    assert max(values) <= scale.high
    assert scale.log or min(values) >= scale.low
    ticks = scale.ticks(3)
    assert len(ticks) <= 8
    assert ticks == sorted(ticks)
    slack = (scale.high - scale.low) * 1e-9
    assert all(scale.low - slack <= t <= scale.high + slack for t in ticks)


def test_a_scale_shows_small_changes_far_from_0_and_no_limit_that_is_far_off() -> None:
    scale = ValueScale.of([0.97, 0.99], [0.95], log=False)
    assert 0.9 < scale.low < 0.95
    assert ValueScale.of([0.1, 0.3], [0.2], log=False).low == 0
    assert ValueScale.of([0.001], [0.2], log=False).high < 0.01
    assert ValueScale.of([0.1], [0.2], log=False).high > 0.2
    log = ValueScale.of([1e-9, 0.5], [0.2], log=True)
    assert log.log
    assert 1e-7 < log.low < 1e-6


@pytest.mark.parametrize(
    ("line", "limit", "wanted"),
    [
        ((0, 10, 4, 2), 6, (2, 6, 4, 2)),
        ((0, 2, 4, 10), 6, (0, 2, 2, 6)),
        ((0, 2, 4, 3), 6, (0, 2, 4, 3)),
        ((0, 8, 4, 9), 6, None),
        ((0, 6, 4, 6), 6, None),
        ((0, 6, 4, 6), NAN, None),
    ],
)
def test_the_part_of_a_line_above_a_limit(line, limit, wanted) -> None:
    assert above(QLineF(*line), limit) == (None if wanted is None else QLineF(*wanted))
