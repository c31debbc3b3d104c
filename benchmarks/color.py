"""Colours into the working space, against Little CMS and against decoding the same picture."""

from __future__ import annotations

import sys
import tempfile
from functools import cache
from pathlib import Path

import cv2
import imagecodecs
import numpy as np

from benchmarks._pictures import arrays
from benchmarks._run import Case, main
from core.io.color.manage import manage
from core.io.decoded import Decoded
from core.io.files import PictureFile
from core.io.kinds import PNG
from core.types import Encoding
from tests.profiles import DISPLAY_P3, SRGB, SRGB_PARA, matrix_profile, para, table_profile

_SRGB_PROFILE = matrix_profile(SRGB, para(3, *SRGB_PARA))


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="pairlens-")  # goes with the process


@cache
def _file(suffix: str) -> Path:
    """Write the 12 MP picture once."""
    path = Path(_folder().name, f"picture{suffix}")
    done, data = cv2.imencode(suffix, cv2.cvtColor(arrays(12)[0], cv2.COLOR_RGB2BGR))
    assert done
    path.write_bytes(data.tobytes())
    return path


def _managed(icc: bytes, rows: int = 3000) -> Decoded:
    picture = Decoded(arrays(12)[0][:rows], Encoding.SRGB, icc=icc)
    with PictureFile(_file(".png")) as file:
        manage(file, PNG, picture, managed=True)
    return picture


def time_display_p3_12mp() -> None:
    _managed(DISPLAY_P3)


def time_lcms_float_display_p3_12mp() -> None:
    imagecodecs.cms_transform(
        arrays(12)[0], DISPLAY_P3, imagecodecs.cms_profile("srgb"), colorspace="rgb",
        outcolorspace="rgb", outdtype="float32", intent=1,
    )  # fmt: skip


def time_lcms_8bit_display_p3_12mp() -> None:
    imagecodecs.cms_transform(
        arrays(12)[0], DISPLAY_P3, imagecodecs.cms_profile("srgb"), colorspace="rgb",
        outcolorspace="rgb", outdtype="uint8", intent=1,
    )  # fmt: skip


def time_decode_png_12mp() -> None:
    cv2.imdecode(np.fromfile(_file(".png"), np.uint8), cv2.IMREAD_COLOR_RGB)


def time_decode_jpeg_12mp() -> None:
    cv2.imdecode(np.fromfile(_file(".jpg"), np.uint8), cv2.IMREAD_COLOR_RGB)


def time_srgb_12mp() -> None:
    _managed(_SRGB_PROFILE)


def time_table_1mp() -> None:
    _managed(table_profile(), 250)


CASES = (
    Case("Display P3, 12 MP, against Little CMS to float", time_display_p3_12mp,
         time_lcms_float_display_p3_12mp, faster=5),
    Case("Display P3, 12 MP, against Little CMS to 8 bits, clipped", time_display_p3_12mp,
         time_lcms_8bit_display_p3_12mp),
    Case("Display P3, 12 MP, against decoding it from PNG", time_display_p3_12mp,
         time_decode_png_12mp),
    Case("Display P3, 12 MP, against decoding it from JPEG", time_display_p3_12mp,
         time_decode_jpeg_12mp),
    Case("a profile that is sRGB, 12 MP", time_srgb_12mp),
    Case("a profile of tables, 1 MP", time_table_1mp),
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CASES))
