"""Files of the other formats whose headers lie, and files that are no pictures."""

from __future__ import annotations

import gzip
import struct
import zipfile
from io import BytesIO

import numpy as np

from tests.bad.case import Case, Outcome, encoded, of, patched, refused, scene
from tests.bad.samples import samples


def npy(text: str, data: bytes = b"") -> bytes:
    """Return a NumPy file with this header."""
    head = text.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head + data


def zipped(name: str, data: bytes) -> bytes:
    """Return a ZIP archive of one compressed file."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def svg(body: str, size: str = 'width="41" height="23"') -> bytes:
    """Return a drawing."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{body}</svg>'.encode()


def lies() -> list[Case]:
    """Headers that lie."""
    bmp, gif, psd = encoded("BMP"), samples()["gif"], samples()["psd"]
    tga = bytes([0, 0, 2, *bytes(9)])
    shape = "{'descr': '|u1', 'fortran_order': False, 'shape': "
    return refused([
        ("bmp-huge.bmp", "a BMP of 2 billion pixels a side",
         patched(bmp, 18, struct.pack("<ii", 2**31 - 1, 2**31 - 1))),
        ("bmp-zero.bmp", "a BMP of no width", patched(bmp, 18, struct.pack("<i", 0))),
        ("bmp-depth.bmp", "a BMP of 77 bits", patched(bmp, 28, struct.pack("<H", 77))),
        ("bmp-taller.bmp", "a BMP of 900 rows in the bytes of 23",
         patched(bmp, 22, struct.pack("<i", 900))),
        ("tga-huge.tga", "a Targa of 65535 × 65535 in 100 bytes",
         tga + struct.pack("<HHBB", 65535, 65535, 24, 0) + bytes(82)),
        ("tga-zero.tga", "a Targa of 0 × 0", tga + struct.pack("<HHBB", 0, 0, 24, 0)),
        ("gif-no-frames.gif", "a GIF that ends before its first frame", gif[:13] + b";"),
        ("psd-huge.psd", "a Photoshop file of 4 billion rows", patched(psd, 14, b"\xff" * 4)),
        ("psd-channels.psd", "a Photoshop file of no channels", patched(psd, 12, b"\0\0")),
        ("pnm-huge.ppm", "a PPM of 99999 × 99999", b"P6 99999 99999 255\n" + bytes(99)),
        ("pnm-maxval-0.pgm", "a PGM whose white is 0", b"P5 4 4 0\n" + bytes(16)),
        ("pnm-maxval-99999.pgm", "a PGM whose white is 99999", b"P5 4 4 99999\n" + bytes(32)),
        ("pnm-negative.pgm", "a PGM with a negative width", b"P5 -4 4 255\n" + bytes(16)),
        ("pnm-brighter.pgm", "a PGM with values above its white", b"P5 4 2 100\n" + b"\xff" * 8),
        ("pnm-words.pgm", "a text PGM with words for numbers", b"P2 2 2 9\none two\n"),
        ("pam-no-end.pam", "a PAM without ENDHDR", b"P7\nWIDTH 4\nHEIGHT 4\nDEPTH 1\n"),
        ("pfm-huge.pfm", "a PFM of 99999 × 99999", b"PF\n99999 99999\n-1.0\n" + bytes(99)),
        ("exr-magic.exr", "OpenEXR, nothing after the first bytes", b"\x76\x2f\x31\x01\2\0\0\0"),
        ("hdr-huge.hdr", "Radiance of 99999 × 99999",
         b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 99999 +X 99999\n" + bytes(40)),
        ("hdr-no-size.hdr", "Radiance without a size", b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n"),
        ("dpx-zero.dpx", "a DPX header of zeros", b"SDPX" + bytes(2044)),
        ("dds-zero.dds", "a DDS header of zeros", b"DDS " + bytes(124)),
        ("fits-no-end.fits", "a FITS header without END",
         b"SIMPLE  =                    T".ljust(2880)),
        ("webp-length.webp", "a WebP that says it is 4 GB long",
         patched(samples()["webp"][:60], 4, b"\xff\xff\xff\xff")),
        ("avif-boxes.avif", "an AVIF of boxes of no length",
         b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(64)),
        ("jp2-empty.jp2", "JPEG 2000, the signature only",
         b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 "),
        ("jxl-signature.jxl", "JPEG XL, the signature only", b"\xff\x0a"),
        ("npy-huge.npy", "an array said to have 10^18 bytes", npy(shape + "(10**9, 10**9), }")),
        ("npy-large.npy", "an array of 10 GB in 100 bytes", npy(shape + "(100000, 100000), }")),
        ("npy-negative.npy", "an array of negative size", npy(shape + "(-4, 4), }")),
        ("npy-code.npy", "a header that is a program", npy("__import__('os').abort()")),
        ("npy-deep.npy", "a header of nested brackets", npy("[" * 100 + "]" * 10)),
        ("npy-not-a-picture.npy", "an array of five dimensions",
         npy(shape + "(1, 2, 2, 2, 2), }", bytes(16))),
        ("npz-bomb.npz", "an archive of zeros, 300 MB said to be 10 GB",
         zipped("a.npy", npy(shape + "(100000, 100000), }", bytes(300 << 20)))),
        ("npz-cut.npz", "an archive without its list", zipped("a.npy", bytes(99))[:40]),
        ("svg-nothing.svg", "a drawing of no size", svg("", 'width="0" height="0"')),
        ("svg-cut.svg", "a drawing cut short", svg("<rect width='9' height='9'/>")[:60]),
    ])  # fmt: skip


def drawings() -> list[Case]:
    """Drawings that ask for too much, or for what is not theirs."""
    laughs = '<!DOCTYPE svg [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    file = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    items = [
        ("svg-laughs.svg", "a billion laughs", laughs.encode() + b"]>" + svg("<text>&i;</text>")),
        ("svg-entity.svg", "an entity that is another file",
         file.encode() + svg("<text y='20'>&x;</text>")),
        ("svg-image.svg", "a picture that is another file",
         svg('<image href="file:///etc/passwd" width="9" height="9"/>')),
        ("svg-web.svg", "a picture from the net",
         svg('<image href="http://127.0.0.1:9/a.png" width="9" height="9"/>')),
        ("svg-self.svg", "a shape that uses itself",
         svg('<g id="g"><use href="#g"/><use href="#g"/></g>')),
        ("svg-huge.svg", "a drawing a million pixels wide", svg("", 'width="1e6" height="1e6"')),
        ("svg-nested.svg", "100,000 groups in each other", svg("<g>" * 100_000 + "</g>" * 100_000)),
        ("svg-packed.svgz", "a packed drawing of 200 MB of spaces",
         gzip.compress(svg(" " * (200 << 20)))),
    ]  # fmt: skip
    return [Case(name, about, of(data), Outcome.ANY) for name, about, data in items]


def strangers() -> list[Case]:
    """Files that are no pictures at all, with names of pictures."""
    return refused([
        ("text.png", "a text", b"This is not a picture.\n" * 40),
        ("one-byte.png", "one byte", b"\x89"),
        ("empty.png", "no byte", b""),
        ("zeros.png", "zeros", bytes(5000)),
        ("noise.png", "noise", np.random.default_rng(2).bytes(5000)),
        ("page.jpg", "a web page", b"<!DOCTYPE html><html><body>404</body></html>"),
        ("json.png", "JSON", b'{"error": "not found"}'),
        ("document.png", "a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        ("archive.png", "a ZIP archive", zipped("a.txt", b"hello")),
        ("packed.png", "gzip", gzip.compress(b"hello")),
        ("program.png", "a program", b"\x7fELF" + bytes(200)),
        ("film.png", "a video", b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(99)),
        ("unicode.png", "a text in UTF-16", "not a picture".encode("utf-16")),
        ("pickle.npy", "a pickled object", b"\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x02os\x94."),
    ])  # fmt: skip


def named_otherwise() -> list[Case]:
    """Sound pictures with the name of another format."""
    return [
        Case("a-bmp.png", "a BMP called .png", of(encoded("BMP")), Outcome.RIGHT, scene),
        Case("a-png.jpg", "a PNG called .jpg", of(encoded("PNG")), Outcome.RIGHT, scene),
        Case("a-tif.txt", "a TIFF called .txt", of(samples()["tif"]), Outcome.RIGHT, scene),
        Case("a-png", "a PNG without an ending", of(encoded("PNG")), Outcome.RIGHT, scene),
        Case("a-ppm.exr", "a PPM called .exr", of(samples()["ppm"]), Outcome.RIGHT, scene),
    ]


def cases() -> list[Case]:
    """Return all of them."""
    return [*lies(), *drawings(), *strangers(), *named_otherwise()]
