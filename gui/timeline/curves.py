"""Numbers over the frames, one plot below the other on the one axis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.format import with_unit
from core.sequence.columns import dip, first_change, peak
from gui.theme import number_font, theme, ui_font
from gui.timeline.axis import LEFT
from gui.timeline.curve_plot import HEADER, Plot, curve_colour
from gui.timeline.lane import Lane

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Values = Sequence[float] | NDArray[np.float64]

LEAST: Final = 42
"""Pixels of height of one plot, at least."""
GAP: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One number of each frame.

    Attributes
    ----------
    name
        By which it is chosen.
    label, unit
        What it is called; what stands behind its values.
    first
        The frame of the first value.
    values
        (n,) one value a frame, nan where there is none; an array that grows is handed over anew.
    limits
        (label, value) of each fixed limit; what is over one of them is marked.
    limit_curve
        A limit for each frame, from `first` on, nan where there is none; what is over it is marked.
    log
        Whether the axis is logarithmic.
    better
        Which values are the better ones. Where it is ``"higher"``, what is under a limit is marked.
    """

    name: str
    label: str
    unit: str
    first: int
    values: Values
    limits: tuple[tuple[str, float], ...] = ()
    limit_curve: Values | None = None
    log: bool = False
    better: Literal["lower", "higher"] = "lower"

    def at(self, frame: int) -> float:
        """Return the value of a frame; nan where there is none."""
        index = frame - self.first
        return float(self.values[index]) if 0 <= index < len(self.values) else math.nan

    def is_alike(self, other: Curve) -> bool:
        """Whether another curve differs from this one in values alone."""
        mine, its = (
            (c.name, c.label, c.unit, c.first, c.limits, c.log, c.better) for c in (self, other)
        )
        return mine == its

    def text_at(self, frame: int) -> str:
        """Return the value of a frame as text."""
        return with_unit(self.at(frame), self.unit)


class Curves(Lane):
    """Where many frames share a pixel, the worst of them is what is pointed at.

    That is the one with the largest value, or with the least where higher is better.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Curves", parent)
        self._curves: tuple[Curve, ...] = ()
        self._plots: dict[int, Plot] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._set_height()

    # -- in ------------------------------------------------------------------------------------

    def show_curves(self, curves: tuple[Curve, ...]) -> None:
        """Show other curves, or the same with more values; painted when there is time."""
        before, plots = self._curves, self._plots
        self._curves = curves
        if len(before) != len(curves):
            self._set_height()
        alike = [a.is_alike(b) for a, b in zip(before, curves, strict=False)]
        if len(before) != len(curves) or not all(alike):
            self.refresh()
            return
        self._plots = {}
        for number, curve in enumerate(curves):
            self._refresh_changed(number, before[number], plots.get(number), curve)

    def _refresh_changed(self, number: int, before: Curve, plot: Plot | None, curve: Curve) -> None:
        """Paint those frames of a curve anew whose values have changed."""
        whole = self.area(number)
        if plot is None or plot.scale != self.plot(number).scale:
            self.refresh_part(whole.adjusted(-LEFT, 0, 0, 0).toAlignedRect())
            return
        pairs = (before.values, curve.values), (before.limit_curve, curve.limit_curve)
        found = [at for pair in pairs if (at := first_change(*pair)) is not None]
        if found:
            lengths = [len(values) for pair in pairs for values in pair if values is not None]
            last = curve.first + max(lengths)
            left = max(self.axis.x_of(curve.first + min(found) - 1) - 2, whole.left())
            right = min(self.axis.x_of(last) + 2, whole.right())
            part = QRectF(left, whole.top(), right - left, whole.height())
            self.refresh_part(part.toAlignedRect())
            self._update_words()

    def show_playhead(self, frame: int) -> None:
        """Move the playhead, and tell the values there."""
        if frame != self.playhead:
            self._update_words()
            super().show_playhead(frame)
            self._update_words()

    def show_hover(self, x: float, frame: int) -> None:
        """Tell the values under the mouse."""
        super().show_hover(x, frame)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a height that shows each curve well."""
        return QSize(400, self._least() + 24 * len(self._curves))

    # -- layout --------------------------------------------------------------------------------

    def _least(self) -> int:
        return LEAST * len(self._curves) + GAP

    def _set_height(self) -> None:
        self.setMinimumHeight(self._least() if self._curves else 0)
        self.setMaximumHeight(16777215 if self._curves else 0)
        self.updateGeometry()

    def area(self, number: int) -> QRectF:
        """Return the place of one plot."""
        each = (self.height() - GAP) / max(len(self._curves), 1)
        left, width = self.axis.left, self.axis.width
        return QRectF(left, GAP + round(number * each), width, round(each) - GAP)

    def plot(self, number: int) -> Plot:
        """Return how one curve is laid out now."""
        if number not in self._plots:
            self._plots[number] = Plot(self._curves[number], self.axis, self.area(number))
        return self._plots[number]

    def refresh(self) -> None:
        """Lay the curves out, and paint them anew."""
        self._plots = {}
        super().refresh()

    # -- painting ------------------------------------------------------------------------------

    def paint_kept(self, painter: QPainter, dirty: QRect) -> None:
        """Paint the curves, their axes and their limits."""
        self._plots = {}  # the size may be another one
        for number in range(len(self._curves)):
            self.plot(number).paint(painter, QRectF(dirty), curve_colour(number))

    def paint_over(self, painter: QPainter) -> None:
        """Paint the names, and the values at the playhead or under the mouse."""
        hovering = self.hover >= 0
        frame = self.hovered_frame if hovering else self.playhead
        for number, curve in enumerate(self._curves):
            self._paint_words(painter, number, self._words(curve, frame))
            value = curve.at(frame)
            if hovering and math.isfinite(value):
                self._paint_dot(painter, number, frame, value)

    def _words(self, curve: Curve, frame: int) -> tuple[str, str]:
        return curve.label, f"frame {frame:,}: {curve.text_at(frame)}"

    def _paint_words(self, painter: QPainter, number: int, words: tuple[str, str]) -> None:
        t, area = theme(), self.area(number)
        x = area.left() + 5
        for text, font, colour in zip(
            words, (ui_font(-1), number_font(-1)), (curve_colour(number), t.text), strict=True
        ):
            painter.setFont(font)
            metrics = painter.fontMetrics()
            width = metrics.horizontalAdvance(text)
            box = QRectF(x - 3, area.top(), width + 6, HEADER)
            painter.setPen(colour)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
            x += width + 10

    def _paint_dot(self, painter: QPainter, number: int, frame: int, value: float) -> None:
        place = QPointF(self.axis.x_of(frame), self.plot(number).y_of(value))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme().panel)
        painter.setBrush(curve_colour(number))
        painter.drawEllipse(place, 3.5, 3.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _update_words(self) -> None:
        for number in range(len(self._curves)):
            area = self.area(number)
            self.update(QRectF(area.left(), area.top(), area.width(), HEADER).toAlignedRect())

    # -- mouse ---------------------------------------------------------------------------------

    def frame_at(self, position: QPointF) -> int:
        """Return the frame under the mouse: of several in a column the worst."""
        frame = self.axis.frame_at(position.x())
        if self.axis.scale >= 1 or not self._curves:
            return frame
        tops = (abs(self.area(n).center().y() - position.y()) for n in range(len(self._curves)))
        number = min(enumerate(tops), key=lambda pair: pair[1])[0]
        curve, x = self._curves[number], math.floor(position.x() - self.axis.left)
        start, end = (self.axis.place_at(self.axis.left + x + i) - curve.first for i in (0, 1))
        found = (dip if curve.better == "higher" else peak)(curve.values, start, end)
        return frame if found is None else found + curve.first
