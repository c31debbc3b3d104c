"""Writes the tables and the picture of docs/alignment.md from what the benchmark found.

    python -m benchmarks.alignment_accuracy --count 1000 --out found.json
    scripts/make_alignment.py found.json

What stands between the marks ``<!-- made: … -->`` and ``<!-- end -->`` is replaced; the rest of the
page is written by hand. Also makes docs/pictures/alignment-calibration.png.
"""

from __future__ import annotations

import math
import os
import platform
import re
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyvips

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from _alignment_plot import confidence_panel, error_panel  # noqa: E402 - needs the path above
from _noise_plot import drawn  # noqa: E402 - the same

from benchmarks._alignment_records import read  # noqa: E402 - the same
from benchmarks._alignment_table import HEAD, cells  # noqa: E402 - the same
from benchmarks._alignment_table import rows as accuracy_rows  # noqa: E402 - the same
from tests.alignment.conditions import HARD  # noqa: E402 - the same
from tests.alignment.scoring import CONFIDENT, GOALS, Record, is_right  # noqa: E402
from tests.alignment.transforms import MODELS  # noqa: E402 - the same

PAGE: Final = ROOT / "docs" / "alignment.md"
PICTURE: Final = ROOT / "docs" / "pictures" / "alignment-calibration.png"
_PART: Final = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->\n)", re.DOTALL)
OURS: Final = ("ours", "ours, auto")
BINS: Final = (0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
BAD: Final = 0.5
"""Pixels from which on an answer is listed."""
FEWEST: Final = 5
"""Answers in a bin from which on its share is drawn."""


def accuracy(records: Sequence[Record]) -> str:
    """Return the shares by category and method; a category is named in its first row."""
    lines, before = _head(HEAD, left=2), ""
    for category, *rest in accuracy_rows(records):
        lines.append(_row("" if category == before else f"**{category}**", *rest))
        before = category
    return _text(lines)


def goals(records: Sequence[Record]) -> str:
    """Return which goals are reached, with the model given and with *auto*."""
    lines = _head(("Goal", *OURS), left=1)
    for goal in GOALS:
        found = []
        for method in OURS:
            share, enough = goal.reached([r for r in records if r.method == method and r.counts])
            found.append("–" if math.isnan(share) else f"{_share(share)}{'' if enough else ' ✗'}")
        lines.append(_row(goal.text, *found))
    return _text(lines)


def conditions(records: Sequence[Record]) -> str:
    """Return of each condition and model the share under half a pixel, and the median."""
    return _grid(records, "Condition", lambda r: r.condition)


def scenes(records: Sequence[Record]) -> str:
    """Return the same of each scene."""
    return _grid(records, "Scene", lambda r: r.scenes.partition(" ")[0])


def _grid(records: Sequence[Record], title: str, part: Callable[[Record], str]) -> str:
    able = [r for r in records if r.method == OURS[0] and r.expect == "aligned" and r.counts]
    lines = _head((title, *MODELS), left=1)
    for name in dict.fromkeys(part(r) for r in able):
        row = [name]
        for kind in MODELS:
            own = [r for r in able if part(r) == name and r.kind == kind]
            made = cells(own) if own else ()
            row.append(f"{made[3]} ({made[5]})" if made else "–")
        lines.append(_row(*row))
    return _text(lines)


def setup(records: Sequence[Record]) -> str:
    """Return what the tables were made from."""
    cases = len({(r.seed, r.name) for r in records})
    seeds = ", ".join(str(seed) for seed in sorted({r.seed for r in records}))
    where = f"{os.cpu_count()} cores of {platform.machine()}, {platform.system()}"
    return (
        f"{cases} cases of seed {seeds}; OpenCV {version('opencv-python-headless')}; one thread on"
        f" {where}. An answer is *confident* from {CONFIDENT:g} on.\n"
    )


def failures(records: Sequence[Record]) -> str:
    """Return what was refused or off by over half a pixel though it can be aligned, or wrong."""
    lines = _head(("Case", "scene", "asked", "error", "expected", "confidence", "answer"), left=3)
    for r in records:
        bad = r.wrong or (r.expect == "aligned" and not (r.accepted and r.error <= BAD))
        if r.method in OURS and bad and r.counts and not (r.kind == "apart" and not r.wrong):
            error = f"{r.error:.2f} px" if r.accepted and r.error == r.error else "–"
            said = f"{r.expected_error_px:.2f} px" if r.accepted else "–"
            answer = "accepted" if r.accepted else r.reason
            sure = f"{r.confidence:.2f}"
            asked = r.model if r.method == OURS[0] else "auto"
            lines.append(_row(r.name, r.scenes, asked, error, said, sure, answer))
    return _text(lines)


def calibration(records: Sequence[Record]) -> str:
    """Return of each bin of confidence how many answers under hard conditions are right."""
    lines = _head(("Confidence", "answers", "right"), left=1)
    accepted = [r for r in records if r.accepted]
    for low, high in pairwise((0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)):
        own = [r for r in accepted if low <= r.confidence and (r.confidence < high or high == 1.0)]
        if own:
            right = float(np.mean([is_right(r.error, r.expected_error_px) for r in own]))
            lines.append(_row(f"{low:g} – {high:g}", str(len(own)), _share(right)))
    return _text(lines)


def confidence_curve(records: Sequence[Record]) -> tuple[list[float], list[float]]:
    """Return the mean confidence of the accepted answers in each bin, and the share of right."""
    accepted = [r for r in records if r.accepted]
    confidence, right = [], []
    for low, high in pairwise(BINS):
        last = high == BINS[-1]
        own = [r for r in accepted if low <= r.confidence < high or (last and r.confidence == high)]
        if len(own) >= FEWEST:
            confidence.append(float(np.mean([r.confidence for r in own])))
            right.append(float(np.mean([is_right(r.error, r.expected_error_px) for r in own])))
    return confidence, right


def errors(records: Sequence[Record]) -> tuple[list[float], list[float]]:
    """Return the expected and the found errors of what was accepted and has a truth."""
    own = [r for r in records if r.accepted and r.error == r.error and r.expected_error_px > 0]
    return [r.expected_error_px for r in own], [max(r.error, 1e-4) for r in own]


def picture(records: Sequence[Record]) -> bytes:
    """Return the drawing as SVG."""
    easy = [r for r in records if r.condition not in HARD]
    by_method = {m: [r for r in easy if r.method == m] for m in OURS}
    curves = {
        "the model given": confidence_curve(by_method[OURS[0]]),
        "the model found (auto)": confidence_curve(by_method[OURS[1]]),
        "under hard conditions": confidence_curve([r for r in records if r.condition in HARD]),
    }
    own = by_method[OURS[0]]
    groups = {
        kind: found for kind in MODELS if (found := errors([r for r in own if r.kind == kind]))[0]
    }
    return drawn((confidence_panel(curves), error_panel(groups))).encode()


def with_tables(text: str, records: Sequence[Record]) -> str:
    """Return the page with its tables made anew."""
    tables: dict[str, Callable[[Sequence[Record]], str]] = {
        f.__name__: f for f in (accuracy, goals, conditions, scenes, setup, failures)
    }
    hard = [r for r in records if r.condition in HARD]
    easy = [r for r in records if r.condition not in HARD]

    def made(part: re.Match[str]) -> str:
        table = calibration(hard) if part[2] == "calibration" else tables[part[2]](easy)
        return f"{part[1]}\n{table}\n{part[3]}"

    return _PART.sub(made, text)


def _head(titles: Sequence[str], left: int) -> list[str]:
    return [_row(*titles), _row(*["---"] * left, *["---:"] * (len(titles) - left))]


def _row(*texts: str) -> str:
    return f"| {' | '.join(texts)} |"


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def main() -> int:
    """Write the page and the picture."""
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    records: list[Any] = [r for name in sys.argv[1:] for r in read(Path(name))]
    image = pyvips.Image.svgload_buffer(picture(records), scale=1.5)
    image.write_to_file(str(PICTURE), compression=9, palette=True, Q=100)
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_tables(text, records), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
