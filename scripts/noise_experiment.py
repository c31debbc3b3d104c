"""Measures whether the noise-calibrated difference keeps its promise, and writes it down.

Makes docs/pictures/noise-calibration.png and the tables in docs/noise.md; takes one to two minutes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyvips

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from _noise_plot import Panel, drawn  # noqa: E402 - needs the path above

from core.noise.model import Noise, prepare  # noqa: E402 - the same
from core.noise.notices import notices  # noqa: E402 - the same
from core.noise.params import Control, NoiseParams  # noqa: E402 - the same
from core.noise.threshold import chosen  # noqa: E402 - the same
from core.noise.zscore import codes, largest, zscores  # noqa: E402 - the same
from core.parallel import in_order  # noqa: E402 - the same
from core.types import Token  # noqa: E402 - the same
from tests.core.noise.scenes import (  # noqa: E402 - the same
    Arrays,
    blurred,
    capture,
    jpeg,
    scene,
    sigma,
)

PAGE: Final = ROOT / "docs" / "noise.md"
PICTURE: Final = ROOT / "docs" / "pictures" / "noise-calibration.png"
_PART: Final = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->\n)", re.DOTALL)

SIZE: Final = (1700, 2500)
ASKED: Final = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2)
GAUSSIAN: Final = (0.0, 4.0)
POISSON: Final = (0.3, 1.5)
FAINT: Final = (0.0, 1.0)
PATCHES: Final = {"4 × 5 pixels": (4, 5), "1 × 20 pixels": (1, 20)}
ALONE: Final = "4 × 5 pixels, each by itself"
AMOUNTS: Final = (1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
TRIALS: Final = 40

Camera = tuple[float, float]
After = Callable[[Any], Any]


def plain(picture: Any) -> Any:
    """Return a capture as it is."""
    return picture


CASES: Final[tuple[tuple[str, str, int, Camera, After], ...]] = (
    ("Gaussian, σ 4", "ramp", 1, GAUSSIAN, plain),
    ("Poisson–Gaussian", "ramp", 3, POISSON, plain),
    ("Poisson–Gaussian, fine texture", "texture", 1, POISSON, plain),
    ("… blurred, σ 1", "ramp", 3, POISSON, blurred),
    ("… as JPEG 95, gray", "ramp", 1, POISSON, jpeg),
    ("… as JPEG 95, colour", "ramp", 3, GAUSSIAN, jpeg),
    ("Gaussian, σ 1, as JPEG 95, colour", "texture", 3, FAINT, jpeg),
)
"""Title, scene, channels, camera, and what happens to the captures."""


def noise_of(a: Any, b: Any) -> Noise:
    """Return the noise of two captures."""
    return prepare(Arrays(a, b), Token(), in_order)


def calibration() -> list[tuple[str, list[float], tuple[str, ...]]]:
    """Return of each case its title, found share / asked share, and the codes of its notices."""
    made = []
    for seed, (title, kind, channels, camera, after) in enumerate(CASES):
        random = np.random.default_rng(seed)
        clean = scene(kind, *SIZE, channels)
        noise = noise_of(*(after(capture(clean, *camera, random)) for _ in range(2)))
        pixels = int(noise.counts.sum())
        ratios = []
        for share in ASKED:
            threshold = noise.threshold(NoiseParams(control=Control.PIXELS, false_pixels=share))
            ratios.append(threshold.found / pixels / share)
        said = tuple(n.code for n in notices(noise, NoiseParams()))
        made.append((title, ratios, said))
        print(title, np.round(ratios, 2), *said)
    return made


def found_shares() -> dict[str, list[float]]:
    """Return by shape, and for single pixels, in what share of trials a change is found."""
    made: dict[str, list[float]] = {}
    alone: list[float] = []
    for title, patch in PATCHES.items():
        trials = [[_trial(patch, amount, k) for k in range(TRIALS)] for amount in AMOUNTS]
        made[title] = [float(np.mean([found for found, _ in row])) for row in trials]
        alone = alone or [float(np.mean([single for _, single in row])) for row in trials]
        print(title, made[title])
    return {**made, ALONE: alone}


def _trial(patch: tuple[int, int], amount: float, seed: int) -> tuple[bool, bool]:
    """Return whether a change is found, and whether it is without looking at neighbours."""
    random = np.random.default_rng(seed)
    size = (400, 600)
    clean = scene("ramp", *size)
    row, col = (int(random.integers(0, n - p)) for n, p in zip(size, patch, strict=True))
    part = np.s_[row : row + patch[0], col : col + patch[1]]
    changed = clean.copy()
    off = amount * np.sqrt(2 * sigma(clean[part], *POISSON) ** 2 + 1 / 12)
    changed[part] += off * random.choice([-1, 1])
    a, b = capture(clean, *POISSON, random), capture(changed, *POISSON, random)
    noise, params = noise_of(a, b), NoiseParams(rate=0.05)
    assert noise.evidence is not None
    alone = codes(largest(zscores(a, b, None, noise.scale.inverse)))
    counts = np.bincount(alone.ravel(), minlength=256)
    ends = noise.threshold(params).code, chosen(params, noise.share, counts).code
    return bool((noise.evidence[part] >= ends[0]).any()), bool((alone[part] >= ends[1]).any())


def table_of_shares(made: list[tuple[str, list[float], tuple[str, ...]]]) -> str:
    """Return found / asked of each case as a table."""
    head = ["Two captures of one scene", *(f"{a:g}" for a in ASKED), "said"]
    lines = [_row(head), _row(["---", *["---:"] * len(ASKED), "---"])]
    for title, ratios, said in made:
        lines.append(_row([title, *(f"{r:.2f}" for r in ratios), ", ".join(said) or "–"]))
    return "\n".join(lines) + "\n"


def table_of_found(made: dict[str, list[float]]) -> str:
    """Return in what share of trials a change was found as a table."""
    lines = [_row(["20 pixels, changed by", *(f"{a:g} σ" for a in AMOUNTS)])]
    lines.append(_row(["---", *["---:"] * len(AMOUNTS)]))
    for title, shares in made.items():
        lines.append(_row([title, *(f"{100 * s:.0f} %" for s in shares)]))
    return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def picture(
    shares: list[tuple[str, list[float], tuple[str, ...]]], found: dict[str, list[float]]
) -> bytes:
    """Return the drawing as SVG."""
    left = Panel(
        "Unchanged pixels found, beside the share asked for",
        "share asked for", (8e-5, 4e-2), (0.3, 12.0), log=True,
        ticks_x=[(1e-4, "0.01 %"), (1e-3, "0.1 %"), (1e-2, "1 %")],
        ticks_y=[(v, f"{v:g} ×") for v in (0.5, 1, 2, 5, 10)], band=(1 / 1.5, 1.5),
        band_text="within a factor of 1.5",
    )  # fmt: skip
    for title, ratios, said in shares:
        left.line(title, list(ASKED), ratios, dashed=bool(said))
    right = Panel(
        "Changes of 20 pixels found, at a false discovery rate of 5 %",
        "size of the change", (1.4, 4.1), (0.0, 1.0), log=False,
        ticks_x=[(a, f"{a:g} σ") for a in AMOUNTS],
        ticks_y=[(v, f"{100 * v:.0f} %") for v in (0, 0.25, 0.5, 0.75, 1)],
    )  # fmt: skip
    for title, values in found.items():
        right.line(title, list(AMOUNTS), values, dashed=title == ALONE)
    return drawn((left, right)).encode()


def main() -> None:
    """Measure, draw and write."""
    shares, found = calibration(), found_shares()
    image = pyvips.Image.svgload_buffer(picture(shares, found), scale=1.5)
    image.write_to_file(str(PICTURE), compression=9, palette=True, Q=100)
    made = {"shares": partial(table_of_shares, shares), "found": partial(table_of_found, found)}
    page = PAGE.read_text(encoding="utf-8")
    page = _PART.sub(lambda m: m[1] + made[m[2]]() + m[3], page)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
