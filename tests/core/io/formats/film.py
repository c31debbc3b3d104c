"""Formats of film, science and rendering."""

from __future__ import annotations

from tests.core.io.formats._film import CASES as FILM_CASES
from tests.core.io.formats._science import CASES as SCIENCE_CASES
from tests.core.io.formats._tiff import CASES as TIFF_CASES

CASES = (*TIFF_CASES, *FILM_CASES, *SCIENCE_CASES)
