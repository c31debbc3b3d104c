"""A pair of tiled TIFF files too large for memory: opened, compared, and its memory over time.

``python -m benchmarks gigapixel`` does it with 100 megapixels. The whole of it:
``python -m benchmarks.gigapixel --megapixels 1000 --plot memory.png [--folder FOLDER]``; the folder
keeps the pair (1.8 GB each), which is used again where it is there.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import imagecodecs
import numpy as np
import tifffile

from benchmarks._run import Case
from benchmarks._run import main as table
from benchmarks._tree import Watch
from core.buffer import ImageBuffer
from core.color import GrayParams
from core.engine import compare
from core.io import limits, open_pair
from core.result import Result
from core.settings import Settings
from core.stages.blur import BlurParams
from core.types import Rect

TILE = 256
MOST = 2000.0
"""Megabytes that everything together may take."""
_KINDS = 61
"""So many different tiles are laid out; a prime, so that they do not line up."""
_FLIP = 64
"""What is flipped of the green of a changed pixel: it differs by just as much."""
_MARGIN = 64
"""How far a change can reach after the stages that are tried, in pixels."""
WAYS = {
    "compare": Settings(),
    "compare, gray and blur": Settings([GrayParams(enabled=True), BlurParams(enabled=True)]),
}


class Size(NamedTuple):
    """Of the pictures: 1.6 times as wide as high."""

    height: int
    width: int

    @property
    def changes(self) -> list[Rect]:
        """What differs: single pixels to a block, at edges and across tiles."""
        height, width = self
        return [
            Rect(777, 1234, 5, 7),
            Rect(height // 3, width // 3, 40, 61),
            Rect(height // 2, width - 3, 3, 3),
            Rect(height * 2 // 3 // TILE * TILE - 2, width // 5 // TILE * TILE - 1, 4, 2),
            Rect(height - 4, 0, 4, 2),
            Rect(height - 1, width - 1, 1, 1),
        ]


def size_of(megapixels: float) -> Size:
    """Return the size of so many megapixels, in whole thousands of rows where there are many."""
    height = round((megapixels * 1e6 / 1.6) ** 0.5)
    return Size(height, round(height * 1.6))


def _tiles() -> list[np.ndarray]:
    rng = np.random.default_rng(3)
    x = np.arange(TILE)
    made = []
    for k in range(_KINDS):
        wave = 128 + 60 * np.sin((x + 37 * k) / 40.0) * np.cos((x + 11 * k) / 60.0)[:, None]
        checks = (x // 64 + x[:, None] // 64) % 2 * 30
        noise = rng.normal(0, 4, (TILE, TILE, 3))
        made.append(np.clip((wave + checks)[:, :, None] + noise, 0, 255).astype(np.uint8))
    return made


def _coded(tile: np.ndarray) -> bytes:
    return bytes(imagecodecs.zlib_encode(imagecodecs.delta_encode(tile, axis=1), level=6))


def _layout(size: Size, changes: list[Rect]) -> Iterator[bytes]:
    """Yield the coded tiles of a picture, row by row."""
    tiles = _tiles()
    coded = [_coded(tile) for tile in tiles]
    for row in range(0, size.height, TILE):
        for col in range(0, size.width, TILE):
            kind = (row // TILE * 23 + col // TILE * 7) % _KINDS
            place = Rect(row, col, TILE, TILE)
            common = [c.intersect(place) for c in changes]
            if not any(c.area for c in common):
                yield coded[kind]
                continue
            tile = tiles[kind].copy()
            for change in common:
                if change.area:
                    tile[change.within(place)][:, :, 1] ^= _FLIP
            yield _coded(tile)


def make_pair(size: Size, folder: Path) -> tuple[Path, Path]:
    """Write the two files into a folder, unless they are there: RGB, Deflate, predictor 2."""
    paths = []
    for name, changes in (("a", []), ("b", size.changes)):
        path = folder / f"gigapixel-{size.width}x{size.height}-{name}.tif"
        paths.append(path)
        if not path.exists():
            part = path.with_suffix(".part")
            tifffile.imwrite(
                part, _layout(size, changes), shape=(*size, 3), dtype=np.uint8, tile=(TILE, TILE),
                photometric="rgb", compression="deflate", predictor=2, bigtiff=True, metadata=None,
            )  # fmt: skip
            part.replace(path)
    return paths[0], paths[1]


def wrong(a: ImageBuffer, b: ImageBuffer, result: Result, settings: Settings, size: Size) -> int:
    """Return how many pixels are said to differ and do not, or the other way round.

    Around every change the map is looked at pixel by pixel; with stages it must be that of the
    piece compared by itself, in memory. No pixel elsewhere may differ: the count says so.
    """
    canvas = Rect(0, 0, *size)
    missed, expected = 0, 0
    for change in size.changes:
        row, col = change.row - 2 * _MARGIN, change.col - 2 * _MARGIN
        more = 4 * _MARGIN
        around = Rect(row, col, change.height + more, change.width + more).intersect(canvas)
        found = result.map.read(around, 0)[0] > 0
        if settings == Settings():
            truth = np.zeros(found.shape, bool)
            truth[change.within(around)] = True
        else:
            pieces = [ImageBuffer.from_array(p.read(around)) for p in (a, b)]
            truth = compare(*pieces, settings).map.levels[0] > 0
        missed += int(np.count_nonzero(found != truth))
        expected += int(np.count_nonzero(truth))
    counted = int(result.measures["l0"].value or 0)
    return missed + abs(counted - expected)


class Run(NamedTuple):
    """What one run told: numbers by name, and the memory over time."""

    numbers: dict[str, float]
    watch: Watch


def run(size: Size, folder: Path) -> Run:
    """Make the pair, open it, and compare it in two ways.

    Raises
    ------
    RuntimeError
        When other pixels are found than those that differ.
    """
    paths = make_pair(size, folder)
    # So that a pair of 100 megapixels is read in pieces too.
    setattr(limits, "PIECES_FROM", min(limits.PIECES_FROM, size.height * size.width))  # noqa: B010 - a constant
    with Watch() as watch:
        a, b = watch.during("open", lambda: open_pair(*paths))
        for name, settings in WAYS.items():
            result = watch.during(name, partial(compare, a, b, settings))
            bad = wrong(a, b, result, settings, size)
            if bad:
                raise RuntimeError(f"{name}: {bad} pixels are found wrongly, or not found")
        numbers = {f"{p.name}, s": p.end - p.begin for p in watch.phases}
    numbers["most memory, MB"] = watch.peak
    for picture in (a, b):
        picture.store.close()
    return Run(numbers, watch)


def plot(found: Run, title: str, path: Path) -> None:
    """Draw the memory over time."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import pyqtgraph as pg  # noqa: PLC0415 - when all is measured
    from PySide6.QtGui import QFont  # noqa: PLC0415 - the same
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - the same

    app = QApplication.instance() or QApplication([])
    assert app is not None
    pg.setConfigOptions(antialias=True, background="w", foreground="#333")
    widget = pg.PlotWidget(title=title)
    widget.resize(1200, 520)
    font = QFont()
    font.setPointSize(11)
    for side, text in (("left", "memory of all processes, MB"), ("bottom", "time, s")):
        axis = widget.getAxis(side)
        axis.setLabel(text, **{"font-size": "12pt"})
        axis.enableAutoSIPrefix(False)
        axis.setTickFont(font)
    widget.getAxis("left").setWidth(84)
    top = max(MOST, found.watch.peak) * 1.12
    for phase, colour in zip(found.watch.phases, ("#4c78a8", "#54a24b", "#b279a2"), strict=False):
        brush = pg.mkColor(colour)
        brush.setAlpha(36)
        band = pg.LinearRegionItem(
            (phase.begin, phase.end), movable=False, brush=brush, pen=pg.mkPen(None)
        )
        label = pg.TextItem(
            f"{phase.name}\n{phase.end - phase.begin:.0f} s", color="#333", anchor=(0.5, 0)
        )
        label.setFont(font)
        label.setPos((phase.begin + phase.end) / 2, MOST * 0.95)
        widget.addItem(band)
        widget.addItem(label)
    times, sizes = zip(*found.watch.curve, strict=True)
    widget.plot(times, sizes, pen=pg.mkPen("#1f4e79", width=2))
    line = pg.InfiniteLine(MOST, 0, pen=pg.mkPen("#c0392b", width=2))
    bound = pg.TextItem(f"bound: {MOST:,.0f} MB", color="#c0392b", anchor=(0, 1))
    bound.setFont(font)
    bound.setPos(0, MOST)
    most = pg.TextItem(f"most: {found.watch.peak:,.0f} MB", color="#1f4e79", anchor=(1, 1))
    most.setFont(font)
    most.setPos(*max(found.watch.curve, key=lambda p: p[1]))
    for item in (line, bound, most):
        widget.addItem(item)
    widget.setRange(xRange=(0, times[-1]), yRange=(0, top), padding=0.01)
    QApplication.processEvents()
    if not widget.grab().save(str(path)):
        raise OSError(f"{path} cannot be written")


def _of_100_megapixels() -> Run:
    with tempfile.TemporaryDirectory(prefix="pairlens-bench-") as folder:
        return run(size_of(100), Path(folder))


def track_pieces_100mp() -> dict[str, float]:
    found = _of_100_megapixels().numbers
    return {name.removesuffix(", s"): n for name, n in found.items() if name.endswith(", s")}


def peakmem_pieces_100mp() -> float:
    return _of_100_megapixels().watch.peak


CASES = (
    Case("gigapixel: 100 MP in pieces", track_pieces_100mp, unit="s"),
    Case("… memory of all processes", peakmem_pieces_100mp, most=MOST, unit="MB"),
)


def main(words: list[str]) -> int:
    """Run the whole of it, or what the other benchmarks would when no size is given."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gigapixel")
    parser.add_argument("--megapixels", type=float, help="of each picture")
    parser.add_argument("--folder", type=Path, help="where the pair is kept")
    parser.add_argument("--plot", type=Path, help="a PNG of the memory over time")
    args = parser.parse_args(words)
    if args.megapixels is None:
        return table(CASES, [])
    size = size_of(args.megapixels)
    with tempfile.TemporaryDirectory(prefix="pairlens-bench-") as folder:
        found = run(size, args.folder or Path(folder))
    for name, number in found.numbers.items():
        print(f"{name:<40}{number:>10,.1f}")
    print("second  MB")
    for second, megabytes in found.watch.curve[:: max(len(found.watch.curve) // 40, 1)]:
        print(f"{second:>6.0f}  {megabytes:>5,.0f}  {'#' * round(megabytes / 25)}")
    if args.plot is not None:
        title = f"Two pictures of {size.width:,} × {size.height:,} pixels: {MOST / 1000:g} GB bound"
        plot(found, title, args.plot)
    return int(found.watch.peak > MOST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
