"""Archives of arrays saved by NumPy: each array is a layer."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

import numpy as np

from core.io import npy
from core.io.decoded import check_page

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.decoded import Decoded
    from core.io.files import PictureFile
    from core.io.kinds import Kind
    from core.types import Pixels

_ARRAY: Final = ".npy"
_MOST: Final = 1000  # arrays looked at
_LOCAL_HEADER: Final = 30  # bytes before the name (APPNOTE.TXT 6.3.10, 4.3.7)
_ENCRYPTED: Final = 1
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, struct.error,
    NotImplementedError, OverflowError,
)  # fmt: skip


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Read an array of a ``.npz`` file: the first one that is a picture, or the layer asked for.

    Layers are the arrays whose shape and type are a picture's, under their names. One stored
    without compression stays on disk as a ``.npy`` file's does (see `core.io.npy.read`); another
    is inflated up to the size that its header says, after that was checked against the limits.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, encrypted, without a picture or without such a layer.
    """
    check_page(file, part.page, 1)
    try:
        with zipfile.ZipFile(file.handle) as archive:
            members = [m for m in archive.infolist()[:_MOST] if m.filename.endswith(_ARRAY)]
            named = {m.filename.removesuffix(_ARRAY): m for m in members}
            headers = {}
            for name, member in named.items():
                if member.flag_bits & _ENCRYPTED:
                    raise file.unsupported(
                        kind.title, "is encrypted", "save it without a password and open that"
                    )
                with archive.open(member) as stream:
                    headers[name] = npy.parse(file, kind, stream.read(npy.MOST_HEADER))
            layers = tuple(name for name, header in headers.items() if header.is_picture)
            if not headers:
                raise file.unsupported(kind.title, "holds no array", "choose another file")
            # A layer that is not there is refused by `core.io.file_meta.check_part`.
            layer = part.layer if part.layer in headers else next(iter(layers or headers))
            array = _array(file, kind, archive, named[layer], headers[layer])
    except _BROKEN as error:
        raise file.damaged(kind.title) from error
    decoded = npy.finish(file, kind, array)
    decoded.layers = layers if len(layers) > 1 else ()
    decoded.layer = layer
    compressed = named[layer].compress_type != zipfile.ZIP_STORED
    decoded.meta["compression"] = "Deflate" if compressed else "none"
    return decoded


def _array(
    file: PictureFile,
    kind: Kind,
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    header: npy.Header,
) -> Pixels:
    npy.check(file, kind, header)
    if member.compress_type == zipfile.ZIP_STORED:
        local = file.read_at(member.header_offset, _LOCAL_HEADER)
        name, extra = struct.unpack("<HH", local[26:30])
        start = member.header_offset + _LOCAL_HEADER + name + extra
        if header.start + header.size > member.file_size:
            raise file.damaged(kind.title)
        return npy.mapped(file, kind, header, start)
    with archive.open(member) as stream:
        raw = stream.read(header.start + header.size)
    if len(raw) != header.start + header.size:
        raise file.damaged(kind.title)
    flat = np.frombuffer(raw, header.dtype, offset=header.start)
    return flat.reshape(header.shape, order=header.order)
