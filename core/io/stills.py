"""Reading one still picture in this very process."""

from __future__ import annotations

import importlib

from core.buffer import ImageBuffer, float_peak
from core.errors import ReadError
from core.io.address import Address
from core.io.beside import Beside
from core.io.decoded import MANTISSA_BITS, Decoded, is_opaque, upright
from core.io.file_meta import check_part, file_meta
from core.io.files import PictureFile
from core.io.kinds import NPY, TIFF, Kind, kind_of_suffix, not_a_picture, sniff
from core.io.limits import DEFAULT, Limits
from core.types import Alpha, Contents, Encoding, Notice


def read_still(
    address: Address, *, managed: bool = True, limits: Limits = DEFAULT, whole: int | None = None
) -> ImageBuffer:
    """Do what `core.io.open_image` says, without the protection of a process of its own.

    A picture of more than `whole` bytes that can be read piece by piece is a TooLargeError.
    """
    with PictureFile(address.path, limits) as file:
        kind = sniff(file.head, file.tail, file.suffix)
        if kind is None:
            raise ReadError(f"The file {file.name} {not_a_picture(file.head)}.")
        if whole is not None and kind in {TIFF, NPY}:
            from core.io.pieces import refuse_whole  # noqa: PLC0415 - few files need it

            refuse_whole(file, kind, address, whole)
        reader = importlib.import_module(f"core.io.{kind.reader}")
        digest = Beside(file.sha256)
        try:
            decoded: Decoded = reader.read(file, kind, address.part)
        except ReadError:
            file.check_unchanged()  # a file half written is not damaged
            raise
        except MemoryError as error:
            file.check_unchanged()
            raise file.no_memory() from error
        except Exception as error:  # so that a reader's mistake costs one picture, not the program
            file.check_unchanged()
            raise file.unforeseen(kind.title, error) from error
        finally:
            digest.wait()
        file.check_unchanged()
        check_part(file, address.part, decoded)
        return finish(file, kind, address, decoded, digest.result(), managed=managed)


def finish(
    file: PictureFile, kind: Kind, address: Address, decoded: Decoded, sha256: str, *, managed: bool
) -> ImageBuffer:
    """Return the picture of what was decoded: upright, in the working space if `managed`."""
    from core.io.color.manage import manage  # noqa: PLC0415 - loaded with the first picture

    page = address.part.page
    manage(file, kind, decoded, managed=managed)
    stored = decoded.data
    data = upright(stored, decoded.orientation)
    dtype = data.dtype
    if dtype.kind == "f":
        bits = MANTISSA_BITS[dtype.itemsize]
        # Linear light has its white at 1.0, however much brighter than that it gets.
        white = 1.0 if decoded.encoding is Encoding.LINEAR else float_peak(data)
        white = white if decoded.peak is None else decoded.peak
    else:
        bits = dtype.itemsize * 8
        white = float((1 << (bits - (dtype.kind == "i"))) - 1)
        white = white if decoded.peak is None else decoded.peak
    alpha = decoded.alpha
    if alpha is not Alpha.NONE and is_opaque(data, white):
        alpha = Alpha.OPAQUE
    meta = {"format": kind.title, "width": str(stored.shape[1]), "height": str(stored.shape[0])}
    meta |= {key: _printable(value) for key, value in decoded.meta.items()} | file_meta(file)
    if 2 <= decoded.orientation <= 8:
        meta["orientation"] = str(decoded.orientation)
    notices = [*_name_notice(file, kind), *decoded.notices]
    if decoded.layer:
        meta["layer"] = _printable(decoded.layer)
    if decoded.pages > 1:
        meta |= {"page": str(page + 1), "pages": str(decoded.pages)}
        text = f"{file.name} holds {decoded.pages} pictures; number {page + 1} is compared."
        notices.append(Notice("pages", text))
    return ImageBuffer(
        data,
        key=f"{sha256}:{tuple(address.part)}:{managed}",
        peak=white,
        bits=decoded.bits or bits,
        encoding=decoded.encoding,
        alpha=alpha,
        path=file.path,
        address=str(address),
        contents=Contents(decoded.pages, page, decoded.layers, decoded.layer),
        sha256=sha256,
        meta=meta,
        notices=tuple(notices),
    )


def _printable(text: str) -> str:
    """Return text from a file as one line that every writer of UTF-8 takes."""
    known = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in known).split())


def _name_notice(file: PictureFile, kind: Kind) -> list[Notice]:
    if not file.suffix or file.suffix in kind.suffixes:
        return []
    named = kind_of_suffix(file.suffix)
    as_what = f"its name says {named.title}" if named else f"its name ends in {file.suffix}"
    text = f"{file.name} is a {kind.title} file although {as_what}; it was opened as what it is."
    return [Notice("extension", text)]
