"""The difference map alone, without captions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.reports import _pictures

if TYPE_CHECKING:
    from pathlib import Path

    from core.reports import Report

SUFFIX: Final = ".map.png"
TITLE: Final = "Difference map alone (PNG)"


def write(report: Report, path: Path) -> None:
    """Write the painted map as PNG."""
    path.write_bytes(_pictures.png(report.heat))
