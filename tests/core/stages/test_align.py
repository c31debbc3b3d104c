from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import cv2
import numpy as np
import pytest

from core.alignment import estimate_alignment
from core.buffer import ImageBuffer
from core.color import AlphaMode, GrayParams
from core.difference import DifferenceParams
from core.errors import Cancelled, SettingsError
from core.fitted import Fitted
from core.geometry import IDENTITY, Kernel
from core.pair import Pair
from core.settings import Settings
from core.stages.align import AlignParams, refine
from core.stages.fit import FitParams, place
from core.types import Token
from tests.make import exposed, photo, shifted, with_noise


@dataclass(frozen=True)
class Watched(Fitted):
    """Two arrays laid on one canvas; remembers what was asked of it."""

    asked: list = field(default_factory=list)

    def side(self, index, rect, level):
        self.asked.append((rect, level))
        return super().side(index, rect, level)


def upstream(a, b, level=0, fit=None, gray=True):
    a, b = ImageBuffer.from_array(a), ImageBuffer.from_array(b)
    settings = Settings((GrayParams(enabled=gray), DifferenceParams(alpha=AlphaMode.IGNORE)))
    placement = place(a.shape, b.shape, fit or FitParams())
    return Watched(Pair(a, b, settings, wide=False), placement, level)


def shapes(up):
    return up.pair.a.shape, up.pair.b.shape


def aligned(a, b, level=0, fit=None, gray=True, **params):
    up = upstream(a, b, level, fit, gray)
    return refine(up.placement, up, AlignParams(enabled=True, **params), Token(), shapes(up))


def estimate(a, b):
    return estimate_alignment(ImageBuffer.from_array(a), ImageBuffer.from_array(b))


@cache
def scene(height, width, seed):
    """Return 1/f noise with a few discs, gray; sharp to about `height` / 300 px."""
    rng = np.random.default_rng(seed)
    f = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    f[0, 0] = np.inf
    noise = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((height, width))) / f, (height, width))
    picture = (128 + 40 * noise / noise.std()).astype(np.float32)
    for _ in range(9):
        centre = int(rng.integers(0, width)), int(rng.integers(0, height))
        cv2.circle(picture, centre, int(rng.integers(20, height // 6)), int(rng.integers(255)), -1)
    return picture


def windows(dx, dy, height=240, width=416, seed=0, scale=4):
    """Return two windows of one large scene; B must be moved by (dx, dy) to lie on A.

    Cut from a scene `scale` times as large and averaged down, as a sensor does; (dx, dy) times
    `scale` must be whole.
    """
    right, down = dx * scale, dy * scale
    assert right == int(right)
    assert down == int(down)
    right, down = int(right), int(down)
    # Sensor-sized detail: the finest structure is about a pixel of the result.
    large = cv2.GaussianBlur(
        scene(scale * (height + 48), scale * (width + 80), seed), (0, 0), 0.6 * scale
    )

    def window(row, col):
        cut = large[row : row + scale * height, col : col + scale * width]
        small = cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA)
        return np.clip(np.rint(small), 0, 255).astype(np.uint8)

    return window(max(-down, 0), max(-right, 0)), window(max(down, 0), max(right, 0))


def apart(found, dx, dy):
    assert found.accepted, found.reason
    return np.hypot(found.shift[0] - dx, found.shift[1] - dy)


@pytest.mark.parametrize(
    ("dx", "dy"), [(3.0, -2.0), (0.25, 0.5), (-41.75, 12.25), (62.5, -20.0), (-6.0, 44.75)]
)
def test_shifts_up_to_15_percent_of_the_width(dx, dy):
    a, b = windows(dx, dy)
    assert apart(estimate(a, b), dx, dy) < 0.1
    noisy = with_noise(a, 10), with_noise(exposed(b, 2**0.5), 10, seed=2)
    assert apart(estimate(*noisy), dx, dy) < 0.25
    blurred = cv2.GaussianBlur(exposed(b, 0.8, 12), (0, 0), 2.0)
    assert apart(estimate(a, blurred), dx, dy) < 0.25


@pytest.mark.parametrize("seed", range(4))
def test_sub_pixel_shifts_made_in_the_fourier_domain(seed):
    rows, cols = np.random.default_rng(seed).uniform(-7, 7, 2)
    a, b = shifted(rows, cols, seed=seed)
    assert apart(estimate(a, b), -cols, -rows) < 0.1


def test_the_sign_is_that_of_the_matrix_that_moves_b():
    large = photo(240, 420, seed=5)
    a, b = large[20:220, 20:400], large[20:220, 17:397]  # B's content lies 3 px to the right
    found = estimate(a, b)
    assert found.matrix == ((1, 0, -3), (0, 1, 0), (0, 0, 1))
    placement = aligned(a, b)
    assert placement.b == found.matrix
    assert placement.summaries["align"].startswith("−3.00, 0.00 px, ±0.0")


def test_a_large_picture_is_finished_at_full_resolution():
    a, b = windows(-61.5, 33.5, height=900, width=1500, scale=2, seed=1)
    up = upstream(a, b)
    found = refine(up.placement, up, AlignParams(enabled=True), Token(), shapes(up)).alignment
    assert apart(found, -61.5, 33.5) < 0.1
    assert found.expected_error_px < 0.1
    full = sum(rect.area for rect, level in up.asked if level == 0)
    assert 0 < full <= 10 * 512 * 512  # five windows of each picture, not all of it


def test_a_preview_reads_overviews_only():
    a, b = windows(-61.5, 33.5, height=900, width=1500, scale=2, seed=1)
    up = upstream(a, b, level=1)
    found = refine(up.placement, up, AlignParams(enabled=True), Token(), shapes(up)).alignment
    assert {level for _, level in up.asked} == {1, 2}
    assert apart(found, -61.5, 33.5) < 0.4  # a fifth of a pixel of level 1


@pytest.mark.parametrize("gain", [1.0, 0.7])
def test_a_picture_on_itself_stays_exactly_where_it_is(gain):
    a = photo(260, 450, seed=6)
    placement = aligned(a, exposed(a, gain))
    assert placement.b == IDENTITY
    assert placement.alignment.accepted
    assert placement.alignment.confidence > 0.9
    assert placement.summaries["align"].startswith("no shift, ±0.0")


@pytest.mark.parametrize("seed", range(3))
def test_swapping_gives_exactly_the_opposite(seed):
    rng = np.random.default_rng(seed)
    a, b = shifted(*rng.uniform(-7, 7, 2), seed=seed)
    b = with_noise(b, 8, seed)
    one, other = estimate(a, b), estimate(b, a)
    assert one.shift == tuple(-v for v in other.shift)
    assert one.confidence == other.confidence


def refused(a, b, words, **params):
    placement = aligned(a, b, **params)
    found = placement.alignment
    assert not found.accepted
    assert any(w in found.reason for w in ([words] if isinstance(words, str) else words))
    assert found.matrix == IDENTITY == placement.b
    assert np.isnan(found.expected_error_px)
    assert found.confidence <= 0.3
    notice = placement.notices[-1]
    assert (notice.code, notice.severity) == ("align_refused", "warning")
    assert found.reason in notice.text
    assert placement.summaries["align"] == "refused"


def test_flat_pictures_are_refused():
    flat = np.full((200, 340), 90, np.uint8)
    refused(flat, flat, "flat")
    refused(flat, photo(200, 340, channels=1), "flat")


def test_unrelated_pictures_are_refused():
    pictures = [photo(150, 240, seed=20 + i, channels=1) for i in range(8)]
    pictures += [with_noise(np.full((150, 240), 128, np.uint8), 30, seed=s) for s in (1, 2)]
    for i, a in enumerate(pictures):
        for b in pictures[i + 1 :]:
            refused(a, b, ("do not look alike", "No place of one picture is found in the other"))


@pytest.mark.parametrize("sigma", [0, 10])
def test_repeating_patterns_are_refused_as_ambiguous(sigma):
    rows, cols = np.mgrid[0:240, 0:416]
    checker = (((rows // 8 + cols // 8) % 2) * 200 + 20).astype(np.uint8)
    stripes = np.rint(128 + 90 * np.sin(cols / 7)).astype(np.uint8)
    for pattern in (checker, stripes):
        moved = np.roll(pattern, (3, -5), (0, 1))
        pair = with_noise(pattern, sigma, 1), with_noise(moved, sigma, 2)
        refused(*pair, "ambiguous")


def test_shifts_beyond_the_limit_are_refused():
    a, b = windows(60.0, 8.0, width=400)
    assert apart(aligned(a, b, max_shift=0.2).alignment, 60, 8) < 0.1
    refused(a, b, "moved by 61 px, more than the longest shift allowed (40 px)", max_shift=0.1)


def test_too_little_overlap_is_refused():
    large = photo(260, 800, seed=7, channels=1)
    refused(large[:, :400], large[:, 260:660], "overlap by only 35%", max_shift=0.5)


def test_parts_that_are_moved_differently_are_named():
    a = photo(400, 640, seed=8, channels=1)
    turn = cv2.getRotationMatrix2D((320, 200), 1.0, 1.0)
    b = cv2.warpAffine(a, turn, (640, 400), flags=cv2.INTER_CUBIC)
    inner = slice(40, 360), slice(40, 600)
    placement = aligned(a[inner], b[inner], model="translation")
    assert placement.notices[-1].code == "align_uneven"
    # The quarters' centres lie 80 and 140 px from the middle: they move by 2.8 px.
    assert 1.4 < placement.alignment.expected_error_px < 5.6


def test_an_overlay_that_stays_does_not_hold_the_picture():
    a, b = (np.ascontiguousarray(p) for p in windows(-11.0, 7.0, seed=2))
    for picture in (a, b):
        cv2.rectangle(picture, (40, 190), (200, 220), 255, 3)
        cv2.line(picture, (220, 20), (400, 60), 0, 3)
    assert apart(estimate(a, b), -11, 7) < 0.1


def test_a_changed_object_does_not_pull():
    a, b = windows(5.25, -3.5, seed=3)
    b = b.copy()
    b[60:200, 100:260] = photo(140, 160, seed=99, channels=1)
    assert apart(estimate(a, b), 5.25, -3.5) < 0.1


def test_padding_is_no_content():
    large = photo(280, 480, seed=9)
    a, b = large[10:260, 10:430], large[16:246, 2:402]
    # B begins 6 rows lower and 8 columns further left in the scene.
    assert apart(estimate(a, b), -8, 6) < 0.02


def test_what_is_not_finite_is_left_out():
    large = photo(240, 420, seed=10, dtype=np.float32, channels=1)
    a, b = large[10:230, 10:400].copy(), large[13:233, 4:394].copy()
    a[60:100, 80:150] = b[60:100, 80:150] = np.nan
    assert apart(estimate(a, b), -6, 3) < 0.02


def test_colour_and_depth_make_no_difference():
    a, b = shifted(2.3, -4.6, seed=11)
    gray = aligned(a, b).alignment.shift
    # Gray from rounded 8-bit channels, once here and once in the pair: the same numbers.
    assert aligned(a, b, gray=False).alignment.shift == gray
    deep = aligned(a.astype(np.uint16) * 257, b.astype(np.uint16) * 257).alignment.shift
    assert deep == pytest.approx(gray, abs=0.011)  # the peak is looked at in steps of 0.01


def test_a_resized_picture_is_moved_after_it_was_scaled():
    large = photo(240, 420, seed=12, channels=1)
    a = large[10:210, 10:400]
    b = cv2.resize(large[14:214, 4:394], None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    fit = FitParams(method="resize", kernel="linear")
    placement = aligned(a, b, fit=fit, kernel="lanczos")
    assert placement.kernel is Kernel.LINEAR
    (sx, _, x), (_, sy, y), _ = placement.b
    # Centres: x' = 0.5 (x + 0.5) - 0.5 - 6.
    assert (sx, sy) == (0.5, 0.5)
    assert (x, y) == pytest.approx((-6.25, 3.75), abs=0.1)


@pytest.mark.parametrize("side", [8, 24, 40])
def test_small_pictures(side):
    large = photo(120, 200, seed=13, channels=1)
    a, b = large[50 : 50 + side, 90 : 90 + 2 * side], large[51 : 51 + side, 88 : 88 + 2 * side]
    found = estimate(a, b)
    if side < 16:
        assert "too small" in found.reason
    else:
        assert apart(found, -2, 1) < 0.1


def test_a_cancelled_token_stops_it():
    a, b = windows(3.0, -2.0)
    up, token = upstream(a, b), Token()
    token.cancel()
    with pytest.raises(Cancelled):
        refine(up.placement, up, AlignParams(enabled=True), token, shapes(up))


def test_an_unknown_model_is_named():
    picture = ImageBuffer.from_array(photo(100, 160))
    with pytest.raises(SettingsError, match=r"“bent”.*auto, translation,.* elastic, manual"):
        estimate_alignment(picture, picture, "bent")
