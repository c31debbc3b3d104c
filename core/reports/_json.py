"""The document of `Result.to_dict` as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.result import Result


def text(result: Result) -> str:
    """Return the JSON document, indented; infinities and nan are strings in it."""
    return json.dumps(result.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
