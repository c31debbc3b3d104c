"""The two ends of reading a still picture: what the worker does, and what becomes of its answer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from core.errors import ReadError
from core.io.isolation.requests import PiecesAsk, ReadAsk, ReadReply, Said, WeighAsk, WeighReply
from core.io.isolation.wire import text_in, text_out

if TYPE_CHECKING:
    from core.buffer import ImageBuffer
    from core.io.address import Address
    from core.types import Pixels


def weigh(ask: WeighAsk, state: dict[str, Any]) -> tuple[WeighReply, None]:  # noqa: ARG001 - all requests have it
    """Return the file's size."""
    try:
        address = address_of(ask)
        return WeighReply(os.stat(address.path).st_size), None  # noqa: PTH116 - Path normalises
    except (OSError, ValueError):
        return WeighReply(0), None
    finally:
        os.chdir(os.sep)


def read(ask: ReadAsk, state: dict[str, Any]) -> tuple[ReadReply, Pixels]:  # noqa: ARG001 - the same
    """Read a picture in this process."""
    from core.io.limits import Limits  # noqa: PLC0415 - in the worker only
    from core.io.stills import read_still  # noqa: PLC0415 - the same

    try:
        address = address_of(ask).choosing(ask.page, ask.layer, ask.width)
        limits = Limits(ask.most, ask.seconds)
        return taken_apart(read_still(address, managed=ask.managed, limits=limits, whole=ask.whole))
    finally:
        os.chdir(os.sep)  # or the folder's disk could not be taken out


def address_of(ask: ReadAsk | WeighAsk | PiecesAsk) -> Address:
    """Return the address of a question; a relative one is looked up from its folder."""
    from core.io.address import Address  # noqa: PLC0415 - in the worker only

    text, folder = text_in(ask.address), text_in(ask.folder)
    if folder:
        try:
            os.chdir(folder)
        except OSError:  # the file cannot be opened for the same reason, which is then said
            text = os.path.join(folder, text)  # noqa: PTH118 - Path normalises
    return Address.parse(text)


def taken_apart(picture: ImageBuffer) -> tuple[ReadReply, Pixels]:
    """Return everything but the pixels, and the pixels."""
    contents = picture.contents
    reply = ReadReply(
        key=picture.key,
        peak=float(picture.peak),
        bits=picture.bits,
        encoding=str(picture.encoding),
        alpha=str(picture.alpha),
        path=text_out(picture.path),
        address=text_out(picture.address),
        sha256=picture.sha256,
        meta=dict(picture.meta),
        notices=[Said(n.code, n.text, n.severity) for n in picture.notices],
        pages=contents.pages,
        page=contents.page,
        layers=list(contents.layers),
        layer=contents.layer,
    )
    return reply, picture.data


def put_together(reply: ReadReply, pixels: Pixels | None, name: str) -> ImageBuffer:
    """Do the opposite of `taken_apart`; raises ReadError where that is not possible."""
    from core.buffer import ImageBuffer  # noqa: PLC0415 - loads NumPy: while the worker reads
    from core.types import Alpha, Contents, Encoding, Notice  # noqa: PLC0415 - the same

    if pixels is None or pixels.ndim not in {2, 3} or not reply.peak > 0:
        raise _no_picture(name)
    try:
        encoding, alpha = Encoding(reply.encoding), Alpha(reply.alpha)
    except ValueError as error:
        raise _no_picture(name) from error
    return ImageBuffer(
        pixels,
        key=reply.key,
        peak=reply.peak,
        bits=reply.bits,
        encoding=encoding,
        alpha=alpha,
        path=text_in(reply.path),
        sha256=reply.sha256,
        meta=reply.meta,
        notices=tuple(Notice(n.code, n.text, n.severity) for n in reply.notices),
        address=text_in(reply.address),
        contents=Contents(reply.pages, reply.page, tuple(reply.layers), reply.layer),
    )


def _no_picture(name: str) -> ReadError:
    return ReadError(f"Reading {name} gave no picture; get a fresh copy and open that.")
