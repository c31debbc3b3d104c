"""Which picture of which file: ``scan.tif#page=3``, ``render.exr#layer=diffuse``.

Pages are counted from 0 in code and from 1 in text.
"""

from __future__ import annotations

import os
import re
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

_FRAGMENT: Final = re.compile(r"(?:page=\d{1,7}|layer=[^&=#]+|width=\d{1,6})")


class Part(NamedTuple):
    """A picture in a file.

    Attributes
    ----------
    page
        Which of several, counted from 0: a page, a frame of an animation, a part of an OpenEXR
        file, a size of an icon.
    layer
        Which group of channels of an OpenEXR file, or array of an ``.npz`` file; empty: the first.
    width
        In pixels, for a drawing (SVG), which has none of its own; 0: as the drawing says.
    """

    page: int = 0
    layer: str = ""
    width: int = 0

    @staticmethod
    def parse(fragment: str) -> Part | None:
        """Read what stands behind the ``#`` of an address; None when it is no part."""
        words = fragment.split("&")
        if not all(_FRAGMENT.fullmatch(word) for word in words):
            return None
        found = dict(word.split("=", 1) for word in words)
        return Part(
            page=max(int(found.get("page", "1")) - 1, 0),
            layer=unquote(found.get("layer", "")),
            width=int(found.get("width", "0")),
        )


class Address(NamedTuple):
    """A file, and which picture of it.

    Attributes
    ----------
    path
        As the system takes it.
    part
        The first picture unless the address says otherwise.
    """

    path: str
    part: Part = Part()

    @staticmethod
    def parse(text: str | os.PathLike[str]) -> Address:
        """Read an address; a file whose own name looks like one with a part is that file."""
        path = os.fsdecode(text)
        before, mark, fragment = path.rpartition("#")
        part = Part.parse(fragment) if mark and before else None
        if part is None or os.path.lexists(path):
            return Address(path)
        return Address(before, part)

    def choosing(self, page: int | None, layer: str | None, width: int | None) -> Address:
        """Return another picture of the file, by what is not None."""
        part = Part(
            self.part.page if page is None else page,
            self.part.layer if layer is None else layer,
            self.part.width if width is None else width,
        )
        return Address(self.path, part)

    def __str__(self) -> str:
        page, layer, width = self.part
        words = [f"page={page + 1}"] if page else []
        words += [f"layer={quote(layer, safe=' ./:')}"] if layer else []
        words += [f"width={width}"] if width else []
        return f"{self.path}#{'&'.join(words)}" if words else self.path


def part_of(address: str, path: str) -> Part:
    """Return the part that an address of a known file asks for, without a look at the disk."""
    return Part.parse(address[len(path) + 1 :]) or Part()


def file_of(address: str) -> str:
    """Return what an address most likely names as its file, without a look at the disk."""
    before, _, fragment = address.rpartition("#")
    return before if before and Part.parse(fragment) is not None else address
