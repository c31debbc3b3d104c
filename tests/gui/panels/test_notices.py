from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.types import Notice
from gui.panels.notices import MOST, NoticeBar

SIZE = Notice("size_mismatch", "The pictures differ in size.", "warning")
ICC = Notice("icc", "A was converted to sRGB.")


@pytest.fixture
def bar(show: Callable[[QWidget, int, int], None]) -> NoticeBar:
    made = NoticeBar()
    show(made, 700, 300)
    return made


def texts(bar: NoticeBar) -> list[str]:
    return [card.text for card in bar.cards()]


def dismiss(bar: NoticeBar, qtbot: QtBot, place: int) -> None:
    qtbot.mouseClick(bar.cards()[place].cross, Qt.MouseButton.LeftButton)


def test_the_bar_is_only_there_when_it_has_something_to_say(bar: NoticeBar) -> None:
    bar.show_notices(())
    assert bar.isHidden()
    bar.show_notices((ICC,))
    assert not bar.isHidden()
    bar.show_notices(())
    assert bar.isHidden()


def test_errors_stand_first_then_warnings(bar: NoticeBar) -> None:
    bar.show_notices((ICC, SIZE))
    bar.show_error("“a.png” could not be read.")
    assert texts(bar) == ["“a.png” could not be read.", SIZE.text, ICC.text]


def test_the_same_error_is_shown_once(bar: NoticeBar) -> None:
    bar.show_error("It failed.")
    bar.show_error("It failed.")
    assert texts(bar) == ["It failed."]


def test_new_notices_replace_old_ones_but_no_error(bar: NoticeBar) -> None:
    bar.show_error("It failed.")
    bar.show_notices((ICC,))
    bar.show_notices((SIZE,))
    assert texts(bar) == ["It failed.", SIZE.text]


def test_what_was_done_stays_as_errors_do_but_is_none(bar: NoticeBar) -> None:
    bar.show_info("Two were taken.")
    bar.show_info("Two were taken.")
    bar.show_notices((SIZE,))
    assert [(c.text, c.severity) for c in bar.cards()] == [
        (SIZE.text, "warning"),
        ("Two were taken.", "info"),
    ]
    bar.clear("notice")
    assert texts(bar) == ["Two were taken."]
    bar.clear("error")
    assert bar.isHidden()


def test_a_notice_that_stays_is_not_made_anew(bar: NoticeBar) -> None:
    bar.show_notices((ICC,))
    card = bar.cards()[0]
    bar.show_notices((SIZE, ICC))
    assert card in bar.cards()


def test_what_was_dismissed_stays_away_until_cleared(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.show_notices((SIZE, ICC))
    dismiss(bar, qtbot, 0)
    assert texts(bar) == [ICC.text]
    bar.show_notices((SIZE, ICC))
    assert texts(bar) == [ICC.text]
    bar.show_notices((Notice(SIZE.code, "Another sentence.", "warning"),))
    assert texts(bar) == ["Another sentence."]
    bar.clear("notice")
    bar.show_notices((SIZE,))
    assert texts(bar) == [SIZE.text]


def test_a_dismissed_error_comes_again_when_it_happens_again(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.show_error("It failed.")
    dismiss(bar, qtbot, 0)
    assert texts(bar) == []
    bar.show_error("It failed.")
    assert texts(bar) == ["It failed."]


def test_each_kind_is_cleared_alone(bar: NoticeBar) -> None:
    bar.show_error("It failed.")
    bar.show_notices((ICC,))
    bar.clear("error")
    assert texts(bar) == [ICC.text]
    bar.show_error("It failed.")
    bar.clear("notice")
    assert texts(bar) == ["It failed."]


def test_the_button_tells_the_code(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.show_notices((SIZE, ICC), {"size_mismatch": "Fit…"})
    assert [c.action.isHidden() for c in bar.cards()] == [False, True]
    with qtbot.waitSignal(bar.action_clicked) as told:
        qtbot.mouseClick(bar.cards()[0].action, Qt.MouseButton.LeftButton)
    assert told.args == ["size_mismatch"]


def test_many_notices_do_not_bury_the_pictures(bar: NoticeBar, qtbot: QtBot) -> None:
    bar.show_notices(tuple(Notice(f"n{i}", f"Notice {i}.") for i in range(MOST + 2)))
    assert sum(not c.isHidden() for c in bar.cards()) == MOST
    assert bar.more_link.text() == "2 more"
    qtbot.mouseClick(bar.more_link, Qt.MouseButton.LeftButton)
    assert sum(not c.isHidden() for c in bar.cards()) == MOST + 2
