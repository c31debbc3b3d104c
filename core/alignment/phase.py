"""Translation by correlation: found on an overview, finished on windows of the pictures.

1. On an overview of about a quarter of a megapixel both pictures are bandpassed and correlated at
   every whole shift at once, normalised by what overlaps. The highest peak, the next one away from
   it, and the deviation of the rest say whether there is an answer at all.
2. The answer is finished by phase correlation on a few well-textured windows, at full resolution
   for an exact answer. Each window votes; those that agree are taken together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import cv2

from core.alignment._finish import Finished, GrayPair, Overview, finish
from core.alignment._surface import SEARCHED, Peak, bandpass, evened, surface
from core.pyramid import level_shape, preview_level
from core.types import Rect

if TYPE_CHECKING:
    from core.types import Mask, Pixels, Token

COARSE_PIXELS: Final = 262_144
"""The overview is the largest level with at most this many pixels."""
SMALLEST: Final = 16
"""Height and width, in overview pixels, below which there is nothing to correlate."""
MIN_OVERLAP: Final = 0.4
"""Share of the common area that must still overlap after the shift."""
FLAT: Final = 0.05
"""Deviation of structure, in levels, below which a picture is flat."""
RELATED: Final = 0.45
"""Agreement of structure (normalised cross-correlation) that is believed as it is. The highest of
700 unrelated pairs, over all shifts, was 0.29."""
FAINT: Final = 0.08
"""A fainter agreement, down to this, is believed when it is `OUTSTANDING`."""
OUTSTANDING: Final = 11.0
"""Deviations above the agreement at all shifts; the highest of 700 unrelated pairs was 7.3."""
REPEATS: Final = 0.92
"""When another shift agrees this much as well as the best, the pattern repeats."""
MIN_UNEVEN: Final = 0.5
"""Confidence that is needed when parts of the picture contradict each other; photographs turned by
2 degrees came to 0.45...0.71, by 5 degrees to at most 0.42."""
SNAP: Final = 0.02
"""A shift this close to a whole number of pixels (of the level it was finished at) is one."""


@dataclass(frozen=True, slots=True)
class Translation:
    """An answer: B moved by (dx, dy) px of the full picture lies on A; or a refusal.

    Attributes
    ----------
    dx, dy
        0 when refused.
    confidence
        0...1; at most 0.3 when refused.
    error
        Expected error in px; nan when refused.
    accepted, reason
        Whether to believe it, and one sentence why (not).
    uneven
        Whether parts of the picture are moved differently, so that no translation fits everywhere.
    """

    dx: float
    dy: float
    confidence: float
    error: float
    accepted: bool
    reason: str
    uneven: bool = False


def estimate_translation(
    pair: GrayPair, shape: tuple[int, int], level: int, max_shift: float, token: Token
) -> Translation:
    """Return how B must be moved to lie on A.

    Swapping A and B gives exactly the opposite shift: the estimator always sees the pair in one
    order, which the pixels decide, and turns the sign.

    Parameters
    ----------
    pair
        ``pair(rect, level)`` returns float32 gray of A and B over a rectangle of the canvas, and
        where both exist. Gain, bias, noise and blur of one of them do not matter much.
    shape
        (height, width) of the canvas at full resolution.
    level
        Pyramid level to finish at: 0 for the exact answer.
    max_shift
        Longest shift that is accepted, as a share of the width.
    token
        Checked between the pieces of work.
    """
    coarse = max(level, preview_level(shape, COARSE_PIXELS))
    a, b, valid = pair(Rect(0, 0, *level_shape(shape, coarse)), coarse)
    token.check()
    limit = max_shift * shape[1]
    if _in_order(a, b):
        return _said(_estimate(pair, (a, b, valid), (level, coarse), limit, token))

    def swapped(rect: Rect, at: int) -> tuple[Pixels, Pixels, Mask | None]:
        first, second, good = pair(rect, at)
        return second, first, good

    found = _estimate(swapped, (b, a, valid), (level, coarse), limit, token)
    return _said(replace(found, dx=0.0 - found.dx, dy=0.0 - found.dy))


def _in_order(a: Pixels, b: Pixels) -> bool:
    """Whether the first pixel at which the overviews differ is smaller in A (or none differs)."""
    at = int(cv2.compare(a, b, cv2.CMP_NE).argmax())
    return bool(a.flat[at] <= b.flat[at])


def _estimate(
    pair: GrayPair,
    pictures: tuple[Pixels, Pixels, Mask | None],
    levels: tuple[int, int],
    limit: float,
    token: Token,
) -> Translation:
    level, coarse = levels
    overview = _overview(*pictures, coarse)
    if min(overview.common.height, overview.common.width) < SMALLEST:
        return _refused("What both pictures have in common is too small to align.")
    least = FLAT * math.sqrt(overview.a.size)
    if cv2.norm(overview.a) < least or cv2.norm(overview.b) < least:
        return _refused("A flat picture has no structure to align by.")
    overview = replace(overview, a=evened(overview.a), b=evened(overview.b))
    token.check()
    wide, tall = limit / (overview.a.shape[1] << coarse), limit / (overview.a.shape[0] << coarse)
    searched = SEARCHED if level == 0 else min(max(wide, tall) + 0.05, SEARCHED)
    best, second = surface(overview.a, overview.b, searched).peaks(2)
    token.check()
    refusal = _doubt(best, second, 1 << coarse)
    if refusal is not None:
        return refusal
    return _answer(best, second, finish(pair, overview, best, level, token), limit)


def _answer(best: Peak, second: Peak, found: Finished | None, limit: float) -> Translation:
    """Return what was finished, or why it is not believed."""
    if found is None:
        return _refused(
            "The pictures look alike on an overview, but no part of them confirms a shift.",
            0.3 * best.ncc,
        )
    dx, dy = _snapped(found.dx, found.level), _snapped(found.dy, found.level)
    length = math.hypot(dx, dy)
    if length > limit:
        return _refused(
            f"B appears to be moved by {length:.0f} px, more than the longest shift allowed "
            f"({limit:.0f} px).",
            0.3 * best.ncc,
        )
    confidence = _confidence(best, second, found)
    if found.uneven and confidence < MIN_UNEVEN:
        return _refused(
            "Parts of the pictures are moved differently: B may be rotated, scaled or distorted.",
            confidence,
        )
    return Translation(dx, dy, confidence, found.error, True, "", found.uneven)


def _overview(a: Pixels, b: Pixels, valid: Mask | None, level: int) -> Overview:
    if valid is None:
        return Overview(bandpass(a, None), bandpass(b, None), Rect.of(a), level)
    col, row, width, height = cv2.boundingRect(valid)
    common = Rect(row, col, height, width)
    if common.empty:
        return Overview(a[:0], b[:0], common, level)
    mask = valid[common.slices]
    inner = None if cv2.countNonZero(mask) == mask.size else mask
    return Overview(
        bandpass(a[common.slices], inner), bandpass(b[common.slices], inner), common, level
    )


def _doubt(best: Peak, second: Peak, step: int) -> Translation | None:
    """Return a refusal when the correlation surface holds no answer."""
    outstanding = best.ncc >= FAINT and best.score >= OUTSTANDING
    if best.ncc < RELATED and not outstanding:
        return _refused(
            "The pictures do not look alike at any shift "
            f"(their structure agrees by {max(best.ncc, 0.0):.0%} at best).",
            0.3 * best.ncc,
        )
    if second.ncc >= REPEATS * best.ncc:
        dx, dy = abs(second.dx - best.dx) * step, abs(second.dy - best.dy) * step
        return _refused(
            "The pattern repeats or is the same all along, so the shift is ambiguous: another one, "
            f"{math.hypot(dx, dy):.0f} px away, fits as well.",
            0.3 * (1.0 - second.ncc / max(best.ncc, 1e-9)),
        )
    if best.overlap < MIN_OVERLAP:
        return _refused(
            f"The pictures overlap by only {best.overlap:.0%}; align needs {MIN_OVERLAP:.0%}.",
            0.3 * best.ncc,
        )
    return None


def _refused(reason: str, confidence: float = 0.0) -> Translation:
    return Translation(0.0, 0.0, min(max(confidence, 0.0), 0.3), math.nan, False, reason)


def _snapped(shift: float, level: int) -> float:
    step = 1 << level
    whole = float(round(shift / step) * step)
    return whole + 0.0 if abs(shift - whole) < SNAP * step else shift


def _confidence(best: Peak, second: Peak, found: Finished) -> float:
    """Weigh agreement, how far it stands out, its lead over the next shift, and the votes."""
    agreement = min(best.ncc / 0.8, 1.0)
    outstanding = min(max((best.score - 5.0) / 20.0, 0.0), 1.0)
    lead = min((1.0 - max(second.ncc, 0.0) / best.ncc) / 0.5, 1.0)
    return 0.35 * agreement + 0.2 * outstanding + 0.25 * lead + 0.2 * found.agreed


def _said(found: Translation) -> Translation:
    """Return an accepted answer with its reason in words."""
    if not found.accepted:
        return found
    dx, dy = found.dx, found.dy
    if dx == 0.0 and dy == 0.0:
        return replace(found, reason="The pictures lie on each other already.")
    whole = dx == round(dx) and dy == round(dy)
    how = "by whole pixels, so its values are unchanged" if whole else "and was resampled"
    text = f"B was moved {dx:+.2f} px right and {dy:+.2f} px down {how}.".replace("-", "−")
    return replace(found, reason=text)
