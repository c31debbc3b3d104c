"""Formats of every day: those of the web, of phones and of the desktop."""

from __future__ import annotations

from tests.core.io.formats._png import CASES as PNG_CASES
from tests.core.io.formats._web import CASES as WEB_CASES

CASES = (*PNG_CASES, *WEB_CASES)
