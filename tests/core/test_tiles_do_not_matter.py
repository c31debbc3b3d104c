"""How large the parts are that a strip is worked on in changes no number.

The sizes are chosen for speed, so pictures of tests fit into one part: here they are made small.
"""

from __future__ import annotations

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.engine import compare
from core.geometry import Kernel, as_matrix
from core.settings import Settings
from core.stages.normalize import NormalizeParams
from core.types import MapKind, Rect
from core.warp import warped
from tests.make import exposed, photo, with_noise

SHAPE = 93, 214


def scene(dtype):
    a = photo(*SHAPE, seed=3)
    b = with_noise(exposed(a, 0.9, 7.0), 4.0)
    b[30:41, 90:170] = a[30:41, 90:170]
    b[52:77, 20:140] = 255 - a[52:77, 20:140]
    return tuple(
        ImageBuffer.from_array(x if dtype == np.uint8 else (x / 255).astype(dtype)) for x in (a, b)
    )


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize(
    ("constant", "small", "names", "kind", "off"),
    [
        ("core.absolute._BLOCK", 700, ("l0", "l1", "l2", "max_abs"), MapKind.ABSOLUTE, 0),
        ("core.measures._luma._BLOCK", 900, ("gmsd", "gradient_mae", "nmi"), MapKind.ABSOLUTE, 0),
        # float32 blurs of values less their tile's mean.
        ("core.measures._ssim._TILE", (24, 31), ("ssim",), MapKind.SSIM, 2e-6),
        ("core.measures.yiq._TILE", (24, 31), ("yiq_count", "yiq_share"), MapKind.YIQ, 0),
        ("core.measures.shift._TILE", (24, 31), ("shift_l0", "shift_mae"), MapKind.SHIFT, 1e-9),
        # float32 filters along rows of another length.
        ("core.measures._flip_field._TILE", (24, 31), ("flip", "flip_p95"), MapKind.FLIP, 2e-6),
    ],
)
def test_numbers_and_maps_stay(monkeypatch, dtype, constant, small, names, kind, off):
    a, b = scene(dtype)
    settings = Settings.from_dict({"difference": {"map": str(kind)}})
    right = compare(a, b, settings, measures=names)
    monkeypatch.setattr(constant, small)
    found = compare(a, b, settings, measures=names)
    for name in names:
        value = right.measures[name].value
        assert value > 0
        assert found.measures[name].value == pytest.approx(value, rel=off, abs=off), name
    apart = found.map.levels[0].astype(int) - right.map.levels[0]
    assert np.abs(apart).max() <= (1 if off else 0)  # a value next to a step of the byte


@pytest.mark.parametrize("chain", [[], [NormalizeParams(enabled=True)]], ids=["bytes", "float"])
def test_colours_stay_to_the_last_bit(monkeypatch, chain):
    names = ("delta_e_2000_mean", "delta_e_76_mean", "hyab_mean", "delta_e_2000_p95")
    right = compare(*scene(np.uint8), Settings(chain), measures=names)
    for module in ("core.lab", "core.measures._lab", "core.measures.color"):
        monkeypatch.setattr(f"{module}.TILE", 1500)
    found = compare(*scene(np.uint8), Settings(chain), measures=names)
    assert repr(found.measures) == repr(right.measures)


@pytest.mark.parametrize("kernel", list(Kernel))
def test_a_turned_picture_stays_to_the_last_bit(monkeypatch, kernel):
    picture = photo(*SHAPE, seed=5)
    matrix = as_matrix(np.array([[0.98, -0.13, 9.0], [0.13, 0.99, -6.0], [1e-4, -5e-5, 1.0]]))
    rect = Rect(3, 5, 83, 201)

    def made():
        return warped(lambda r, _: picture[r.slices], SHAPE, matrix, rect, 0, kernel)

    right, valid = made()
    for module in ("core.warp", "core._gather"):
        monkeypatch.setattr(f"{module}.BLOCK", 700)
    monkeypatch.setattr("core.warp._WIDTH", 29)
    found, still = made()
    assert (found == right).all()
    assert (still == valid).all()
    assert 0 < np.count_nonzero(valid) < valid.size
