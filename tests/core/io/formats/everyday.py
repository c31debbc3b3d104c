"""Formats of every day: those of the web, of phones and of the desktop."""

from __future__ import annotations

from tests.core.io.formats import _bitmaps, _others, _phone, _plain, _png, _web

CASES = tuple(
    case for module in (_png, _web, _phone, _others, _bitmaps, _plain) for case in module.CASES
)
