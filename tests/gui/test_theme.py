from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QPushButton

from gui import icons, theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

THEMES = [pytest.param(theme.DARK, id="dark"), pytest.param(theme.LIGHT, id="light")]


@pytest.fixture(autouse=True)
def _undressed(qapp: QApplication) -> Iterator[None]:
    """Leave the program as plain as other tests expect it."""
    yield
    qapp.styleHints().unsetColorScheme()
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())
    theme.notifier().current = theme.LIGHT
    theme.notifier().mode = "light"


def luminance(colour: QColor) -> float:
    """Relative luminance, WCAG 2.2."""

    def linear(v: float) -> float:
        return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4

    r, g, b = (linear(v) for v in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("t", THEMES)
@pytest.mark.parametrize("ink", ["text", "muted", "accent", "a", "b", "ok", "warn", "danger"])
@pytest.mark.parametrize("ground", ["window", "panel", "raised"])
def test_words_can_be_read(t: theme.Theme, ink: str, ground: str) -> None:
    assert contrast(getattr(t, ink), getattr(t, ground)) >= 4.5


@pytest.mark.parametrize("t", THEMES)
def test_words_on_controls_can_be_read(t: theme.Theme) -> None:
    assert contrast(t.on_accent, t.accent) >= 4.5
    assert contrast(t.text, t.hover) >= 4.5
    assert contrast(t.muted, t.canvas) >= 4.5  # the segments that are off


def red_blind(colour: QColor) -> tuple[float, float, float]:
    """What a protanope sees: Viénot, Brettel, Mollon 1999, doi 10.1002/(SICI)1520-6378."""
    r, g, b = colour.redF() ** 2.2, colour.greenF() ** 2.2, colour.blueF() ** 2.2
    seen = 0.11238 * r + 0.88762 * g
    return seen, seen, 0.00401 * r - 0.00401 * g + b


@pytest.mark.parametrize("t", THEMES)
def test_a_and_b_are_told_apart_without_seeing_red(t: theme.Theme) -> None:
    a, b = red_blind(t.a), red_blind(t.b)
    assert a[2] - a[0] > 0.2  # bluish
    assert b[0] - b[2] > 0.1  # yellowish


def test_the_mode_a_person_chose_wins(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    assert theme.theme().dark
    assert theme.mode() == "dark"
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme.DARK.window
    theme.apply(qapp, "light")
    assert not theme.theme().dark
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme.LIGHT.window


def test_system_follows_the_desktop_and_a_choice_does_not(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme.apply(qapp, "system")
    monkeypatch.setattr(theme, "_system_theme", lambda: theme.DARK)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.theme().dark
    theme.apply(qapp, "light")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not theme.theme().dark


def test_every_colour_of_the_style_sheet_is_filled_in(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    sheet = qapp.styleSheet()
    assert "$" not in sheet
    assert theme.DARK.accent.name() in sheet
    for line in sheet.splitlines():
        if "url(" in line:
            name = line.partition('url("')[2].partition('"')[0]
            assert theme.Path(name).is_file(), name


def test_a_widget_is_told_of_other_colours(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "light")
    with qtbot.waitSignal(theme.notifier().changed):
        theme.apply(qapp, "dark")


def test_numbers_have_figures_of_one_width(qapp: QApplication) -> None:
    assert theme.number_font().featureValue(QFont.Tag("tnum")) == 1
    assert theme.ui_font(3).pointSizeF() == theme.ui_font().pointSizeF() + 3


def test_every_field_but_dark_is_a_colour() -> None:
    assert all(
        isinstance(getattr(theme.DARK, f.name), QColor)
        for f in fields(theme.Theme)
        if f.name != "dark"
    )


@pytest.mark.parametrize("name", icons.names())
def test_an_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication, name: str) -> None:
    image = icons.pixmap(name, QColor("#ff0000"), 32).toImage()
    seen = {image.pixelColor(x, y).name() for x in range(32) for y in range(32)
            if image.pixelColor(x, y).alpha() == 255}  # fmt: skip
    assert seen == {"#ff0000"}


def test_the_icons_that_were_promised_exist() -> None:
    promised = (
        "open swap export undo redo fit one-to-one previous next help settings gear close warning"
        " info check copy reload image recent theme fullscreen"
    )
    assert set(promised.split()) <= set(icons.names())


def test_an_unknown_icon_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icons.pixmap("no such icon", QColor("red"))


def test_the_icon_of_a_button_follows_the_theme(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "light")
    button = QPushButton()
    qtbot.addWidget(button)
    icons.set_icon(button, "close")
    light = button.icon().pixmap(16).toImage()
    theme.apply(qapp, "dark")
    assert button.icon().pixmap(16).toImage() != light
