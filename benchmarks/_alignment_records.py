"""Keeps what `benchmarks.alignment_accuracy` found as JSON: one line a record."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.alignment.scoring import Record

_NUMBERS = ("error", "expected_error_px", "confidence", "ms")


def write(path: Path, records: Sequence[Record]) -> None:
    """Write records; five digits of each number, and null for what is not one."""
    lines = [
        json.dumps({k: _plain(v) for k, v in asdict(r).items()}, ensure_ascii=False)
        for r in records
    ]
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def read(path: Path) -> list[Record]:
    """Return the records of a file that `write` made."""
    return [
        Record(**{k: math.nan if k in _NUMBERS and v is None else v for k, v in cells.items()})
        for cells in json.loads(path.read_text(encoding="utf-8"))
    ]


def _plain(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    if math.isinf(value):
        return 1e9
    return None if math.isnan(value) else float(f"{value:.5g}")
