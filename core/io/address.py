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
        words = fragment.split("&")
        if not mark or not before or not all(_FRAGMENT.fullmatch(word) for word in words):
            return Address(path)
        if os.path.lexists(path):
            return Address(path)
        found = dict(word.split("=", 1) for word in words)
        part = Part(
            page=max(int(found.get("page", "1")) - 1, 0),
            layer=unquote(found.get("layer", "")),
            width=int(found.get("width", "0")),
        )
        return Address(before, part)

    def __str__(self) -> str:
        page, layer, width = self.part
        words = [f"page={page + 1}"] if page else []
        words += [f"layer={quote(layer, safe=' ./:')}"] if layer else []
        words += [f"width={width}"] if width else []
        return f"{self.path}#{'&'.join(words)}" if words else self.path
