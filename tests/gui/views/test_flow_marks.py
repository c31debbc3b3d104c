"""Motion on the panes: where arrows, colours and the legend lie."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QFontMetrics

from core.alignment.quiver import Quiver
from core.alignment.types import Arrow
from core.geometry import IDENTITY, translation
from core.render import Side
from core.sequence.flow_colors import OPACITY, colors
from core.sequence.flow_shown import FlowShown
from gui.qimage import to_overlay
from gui.theme import number_font
from gui.views.flow_marks import WHEEL, edges, wheel_image, wrapped
from gui.views.modes import Mode
from tests.gui.views.scene import CANVAS, GROUND, colour_at, spot

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.views.compare_view import CompareView

    Maker = Callable[..., CompareView]

ALPHA = round(255 * OPACITY)
LINES = ("mean 7 px · 95 % 9 px · 12 % moved over 1 px", "camera stood still · 4 % moved otherwise")


def flow(col: int = 160) -> FlowShown:
    """Return a flow of cells of 10 px: red from a column on in the upper half, else nothing."""
    veil = np.zeros((12, 30, 4), np.uint8)
    veil[:6, col // 10 :] = (255, 0, 0, ALPHA)
    arrows = (Arrow(60, 80, 12, 0), Arrow(90, 40, 0, 12))
    return FlowShown(Quiver(arrows, (), 12, 12, 0, 20.0), veil, CANVAS, 12.0, LINES)


def show(view: CompareView, made: FlowShown | None, b=IDENTITY) -> None:
    view.show_flow(made, IDENTITY, b)


def reddened(ground: tuple[int, int, int]) -> tuple[float, ...]:
    return tuple(
        v * (1 - ALPHA / 255) + w * ALPHA / 255 for v, w in zip(ground, (255, 0, 0), strict=True)
    )


def grabs(view: CompareView) -> list[object]:
    return [pane.grab().toImage() for pane in view.panes]


def test_arrows_lie_on_a_colours_on_b_and_nothing_on_the_difference(make_view: Maker) -> None:
    view = make_view()
    before = grabs(view)
    show(view, flow())
    assert [x == y for x, y in zip(before, grabs(view), strict=True)] == [False, False, True]
    assert colour_at(view.panes[1], spot(view, 45, 168, 1)) == pytest.approx(
        reddened(GROUND[Side.B]), abs=2
    )
    assert colour_at(view.panes[1], spot(view, 45, 130, 1)) == GROUND[Side.B]
    assert colour_at(view.panes[0], spot(view, 45, 168, 0)) == GROUND[Side.A]
    along = spot(view, 80, 66, 0)
    assert max(colour_at(view.panes[0], along)) > 200
    show(view, None)
    assert grabs(view) == before


def test_arrows_can_end_at_their_places(make_view: Maker) -> None:
    view = make_view()
    middle, far = spot(view, 80, 60, 0), QPoint(8, 0)
    pane = view.panes[0]
    seen = {}
    for ending in (False, True):
        quiver = Quiver((Arrow(60, 80, 12, 0),), (), 12, 12, 0, 20.0, ending)
        show(view, replace(flow(), quiver=quiver))
        seen[ending] = [max(colour_at(pane, middle + k * far)) > 200 for k in (-1, 1)]
    assert seen == {False: [False, True], True: [True, False]}


def test_colours_follow_b_where_it_was_laid(make_view: Maker) -> None:
    view = make_view()
    show(view, flow(), translation(-50, 20))
    red = pytest.approx(reddened(GROUND[Side.B]), abs=2)
    assert colour_at(view.panes[1], spot(view, 60, 118, 1)) == red
    assert colour_at(view.panes[1], spot(view, 12, 118, 1)) == GROUND[Side.B]
    assert colour_at(view.panes[1], spot(view, 60, 95, 1)) == GROUND[Side.B]


def test_edges_turn_centres_into_places() -> None:
    turned = ((0.0, -1.0, 119.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0))  # a quarter turn
    made = edges(turned)
    for x, y in ((0.5, 0.5), (3, 7.25)):
        assert made.map(QPointF(x, y)) == QPointF(120 - y, x)
    bent = ((1.0, 0.1, 2.0), (0.0, 1.2, -3.0), (0.001, 0.002, 1.0))
    at = edges(bent).map(QPointF(40.5, 30.5))
    w = 0.001 * 40 + 0.002 * 30 + 1
    assert (at.x(), at.y()) == pytest.approx(((40 + 3 + 2) / w + 0.5, (36 - 3) / w + 0.5), abs=1e-6)


@pytest.mark.parametrize(
    ("mode", "arrows", "veil"),
    [
        (Mode.A, True, False), (Mode.B, False, True), (Mode.BLEND, True, True),
        (Mode.DIFFERENCE, True, False),
    ],
)  # fmt: skip
def test_one_pane_shows_what_belongs_to_its_pictures(
    make_view: Maker, mode: Mode, arrows: bool, veil: bool
) -> None:
    view = make_view()
    view.set_mode(mode)
    pane = view.panes[0]
    places = spot(view, 80, 68), spot(view, 20, 190)
    before = [colour_at(pane, p) for p in places]
    show(view, flow())
    after = [colour_at(pane, p) for p in places]
    assert [x != y for x, y in zip(before, after, strict=True)] == [arrows, veil]


def test_in_swipe_each_side_has_its_own(make_view: Maker) -> None:
    view = make_view()
    view.set_mode(Mode.SWIPE)  # the line is in the middle: at column 150
    made = flow(0)
    show(view, made)
    pane = view.panes[0]
    assert colour_at(pane, spot(view, 20, 120)) == GROUND[Side.A]
    assert colour_at(pane, spot(view, 20, 165)) == pytest.approx(reddened(GROUND[Side.B]), abs=2)


def test_the_legend_stands_once_and_above_sliders(make_view: Maker) -> None:
    view = make_view()
    show(view, flow())
    assert [pane.flow._legend for pane in view.panes] == [False, True, False]
    assert view.panes[1].flow._lift == 0
    view.set_mode(Mode.BLEND)
    pane = view.panes[0]
    slider = view._controls.blend.geometry()
    assert pane.flow._legend
    assert pane.height() - pane.flow._lift - 10 <= slider.top()


def test_the_legend_shows_the_wheel(make_view: Maker) -> None:
    view = make_view()
    view.set_mode(Mode.B)
    show(view, flow())
    pane = view.panes[0]
    image = wheel_image(WHEEL)
    middle = WHEEL // 2
    for dx, dy in ((16, 0), (0, 16), (-16, 0), (0, -16)):
        seen = image.pixelColor(middle + dx, middle + dy)
        wanted = colors(np.array([[[float(dy), float(dx)]]]), WHEEL / 2)[0, 0]
        assert [seen.red(), seen.green(), seen.blue()] == pytest.approx(wanted.tolist(), abs=20)
    below = pane.grab().toImage().copy(pane.width() - 420, pane.height() - 80, 420, 80)
    whites = sum(
        min(c.red(), c.green(), c.blue()) > 235
        for y in range(80)
        for x in range(420)
        if (c := below.pixelColor(x, y)).isValid()
    )
    assert whites > 20  # the middle of the wheel, and words


def test_long_lines_are_broken_between_their_parts(make_view: Maker) -> None:
    metrics = QFontMetrics(number_font(-1))
    text = LINES[0]
    assert wrapped(text, metrics, 10_000) == [text]
    parts = text.split(" · ")
    assert wrapped(text, metrics, 1) == parts
    room = metrics.horizontalAdvance(" · ".join(parts[:2])) + 1
    assert wrapped(text, metrics, room) == [" · ".join(parts[:2]), parts[2]]


def test_b_as_it_was_opened_has_its_colours_where_it_lies(make_view: Maker) -> None:
    view = make_view()
    show(view, flow(), translation(-50, 20))
    view.set_flicker(True)
    from tests.gui.views.scene import picture

    for side in (Side.B, Side.DIFFERENCE):
        view.show_opened(picture(side), False)
    view.toggle_blink()
    view._on_blinked()
    assert view.state.opened
    red = pytest.approx(reddened(GROUND[Side.B]), abs=2)
    assert colour_at(view.panes[1], spot(view, 20, 180, 1)) == red
    assert colour_at(view.panes[1], spot(view, 70, 180, 1)) == GROUND[Side.B]


def test_overlays_are_checked() -> None:
    with pytest.raises(ValueError, match=r"\(h, w, 4\)"):
        to_overlay(np.zeros((3, 4, 3), np.uint8))
    with pytest.raises(ValueError, match="strides"):
        to_overlay(np.zeros((3, 8, 4), np.uint8)[:, ::2])
    made = to_overlay(np.full((3, 5, 4), (200, 100, 50, 128), np.uint8))
    assert (made.width(), made.height()) == (5, 3)
    seen = made.pixelColor(4, 2)
    assert (seen.red(), seen.green(), seen.blue(), seen.alpha()) == pytest.approx(
        (200, 100, 50, 128), abs=2
    )
