"""The whole comparison as one picture, for a slide, a chat or a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.format import headlines, measure_text, number, picture_text, tolerance_of, verdict
from core.reports import _drawing as draw
from core.reports import _pictures

if TYPE_CHECKING:
    from pathlib import Path

    from core.reports import Report
    from core.types import Pixels

SUFFIX: Final = ".png"
TITLE: Final = "Both pictures and the map as one picture (PNG)"
WIDTH: Final = 1680
MARGIN: Final = 48
GAP: Final = 24
INNER: Final = WIDTH - 2 * MARGIN
CAPTION: Final = 36
LEGEND: Final = 52
MAX_HEIGHT: Final = 900
WIDE: Final = 2.4
"""Pictures this many times wider than high stand above each other, not beside each other."""
MAX_BOXES: Final = 100


def write(report: Report, path: Path) -> None:
    """Write the picture as PNG."""
    path.write_bytes(_pictures.png(sheet(report)))


def sheet(report: Report) -> Pixels:
    """Return A, B and the map with captions, legend, verdict and key numbers, uint8 RGB."""
    height, width = report.heat.shape[:2]
    stacked = width > WIDE * height
    side = INNER if stacked else (INNER - 2 * GAP) // 3
    factor = min(side / width, MAX_HEIGHT / height)
    size = max(round(width * factor), 1), max(round(height * factor), 1)
    title = draw.wrapped(verdict(report.result), 34, INNER, 600)
    head = MARGIN + round(34 * draw.LINE_HEIGHT) * len(title) + 28
    panel = CAPTION + size[1]
    body = panel * 3 + GAP * 2 + LEGEND if stacked else panel + LEGEND
    canvas = np.full((head + body + 132, WIDTH, 3), 255, np.uint8)

    for k, line in enumerate(title):
        draw.draw_text(
            canvas, line, (MARGIN, MARGIN + 30 + k * round(34 * draw.LINE_HEIGHT)), 34, weight=600
        )
    a, b = report.result.a, report.result.b
    shown = f"  {report.tone}" if report.tone else ""
    captions = (
        f"A  {a.name}  {picture_text(a)}{shown}",
        f"B  {b.name}  {picture_text(b)}{shown}",
        f"Difference, {report.result.map.kind}",
    )
    smaller = (
        draw.scaled(report.a, *size), draw.scaled(report.b, *size), _map(report, *size)
    )  # fmt: skip
    x = y = 0
    for k, (caption, picture) in enumerate(zip(captions, smaller, strict=True)):
        x = MARGIN + (0 if stacked else k * (side + GAP))
        y = head + (k * (panel + GAP) if stacked else 0)
        draw.draw_text(canvas, draw.shortened(caption, 19, side), (x, y + 22), 19)
        canvas[y + CAPTION : y + panel, x : x + size[0]] = picture
    _legend(canvas, report, x, y + panel + 10, size[0])
    _footer(canvas, report, head + body)
    return canvas


def _map(report: Report, width: int, height: int) -> Pixels:
    """The map with the regions' boxes."""
    zero = report.ramp[128 if report.low < 0 else 0]
    made = np.ascontiguousarray(draw.scaled_map(report.heat, width, height, zero))
    factor = width / report.heat.shape[1]
    for box in _pictures.boxes(report)[:MAX_BOXES]:
        top, left = round(box.y * factor), round(box.x * factor)
        bottom, right = round((box.y + box.height) * factor), round((box.x + box.width) * factor)
        _frame(made, top - 1, left - 1, bottom, right)
    return made


def _frame(rgb: Pixels, top: int, left: int, bottom: int, right: int) -> None:
    """Draw a rectangle one pixel wide; what lies outside the picture is left out."""
    height, width = rgb.shape[:2]
    rows, cols = slice(max(top, 0), max(bottom + 1, 0)), slice(max(left, 0), max(right + 1, 0))
    for row in (top, bottom):
        if 0 <= row < height:
            rgb[row, cols] = draw.BOX
    for col in (left, right):
        if 0 <= col < width:
            rgb[rows, col] = draw.BOX


def _legend(canvas: Pixels, report: Report, x: int, y: int, width: int) -> None:
    """The colour bar with its ends and its middle, and a mark at the tolerance."""
    index = np.arange(width) * 255 // max(width - 1, 1)
    canvas[y : y + 12, x : x + width] = report.ramp[index][None]
    span = report.high - report.low
    for share in (0.0, 0.5, 1.0):
        text = {0.0: report.ends[0], 1.0: report.ends[1]}.get(share) or number(
            report.low + span * share
        )
        if share == 1.0:
            text = f"{text} {report.unit}".rstrip()
        left = x + round((width - draw.text_width(text, 16)) * share)
        draw.draw_text(canvas, text, (left, y + 32), 16, draw.SOFT)
    tolerance = tolerance_of(report.result)
    if report.unit == "levels" and 0 < tolerance < report.high:
        at = x + round((tolerance - report.low) / span * (width - 1))
        canvas[y - 4 : y + 16, at - 1 : at + 1] = draw.INK


def _footer(canvas: Pixels, report: Report, y: int) -> None:
    """The key numbers, and what made them."""
    found = headlines(report.result)
    canvas[y + 8, MARGIN : WIDTH - MARGIN] = draw.LINE
    for k, measure in enumerate(found):
        x = MARGIN + k * INNER // max(len(found), 1)
        draw.draw_text(canvas, measure.label, (x, y + 36), 16, draw.SOFT)
        draw.draw_text(canvas, measure_text(measure), (x, y + 66), 26, weight=500)
    made = f"Pairlens {report.versions.get('Pairlens', '')} · {report.created} · {report.command}"
    draw.draw_text(canvas, draw.shortened(made, 14, INNER), (MARGIN, y + 104), 14, draw.SOFT)
