"""The button that chooses another picture of a file, and its place beside the name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMenu
from pytestqt.qtbot import QtBot

from core.io.address import Part
from core.render import Side
from core.types import Contents
from gui.views.chooser import MOST_PAGES, Choice, PartButton
from gui.views.compare_view import CompareView
from gui.views.modes import Mode

LEFT = Qt.MouseButton.LeftButton
PAGES = Choice(Contents(10, 2))
LAYERS = Choice(Contents(1, 0, ("beauty", "diffuse & co", "z"), "z"))
DRAWING = Choice(Contents(), 800)


def button(view: CompareView, side: Side = Side.A, pane: int = 0) -> PartButton:
    return view.panes[pane].names.buttons[side]


def entries(menu: QMenu) -> list[str]:
    return [item.text() for item in menu.actions() if not item.isSeparator()]


def menu_of(view: CompareView, choice: Choice) -> tuple[QMenu, list[object]]:
    view.set_choices({Side.A: choice})
    chosen: list[object] = []
    view.part_chosen.connect(lambda side, part: chosen.append((side, part)))
    return button(view).menu(), chosen


def pick(menu: QMenu, text: str) -> None:
    (item,) = [x for x in menu.actions() if x.text() == text]
    item.trigger()
    menu.close()


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        (PAGES, "page 3 of 10"),
        (LAYERS, "z"),
        (DRAWING, "800 px wide"),
        (Choice(Contents(3, 0, ("l", "r"), "r")), "page 1 of 3, r"),
        (Choice(Contents(1, 0, ("only",), "only")), ""),
        (Choice(Contents()), ""),
    ],
)
def test_the_button_says_what_is_shown_and_is_there_when_there_is_a_choice(
    make_view: Callable[..., CompareView], choice: Choice, text: str
) -> None:
    view = make_view()
    view.set_choices({Side.B: choice})
    shown = button(view, Side.B, 1)
    assert shown.text() == text
    assert shown.isVisible() is bool(text)
    assert not button(view).isVisible()
    assert all(b.isHidden() for b in view.panes[2].names.buttons.values())


def test_pages_are_chosen_from_the_menu(make_view: Callable[..., CompareView]) -> None:
    view = make_view()
    menu, chosen = menu_of(view, PAGES)
    assert entries(menu) == [f"Page {k}" for k in range(1, 11)]
    assert [x.text() for x in menu.actions() if x.isChecked()] == ["Page 3"]
    pick(menu, "Page 7")
    assert chosen == [(Side.A, Part(6))]


def test_layers_are_chosen_by_name(make_view: Callable[..., CompareView]) -> None:
    view = make_view()
    menu, chosen = menu_of(view, LAYERS)
    assert entries(menu) == ["beauty", "diffuse && co", "z"]
    pick(menu, "diffuse && co")
    assert chosen == [(Side.A, Part(0, "diffuse & co"))]


@pytest.mark.parametrize(("page", "first"), [(0, 0), (499, 480), (250, 240), (3, 0), (491, 480)])
def test_of_many_pages_those_around_are_listed(page: int, first: int) -> None:
    pages = Choice(Contents(500, page)).pages()
    assert (pages.start, len(pages)) == (first, MOST_PAGES)
    assert page in pages


def test_any_page_can_be_gone_to_by_number(
    make_view: Callable[..., CompareView], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []

    def answer(*words: object) -> tuple[int, bool]:
        asked.append(words[3:])
        return 321, len(asked) > 1

    monkeypatch.setattr(QInputDialog, "getInt", answer)
    view = make_view()
    menu, chosen = menu_of(view, Choice(Contents(500, 250)))
    assert entries(menu)[-1] == "Go to page…"
    pick(menu, "Go to page…")
    assert chosen == []  # the person changed their mind
    pick(button(view).menu(), "Go to page…")
    assert chosen == [(Side.A, Part(320))]
    assert asked == [(251, 1, 500)] * 2


def test_a_drawing_has_any_width(
    make_view: Callable[..., CompareView], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (1234, True))
    view = make_view()
    menu, chosen = menu_of(view, DRAWING)
    pick(menu, "Draw at width…")
    assert chosen == [(Side.A, Part(width=1234))]


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("name", ["a.tif", "a very long name of a scan, " * 9])
@pytest.mark.parametrize("size", [(1210, 300), (420, 260)])
def test_names_and_buttons_stay_inside_and_apart(
    make_view: Callable[..., CompareView], mode: Mode, name: str, size: tuple[int, int]
) -> None:
    view = make_view()
    view.resize(*size)
    view.set_mode(mode)
    view.set_names(name, name, "|A − B|")
    view.set_choices({Side.A: PAGES, Side.B: PAGES})
    seen = 0
    for pane in view.panes:
        names = pane.names
        places = [(s, r.toAlignedRect()) for s, r in names._places.items()]
        boxes = [r for _, r in places]
        boxes += [names.buttons[s].geometry() for s, _ in places if s is not Side.DIFFERENCE]
        seen += len(boxes) - len(places)
        for k, box in enumerate(boxes):
            assert pane.rect().contains(box)
            assert not any(box.intersects(other) for other in boxes[:k])
    one = {Mode.BLINK, Mode.A, Mode.B}
    assert seen == (0 if mode is Mode.DIFFERENCE else 1 if mode in one else 2)


@pytest.mark.qt_log_ignore("does not support")  # a popup without a screen
def test_the_keyboard_reaches_the_button(
    make_view: Callable[..., CompareView], qtbot: QtBot
) -> None:
    view = make_view()
    view.set_choices({Side.A: PAGES})
    view.activateWindow()
    button(view).setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(button(view).hasFocus)
    qtbot.keyClick(button(view), Qt.Key.Key_Space)
    (menu,) = button(view).findChildren(QMenu)
    assert menu.isVisible()
    assert menu.activeAction().text() == "Page 3"
    menu.close()
    qtbot.mouseClick(button(view), LEFT)
    assert any(m.isVisible() for m in button(view).findChildren(QMenu))
    for opened in button(view).findChildren(QMenu):
        opened.close()
    assert button(view).accessibleName() == "A: page 3 of 10"
