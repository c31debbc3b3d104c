"""Opening one still picture, or a pair at once: in processes of their own, see `core.io.isolation`.

Light: what reads a file, and NumPy, are loaded by the worker, or when the first one answers.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from core.errors import ReadError, TooLargeError
from core.io import limits as _limits
from core.io.address import Address, file_of
from core.io.beside import Beside
from core.io.files import quoted
from core.io.isolation import pool as pools
from core.io.isolation.process import Unavailable
from core.io.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.buffer import ImageBuffer
    from core.types import Token

_Where = tuple[int | None, str | None, int | None]
_SMALL: Final = 1 << 20
"""Bytes of a file that is read faster than a second worker starts."""
_LOOK: Final = Limits(bytes=0, seconds=2.0)


def open_image(
    address: str | os.PathLike[str],
    *,
    page: int | None = None,
    layer: str | None = None,
    width: int | None = None,
    managed: bool = True,
    limits: Limits = DEFAULT,
    token: Token | None = None,
    isolated: bool = True,
    progress: Callable[[float], None] | None = None,
) -> ImageBuffer:
    """Open a still picture.

    The kind of file is told from its content. Values come out as stored, at native depth, turned
    upright by the EXIF orientation; only palettes, samples below 8 bits, colour models other than
    gray and RGB, the scale factors of FITS and what a camera's sensor saw are converted. Where the
    file says what its colours mean and that is not sRGB, they become sRGB or linear light, float32
    and without clipping; see `core.io.color`. TIFF and ``.npy`` pictures of over 1 GB
    (`core.io.limits.PIECES_FROM`) are read piece by piece; see `core.io.tiled`.

    Parameters
    ----------
    address
        Any name of a regular file, or of a link to one; which picture of it may follow, as in
        ``"scan.tif#page=3"`` or ``"render.exr#layer=diffuse"``, see `core.io.address`.
    page, layer, width
        As in `core.io.address.Part`; instead of what the address says.
    managed
        Convert colours into the working space by what the file says of them; otherwise values are
        compared as stored.
    limits
        How much memory and time reading may take.
    token
        Ends the reading when it is cancelled.
    isolated
        Read in a process of its own: a decoder that crashes, hangs or takes too much memory then
        becomes a ReadError. Otherwise in this one, where `token` is looked at only before, and of
        the limits only the picture's size counts.
    progress
        Called with the share that is done, from 0 to 1, while a large picture is looked at piece
        by piece (`core.io.tiled`); on another thread where two are opened at once.

    Returns
    -------
    ImageBuffer
        Its `key` is made of the SHA-256 of the file's bytes, the part, and whether colours are
        managed. `encoding` is what the file says, or what its colours were converted to; else SRGB
        for unsigned values of 8 and 16 bits, LINEAR for float colours of OpenEXR and Radiance HDR,
        and UNKNOWN for the rest, such as signed or medical values. `bits` are those of the file,
        also where colours were converted. `alpha` is OPAQUE where an alpha channel hides nothing.
        NaN and infinities are kept. `meta` may have keys of `core.metadata.LABELS`, and has
        ``width`` and ``height`` as stored. Notices have the codes ``extension``, ``pages``,
        ``part``, ``drawn``, ``developed``, ``color`` (colours were converted by what the file says
        of them), ``icc`` (what it says of them was not used), ``converted`` (inks or Lab to sRGB),
        ``rescale``, ``exposure``, ``damaged``, ``sparse``, ``channels``, ``window``, ``narrowed``,
        ``large`` (read piece by piece); ``isolation`` where no process could be started and the
        file was read in this one.

    Raises
    ------
    ReadError
        With one sentence that names the file and says what to do: missing, not a regular file,
        not permitted, empty, not a picture, damaged, incomplete, of an unsupported coding, changed
        while it was read, or without such a page; the decoder crashed, or took more memory or time
        than allowed. `TooLargeError` when the pixels alone would take more than is allowed.
    Cancelled
        By `token`.
    """
    where = (page, layer, width)
    return _open(address, where, managed, limits, token, progress, isolated=isolated)


def _open(
    address: str | os.PathLike[str], part: _Where, managed: bool, limits: Limits,
    token: Token | None, progress: Callable[[float], None] | None, *, isolated: bool,
    alone: bool = True,
) -> ImageBuffer:  # fmt: skip
    """Do what `open_image` says; not `alone`: while another picture is opened."""
    text = os.fsdecode(address)
    if token is not None:
        token.check()
    folder = _folder(text)
    try:
        return _opened(text, folder, part, managed, limits, token, isolated=isolated)
    except TooLargeError as error:
        if error.need <= _limits.PIECES_FROM:
            raise
        from core.io import tiled  # noqa: PLC0415 - few pictures are so large
        from core.io.isolation import requests, wire  # noqa: PLC0415 - the pool needs none

        whole = os.path.join(folder or "", text)  # noqa: PTH118 - Path normalises
        ask = requests.PiecesAsk(wire.text_out(whole), b"", *part, managed, hashed=True)
        large = tiled.open_large(
            ask, Address.parse(text).choosing(*part), limits, alone=alone,
            isolated=isolated and folder is not None, token=token, progress=progress,
        )  # fmt: skip
        if large is None:
            raise
        return large


def _opened(
    text: str, folder: str | None, part: _Where, managed: bool, limits: Limits,
    token: Token | None, *, isolated: bool,
) -> ImageBuffer:  # fmt: skip
    options = {"managed": managed, "limits": limits, "whole": _limits.PIECES_FROM}
    if not isolated or folder is None:
        return _read_here(text, part, **options)
    from core.io.isolation import reading, requests, wire  # noqa: PLC0415 - the pool needs none

    ask = requests.ReadAsk(
        wire.text_out(text), wire.text_out(folder), *part, managed, *limits, _limits.PIECES_FROM
    )
    name = quoted(file_of(text))
    try:
        reply, pixels = pools.default().call(
            requests.READ, ask, name=name, limits=limits, token=token
        )  # fmt: skip
    except Unavailable:
        return _unprotected(_read_here(text, part, **options), name)
    return reading.put_together(reply, pixels, name)


def open_pair(
    address_a: str | os.PathLike[str],
    address_b: str | os.PathLike[str],
    *,
    managed: bool = True,
    limits: Limits = DEFAULT,
    token: Token | None = None,
    isolated: bool = True,
    progress: Callable[[float], None] | None = None,
) -> tuple[ImageBuffer, ImageBuffer]:
    """Open two pictures, at the same time unless both are small.

    Parameters
    ----------
    address_a, address_b, managed, limits, token, isolated, progress
        As for `open_image`.

    Raises
    ------
    ReadError, Cancelled
        As `open_image`; that of A where both fail.
    """
    shares = [0.0, 0.0]
    told: set[int] = set()
    names = (address_a, address_b)

    def read(index: int, *, alone: bool = False) -> ImageBuffer:
        def tell(share: float) -> None:
            shares[index] = share
            told.add(index)
            if progress is not None:
                progress(sum(shares) / 2)

        where = (None, None, None)
        made = _open(
            names[index], where, managed, limits, token, tell, isolated=isolated, alone=alone
        )  # fmt: skip
        shares[index] = 1.0
        if told:
            tell(1.0)
        return made

    if isolated and _one_is_enough(names, token):
        return read(0, alone=True), read(1, alone=True)
    second = Beside(lambda: read(1))
    try:
        first = read(0)
    finally:
        second.wait()
    return first, second.result()


def _one_is_enough(addresses: tuple[str | os.PathLike[str], ...], token: Token | None) -> bool:
    """Whether one worker reads both files before a second one would have started.

    The worker looks at them, since a disk that does not answer would hold this process.
    """
    pool = pools.default()
    if len(pool.idle) >= len(addresses):
        return False
    from core.io.isolation import requests, wire  # noqa: PLC0415 - as above

    try:
        for address in addresses:
            text = os.fsdecode(address)
            folder = _folder(text)
            ask = requests.WeighAsk(wire.text_out(text), wire.text_out(folder or ""))
            reply, _ = pool.call(
                requests.WEIGH, ask, name=quoted(file_of(text)), limits=_LOOK, token=token
            )  # fmt: skip
            if reply.size > _SMALL:
                return False
    except (ReadError, Unavailable):
        return False  # reading it says why
    return True


def _folder(path: str) -> str | None:
    """Return what a relative path starts from; empty for another; None: from a deleted folder."""
    try:
        return "" if os.path.isabs(path) else os.getcwd()  # noqa: PTH109, PTH117 - plain text
    except OSError:
        return None


def _read_here(text: str, part: _Where, **options: Any) -> ImageBuffer:
    from core.io.stills import read_still  # noqa: PLC0415 - loads NumPy

    return read_still(Address.parse(text).choosing(*part), **options)


def _unprotected(picture: ImageBuffer, name: str) -> ImageBuffer:
    from core.types import Notice  # noqa: PLC0415 - the same

    text = (
        f"{name} was read in the program itself, since no process could be started for it: "
        "a damaged file could have ended the program."
    )
    notice = Notice("isolation", text, "warning")
    return replace(picture, notices=(*picture.notices, notice))
