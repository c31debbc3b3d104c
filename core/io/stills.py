"""Opening one still picture, or a pair at once."""

from __future__ import annotations

import importlib
import threading
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from core.buffer import ImageBuffer, float_peak
from core.errors import ReadError
from core.io.address import Address, Part
from core.io.decoded import Decoded, is_opaque, upright
from core.io.file_meta import check_part, file_meta
from core.io.files import PictureFile
from core.io.kinds import Kind, kind_of_suffix, not_a_picture, sniff
from core.io.limits import DEFAULT, Limits
from core.types import Alpha, Contents, Encoding, Notice

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

T = TypeVar("T")

_MANTISSA_BITS: Final = {2: 11, 4: 24, 8: 53}  # IEEE 754, the hidden bit counted


class _Beside(Generic[T]):
    """A function that runs in a thread of its own while the caller does something else."""

    def __init__(self, function: Callable[[], T]) -> None:
        self._function = function
        self._value: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="pairlens-io")
        self._thread.start()

    def _run(self) -> None:
        try:
            self._value.append(self._function())
        except BaseException as error:  # raised again in `result`
            self._error = error

    def wait(self) -> None:
        self._thread.join()

    def result(self) -> T:
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._value[0]


def open_image(
    address: str | os.PathLike[str],
    *,
    page: int | None = None,
    layer: str | None = None,
    width: int | None = None,
    managed: bool = True,
    limits: Limits = DEFAULT,
) -> ImageBuffer:
    """Open a still picture.

    The kind of file is told from its content. Values come out as stored, at native depth, turned
    upright by the EXIF orientation; only palettes, samples below 8 bits and colour models other
    than gray and RGB are converted. ICC profiles are named, not applied.

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

    Returns
    -------
    ImageBuffer
        Its `key` is made of the SHA-256 of the file's bytes, the part, and whether colours are
        managed. `encoding` is SRGB for 8
        and 16 bits, LINEAR for OpenEXR and Radiance HDR, else UNKNOWN. `alpha` is OPAQUE where an
        alpha channel hides nothing. NaN and infinities are kept. `meta` may have ``format``,
        ``width`` and ``height`` (as stored), ``orientation``, ``camera``, ``exposure_time``,
        ``iso``, ``software``, ``icc``, ``page``, ``pages``. Notices have the codes ``extension``,
        ``pages``, ``icc``, ``converted``, ``damaged``, ``channels``, ``window``, ``narrowed``.

    Raises
    ------
    ReadError
        With one sentence that names the file and says what to do: missing, not a regular file,
        not permitted, empty, not a picture, damaged, incomplete, larger than the limits once
        decoded, of an unsupported coding, changed while it was read, or without such a page.
        `TooLargeError` when it is larger than allowed.
    """
    path, part = Address.parse(address)
    wanted = Part(
        part.page if page is None else page,
        part.layer if layer is None else layer,
        part.width if width is None else width,
    )
    return read_still(Address(path, wanted), managed=managed, limits=limits)


def read_still(address: Address, *, managed: bool = True, limits: Limits = DEFAULT) -> ImageBuffer:
    """Do what `open_image` says."""
    with PictureFile(address.path, limits) as file:
        kind = sniff(file.head, file.tail, file.suffix)
        if kind is None:
            raise ReadError(f"The file {file.name} {not_a_picture(file.head)}.")
        reader = importlib.import_module(f"core.io.{kind.reader}")
        digest = _Beside(file.sha256)
        try:
            decoded: Decoded = reader.read(file, kind, address.part)
        except ReadError:
            file.check_unchanged()  # a file half written is not damaged
            raise
        except MemoryError as error:
            raise file.no_memory() from error
        except Exception as error:  # so that a reader's mistake costs one picture, not the program
            file.check_unchanged()
            raise file.unforeseen(kind.title, error) from error
        finally:
            digest.wait()
        file.check_unchanged()
        check_part(file, address.part, decoded)
        return _finish(file, kind, address, decoded, digest.result(), managed=managed)


def open_pair(
    address_a: str | os.PathLike[str],
    address_b: str | os.PathLike[str],
    *,
    managed: bool = True,
    limits: Limits = DEFAULT,
) -> tuple[ImageBuffer, ImageBuffer]:
    """Open two pictures at the same time, in two threads.

    Parameters
    ----------
    address_a, address_b, managed, limits
        As for `open_image`.

    Raises
    ------
    ReadError
        As `open_image`; that of A where both fail.
    """
    second = _Beside(lambda: open_image(address_b, managed=managed, limits=limits))
    try:
        first = open_image(address_a, managed=managed, limits=limits)
    finally:
        second.wait()
    return first, second.result()


def _finish(
    file: PictureFile, kind: Kind, address: Address, decoded: Decoded, sha256: str, *, managed: bool
) -> ImageBuffer:
    from core.io.color.manage import manage  # noqa: PLC0415 - loaded with the first picture

    page = address.part.page
    manage(file, kind, decoded, managed=managed)
    stored = decoded.data
    data = upright(stored, decoded.orientation)
    dtype = data.dtype
    if dtype.kind == "f":
        bits = _MANTISSA_BITS[dtype.itemsize]
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
