"""PNG files with wrong chunks, lying headers and bombs."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from tests.bad.case import (
    END,
    HEIGHT,
    SIGNATURE,
    WIDTH,
    Case,
    Outcome,
    chunk,
    header,
    of,
    perhaps,
    png,
    refused,
    right,
    rows,
    scene,
)

HEAD = header(WIDTH, HEIGHT)
BODY = chunk(b"IDAT", rows(scene()))


def with_chunk(kind: bytes, data: bytes) -> bytes:
    """Return the scene with one more chunk before its pixels."""
    return png(HEAD, chunk(kind, data), BODY, END)


def zeros(megabytes: int) -> bytes:
    """Return many zeros, compressed a thousand times over."""
    pack = zlib.compressobj(9)
    block = bytes(1 << 20)
    return b"".join([*(pack.compress(block) for _ in range(megabytes)), pack.flush()])


def lies() -> list[Case]:
    """Headers that do not say what follows."""
    fields = {
        "zero-wide": (0, HEIGHT),
        "zero-high": (WIDTH, 0),
        "sixty-thousand": (60_000, 60_000),
        "two-to-31": (2**31 - 1, 2**31 - 1),
        "over-two-to-31": (2**31 + 41, 23),
        "depth-3": (WIDTH, HEIGHT, 3, 2, 0, 0, 0),
        "depth-1-colour": (WIDTH, HEIGHT, 1, 2, 0, 0, 0),
        "colour-5": (WIDTH, HEIGHT, 8, 5, 0, 0, 0),
        "compression-1": (WIDTH, HEIGHT, 8, 2, 1, 0, 0),
        "filter-1": (WIDTH, HEIGHT, 8, 2, 0, 1, 0),
        "interlace-2": (WIDTH, HEIGHT, 8, 2, 0, 0, 2),
        "palette-without": (WIDTH, HEIGHT, 8, 3, 0, 0, 0),
        "one-row-more": (WIDTH, HEIGHT + 1),
        "one-column-more": (WIDTH + 1, HEIGHT),
        "sixteen-bit": (WIDTH, HEIGHT, 16, 2, 0, 0, 0),
        "interlaced-not": (WIDTH, HEIGHT, 8, 2, 0, 0, 1),
    }
    return refused(
        (f"png-{name}.png", f"header: {what}", png(header(*what), BODY, END))
        for name, what in fields.items()
    )


def chunks() -> list[Case]:
    """Chunks that are missing, doubled, out of order, or broken."""
    spoiled = bytearray(BODY)
    spoiled[len(spoiled) // 2] ^= 1
    raw = rows(scene())
    half = len(raw) // 2
    two = chunk(b"IDAT", raw[:half]), chunk(b"IDAT", raw[half:])
    bad_filter = np.pad(scene().reshape(HEIGHT, -1), ((0, 0), (1, 0)))
    bad_filter[7, 0] = 9
    return [
        *refused([
            ("png-signature-only.png", "nothing after the signature", SIGNATURE),
            ("png-no-header.png", "no IHDR", png(BODY, END)),
            ("png-no-pixels.png", "no IDAT", png(HEAD, END)),
            ("png-header-last.png", "IHDR after IDAT", png(BODY, HEAD, END)),
            ("png-checksum.png", "one bit of the pixels flipped", png(HEAD, bytes(spoiled), END)),
            ("png-header-checksum.png", "IHDR with a wrong check sum",
             png(HEAD[:-1] + b"\0", BODY, END)),
            ("png-split-swapped.png", "the two IDAT in the wrong order",
             png(HEAD, *two[::-1], END)),
            ("png-not-deflate.png", "pixels that are no zlib stream",
             png(HEAD, chunk(b"IDAT", b"\0" * 400), END)),
            ("png-bad-filter.png", "filter type 9 in row 7",
             png(HEAD, chunk(b"IDAT", zlib.compress(bad_filter.tobytes())), END)),
            ("png-too-few-rows.png", "pixels for 22 of 23 rows",
             png(HEAD, chunk(b"IDAT", rows(scene()[:-1])), END)),
            ("png-length-lies.png", "IDAT says it is 2 GB long",
             png(HEAD) + struct.pack(">I", 2**31 - 2) + BODY[4:] + END),
            ("png-unknown-critical.png", "an unknown critical chunk",
             png(HEAD, chunk(b"ABCD", b"?"), BODY, END)),
        ]),
        right("png-two-idat.png", "pixels in two IDAT", png(HEAD, *two, END)),
        right("png-unknown.png", "an unknown chunk that may be skipped", with_chunk(b"abCd", b"?")),
        right("png-after-end.png", "a second file after IEND", png(HEAD, BODY, END) * 2),
        perhaps("png-two-headers.png", "IHDR twice", png(HEAD, HEAD, BODY, END)),
        perhaps("png-no-end.png", "no IEND", png(HEAD, BODY)),
        perhaps("png-empty-idat.png", "an empty IDAT first",
                png(HEAD, chunk(b"IDAT", b""), BODY, END)),
    ]  # fmt: skip


def side() -> list[Case]:
    """Chunks beside the pixels that are nonsense: the picture is whole all the same."""
    items = {
        "gamma-zero": (b"gAMA", struct.pack(">I", 0)),
        "gamma-short": (b"gAMA", b"\0\0"),
        "chroma-zero": (b"cHRM", bytes(32)),
        "chroma-huge": (b"cHRM", b"\xff" * 32),
        "icc-garbage": (b"iCCP", b"x\0\0" + zlib.compress(b"no profile")),
        "icc-not-deflate": (b"iCCP", b"x\0\0garbage"),
        "icc-bomb": (b"iCCP", b"x\0\0" + zeros(256)),
        "cicp-nonsense": (b"cICP", b"\xff\xff\xff\xff"),
        "cicp-short": (b"cICP", b"\1"),
        "text-bomb": (b"zTXt", b"Comment\0\0" + zeros(256)),
        "text-no-key": (b"tEXt", b"\0no key"),
        "international-cut": (b"iTXt", b"Title\0\1"),
        "exif-garbage": (b"eXIf", b"MM\0*\xff\xff\xff\xff"),
        "exif-empty": (b"eXIf", b""),
        "size-zero": (b"pHYs", bytes(9)),
        "time-nonsense": (b"tIME", b"\xff" * 7),
        "sbit-zero": (b"sBIT", bytes(3)),
        "sbit-99": (b"sBIT", b"\x63" * 3),
        "animation-no-frames": (b"acTL", bytes(8)),
        "animation-four-billion": (b"acTL", b"\xff" * 8),
    }
    return [
        perhaps(f"png-{name}.png", f"{kind.decode()}: {name.replace('-', ' ')}",
                with_chunk(kind, data))
        for name, (kind, data) in items.items()
    ]  # fmt: skip


def bombs() -> list[Case]:
    """Far more pixels in the stream than the header says."""
    small = png(header(1, 1), chunk(b"IDAT", zeros(512)), END)
    return [
        Case("png-bomb.png", "512 MB of zeros for a picture of 1 × 1", of(small),
             Outcome.RIGHT_OR_REFUSED, lambda: np.zeros((1, 1, 3), np.uint8)),
        Case("png-large-and-black.png", "30000 × 20000 pixels in 2 MB",
             of(png(header(30_000, 20_000, 8, 0, 0, 0, 0), chunk(b"IDAT", zeros(573)), END)),
             Outcome.ANY),
    ]  # fmt: skip


def cases() -> list[Case]:
    """Return all of them."""
    return [*lies(), *chunks(), *side(), *bombs()]
