"""NumPy arrays, FITS, PNM and DICOM."""

from __future__ import annotations

import shutil
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pydicom.data
from PIL import Image

from tests.core.io.formats._case import Case, Pixels, noise
from tests.core.io.formats._tiff import NAMES, values

DICOM = Path(pydicom.data.__file__).parent / "test_files"


def npy(path: Path, dtype: str, order: Any = "C") -> Pixels:
    data = values(dtype.lstrip("<>"), 3)
    np.save(path, np.asarray(data.astype(dtype), order=order))
    return data


def npz(path: Path, compressed: bool) -> Pixels:
    data = values("f4", 1)
    save = np.savez_compressed if compressed else np.savez
    save(path, meta=np.arange(3), first=data * 2, depth=data)
    return data


def fits(path: Path, dtype: str, code: int) -> Pixels:
    """Cards by the standard; rows are counted from below."""
    data = values(dtype, 1)
    cards = (
        "SIMPLE  = T",
        f"BITPIX  = {code}",
        "NAXIS   = 2",
        "NAXIS1  = 83",
        "NAXIS2  = 37",
        "END",
    )
    head = "".join(card.ljust(80) for card in cards).encode().ljust(2880)
    body = data[::-1].astype(f">{dtype}").tobytes()
    path.write_bytes(head + body + bytes(-len(body) % 2880))
    return data


def pnm(path: Path, mode: str) -> Pixels:
    data = noise(37, 83, 3) if mode == "RGB" else noise(37, 83)
    Image.fromarray(data, mode).save(path)
    return data


def pnm_16(path: Path) -> Pixels:
    data = noise(37, 83, 3, dtype=np.uint16)
    path.write_bytes(b"P6 83 37 65535\n" + data.astype(">u2").tobytes())
    return data


def dicom(path: Path, name: str) -> Pixels | list[Pixels]:
    """A file that comes with pydicom, decoded by pydicom (JPEG-LS: by imagecodecs)."""
    shutil.copyfile(DICOM / name, path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = pydicom.dcmread(path)
        if "jpeg_ls" in name:
            frame = pydicom.encaps.get_frame(data.PixelData, 0, number_of_frames=1)
            return np.asarray(imagecodecs.jpegls_decode(frame)).view(np.int16)
        found: Pixels = data.pixel_array
        found = found.astype(found.dtype.newbyteorder("="))
    return list(found) if int(data.get("NumberOfFrames") or 1) > 1 else found


FILES = (
    ("CT_small", "16 bit", "signed gray", 16, 1),
    ("MR_small_RLE", "16 bit", "signed gray, RLE", 16, 1),
    ("MR_small_jp2klossless", "16 bit", "signed gray, JPEG 2000", 16, 1),
    ("MR_small_jpeg_ls_lossless", "16 bit", "signed gray, JPEG-LS", 16, 1),
    ("MR_small_bigendian", "16 bit", "signed gray, big endian", 16, 1),
    ("examples_overlay", "9–15 bit", "gray, 12 bit", 12, 1),
    ("J2K_pixelrep_mismatch", "9–15 bit", "signed gray, 13 bit", 13, 1),
    ("rtdose_1frame", "32 bit", "gray", 32, 1), ("image_dfl", "8 bit", "gray, Deflate", 8, 1),
    ("examples_rgb_color", "8 bit", "RGB", 8, 1),
    ("SC_ybr_full_422_uncompressed", "8 bit", "YBR 4:2:2", 8, 1),
    ("SC_rgb_dcmtk_+eb+cy+s2", "8 bit", "YBR, JPEG", 8, 1),
    ("examples_jpeg2k", "8 bit", "RGB, JPEG 2000", 8, 1),
    ("SC_rgb_rle_16bit", "16 bit", "RGB, RLE", 16, 1),
    ("SC_rgb_rle_2frame", "8 bit", "RGB, RLE", 8, 2),
    ("rtdose", "32 bit", "gray", 32, 15),
)  # fmt: skip


def _case(
    name: str, title: str, depth: str, colour: str, writer: str, make: Any, **more: Any
) -> Case:
    suffix = more.pop("suffix", "." + name.split("-", maxsplit=1)[0])
    return Case(name, title, depth, colour, writer, make, suffix, **more)


CODES = {"u1": 8, "i2": 16, "i4": 32, "f4": -32, "f8": -64}

CASES = (
    *(_case(f"npy-{t}", "NumPy", NAMES[t], "signed RGB" if t[0] == "i" else "RGB", "NumPy",
            partial(npy, dtype="<" + t)) for t in NAMES if t != "i1"),
    _case("npy-big-endian", "NumPy", "16 bit", "RGB, big endian", "NumPy",
          partial(npy, dtype=">u2")),
    _case("npy-fortran", "NumPy", "float", "RGB, columns first", "NumPy",
          partial(npy, dtype="<f4", order="F")),
    *(_case(f"npz-{'deflate' if c else 'none'}", "NumPy archive", "float",
            f"layer, {'Deflate' if c else 'none'}", "NumPy", partial(npz, compressed=c),
            fragment="#layer=depth") for c in (False, True)),
    *(_case(f"fits-{t}", "FITS", NAMES[t], "gray", "by the standard",
            partial(fits, dtype=t, code=c)) for t, c in CODES.items()),
    *(_case(f"pnm-{m.lower()}", "PNM", "8 bit", m, "Pillow", partial(pnm, mode=m), suffix=s)
      for m, s in (("L", ".pgm"), ("RGB", ".ppm"))),
    _case("ppm-16", "PNM", "16 bit", "RGB", "by the standard", pnm_16),
    *(_case(f"dcm-{n}", "DICOM", d, c, "files of pydicom", partial(dicom, name=n + ".dcm"),
            bits=b, pages=p) for n, d, c, b, p in FILES),
)  # fmt: skip
