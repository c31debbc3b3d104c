"""Motion from A to B, on the pictures: arrows on A, colours on B, and a legend with a wheel."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QTransform

from core.render import Side
from gui.qimage import to_overlay
from gui.theme import number_font
from gui.views.chip import FAINT_INK, INK, MARGIN, paint_backing
from gui.views.floating_slider import SIZE
from gui.views.modes import Mode
from gui.views.quiver_marks import factor_of, paint_quiver

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from core.geometry import Matrix
    from core.sequence.flow_shown import FlowShown
    from gui.camera import Camera
    from gui.lens import Lens
    from gui.views.layer import Layer
    from gui.views.modes import ViewState
    from gui.views.pane import ImagePane

WHEEL: Final = 46
"""Logical pixels across the wheel of the legend."""
_PAD: Final = 9.0
_SLIDER: Final = SIZE.height() + 6
_DOT: Final = " · "


class Drawn:
    """A flow in Qt's form, where its pictures lie on the canvas.

    Parameters
    ----------
    shown
        What is drawn.
    a, b
        Pixel centres of A and of B to the canvas; `a` moves by whole pixels.
    """

    def __init__(self, shown: FlowShown, a: Matrix, b: Matrix) -> None:
        self.shown = shown
        self.at = QPointF(a[0][2], a[1][2])
        self.b, self.opened = edges(b), edges(a)
        self.veil = to_overlay(shown.veil)


class FlowMarks:
    """What one pane paints of a flow.

    Parameters
    ----------
    pane, camera, layers
        Where it is painted, what that looks through, and where B is.
    """

    def __init__(self, pane: QWidget, camera: Camera, layers: Mapping[Side, Layer]) -> None:
        self._pane, self._camera, self._layers = pane, camera, layers
        self._drawn: Drawn | None = None
        self._pointed = Side.A
        self._legend = self._opened = False
        self._lift = 0

    @property
    def drawn(self) -> Drawn | None:
        """What is shown."""
        return self._drawn

    def show(
        self,
        drawn: Drawn | None,
        pointed: Side = Side.A,
        *,
        opened: bool = False,
        legend: bool = False,
        lift: int = 0,
    ) -> None:
        """Show a flow, or none.

        Parameters
        ----------
        drawn
            The flow.
        pointed
            The side that the arrows lie on.
        opened
            Whether B is shown as it was opened: where A is, not where align laid it.
        legend
            Whether the legend stands here.
        lift
            Logical pixels at the bottom that the legend keeps free.
        """
        new = (drawn, pointed, opened, legend, lift)
        if new != (self._drawn, self._pointed, self._opened, self._legend, self._lift):
            self._drawn, self._pointed, self._opened, self._legend, self._lift = new
            self._pane.update()

    @property
    def _view(self) -> QSizeF:
        return QSizeF(self._pane.size())

    def _lens(self) -> Lens:
        """Return how A is seen."""
        return self._camera.lens(QPointF() if self._drawn is None else self._drawn.at)

    def paint_veil(self, painter: QPainter, side: Side) -> None:
        """Lay the colours over B; the painter's clip and opacity hold."""
        if self._drawn is None or side is not Side.B:
            return
        lens = self._layers[Side.B].lens(self._camera)
        origin = lens.origin(self._view)
        view = QTransform.fromScale(lens.scale, lens.scale)
        view *= QTransform.fromTranslate(origin.x(), origin.y())
        height, width = self._drawn.shown.shape
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.setTransform((self._drawn.opened if self._opened else self._drawn.b) * view, True)
        painter.drawImage(QRectF(0, 0, width, height), self._drawn.veil)
        painter.restore()

    def paint_arrows(
        self, painter: QPainter, windows: Sequence[tuple[Side, QRectF]], area: QRectF
    ) -> None:
        """Paint the arrows that touch `area`, within the windows of the side they lie on."""
        if self._drawn is None:
            return
        for side, window in windows:
            if side is self._pointed:
                painter.save()
                painter.setClipRect(window, Qt.ClipOperation.IntersectClip)
                quiver = self._drawn.shown.quiver
                paint_quiver(painter, quiver, self._lens(), self._view, area & window)
                painter.restore()

    def paint_legend(self, painter: QPainter) -> None:
        """Paint wheel and numbers into the lower right corner."""
        if self._drawn is None or not self._legend:
            return
        shown, font = self._drawn.shown, number_font(-1)
        metrics = QFontMetrics(font)
        room = self._pane.width() - 2 * (MARGIN + _PAD) - WHEEL - _PAD
        head = shown.head(factor_of(shown.quiver, self._lens()))
        lines = [line for text in (head, *shown.lines) for line in wrapped(text, metrics, room)]
        height = metrics.height() + 2.0
        wide = max(metrics.horizontalAdvance(line) for line in lines)
        tall = max(WHEEL, height * len(lines)) + 2 * _PAD - 4
        whole = QRectF(0, 0, 3 * _PAD + WHEEL + wide, tall)
        bottom = QPointF(self._pane.width() - MARGIN, self._pane.height() - MARGIN - self._lift)
        whole.moveBottomRight(bottom)
        box = QRectF(whole.toAlignedRect())
        paint_backing(painter, box)
        disc = QRectF(box.left() + _PAD, box.center().y() - WHEEL / 2, WHEEL, WHEEL)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(disc, wheel_image(round(WHEEL * self._pane.devicePixelRatioF())))
        painter.setFont(font)
        top = box.center().y() - height * len(lines) / 2
        many = len(wrapped(head, metrics, room))
        for i, line in enumerate(lines):
            painter.setPen(FAINT_INK if i < many else INK)
            row = QRectF(disc.right() + _PAD, top + i * height, wide + 2, height)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)
        painter.restore()


@cache
def wheel_image(size: int) -> QImage:
    """Return the wheel of colours, so many pixels across."""
    from core.sequence.flow_colors import wheel  # noqa: PLC0415 - slow to load, seldom drawn

    return to_overlay(wheel(size))


def wrapped(text: str, metrics: QFontMetrics, room: float) -> list[str]:
    """Return a line as several where it is too long, broken at the dots between its parts."""
    lines: list[str] = []
    for part in text.split(_DOT):
        longer = f"{lines[-1]}{_DOT}{part}" if lines else part
        if lines and metrics.horizontalAdvance(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def edges(matrix: Matrix) -> QTransform:
    """Return a matrix of pixel centres (x, y, 1) for places counted from the edge of a picture."""
    (a, b, c), (d, e, f), (g, h, i) = matrix
    centre = QTransform.fromTranslate(-0.5, -0.5) * QTransform(a, d, g, b, e, h, c, f, i)
    return centre * QTransform.fromTranslate(0.5, 0.5)


def hand_out(drawn: Drawn | None, panes: Iterable[ImagePane], state: ViewState) -> None:
    """Give a flow to the panes: arrows lie on A, or where neither A nor B is, on the difference.

    The legend stands in the last pane that shows B, else where A is, else in the first, above
    sliders that may be there.
    """
    panes = list(panes)
    sides = [{part.side for part in pane.parts} for pane in panes]
    pointed = Side.A if any(s & {Side.A, Side.B} for s in sides) else Side.DIFFERENCE
    order = sorted(range(len(panes)), key=lambda i: (Side.B in sides[i], Side.A in sides[i], -i))
    sliders = (state.mode is Mode.BLEND) + (state.mode is Mode.BLINK or state.flicker)
    for i, pane in enumerate(panes):
        pane.flow.show(
            drawn, pointed, opened=state.opened, legend=i == order[-1], lift=sliders * _SLIDER
        )
