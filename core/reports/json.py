"""The numbers for programs: the document of `Result.to_dict`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.reports import _json

if TYPE_CHECKING:
    from pathlib import Path

    from core.reports import Report

SUFFIX: Final = ".json"
TITLE: Final = "Numbers for programs (JSON)"


def write(report: Report, path: Path) -> None:
    """Write the document, indented, UTF-8."""
    path.write_text(_json.text(report.result), encoding="utf-8")
