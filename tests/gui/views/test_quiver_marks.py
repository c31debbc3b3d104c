"""Arrows of what an alignment leaves, on the panes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLineF, QPoint, QPointF, QRect, QRectF

from core.alignment.quiver import Quiver
from core.alignment.types import Arrow
from gui.views.modes import Mode
from gui.views.quiver_marks import LENGTHS, clipped, factor_of, length_of
from tests.gui.views.scene import colour_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.views.compare_view import CompareView

    Maker = Callable[..., CompareView]

OUTLINE = ((10.0, 5.0), (290.0, 5.0), (290.0, 115.0), (10.0, 115.0))
QUIVER = Quiver(
    (Arrow(50, 60, 0.2, 0.0), Arrow(150, 60, 0.0, 0.2), Arrow(250, 60, -9.0, 0.0, counted=False)),
    OUTLINE,
    0.2,
    0.2,
    1,
    100.0,
)
AREA = QRectF(0, 0, 100, 50)


def images(view: CompareView) -> list[object]:
    return [pane.grab().toImage() for pane in view.panes]


def test_they_lie_on_the_difference_and_nowhere_else(make_view: Maker) -> None:
    view = make_view()
    before = images(view)
    view.show_quiver(QUIVER)
    assert [a == b for a, b in zip(before, images(view), strict=True)] == [True, True, False]
    view.show_quiver(None)
    assert before == images(view)


@pytest.mark.parametrize("mode", [Mode.A, Mode.B, Mode.SWIPE, Mode.BLINK, Mode.BLEND])
def test_where_no_difference_is_shown_they_lie_on_what_is(make_view: Maker, mode: Mode) -> None:
    view = make_view()
    view.set_mode(mode)
    view.toggle_blink()
    before = images(view)
    view.show_quiver(QUIVER)
    assert before != images(view)


def test_an_arrow_points_where_b_has_still_to_go(make_view: Maker) -> None:
    view = make_view()
    view.show_quiver(QUIVER)
    lens, pane = view.camera.lens(), view.panes[2]
    reach = 0.2 * factor_of(QUIVER, lens) * lens.scale
    assert 8 < reach < 40
    for x, way, kind in ((50, (1, 0), "green"), (150, (0, 1), "green"), (250, (-1, 0), "pink")):
        start = lens.to_view(x, 60, pane.view)
        along = [(start + QPointF(*way) * share * reach).toPoint() for share in (0.4, 0.5, 0.6)]
        r, g, _ = max((colour_at(pane, at) for at in along), key=sum)
        assert g > 120
        assert (g > r + 40) == (kind == "green")
        behind = (start - QPointF(*way) * 0.5 * reach).toPoint()
        assert sum(colour_at(pane, behind)) < 200


def test_they_follow_the_camera_and_keep_their_length(make_view: Maker) -> None:
    view = make_view()
    view.show_quiver(QUIVER)
    factors = []
    for zoom in (1.0, 4.0, 16.0):
        view.camera.look_at(150, 60, zoom)
        lens, pane = view.camera.lens(), view.panes[2]
        factors.append(factor_of(QUIVER, lens))
        start = lens.to_view(150, 60, pane.view).toPoint()
        below = [colour_at(pane, start + QPoint(0, k)) for k in range(3, 14)]
        assert max(g for _, g, _ in below) > 180
    assert factors == [100, 20, 10]


def test_close_arrows_are_shorter(make_view: Maker) -> None:
    view = make_view()
    lens = view.camera.lens()
    crowded = Quiver(QUIVER.arrows, OUTLINE, 0.2, 0.2, 1, 1.0)
    assert (length_of(crowded, lens), length_of(QUIVER, lens)) == LENGTHS


def test_the_legend_keeps_off_a_name_below(make_view: Maker) -> None:
    from PySide6.QtCore import Qt

    view = make_view()
    view.set_mode(Mode.SWIPE)
    view.set_swipe_orientation(Qt.Orientation.Horizontal)
    pane = view.panes[0]
    name = QRectF(0, pane.height() - 38, 60, 38).toRect()
    before = pane.grab(name).toImage()
    view.show_quiver(Quiver((), (), 0.2, 0.2, 0, 0.0))
    assert pane.grab(name).toImage() == before


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (QLineF(10, 10, 90, 40), QLineF(10, 10, 90, 40)),
        (QLineF(-1e6, 20, 1e6, 20), QLineF(0, 20, 100, 20)),
        (QLineF(50, 1e6, 50, -1e6), QLineF(50, 50, 50, 0)),
        (QLineF(-50, -25, 150, 75), QLineF(0, 0, 100, 50)),
        (QLineF(-10, 60, 200, 60), None),
        (QLineF(-10, 10, -5, 40), None),
        (QLineF(-40, 20, 20, -40), None),
    ],
)
def test_lines_are_cut_to_the_view(line: QLineF, expected: QLineF | None) -> None:
    found = clipped(line, AREA)
    if expected is None:
        assert found is None
    else:
        ends = [found.x1(), found.y1(), found.x2(), found.y2()]
        wanted = [expected.x1(), expected.y1(), expected.x2(), expected.y2()]
        assert ends == pytest.approx(wanted, abs=1e-6)


def test_a_part_that_is_painted_again_looks_like_the_whole(make_view: Maker) -> None:
    view = make_view()
    view.show_quiver(QUIVER)
    pane = view.panes[2]
    start = view.camera.to_view(50, 60, pane.view).toPoint()
    for spot in (start, start + QPoint(12, 0), start + QPoint(-12, 3)):
        part = QRect(spot.x() - 5, spot.y() - 5, 10, 10)
        assert pane.grab(part).toImage() == pane.grab().copy(part).toImage()
