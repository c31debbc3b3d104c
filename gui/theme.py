"""Colours, fonts and the style sheet of the window, light and dark.

Widgets that paint themselves ask `theme()` in their ``paintEvent``; when the colours change Qt
sends every widget a ``StyleChange`` event, and `notifier` emits ``changed``.

Looks that the style sheet knows, given to a widget by ``setProperty("role", …)``:

- QPushButton and QToolButton: ``"primary"``, ``"link"``, ``"quiet"`` and ``"segment"`` (checkable,
  inside a QFrame with role ``"segmented"``);
- QLabel: ``"muted"`` and ``"header"``;
- QFrame: ``"panel"``, ``"card"``, ``"segmented"`` and ``"rule"`` (a line of one pixel).
"""

from __future__ import annotations

import importlib.resources
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from string import Template
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

Mode = Literal["system", "light", "dark"]


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """One set of colours. Treat every QColor as read-only.

    Attributes
    ----------
    dark
        Whether it is the dark set.
    window, panel, raised, canvas
        Behind everything; behind the side panels; controls and cards; around the pictures.
    border, grid
        Lines between and around things; lines inside plots.
    text, muted
        Words and numbers; words of less weight. Both read at 4.5:1 on window, panel and raised.
    accent, on_accent
        What is chosen or can be clicked; text on it.
    a, b
        Picture A and picture B; blue and orange, told apart by colour-blind people too.
    ok, warn, danger
        All is well; look at this; this failed. All read as text.
    hover, pressed, track
        Controls under the mouse, pressed, and the groove of sliders and switches that are off.
    """

    dark: bool
    window: QColor
    panel: QColor
    raised: QColor
    canvas: QColor
    border: QColor
    text: QColor
    muted: QColor
    accent: QColor
    on_accent: QColor
    a: QColor
    b: QColor
    ok: QColor
    warn: QColor
    danger: QColor
    grid: QColor
    hover: QColor
    pressed: QColor
    track: QColor


def _make(dark: bool, **colours: str) -> Theme:
    return Theme(dark, **{name: QColor(value) for name, value in colours.items()})


DARK = _make(
    True,
    window="#23262d",
    panel="#23262d",
    raised="#2b2f38",
    canvas="#121317",
    border="#3a3e48",
    text="#e9ebef",
    muted="#a0a6b2",
    accent="#5aa2ff",
    on_accent="#08152b",
    a="#63b0ff",
    b="#ffa14a",
    ok="#4fc78a",
    warn="#e8b840",
    danger="#ff7b70",
    grid="#343841",
    hover="#343945",
    pressed="#1b1e24",
    track="#565d6b",
)
LIGHT = _make(
    False,
    window="#fbfbfc",
    panel="#fbfbfc",
    raised="#ffffff",
    canvas="#d6d9de",
    border="#d5d8de",
    text="#1b1d23",
    muted="#565c68",
    accent="#1a66dc",
    on_accent="#ffffff",
    a="#1a5fcc",
    b="#b04f00",
    ok="#17753f",
    warn="#855700",
    danger="#c02424",
    grid="#e4e6ea",
    hover="#eef1f6",
    pressed="#e1e5ec",
    track="#9aa1ae",
)


class Notifier(QObject):
    """Tells that the colours are others now.

    Signals
    -------
    changed()
        After palette and style sheet were set.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.current = LIGHT
        self.mode: Mode = "system"
        self.followed: QObject | None = None

    def on_scheme_changed(self) -> None:
        """Follow the system, when that is what the person chose."""
        app = QApplication.instance()
        if self.mode == "system" and isinstance(app, QApplication):
            _put_on(app, _system_theme())


@cache
def notifier() -> Notifier:
    """Return the one object that announces changes of colour."""
    return Notifier()


def theme() -> Theme:
    """Return the colours in use (the light ones before `apply` was called)."""
    return notifier().current


def mode() -> Mode:
    """Return what was last given to `apply`."""
    return notifier().mode


def apply(app: QApplication, mode: Mode) -> None:
    """Give the whole program its colours and style; call again to change them.

    In ``"system"`` the colours follow the desktop whenever it changes between light and dark.
    """
    told = notifier()
    told.mode = mode
    hints = app.styleHints()
    if told.followed is not app:
        hints.colorSchemeChanged.connect(told.on_scheme_changed)
        told.followed = app
    if mode == "system":
        hints.unsetColorScheme()
        _put_on(app, _system_theme())
    else:
        dark = mode == "dark"
        hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
        _put_on(app, DARK if dark else LIGHT)


def ui_font(size_delta: float = 0) -> QFont:
    """Return the program's font, `size_delta` points larger."""
    font = QFont(QApplication.font())
    if size_delta:
        font.setPointSizeF(max(font.pointSizeF() + size_delta, 6.0))
    return font


def number_font(size_delta: float = 0) -> QFont:
    """Return the program's font with figures of equal width, so that numbers do not jump."""
    font = ui_font(size_delta)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def header_font() -> QFont:
    """Return the small, spaced, bold font of section headers."""
    font = ui_font(-1)
    font.setWeight(QFont.Weight.DemiBold)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1.1)
    return font


def link_font() -> QFont:
    """Return the small, bold font of links in headers."""
    font = ui_font(-0.5)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def resource(*parts: str) -> Path:
    """Return the path of a file that ships in `resources`."""
    return Path(str(importlib.resources.files("resources").joinpath(*parts)))


def _system_theme() -> Theme:
    return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def _put_on(app: QApplication, chosen: Theme) -> None:
    told = notifier()
    if told.current is chosen and app.styleSheet():
        return
    told.current = chosen
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(_palette(chosen))
    app.setStyleSheet(_style_sheet(chosen))
    told.changed.emit()


def _style_sheet(t: Theme) -> str:
    """Return the style sheet with every ``$name`` replaced by that colour."""
    names = {f.name: getattr(t, f.name).name() for f in fields(Theme) if f.name != "dark"}
    glyphs = resource("icons", "style").as_posix()
    kind = "dark" if t.dark else "light"
    text = resource("style.qss").read_text(encoding="utf-8")
    return Template(text).substitute(names, glyphs=glyphs, kind=kind)


def _palette(t: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for colour, roles in (
        (t.window, (role.Window,)),
        (t.raised, (role.Base, role.Button, role.ToolTipBase)),
        (t.panel, (role.AlternateBase,)),
        (t.text, (role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText)),
        (t.muted, (role.PlaceholderText,)),
        (t.accent, (role.Highlight, role.Link, role.LinkVisited, role.Accent)),
        (t.on_accent, (role.HighlightedText,)),
        (t.border, (role.Mid, role.Midlight, role.Light)),
        (t.canvas, (role.Dark, role.Shadow)),
    ):
        for each in roles:
            palette.setColor(each, colour)
    faint = QColor(t.muted)
    faint.setAlphaF(0.6)
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, faint)
    return palette
