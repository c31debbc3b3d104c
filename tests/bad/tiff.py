"""TIFF files whose tags lie; the first directory is rebuilt with one tag changed."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from tests.bad.case import HEIGHT, WIDTH, Case, Outcome, of, perhaps, refused, right, scene

SHORT, LONG = 3, 4
Tag = tuple[int, int, list[int]]  # number, type, values


def tags(**more: object) -> dict[int, Tag]:
    """Return the tags of an uncompressed RGB picture whose pixels are at byte 8."""
    plain: dict[int, Tag] = {
        256: (256, LONG, [WIDTH]),
        257: (257, LONG, [HEIGHT]),
        258: (258, SHORT, [8, 8, 8]),
        259: (259, SHORT, [1]),
        262: (262, SHORT, [2]),
        273: (273, LONG, [8]),
        277: (277, SHORT, [3]),
        278: (278, LONG, [HEIGHT]),
        279: (279, LONG, [WIDTH * HEIGHT * 3]),
    }
    for name, value in more.items():
        number = int(name[1:])
        if value is None:
            del plain[number]
        else:
            plain[number] = (number, plain.get(number, (0, LONG, []))[1], list(value))
    return plain


def tiff(entries: dict[int, Tag], pixels: bytes | None = None, after: int | None = None) -> bytes:
    """Return a little-endian file: header, pixels, one directory; `after`: where the next is."""
    data = scene().tobytes() if pixels is None else pixels
    data += bytes(-len(data) % 4)
    start = 8 + len(data)
    extra = start + 2 + 12 * len(entries) + 4
    out, more = struct.pack("<H", len(entries)), b""
    for number, kind, values in sorted(entries.values()):
        packed = struct.pack(f"<{len(values)}{'H' if kind == SHORT else 'I'}", *values)
        if len(packed) > 4:
            field = struct.pack("<I", extra + len(more))
            more += packed + bytes(len(packed) % 2)
        else:
            field = packed.ljust(4, b"\0")
        out += struct.pack("<HHI", number, kind, len(values)) + field
    next_at = struct.pack("<I", start if after == -1 else after or 0)
    return b"II*\0" + struct.pack("<I", start) + data + out + next_at + more


def deflated(pixels: bytes) -> bytes:
    """Return a file with Deflate compression of these bytes."""
    packed = zlib.compress(pixels, 9)
    return tiff(tags(_259=[8], _279=[len(packed)]), packed)


def cases() -> list[Case]:
    """Return all of them."""
    lies = {
        "zero-wide": tags(_256=[0]),
        "zero-high": tags(_257=[0]),
        "huge": tags(_256=[2**31 - 1], _257=[2**31 - 1]),
        "four-billion": tags(_256=[2**32 - 1], _257=[1]),
        "no-width": tags(_256=None),
        "bits-255": tags(_258=[255, 255, 255]),
        "bits-0": tags(_258=[0, 0, 0]),
        "bits-differ": tags(_258=[8, 16, 8]),
        "compression-9999": tags(_259=[9999]),
        "channels-65535": tags(_277=[65535]),
        "strip-outside": tags(_273=[2**31]),
        "no-strips": tags(_273=None),
        "jpeg-without-jpeg": tags(_259=[7]),
        "lzw-without-lzw": tags(_259=[5]),
        "zstd-without-zstd": tags(_259=[50000]),
        "lerc-without-lerc": tags(_259=[34887]),
        "fax-without-fax": tags(_259=[4]),
        "more-rows-than-pixels": tags(_257=[HEIGHT + 200], _278=[HEIGHT + 200]),
        "complex": tags(_258=[64, 64, 64], _339=[6, 6, 6]),
    }
    plain = scene().tobytes()
    found = refused(
        (f"tif-{name}.tif", f"tags: {name.replace('-', ' ')}", tiff(entries))
        for name, entries in lies.items()
    )
    found += refused([
        ("tif-header-only.tif", "nothing after the header", b"II*\0\x08\0\0\0"),
        ("tif-directory-outside.tif", "the directory lies outside",
         b"II*\0\xff\xff\xff\x7f" + plain),
        ("tif-directory-in-header.tif", "the directory lies in the header",
         b"II*\0\0\0\0\0" + plain),
        ("tif-65535-entries.tif", "a directory of 65535 entries in 100 bytes",
         b"II*\0\x08\0\0\0\xff\xff" + bytes(90)),
        ("tif-deflate-short.tif", "Deflate that ends after 10 rows",
         deflated(plain[: WIDTH * 3 * 10])),
        ("tif-big-lies.tif", "BigTIFF with offsets of 3 bytes", b"II+\0\x03\0\0\0" + bytes(40)),
    ])  # fmt: skip
    at = 8 + len(plain) + len(plain) % 4
    gray = tags(_258=[8], _262=[3], _277=[1], _279=[WIDTH * HEIGHT])
    tiled = tags(_273=None, _278=None, _279=None)
    tiles = {322: (322, LONG, [0]), 323: (323, LONG, [0]), 324: (324, LONG, [8])}
    cyclic = tags() | {330: (330, LONG, [at])}
    return [
        *found,
        right("tif-cycle.tif", "a directory that names itself as the next",
              tiff(tags(), after=-1)),
        right("tif-next-outside.tif", "the next directory lies outside",
              tiff(tags(), after=2**31)),
        perhaps("tif-sub-cycle.tif", "a sub-directory that is its own parent", tiff(cyclic)),
        perhaps("tif-orientation-99.tif", "an orientation of 99",
                tiff(tags() | {274: (274, SHORT, [99])})),
        perhaps("tif-predictor-9.tif", "a predictor of 9 without compression",
                tiff(tags() | {317: (317, SHORT, [9])})),
        perhaps("tif-rows-per-strip-0.tif", "strips of 0 rows", tiff(tags(_278=[0]))),
        perhaps("tif-rows-per-strip-huge.tif", "strips of four billion rows",
                tiff(tags(_278=[2**32 - 1]))),
        perhaps("tif-count-too-short.tif", "a strip said to have 10 bytes", tiff(tags(_279=[10]))),
        perhaps("tif-bomb.tif", "Deflate that unpacks to 100 MB for 2829 bytes",
                deflated(bytes(100 << 20)), lambda: np.zeros((HEIGHT, WIDTH, 3), np.uint8)),
        perhaps("tif-count-too-long.tif", "a strip said to be longer than the file",
                tiff(tags(_279=[10**9]))),
        perhaps("tif-resolution-0.tif", "a resolution of 0/0",
                tiff(tags() | {282: (282, LONG, [0])})),
        Case("tif-no-palette.tif", "palette colours without a palette",
             of(tiff(gray, scene()[:, :, 0].tobytes())), Outcome.REFUSED),
        Case("tif-tiles-of-0.tif", "tiles of 0 × 0", of(tiff(tiled | tiles)), Outcome.REFUSED),
        Case("tif-photometric-999.tif", "an unknown colour model", of(tiff(tags(_262=[999]))),
             Outcome.RIGHT_OR_REFUSED, scene),
        Case("tif-planar-lies.tif", "says that its planes are apart",
             of(tiff(tags() | {284: (284, SHORT, [2])})), Outcome.ANY),
        Case("tif-float-8.tif", "8-bit floating point",
             of(tiff(tags() | {339: (339, SHORT, [3, 3, 3])})), Outcome.RIGHT_OR_REFUSED, scene),
        Case("tif-min-is-white.tif", "RGB said to be gray with white at 0",
             of(tiff(tags(_262=[0], _277=[1], _258=[8]), bytes(WIDTH * HEIGHT))),
             Outcome.ANY),
    ]  # fmt: skip
