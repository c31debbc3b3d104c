from __future__ import annotations

import numpy as np
import pytest

from tests.alignment.render import offsets, render
from tests.alignment.transforms import MODELS, corner_error, corners, moved, overlap, with_overlap

SIZE = (120, 190)
WAVES = np.random.default_rng(5).uniform(-1, 1, (14, 3)) * (0.35, 0.35, np.pi)
"""Frequencies across and down in radians a pixel of the scene, and phases."""


def light(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the analytic scene: a sum of waves, 0 to 255."""
    return 128 + sum(9 * np.sin(fx * x + fy * y + phase) for fx, fy, phase in WAVES)


def exact(pose: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return what `render` should: the mean over the points of each pixel, in closed form."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    seen = []
    for dx, dy in offsets():
        across, down, depth = (r[0] * (x + dx) + r[1] * (y + dy) + r[2] for r in pose)
        seen.append(light(across / depth, down / depth))
    return np.mean(seen, axis=0)


def displacement(found: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return (4, 2): by how many pixels the corners of one picture are off those of another.

    The least-squares fit of a displacement that is linear in the place, beside what interpolation
    does to the contrast of fine waves.
    """
    down, across = np.gradient(wanted)
    y, x = np.mgrid[-1 : 1 : wanted.shape[0] * 1j, -1 : 1 : wanted.shape[1] * 1j]
    inner = np.s_[2:-2, 2:-2]
    columns = [
        (g * f)[inner].ravel() for g in (across, down) for f in (np.ones_like(x), x, y, x * y)
    ]
    second = [np.gradient(down, axis=0), np.gradient(down, axis=1), np.gradient(across, axis=1)]
    columns += [v[inner].ravel() for v in (np.ones_like(x), wanted, *second)]
    fit, *_ = np.linalg.lstsq(np.array(columns).T, (wanted - found)[inner].ravel(), rcond=None)
    places = np.array([[1, sx, sy, sx * sy] for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
    return places @ fit[:8].reshape(2, 4).T


def pose_in(scale: float) -> np.ndarray:
    return np.array([[scale, 0, 83.37], [0, scale, 91.61], [0, 0, 1]])


@pytest.fixture(scope="module")
def raster() -> np.ndarray:
    y, x = np.mgrid[0:520, 0:700].astype(np.float64)
    return light(x, y).astype(np.float32)


def test_measure_of_displacement_measures() -> None:
    moved_by = np.array([[1, 0, 0.013], [0, 1, -0.021], [0, 0, 1]])
    pose = pose_in(2.1)
    off = displacement(exact(pose @ moved_by, *SIZE), exact(pose, *SIZE))
    np.testing.assert_allclose(off, np.tile([-0.013, 0.021], (4, 1)), atol=2e-3)


@pytest.mark.parametrize("model", list(MODELS))
def test_pictures_of_an_analytic_scene_lie_where_they_should(raster, model) -> None:
    rng = np.random.default_rng(8)
    for scale in (1.5, 1.85, 2.15, 2.37):
        truth = MODELS[model](rng, SIZE, SIZE)
        for pose in (pose_in(scale), pose_in(scale) @ truth):
            got, wanted = render(raster, pose, *SIZE), exact(pose, *SIZE)
            assert np.abs(displacement(got, wanted)).max() < 1e-3, scale
            assert np.sqrt(np.mean((got - wanted) ** 2)) < 0.5  # levels; what cubic makes of waves


def test_a_part_of_a_scene_gives_what_the_whole_gives(raster) -> None:
    pose = pose_in(1.7)
    far = np.array([[1, 0, 900.0], [0, 1, 800.0], [0, 0, 1]])
    padded = np.pad(raster, ((800, 0), (900, 0)))
    np.testing.assert_allclose(
        render(padded, far @ pose, *SIZE), render(raster, pose, *SIZE), atol=5e-3
    )


def test_beyond_the_border_a_scene_is_mirrored(raster) -> None:
    over = np.array([[2.0, 0, -100.0], [0, 2.0, 60.0], [0, 0, 1]])
    got = render(raster, over, *SIZE)
    np.testing.assert_allclose(got[:, :50], got[:, 100:50:-1], atol=1e-3)


def test_corner_error_is_a_mean_over_corner_pixels() -> None:
    turned = np.diag([1.01, 1.0, 1.0])
    assert corner_error(turned, np.eye(3), (100, 201)) == pytest.approx((2 * 2.0) / 4)
    assert corner_error(np.eye(3), np.eye(3), (100, 201)) == 0


@pytest.mark.parametrize("model", list(MODELS))
def test_overlap_is_what_is_asked_for(model) -> None:
    rng = np.random.default_rng(3)
    for _ in range(5):
        truth = MODELS[model](rng, SIZE, SIZE)
        less = with_overlap(rng, truth, SIZE, SIZE, 0.6)
        assert overlap(less, SIZE, SIZE) == pytest.approx(0.6, abs=0.01)


def test_models_stay_within_what_is_promised() -> None:
    rng = np.random.default_rng(4)
    start = corners(SIZE)
    for _ in range(200):
        x, y = MODELS["translation"](rng, SIZE, SIZE)[:2, 2]
        assert np.hypot(x, y) <= 0.15 * SIZE[1]
        linear = MODELS["similarity"](rng, SIZE, SIZE)[:2, :2]
        assert 0.7 <= np.sqrt(np.linalg.det(linear)) <= 1.4
        assert abs(np.degrees(np.arctan2(linear[1, 0], linear[0, 0]))) <= 30
        assert np.linalg.det(MODELS["rigid"](rng, SIZE, SIZE)[:2, :2]) == pytest.approx(1)
        off = moved(MODELS["homography"](rng, SIZE, SIZE), start) - start
        assert (np.abs(off) <= 0.1501 * np.array(SIZE[::-1])).all()
