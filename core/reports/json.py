"""The numbers for programs: the document of `Result.to_dict`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

    from core.reports import Report

SUFFIX: Final = ".json"
TITLE: Final = "Numbers for programs (JSON)"


def write(report: Report, path: Path) -> None:
    """Write the document, indented, UTF-8."""
    path.write_text(text(report.result.to_dict()), encoding="utf-8")


def text(document: dict[str, Any]) -> str:
    """Return a JSON document as text; infinities and nan must already be strings in it."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
