"""What kind of picture a file is: told from its content.

The first bytes are those of the formats' own specifications. Only Targa has none; it is taken for
one by the signature at its end, or by its name together with a header that makes sense. Besides, a
TIFF file whose name is that of a raw format is developed as one.
"""

from __future__ import annotations

import zlib
from typing import Final, NamedTuple

HEAD_BYTES: Final = 65_536
"""How much of the start of a file `sniff` and the readers look at."""

TAIL_BYTES: Final = 26
"""How much of the end of a file `sniff` looks at: the footer of Targa."""


class Kind(NamedTuple):
    """A format.

    Attributes
    ----------
    name
        Stable name, e.g. ``"png"``; the suffix under which a decoder that goes by names knows it.
    title
        What a person calls it.
    reader
        The module of `core.io` that reads it; imported when the first such file is opened.
    suffixes
        How names of such files end, lower case.
    """

    name: str
    title: str
    reader: str
    suffixes: tuple[str, ...]


PNG: Final = Kind("png", "PNG", "png", (".png", ".apng"))
JPEG: Final = Kind("jpg", "JPEG", "jpeg", (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".jls"))
TIFF: Final = Kind("tif", "TIFF", "tiff", (".tif", ".tiff", ".btf", ".tf8", ".lsm"))
WEBP: Final = Kind("webp", "WebP", "vips", (".webp",))
GIF: Final = Kind("gif", "GIF", "vips", (".gif",))
AVIF: Final = Kind("avif", "AVIF", "avif", (".avif", ".avifs"))
HEIC: Final = Kind("heic", "HEIC", "heic", (".heic", ".heif", ".hif", ".heics", ".heifs"))
BMP: Final = Kind("bmp", "BMP", "bmp", (".bmp", ".dib"))
ICO: Final = Kind("ico", "icon", "ico", (".ico", ".cur"))
SVG: Final = Kind("svg", "SVG", "svg", (".svg", ".svgz"))
PNM: Final = Kind("pnm", "PNM", "pnm", (".pnm", ".ppm", ".pgm", ".pbm", ".pam"))
PFM: Final = Kind("pfm", "PFM", "oiio", (".pfm",))
EXR: Final = Kind("exr", "OpenEXR", "exr", (".exr", ".sxr", ".mxr"))
HDR: Final = Kind("hdr", "Radiance HDR", "oiio", (".hdr", ".rgbe", ".pic"))
DPX: Final = Kind("dpx", "DPX", "oiio", (".dpx",))
CINEON: Final = Kind("cin", "Cineon", "oiio", (".cin",))
PSD: Final = Kind("psd", "Photoshop", "oiio", (".psd", ".psb"))
DDS: Final = Kind("dds", "DDS", "oiio", (".dds",))
JP2: Final = Kind("jp2", "JPEG 2000", "jp2", (".jp2", ".j2k", ".j2c", ".jpf"))
JXL: Final = Kind("jxl", "JPEG XL", "jxl", (".jxl",))
SGI: Final = Kind("sgi", "SGI", "oiio", (".sgi", ".rgb", ".rgba", ".bw"))
FITS: Final = Kind("fits", "FITS", "fits", (".fits", ".fit", ".fts"))
IFF: Final = Kind("iff", "Maya IFF", "oiio", (".iff",))
TARGA: Final = Kind("tga", "Targa", "oiio", (".tga", ".tpic"))
NPY: Final = Kind("npy", "NumPy", "npy", (".npy",))
NPZ: Final = Kind("npz", "NumPy archive", "npz", (".npz",))
DICOM: Final = Kind("dcm", "DICOM", "dicom", (".dcm", ".dicom"))
RAW: Final = Kind(
    "raw", "Camera raw", "raw",
    (".dng", ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".raf", ".orf", ".rw2", ".pef",
     ".srw", ".3fr", ".iiq"),
)  # fmt: skip

KINDS: Final = (
    PNG, JPEG, TIFF, WEBP, GIF, AVIF, HEIC, BMP, ICO, SVG, PNM, PFM, EXR, HDR, DPX,
    CINEON, PSD, DDS, JP2, JXL, SGI, FITS, IFF, TARGA, NPY, NPZ, DICOM, RAW,
)  # fmt: skip

_MAGIC: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),  # BigTIFF
    (b"MM\0+", TIFF),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"\x76\x2f\x31\x01", EXR),
    (b"#?RADIANCE", HDR),
    (b"#?RGBE", HDR),
    (b"SDPX", DPX),
    (b"XPDS", DPX),
    (b"\x80\x2a\x5f\xd7", CINEON),
    (b"8BPS", PSD),
    (b"DDS ", DDS),
    (b"\0\0\0\x0cjP  \r\n\x87\n", JP2),
    (b"\xff\x4f\xff\x51", JP2),
    (b"\xff\x0a", JXL),
    (b"\0\0\0\x0cJXL \r\n\x87\n", JXL),
    (b"\x01\xda", SGI),
    (b"SIMPLE  =", FITS),
    (b"FOR4", IFF),
    (b"\x93NUMPY", NPY),
    (b"FUJIFILMCCD-RAW", RAW),
    (b"IIRO", RAW),  # Olympus
    (b"IIRS", RAW),
    (b"MMOR", RAW),
    (b"IIU\0", RAW),  # Panasonic
)

_AVIF_BRANDS: Final = {b"avif", b"avis"}
_HEIC_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_HEIF_BRANDS: Final = {b"mif1", b"mif2", b"msf1"}  # of any coding
_BMP_HEADERS: Final = (12, 16, 40, 52, 56, 64, 108, 124)
_TEXT_BYTES: Final = 4096
_BLANKS: Final = b" \t\r\n\v\f"

# What else a person may have chosen, and what to do about it.
_OTHERS: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"%PDF", "is a PDF document, not a picture; export its page as PNG and open that"),
    (0, b"%!PS", "is a PostScript document, not a picture; export its page as PNG and open that"),
    (0, b"PK\x03\x04", "is a ZIP archive; unpack it and open the pictures in it"),
    (0, b"\x1f\x8b", "is compressed with gzip; unpack it and open the picture in it"),
    (0, b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive; unpack it and open the pictures in it"),
    (4, b"ftyp", "is a video, not a still picture; save a frame as PNG and open that"),
    (8, b"AVI ", "is a video, not a still picture; save a frame as PNG and open that"),
    (0, b"\x1a\x45\xdf\xa3", "is a video, not a still picture; save a frame as PNG and open that"),
)


def sniff(head: bytes, tail: bytes = b"", suffix: str = "") -> Kind | None:
    """Return the kind of a file, or None when it is not a picture that can be read.

    Parameters
    ----------
    head, tail
        The first `HEAD_BYTES` and the last `TAIL_BYTES` of the file, or as many as it has.
    suffix
        How its name ends; counts for Targa, and for raw files that are TIFF inside.
    """
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            if kind is TIFF and _is_dicom(head):  # its preamble may be a TIFF header
                return DICOM
            # Most raw files are TIFF inside; `core.io.tiff` knows them whatever their name is.
            return RAW if kind is TIFF and suffix.lower() in RAW.suffixes else kind
    found = _by_what_follows(head)
    if found:
        return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        found = WEBP
    elif head[4:8] == b"ftyp":
        found = _heif(head)
    elif head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        found = BMP
    elif head[:1] == b"P" and head[2:3] and head[2] in _BLANKS:
        found = PNM if head[1:2] in b"1234567" else PFM if head[1:2] in b"Ff" else None
    elif _is_icon(head):
        found = ICO
    elif _is_targa(head, tail, suffix):
        found = TARGA
    elif _is_svg(head):
        found = SVG
    return found


def not_a_picture(head: bytes) -> str:
    """Return what a file that is no picture is, and what to do: the end of a sentence."""
    for offset, magic, text in _OTHERS:
        if head[offset : offset + len(magic)] == magic:
            return text
    start = head.lstrip(_BLANKS + b"\xef\xbb\xbf")[:512].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "is a web page, not a picture; save the picture itself and open that"
    if _is_text(head[:_TEXT_BYTES]):
        return "is a text, not a picture; choose a picture file"
    return "is not in a picture format that can be read; save it as PNG, TIFF or EXR and open that"


def kind_of_suffix(suffix: str) -> Kind | None:
    """Return the kind that files of a name's ending (with its dot, any case) should be."""
    lower = suffix.lower()
    return next((kind for kind in KINDS if lower in kind.suffixes), None)


def suffixes() -> tuple[str, ...]:
    """Return how names of readable pictures end, lower case with the dot, everyday ones first."""
    return tuple(suffix for kind in KINDS for suffix in kind.suffixes)


def _heif(head: bytes) -> Kind | None:
    """Return what the brands of the file type box (ISO/IEC 14496-12, 4.3) say of a still."""
    size = min(int.from_bytes(head[:4], "big"), 256)
    brands = {head[8:12], *(head[i : i + 4] for i in range(16, size, 4))}
    if brands & _AVIF_BRANDS or (brands & _HEIF_BRANDS and b"av01" in head):
        return AVIF
    return HEIC if brands & (_HEIC_BRANDS | _HEIF_BRANDS) else None


def _is_icon(head: bytes) -> bool:
    """Whether it begins like an icon or cursor whose first picture lies behind the directory."""
    count = int.from_bytes(head[4:6], "little")
    behind = int.from_bytes(head[18:22], "little") >= 6 + 16 * count
    return head[:4] in {b"\0\0\1\0", b"\0\0\2\0"} and 0 < count <= 1000 and behind


def _is_svg(head: bytes) -> bool:
    if head[:2] == b"\x1f\x8b":
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, _TEXT_BYTES)
        except zlib.error:
            return False
    start = head.lstrip(_BLANKS + b"\xef\xbb\xbf")
    if not start.startswith((b"<?xml", b"<!--", b"<!DOCTYPE", b"<svg")):
        return False
    return b"<svg" in start


def _by_what_follows(head: bytes) -> Kind | None:
    """Return the kind of a file whose first bytes are shared by others, or are any."""
    if _is_dicom(head):
        return DICOM
    if head[4:11] == b"ftypcrx" or head[6:14] == b"HEAPCCDR":  # Canon
        return RAW
    is_array = head[:4] == b"PK\3\4" and _first_name(head).endswith(b".npy")
    return NPZ if is_array else None


def _is_dicom(head: bytes) -> bool:
    """Whether the prefix stands behind the preamble (DICOM PS3.10, 7.1)."""
    return head[128:132] == b"DICM"


def _first_name(head: bytes) -> bytes:
    """Return the name of a ZIP archive's first file (APPNOTE.TXT 6.3.10, 4.3.7)."""
    return head[30 : 30 + int.from_bytes(head[26:28], "little")]


def _is_targa(head: bytes, tail: bytes, suffix: str) -> bool:
    if len(head) < 18:
        return False
    header = head[1] <= 1 and head[2] in {1, 2, 3, 9, 10, 11} and head[16] in {8, 15, 16, 24, 32}
    signed = tail.endswith(b"TRUEVISION-XFILE.\0")
    return header and (signed or suffix.lower() in TARGA.suffixes)


def _is_text(start: bytes) -> bool:
    try:
        text = start.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(start) < _TEXT_BYTES or error.start < len(start) - 3:
            return False  # else it is a character cut in two by the end of `start`
        text = start[: error.start].decode("utf-8")
    return "\0" not in text
