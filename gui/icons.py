"""Our own icons: stroked SVG drawings of 16×16, tinted with the colours of the theme."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gui.theme import notifier, resource, theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton

Tint = Literal["text", "muted", "accent", "on_accent", "a", "b", "ok", "warn", "danger"]
SIZE = 16
_RATIOS = (1.0, 1.5, 2.0, 3.0)
_dressed: WeakKeyDictionary[QAction | QAbstractButton, tuple[str, Tint, Tint]] = WeakKeyDictionary()


@cache
def names() -> tuple[str, ...]:
    """Return the names of all icons."""
    return tuple(sorted(p.stem for p in resource("icons").glob("*.svg")))


def pixmap(name: str, colour: QColor, size: int = SIZE, ratio: float = 1.0) -> QPixmap:
    """Return one icon as a square picture of `size` logical pixels.

    Raises
    ------
    FileNotFoundError
        There is no icon of that name.
    """
    return _pixmap(name, colour.name(QColor.NameFormat.HexRgb), size, ratio)


def icon(name: str, tint: Tint = "text", checked: Tint = "on_accent") -> QIcon:
    """Return an icon in colours of the theme: paler when disabled, `checked` when switched on."""
    t = theme()
    made = QIcon()
    looks = (
        (getattr(t, tint), QIcon.Mode.Normal, QIcon.State.Off),
        (t.muted, QIcon.Mode.Disabled, QIcon.State.Off),
        (getattr(t, checked), QIcon.Mode.Normal, QIcon.State.On),
        (t.on_accent, QIcon.Mode.Selected, QIcon.State.Off),
    )
    for ratio in _RATIOS:
        for colour, mode, state in looks:
            made.addPixmap(pixmap(name, colour, SIZE, ratio), mode, state)
    return made


def set_icon(
    target: QAction | QAbstractButton,
    name: str,
    tint: Tint = "text",
    checked: Tint = "on_accent",
) -> None:
    """Give a button or an action an icon that follows the theme."""
    _watch()
    _dressed[target] = (name, tint, checked)
    target.setIcon(icon(name, tint, checked))


@cache
def _watch() -> None:
    notifier().changed.connect(_tint_again)


def _tint_again() -> None:
    for target, (name, tint, checked) in list(_dressed.items()):
        if shiboken6.isValid(target):
            target.setIcon(icon(name, tint, checked))


@cache
def _pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    drawing, side = _drawing(name, colour), round(size * ratio)
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    drawing.render(painter, QRectF(0, 0, side, side))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


@cache
def _drawing(name: str, colour: str) -> QSvgRenderer:
    drawing = _source(name).replace("currentColor", colour)
    return QSvgRenderer(QByteArray(drawing.encode()))


@cache
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")
