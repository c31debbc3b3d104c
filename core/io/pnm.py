"""PNM (PBM, PGM, PPM and PAM), which is a header and the samples: read here as stored.

Decoders at hand either stretch values to their own range or forget the one in the header, and the
header's "maxval" is what means white. See the Netpbm manual pages pbm, pgm, ppm and pam.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from core.io.decoded import Decoded, check_page, check_size
from core.types import Alpha, Encoding, Pixels

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_NUMBER: Final = rb"(?:\s|#[^\r\n]*[\r\n])+(\d{1,10})"
_PBM: Final = re.compile(rb"P[14]" + _NUMBER * 2 + rb"(?:#[^\r\n]*)?\s")
_PXM: Final = re.compile(rb"P[2356]" + _NUMBER * 3 + rb"(?:#[^\r\n]*)?\s")
_PAM: Final = re.compile(rb"P7\s(.*?)^ENDHDR[ \t\r]*\n", re.DOTALL | re.MULTILINE)
_COMMENT: Final = re.compile(rb"#[^\r\n]*")
_MOST: Final = 65535


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode the first picture of a PNM file.

    Values come out as stored, uint8 for a maxval up to 255, else uint16; white is maxval. Bitmaps
    become 0 (black) and 255.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, or without such a page.
    """
    check_page(file, part.page, 1)
    form = file.head[1:2]
    header = (_PAM if form == b"7" else _PBM if form in b"14" else _PXM).match(file.head)
    if header is None:
        raise file.damaged(kind.title)
    alpha = Alpha.NONE
    if form == b"7":
        fields = dict(re.findall(rb"^(WIDTH|HEIGHT|DEPTH|MAXVAL)[ \t]+(\d{1,10})", header[1], re.M))
        if len(fields) != 4:
            raise file.damaged(kind.title)
        width, height, depth, top = (
            int(fields[k]) for k in (b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL")
        )
        if re.search(rb"^TUPLTYPE[ \t]+\w*_ALPHA", header[1], re.M):
            alpha = Alpha.STRAIGHT
    else:
        width, height = int(header[1]), int(header[2])
        depth, top = (3 if form in b"36" else 1), (1 if form in b"14" else int(header[3]))
    if not 1 <= top <= _MOST:
        raise file.damaged(kind.title)
    dtype = np.dtype(np.uint8 if top < 256 else np.uint16)
    check_size(file, width, height, depth, dtype.itemsize)
    shape = (height, width) if depth == 1 else (height, width, depth)
    data = _samples(file, kind, header.end(), form, shape, dtype)
    if form in b"14":
        return Decoded((1 - data) * np.uint8(255), Encoding.SRGB, bits=1)
    if int(data.max()) > top:
        raise file.damaged(kind.title)
    return Decoded(data, Encoding.SRGB, alpha, peak=float(top), bits=top.bit_length())


def _samples(
    file: PictureFile, kind: Kind, start: int, form: bytes, shape: tuple[int, ...], dtype: np.dtype
) -> Pixels:
    """Return the samples after the header, in the native byte order."""
    count = int(np.prod(shape, dtype=np.int64))
    if form in b"123":
        text = _COMMENT.sub(b" ", file.read_at(start, file.size))
        words = re.findall(rb"[01]", text) if form == b"1" else text.split()
        try:
            return np.array(words[:count], np.int64).astype(dtype).reshape(shape)
        except (ValueError, OverflowError) as error:
            raise file.damaged(kind.title) from error
    if form == b"4":
        row_bytes = -(-shape[1] // 8)
        packed = np.frombuffer(file.read_at(start, row_bytes * shape[0]), np.uint8)
        if packed.size != row_bytes * shape[0]:
            raise file.damaged(kind.title)
        return np.unpackbits(packed.reshape(shape[0], row_bytes), axis=1, count=shape[1])
    raw = file.read_at(start, count * dtype.itemsize)
    if len(raw) != count * dtype.itemsize:
        raise file.damaged(kind.title)
    return np.frombuffer(raw, dtype.newbyteorder(">")).astype(dtype, copy=False).reshape(shape)
