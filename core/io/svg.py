"""Drawings (SVG 1.1 and what librsvg knows of 2), drawn by libvips.

The text is handed over without an address, so that nothing it refers to is ever opened: no file,
no network.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from core.errors import ReadError
from core.io import vips
from core.io.decoded import check_page
from core.types import Alpha, Notice

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.decoded import Decoded
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_LOADER: Final = "svgload"
_DPI: Final = 96.0  # CSS Values and Units Level 3, 5.2: what a millimetre is
_ONE: Final = 72 / _DPI  # the scale at which a pixel is one: libvips scales by dpi / 72 too
_MOST_BYTES: Final = 32 << 20
_GZIP: Final = b"\x1f\x8b"


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Draw an SVG or SVGZ file on a transparent ground, at its own size or at a width.

    Raises
    ------
    ReadError
        Damaged, too large, or nothing that can be drawn.
    """
    check_page(file, part.page, 1)
    data = _text(file)
    image = vips.load(file, kind, _LOADER, 0, data=data, dpi=_DPI, scale=_ONE)
    own = image.width
    if part.width and part.width != own:
        if part.width * image.height < own:
            raise ReadError(
                f"The drawing {file.name} is less than a pixel high at a width of {part.width}; "
                "choose a larger one."
            )
        image = vips.load(
            file, kind, _LOADER, 0, data=data, dpi=_DPI, scale=_ONE * part.width / own
        )
    decoded = vips.decode(file, kind, image, _LOADER, 0)
    decoded.alpha = Alpha.STRAIGHT
    size = f"{image.width} × {image.height} pixels"
    which = "" if image.width != own else ", the size it gives itself"
    decoded.meta = {"drawn": f"{size}{which}"}
    text = f"{file.name} is a drawing; it was drawn at {size}{which}."
    decoded.notices = (*decoded.notices, Notice("drawn", text))
    return decoded


def _text(file: PictureFile) -> bytes:
    data = file.read_at(0, _MOST_BYTES + 1)
    if data.startswith(_GZIP):
        unpacker = zlib.decompressobj(wbits=31)
        try:
            data = unpacker.decompress(data, _MOST_BYTES + 1)
        except zlib.error as error:
            raise file.damaged("SVG") from error
        if len(data) <= _MOST_BYTES and not unpacker.eof:
            raise file.damaged("SVG")
    if len(data) > _MOST_BYTES:
        raise ReadError(
            f"The drawing {file.name} has more than {_MOST_BYTES >> 20} MB of text; "
            "export it as PNG and open that."
        )
    return data
