"""Opening pictures that are too large to be decoded as a whole: TIFF and NumPy files.

One pass over the file makes the overviews, looks for values that are no numbers, and takes the
hash; afterwards only what is asked for is decoded.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from core.buffer import white_above
from core.chunks import Chunks, ChunkStore
from core.io.decoded import Decoded
from core.io.files import PictureFile
from core.io.kinds import NPY, TIFF, Kind
from core.io.tiff import (
    BITS_PER_SAMPLE,
    EXTRA_SAMPLES,
    SAMPLES_PER_PIXEL,
    alpha_of,
    directories,
    read_tags,
    white_said,
)
from core.types import Alpha, Encoding, Notice, Token

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.buffer import ImageBuffer
    from core.io.address import Address

FROM_BYTES: Final = 1_000_000_000
"""A picture that would take more memory than this is read piece by piece, whatever the limits."""

_WIDTH, _LENGTH = 256, 257  # tags of TIFF 6.0


class FileChunks(Chunks, Protocol):
    """Chunks of a picture's file, and what the file says of all of them.

    Attributes
    ----------
    orientation
        As in `core.io.decoded.Decoded`.
    icc
        The same.
    """

    orientation: int
    icc: bytes


def is_large(file: PictureFile, kind: Kind, page: int) -> bool:
    """Whether a file says that its picture is so large that it is read piece by piece."""
    return kind in (TIFF, NPY) and _need(file, kind, page) > FROM_BYTES


def _need(file: PictureFile, kind: Kind, page: int) -> int:
    """Return the bytes of the decoded picture as far as the file says; 0 where it cannot tell."""
    if kind is NPY:
        return file.size
    pages = directories(file)
    if not 0 <= page < len(pages):
        return 0
    tags = read_tags(file, pages[page])
    height, width = (tags.get(tag, (0,))[0] for tag in (_LENGTH, _WIDTH))
    bits = tags.get(BITS_PER_SAMPLE, (1,))[0] * tags.get(SAMPLES_PER_PIXEL, (1,))[0]
    return height * width * bits // 8


def chunks_of(path: str, kind: Kind, page: int) -> FileChunks:
    """Return what reads a picture piece by piece, with a handle of its own on the file.

    Raises
    ------
    ReadError
        When the file is damaged.
    ValueError
        When it is coded in a way that only allows to read all of it.
    """
    file = PictureFile(path)
    try:
        if kind is NPY:
            from core.io.npy_chunks import NpyChunks  # noqa: PLC0415 - few files need it

            return NpyChunks(file, kind)
        from core.io.tiff_chunks import TiffChunks  # noqa: PLC0415 - loads tifffile

        return TiffChunks(file, page)
    except BaseException:
        file.handle.close()
        raise


def open_large(
    file: PictureFile,
    kind: Kind,
    address: Address,
    finish: Callable[[Decoded, str], ImageBuffer],
    token: Token | None = None,
) -> ImageBuffer | None:
    """Return a picture that is read piece by piece; None if it can only be read as a whole.

    Values are those that a smaller file of the same kind gives, but colours are as stored.

    Parameters
    ----------
    file, kind, address
        As for `core.io.stills.read_still`.
    finish
        Makes a picture of what was decoded and of the SHA-256 of the file.
    token
        Checked between pieces of work.

    Raises
    ------
    ReadError
        Damaged, changed meanwhile, or turned by its orientation.
    Cancelled
        When the token says so.
    """
    try:
        chunks = chunks_of(address.path, kind, address.part.page)
    except ValueError:
        return None
    try:
        if chunks.orientation != 1:
            raise file.unsupported(
                kind.title,
                "is large, and is turned by an orientation tag",
                "save it upright and open that",
            )
        store = ChunkStore(chunks)
        with ThreadPoolExecutor(1, thread_name_prefix="pairlens-hash") as beside:
            digest = beside.submit(file.sha256)
            for _ in store.survey(token or Token()):
                pass
        file.check_unchanged()
        return _finished(file, kind, address, store, chunks.icc, digest.result(), finish)
    except BaseException:
        chunks.close()
        raise


def _finished(
    file: PictureFile, kind: Kind, address: Address, store: ChunkStore, icc: bytes, sha256: str,
    finish: Callable[[Decoded, str], ImageBuffer],
) -> ImageBuffer:  # fmt: skip
    found, dtype = store.found, store.dtype
    everyday = dtype in (np.uint8, np.uint16)
    one = np.zeros((1, 1, *store.shape[2:]), dtype)  # stands for all; what it says is put right
    decoded = Decoded(one, Encoding.SRGB if everyday else Encoding.UNKNOWN, icc=icc)
    if dtype.kind == "f":
        decoded.peak = white_above(found.top)
    if kind is TIFF:
        pages = directories(file)
        tags = read_tags(file, pages[address.part.page])
        decoded.pages = len(pages)
        decoded.alpha = alpha_of(store.shape, tags.get(EXTRA_SAMPLES, ()), EXTRA_SAMPLES in tags)
        decoded.bits, white = white_said(tags)
        decoded.peak = white or decoded.peak
    elif len(store.shape) == 3 and store.shape[2] in {2, 4}:
        decoded.alpha = Alpha.STRAIGHT
    made = finish(decoded, sha256)
    alpha = decoded.alpha
    if alpha is not Alpha.NONE and found.last_low == found.last_high == made.peak:
        alpha = Alpha.OPAQUE
    height, width = store.shape[:2]
    text = (
        f"{file.name} is so large ({height * width / 1e6:,.0f} megapixels) that it is read piece by"
        " piece, and its values are as stored."
    )
    return replace(
        made,
        source=store,
        alpha=alpha,
        key=f"{made.key}:pieces",
        meta={**made.meta, "width": str(width), "height": str(height)},
        notices=(*made.notices, Notice("large", text)),
    )
