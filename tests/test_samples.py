"""The sample pairs show what their truth says, and can be made again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import resources

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "make_samples.py"
MAX_BYTES = 300_000
Array = np.ndarray[Any, np.dtype[Any]]


def load(pair: str) -> tuple[Array, Array]:
    a, b = (cv2.imread(str(path), cv2.IMREAD_COLOR_RGB) for path in resources.sample_pair(pair))
    assert a is not None
    assert b is not None
    return a, b


def truth(pair: str) -> dict[str, Any]:
    return dict(json.loads(resources.path("samples/truth.json").read_text(encoding="utf-8"))[pair])


def boxes(pair: str) -> dict[str, tuple[slice, slice]]:
    return {
        c["what"]: np.s_[c["y"] : c["y"] + c["height"], c["x"] : c["x"] + c["width"]]
        for c in truth(pair)["changes"]
    }


@pytest.mark.parametrize("pair", ["desk", "screenshot"])
def test_files_are_small_and_as_stated(pair: str) -> None:
    a, b = load(pair)
    assert a.shape == b.shape == (truth(pair)["height"], truth(pair)["width"], 3)
    assert all(path.stat().st_size <= MAX_BYTES for path in resources.sample_pair(pair))


def test_screenshots_differ_where_stated_and_nowhere_else() -> None:
    a, b = load("screenshot")
    changed = cv2.absdiff(a, b).any(axis=2)
    for what, place in boxes("screenshot").items():
        assert changed[place].any(), what
    assert np.count_nonzero(changed[boxes("screenshot")["one pixel"]]) == 1
    for place in boxes("screenshot").values():
        changed[place] = False
    assert not changed.any()


def on_a(b: Array) -> Array:
    """Lay B on A by the stated shift and exposure of the light, as float64."""
    shift = truth("desk")["shift_of_b"]
    move = np.array([[1, 0, shift["x"]], [0, 1, shift["y"]]], np.float64)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(b.astype(np.float64), move, (b.shape[1], b.shape[0]), flags=flags)


def test_desk_is_shifted_as_stated() -> None:
    a, b = load("desk")
    gray_a, gray_b = (cv2.cvtColor(p, cv2.COLOR_RGB2GRAY).astype(np.float64) for p in (a, b))
    window = cv2.createHanningWindow((320, 200), cv2.CV_64F)
    # The mug and the fruit on the cloth: full of edges, and nothing moved there. Whole-picture
    # correlation would see the noise and the moved marble as well.
    part = np.s_[260:460, 560:880]
    (x, y), _ = cv2.phaseCorrelate(gray_a[part], gray_b[part], window)
    stated = truth("desk")["shift_of_b"]
    # Peak interpolation of phase correlation is good to about a tenth of a pixel.
    assert x == pytest.approx(stated["x"], abs=0.15)
    assert y == pytest.approx(stated["y"], abs=0.15)


def test_desk_is_brighter_by_the_stated_exposure() -> None:
    a, b = load("desk")
    still = np.s_[40:120, 100:500]  # the wall, smooth enough not to need the shift
    mean_a, mean_b = a[still].mean(), on_a(b)[still].mean()
    # The film curve bends what is 2**0.15 = 1.11 in light; in the mid tones its slope, times 1/2.2
    # of the encoding, leaves between a third and the whole of it.
    assert 1 + 0.11 / 3 < mean_b / mean_a < 1.11


def test_desk_differs_most_where_stated() -> None:
    a, b = load("desk")
    moved = on_a(b)
    # The exposure, as one gain over the whole picture, is good to a few levels.
    gain = np.median(a[20:-20, 20:-20]) / np.median(moved[20:-20, 20:-20])
    difference = np.abs(a - moved * gain).mean(axis=2)
    elsewhere = np.ones(difference.shape, bool)
    for place in boxes("desk").values():
        rows, cols = place
        elsewhere[max(rows.start - 12, 0) : rows.stop + 40, cols.start - 12 : cols.stop + 60] = 0
    elsewhere[:8], elsewhere[-8:], elsewhere[:, :8], elsewhere[:, -8:] = 0, 0, 0, 0
    for what, place in boxes("desk").items():
        assert difference[place].mean() > 3 * difference[elsewhere].mean(), what


def test_making_them_again_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        command = [sys.executable, str(SCRIPT), "--height", "45", "--samples", "1"]
        subprocess.run([*command, "--out", str(folder)], check=True)
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert sorted(made[0]) == [
        *("desk-a.jpg", "desk-b.jpg", "screenshot-a.png", "screenshot-b.png", "truth.json")
    ]
    assert made[0] == made[1]
    for side in "ab":  # drawn without any dice, so they are the very pictures that are shipped
        name = f"screenshot-{side}.png"
        again = cv2.imdecode(np.frombuffer(made[0][name], np.uint8), cv2.IMREAD_COLOR)
        shipped = cv2.imread(str(resources.path(f"samples/{name}")), cv2.IMREAD_COLOR)
        assert np.array_equal(again, shipped)
