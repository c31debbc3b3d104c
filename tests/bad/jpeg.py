"""JPEG files with wrong segments."""

from __future__ import annotations

import struct

import numpy as np

from tests.bad.case import HEIGHT, WIDTH, Case, Outcome, encoded, of, patched, perhaps, refused

FILE = encoded("JPEG", quality=90)
PROGRESSIVE = encoded("JPEG", quality=90, progressive=True)


def segments(data: bytes) -> list[tuple[int, int, int]]:
    """Return (marker, start, stop) of each segment before the pixels."""
    at, found = 2, []
    while True:
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        found.append((marker, at, at + 2 + size))
        if marker == 0xDA:
            return found
        at += 2 + size


def without(marker: int) -> bytes:
    """Return the file without the segments of a marker."""
    out = FILE
    for found, start, stop in reversed(segments(FILE)):
        if found == marker:
            out = out[:start] + out[stop:]
    return out


def frame(height: int, width: int) -> bytes:
    """Return the file with another size in its frame header."""
    _, start, _ = next(s for s in segments(FILE) if s[0] == 0xC0)
    return patched(FILE, start + 5, struct.pack(">HH", height, width))


def exif(body: bytes) -> bytes:
    """Return the file with an EXIF segment."""
    data = b"Exif\0\0" + body
    return FILE[:2] + b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data + FILE[2:]


def oriented(value: int) -> bytes:
    """Return the file with one EXIF tag: the orientation."""
    entry = struct.pack(">HHIHH", 274, 3, 1, value, 0)
    return exif(b"MM\0*\0\0\0\x08\0\1" + entry + bytes(4))


def decoded() -> np.ndarray:
    """Return the pixels of the sound file, by OpenCV: this decoder is the same, libjpeg-turbo."""
    import cv2  # loaded late

    flags = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
    return cv2.imdecode(np.frombuffer(FILE, np.uint8), flags)


def anything(name: str, about: str, data: bytes) -> Case:
    """Return a case whose damage nothing in the format can tell."""
    return Case(name, about, of(data), Outcome.ANY)


def cases() -> list[Case]:
    """Return all of them."""
    scan = segments(FILE)[-1][2]
    icc = b"ICC_PROFILE\0\x09\x02" + bytes(40)
    profile = b"\xff\xe2" + struct.pack(">H", len(icc) + 2) + icc
    _, dqt, _ = next(s for s in segments(FILE) if s[0] == 0xDB)
    return [
        *refused([
            ("jpg-start-only.jpg", "nothing after the start", b"\xff\xd8\xff"),
            ("jpg-no-frame.jpg", "no frame header", without(0xC0)),
            ("jpg-no-scan.jpg", "ends before the pixels", FILE[: scan - 8]),
            ("jpg-no-pixels.jpg", "ends where the pixels begin", FILE[:scan]),
            ("jpg-half.jpg", "half of the pixels", FILE[: (scan + len(FILE)) // 2]),
            ("jpg-half-progressive.jpg", "half of a progressive file",
             PROGRESSIVE[: len(PROGRESSIVE) // 2]),
            ("jpg-zero-wide.jpg", "a width of 0", frame(HEIGHT, 0)),
            ("jpg-huge.jpg", "says 65535 × 65535", frame(65535, 65535)),
            ("jpg-taller.jpg", "says it has 2000 rows", frame(2000, WIDTH)),
        ]),
        # libjpeg takes the tables of ITU-T T.81 annex K where there are none (motion JPEG).
        anything("jpg-no-huffman.jpg", "no Huffman tables", without(0xC4)),
        anything("jpg-no-quantisation.jpg", "no quantisation tables", without(0xDB)),
        anything("jpg-zero-quantisation.jpg", "a quantisation table of 0",
                 patched(FILE, dqt + 5, bytes(64))),
        anything("jpg-flipped.jpg", "a bit of the pixels flipped",
                 patched(FILE, scan + 200, bytes([FILE[scan + 200] ^ 16]))),
        anything("jpg-noise.jpg", "pixels of noise",
                 FILE[:scan] + np.random.default_rng(1).bytes(3000) + b"\xff\xd9"),
        perhaps("jpg-no-end.jpg", "no end marker", FILE[:-2], decoded),
        perhaps("jpg-rubbish-after.jpg", "a megabyte after its end", FILE + bytes(1 << 20),
                decoded),
        perhaps("jpg-icc-sequence.jpg", "part 9 of 2 of a profile", FILE[:2] + profile + FILE[2:],
                decoded),
        perhaps("jpg-exif-garbage.jpg", "EXIF that points outside",
                exif(b"II*\0\xff\xff\xff\x7f"), decoded),
        perhaps("jpg-exif-cycle.jpg", "EXIF directories in a circle",
                exif(b"MM\0*\0\0\0\x08\0\0\0\0\0\x08"), decoded),
        perhaps("jpg-orientation-0.jpg", "an orientation of 0", oriented(0), decoded),
        perhaps("jpg-orientation-9.jpg", "an orientation of 9", oriented(9), decoded),
        perhaps("jpg-orientation-65535.jpg", "an orientation of 65535", oriented(65535), decoded),
    ]  # fmt: skip
