"""PNM files, written by hand and by OpenCV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import ReadError
from core.io import open_image
from core.types import Alpha

if TYPE_CHECKING:
    from pathlib import Path


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shape=st.tuples(st.integers(1, 5), st.integers(1, 19)),
    colour=st.booleans(),
    plain=st.booleans(),
    top=st.sampled_from([1, 100, 255, 256, 4095, 65535]),
    comment=st.sampled_from([b"", b"# made by hand 7\n"]),
    seed=st.integers(0, 99),
)
def test_values_come_out_as_stored(
    tmp_path: Path, shape: Any, colour: bool, plain: bool, top: int, comment: bytes, seed: int
) -> None:
    size = (*shape, 3) if colour else shape
    data = np.random.default_rng(seed).integers(0, top + 1, size)
    number = {(False, False): 5, (True, False): 6, (False, True): 2, (True, True): 3}
    head = b"P%d\n%s%d %d\n%d\n" % (number[colour, plain], comment, shape[1], shape[0], top)
    body = data.astype(">u2" if top > 255 else "u1").tobytes()
    if plain:
        body = b" ".join(b"%d" % v for v in data.ravel()) + b"\n"
    path = tmp_path / "a.pnm"
    path.write_bytes(head + body)
    picture = open_image(path)
    np.testing.assert_array_equal(picture.data, data)
    assert picture.data.dtype == (np.uint16 if top > 255 else np.uint8)
    assert (picture.peak, picture.bits) == (top, top.bit_length())
    if not plain:
        oracle = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        np.testing.assert_array_equal(picture.data, oracle[..., ::-1] if colour else oracle)


@pytest.mark.parametrize("width", [8, 13])
def test_bitmaps_have_black_ones(tmp_path: Path, width: int) -> None:
    ones = np.random.default_rng(2).integers(0, 2, (5, width), np.uint8)
    head = b"%d 5\n" % width
    (tmp_path / "a.pbm").write_bytes(b"P4 " + head + np.packbits(ones, axis=1).tobytes())
    digits = b"\n".join(b"".join(b"%d" % v for v in row) for row in ones)
    (tmp_path / "b.pbm").write_bytes(b"P1 # 1 2\n" + head + digits)
    for name in ("a.pbm", "b.pbm"):
        picture = open_image(tmp_path / name)
        np.testing.assert_array_equal(picture.data, np.where(ones, 0, 255))
        assert picture.bits == 1


@pytest.mark.parametrize(
    ("kind", "depth", "alpha"),
    [
        ("GRAYSCALE", 1, Alpha.NONE), ("GRAYSCALE_ALPHA", 2, Alpha.STRAIGHT),
        ("RGB", 3, Alpha.NONE), ("RGB_ALPHA", 4, Alpha.STRAIGHT), ("STACK", 5, Alpha.NONE),
    ],
)  # fmt: skip
def test_pam(tmp_path: Path, kind: str, depth: int, alpha: Alpha) -> None:
    data = np.random.default_rng(2).integers(0, 256, (5, 11, depth), np.uint8)
    head = f"P7\n# note\nWIDTH 11\nHEIGHT 5\nDEPTH {depth}\nMAXVAL 255\nTUPLTYPE {kind}\nENDHDR\n"
    (tmp_path / "a.pam").write_bytes(head.encode() + data.tobytes())
    picture = open_image(tmp_path / "a.pam")
    np.testing.assert_array_equal(picture.data, data[..., 0] if depth == 1 else data)
    assert picture.alpha is alpha


@pytest.mark.parametrize(
    "data",
    [
        b"P5 3 2 255\n12345", b"P5 3 2 0\n123456", b"P5 3 2 65536\n123456", b"P5 3 2\n", b"P5 x",
        b"P2 3 2 9\n1 2 3 4 5", b"P2 3 2 9\n1 2 3 4 5 x", b"P2 3 2 9\n1 2 3 4 5 10",
        b"P4 9 2\n123", b"P1 3 2\n01012", b"P5 2 1 9\n\x01\x0a", b"P7\nWIDTH 3\nENDHDR\n123",
        b"P2 1 1 9\n99999999999999999999", b"P2 2 1 9\n1 -1",
    ],
)  # fmt: skip
def test_damage_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.pgm").write_bytes(data)
    with pytest.raises(ReadError, match=r"The PNM file “a\.pgm” is damaged or incomplete"):
        open_image(tmp_path / "a.pgm")
