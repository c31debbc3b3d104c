"""The numbers for spreadsheets: one table, a row for each number and each region.

Rows say what they are about in their first column: ``measure`` (of the whole), ``place`` (a number
of one place, which the second column names), ``region`` (a connected difference, largest first, by
number), and ``about``: the files, the sizes, the command that repeats it, and the notices.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.reports import Report
    from core.types import MeasureValue, Rect

SUFFIX: Final = ".csv"
TITLE: Final = "Numbers for spreadsheets (CSV)"
COLUMNS: Final = (
    "kind", "of", "name", "value", "unit", "better", "pixels", "low", "high",
    "x", "y", "width", "height", "area", "peak", "mean",
)  # fmt: skip
"""``low`` and ``high`` are the ends of the 95 % interval. ``x`` and ``y`` are the pixel of the
canvas that a number is about, or the upper left one of a region or place."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def write(report: Report, path: Path) -> None:
    """Write the table in UTF-8, marked as such, since spreadsheets would guess otherwise."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in _rows(report):
            writer.writerow({k: _text(v) for k, v in row.items()})


def _rows(report: Report) -> Iterator[dict[str, Any]]:
    result = report.result
    for m in result.measures.values():
        yield {"kind": "measure", **_number(m)}
    for place in result.places:
        where = _box(place.rect)
        for m in place.measures.values():
            yield {"kind": "place", "of": place.name, **_number(m), **where}
    for k, region in enumerate(result.regions):
        box = _box(region.rect)
        found = {"area": region.area, "peak": region.peak, "mean": region.mean}
        yield {"kind": "region", "of": k + 1, **box, **found}
        if k < len(result.region_measures):
            for m in result.region_measures[k].values():
                yield {"kind": "region", "of": k + 1, **_number(m), **box}
    for name, value in _about(report):
        yield {"kind": "about", "name": name, "value": value}


def _about(report: Report) -> Iterator[tuple[str, Any]]:
    result = report.result
    for name, info in (("a", result.a), ("b", result.b)):
        yield name, info.path or info.address
        yield f"{name}_sha256", info.sha256
        yield f"{name}_size", f"{info.width} × {info.height}"
    yield "pixels", result.pixels
    yield "pixels_over", result.over
    yield "regions", result.region_count
    yield "differs", "yes" if result.differs else "no"
    yield "values", result.values or "as stored"
    yield "command", report.command
    yield "created", report.created
    for notice in result.notices:
        yield "notice", notice.text


def _number(m: MeasureValue) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": m.name, "value": m.value, "unit": m.unit, "better": m.better, "pixels": m.pixels,
    }  # fmt: skip
    if m.interval is not None:
        row["low"], row["high"] = m.interval
    if m.at is not None:
        row["y"], row["x"] = m.at
    return row


def _box(rect: Rect) -> dict[str, int]:
    return {"x": rect.col, "y": rect.row, "width": rect.width, "height": rect.height}


def _text(value: Any) -> Any:
    """Return what is written: text that looks like a formula behind an apostrophe, as text."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
