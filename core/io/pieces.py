"""What a worker does for a picture that is read piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from core.buffer import white_above
from core.errors import ReadError
from core.io import tiff, tiff_tags
from core.io.beside import Beside
from core.io.decoded import Decoded, check_page
from core.io.files import PictureFile
from core.io.isolation.reading import address_of, taken_apart
from core.io.isolation.requests import (
    FinishAsk,
    PieceAsk,
    PieceReply,
    PiecesAsk,
    PiecesReply,
    ReadReply,
)
from core.io.kinds import NPY, TIFF, Kind, not_a_picture, sniff
from core.types import Alpha, Encoding

if TYPE_CHECKING:
    from core.chunks import Chunks
    from core.io.address import Address
    from core.types import Pixels

_NOT: PiecesReply = PiecesReply(False, [], "uint8", (1, 1), ())


def open_pieces(ask: PiecesAsk, state: dict[str, Any]) -> tuple[PiecesReply, None]:
    """Open a file, and keep it open; begin to take its hash."""
    address = address_of(ask).choosing(ask.page, ask.layer, ask.width)
    file = PictureFile(address.path)
    try:
        kind = sniff(file.head, file.tail, file.suffix)
        if kind is None:
            raise ReadError(f"The file {file.name} {not_a_picture(file.head)}.")
        if kind not in (TIFF, NPY):
            file.handle.close()
            return _NOT, None
        chunks, turned = _chunks(file, kind, address)
    except ValueError:
        file.handle.close()
        return _NOT, None
    except BaseException:
        file.handle.close()
        raise
    if turned:
        chunks.close()
        raise file.unsupported(
            kind.title,
            "is large, and is turned by an orientation tag",
            "save it upright and open that",
        )
    state |= {"chunks": chunks, "file": file, "kind": kind, "address": address}
    state["hash"] = Beside(file.sha256)
    said = PiecesReply(True, list(chunks.shape), chunks.dtype.str, chunks.chunk, file.stamp)
    return said, None


def _chunks(file: PictureFile, kind: Kind, address: Address) -> tuple[Chunks, bool]:
    if kind is NPY:
        from core.io.npy_chunks import NpyChunks  # noqa: PLC0415 - few files need it

        check_page(file, address.part.page, 1)
        return NpyChunks(file, kind), False
    from core.io.tiff_chunks import TiffChunks  # noqa: PLC0415 - loads tifffile

    pages = tiff_tags.pages(file)
    check_page(file, address.part.page, len(pages))
    start = pages[address.part.page].start
    turned = tiff_tags.read_tags(file, start).get(tiff_tags.ORIENTATION, (1,))[0]
    return TiffChunks(file, start), 2 <= turned <= 8


def piece(ask: PieceAsk, state: dict[str, Any]) -> tuple[PieceReply, Pixels]:
    """Decode one piece."""
    chunks: Chunks = state["chunks"]
    return PieceReply(), chunks.load(ask.row, ask.col)


def finish_pieces(ask: FinishAsk, state: dict[str, Any]) -> tuple[ReadReply, Pixels]:
    """Return what the file says of itself, with one pixel that stands for all."""
    from core.io.stills import finish  # noqa: PLC0415 - when the pixels were seen

    chunks, file, kind = state["chunks"], state["file"], state["kind"]
    address: Address = state["address"]
    everyday = chunks.dtype in (np.uint8, np.uint16)
    one = np.zeros((1, 1, *chunks.shape[2:]), chunks.dtype)
    decoded = Decoded(one, Encoding.SRGB if everyday else Encoding.UNKNOWN, icc=chunks.icc)
    if chunks.dtype.kind == "f":
        decoded.peak = white_above(ask.top)
    if kind is TIFF:
        pages = tiff_tags.pages(file)
        page = pages[address.part.page]
        decoded.pages = len(pages)
        tiff.describe(file, decoded, page, tiff_tags.read_tags(file, page.start), chunks.shape)
    elif len(chunks.shape) == 3 and chunks.shape[2] in {2, 4}:
        decoded.alpha = Alpha.STRAIGHT
    alpha = decoded.alpha
    sha256 = state["hash"].result()
    file.check_unchanged()
    decoded.alpha = Alpha.NONE  # one pixel does not tell whether it is opaque
    made = finish(file, kind, address, decoded, sha256, managed=False)
    reply, pixels = taken_apart(made)
    return msgspec.structs.replace(reply, alpha=str(alpha)), pixels
