"""What a worker does for a picture that is read piece by piece."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from core.buffer import white_above
from core.errors import ReadError, TooLargeError
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
from core.types import Alpha, Encoding, Notice

if TYPE_CHECKING:
    from core.chunks import Chunks
    from core.io.address import Address
    from core.io.color.transform import ColorTransform
    from core.types import Pixels

_NOT: PiecesReply = PiecesReply(False, [], "uint8", (1, 1), ())


class _Converted:
    """See `core.chunks.Chunks`: pieces of others, brought into the working space."""

    dtype = np.dtype(np.float32)

    def __init__(self, chunks: Chunks, transform: ColorTransform) -> None:
        self._chunks, self._transform = chunks, transform
        self.shape, self.chunk = chunks.shape, chunks.chunk

    def load(self, row: int, col: int) -> Pixels:
        """See `core.chunks.Chunks`."""
        return self._transform.apply(self._chunks.load(row, col))

    def close(self) -> None:
        """See `core.chunks.Chunks`."""
        self._chunks.close()


def refuse_whole(file: PictureFile, kind: Kind, address: Address, most: int) -> None:
    """Raise TooLargeError for a picture of over `most` bytes that can be read piece by piece."""
    if kind is TIFF and _said_size(file, address.part.page) <= most:
        return
    again = PictureFile(address.path)
    try:
        chunks, turned = _chunks(again, kind, address)
    except (ReadError, ValueError):
        again.handle.close()
        return  # reading it says why
    size = math.prod(chunks.shape) * chunks.dtype.itemsize
    chunks.close()
    if size > most and not turned:
        raise TooLargeError(f"The picture {file.name} is read piece by piece only.", size)


def _said_size(file: PictureFile, page: int) -> int:
    pages = tiff_tags.pages(file)
    tags = tiff_tags.read_tags(file, pages[min(max(page, 0), len(pages) - 1)].start)
    names = tiff_tags.WIDTH, tiff_tags.HEIGHT, tiff_tags.SAMPLES_PER_PIXEL
    bits = tags.get(tiff_tags.BITS_PER_SAMPLE, (1,))[0]
    return math.prod(tags.get(name, (1,))[0] for name in names) * bits // 8


def open_pieces(ask: PiecesAsk, state: dict[str, Any]) -> tuple[PiecesReply, None]:
    """Open a file, and keep it open; begin to take its hash if that is wanted."""
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
    decoded = _described(file, kind, address, chunks)
    if transform := _transform(file, kind, decoded, managed=ask.managed):
        decoded = _converted(file, decoded, transform)
        chunks = _Converted(chunks, transform)
    state |= {"chunks": chunks, "file": file, "kind": kind, "address": address}
    state["decoded"] = decoded
    if ask.hashed:
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


def _described(file: PictureFile, kind: Kind, address: Address, chunks: Chunks) -> Decoded:
    """Return what the file says of itself, with one pixel that stands for all."""
    everyday = chunks.dtype in (np.uint8, np.uint16)
    one = np.zeros((1, 1, *chunks.shape[2:]), chunks.dtype)
    decoded = Decoded(one, Encoding.SRGB if everyday else Encoding.UNKNOWN)
    if kind is TIFF:
        pages = tiff_tags.pages(file)
        page = pages[address.part.page]
        decoded.pages = len(pages)
        decoded.icc = getattr(chunks, "icc", b"")
        tiff.describe(file, decoded, page, tiff_tags.read_tags(file, page.start), chunks.shape)
    elif len(chunks.shape) == 3 and chunks.shape[2] in {2, 4}:
        decoded.alpha = Alpha.STRAIGHT
    return decoded


def _transform(
    file: PictureFile, kind: Kind, decoded: Decoded, *, managed: bool
) -> ColorTransform | None:
    """Return what the colours are converted by; floats are not: their white is not known yet."""
    if not managed or decoded.data.dtype.kind == "f":
        return None
    from core.io.color.manage import transform_for  # noqa: PLC0415 - few files need it

    return transform_for(file, kind, decoded)


def _converted(file: PictureFile, decoded: Decoded, transform: ColorTransform) -> Decoded:
    """Say what is done to every piece, as `core.io.color.manage` does of a whole picture."""
    decoded.bits = decoded.bits or decoded.data.dtype.itemsize * 8
    decoded.data = np.zeros(decoded.data.shape, np.float32)
    decoded.peak, decoded.encoding = 1.0, transform.encoding
    decoded.meta["color"] = transform.describe
    text = f"The colours of {file.name} were converted from {transform.name} to {transform.target}."
    decoded.notices = (*decoded.notices, Notice("color", text))
    return decoded


def piece(ask: PieceAsk, state: dict[str, Any]) -> tuple[PieceReply, Pixels]:
    """Decode one piece."""
    chunks: Chunks = state["chunks"]
    return PieceReply(), chunks.load(ask.row, ask.col)


def finish_pieces(ask: FinishAsk, state: dict[str, Any]) -> tuple[ReadReply, Pixels]:
    """Return what the file says of itself, when all its pixels were seen, with one pixel."""
    from core.io.stills import finish  # noqa: PLC0415 - when the pixels were seen

    file, decoded = state["file"], state["decoded"]
    if decoded.peak is None and decoded.data.dtype.kind == "f":
        decoded.peak = white_above(ask.top)
    alpha = decoded.alpha
    sha256 = state["hash"].result()
    file.check_unchanged()
    decoded.alpha = Alpha.NONE  # one pixel does not tell whether it is opaque
    made = finish(file, state["kind"], state["address"], decoded, sha256, managed=False)
    reply, pixels = taken_apart(made)
    return msgspec.structs.replace(reply, alpha=str(alpha)), pixels
