"""The fuzz target: any bytes are a picture or are refused with one sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.errors import ReadError
from core.io import Limits
from core.io.address import Address, Part
from core.io.stills import read_still

if TYPE_CHECKING:
    from pathlib import Path

SENTENCE = re.compile(r"(?!.*could not be foreseen)(?:[A-Z][^\n]*)?“[^\n]*”[^\n]*[^.\n]\.")
LIMITS = Limits(bytes=64_000_000, seconds=20)
FIRST = Part()


def try_bytes(data: bytes, path: Path, part: Part = FIRST) -> bool:
    """Read bytes as a picture; whether they are one. Anything but a sentence is raised."""
    path.write_bytes(data)
    try:
        picture = read_still(Address(str(path), part), limits=LIMITS)
    except ReadError as error:
        if not SENTENCE.fullmatch(str(error)):
            raise AssertionError(str(error)) from error
        return False
    assert picture.shape[0] > 0
    assert picture.shape[1] > 0
    assert picture.data.nbytes <= LIMITS.bytes
    for notice in picture.notices:
        assert "\n" not in notice.text
    for value in picture.meta.values():
        assert value.isprintable()
    return True
