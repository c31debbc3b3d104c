"""Takes the pictures of sequences in docs/pictures from the running program.

Needs what `make_docs` needs: ``xvfb-run -s "-screen 0 1700x1100x24" .venv/bin/python
scripts/make_sequence_pictures.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import film
from make_docs import PICTURES, ROOT, settled, shoot, shrink, started, wait

from core.sequence.params import Against, SequenceParams
from gui.sequence.events import Wanted

if TYPE_CHECKING:
    from gui.main_window import MainWindow

BOTH: Final = 158
"""A frame in which both marbles are seen."""
SIZE: Final = (1280, 800)
HEIGHTS: Final = (420, 260, 0)


def show(window: MainWindow, wanted: Wanted, frame: int) -> None:
    """Open a sequence, wait until all of it is known, and go to a frame."""
    window.sequences.open(wanted)
    wait(300, lambda: window.sequences.loaded is not None)
    known(window)
    go(window, frame)


def known(window: MainWindow) -> None:
    """Wait until nothing is being looked at."""
    for _ in range(3):  # what arrives may ask for more
        wait(400, lambda: window.sequences.idle and window.desk.idle)


def go(window: MainWindow, frame: int) -> None:
    """Show a frame and wait for its exact answer."""
    viewing = window.sequences.viewing
    viewing.go_to(frame)
    wait(200, lambda: viewing.shown is not None and viewing.shown.index == frame)
    wait(900, settled(window))
    known(window)


def background(window: MainWindow, path: Path) -> None:
    """A fixed camera: what stands out from the background, and what happened."""
    params = SequenceParams(against=Against.BACKGROUND, light=True)
    window.commands.set_theme("dark")
    show(window, Wanted(str(path), params=params), BOTH)
    shoot(window, "sequence")


def motion(window: MainWindow, path: Path) -> None:
    """What moved since the frame before, and how."""
    show(window, Wanted(str(path)), BOTH)
    window.actions_by_id["motion"].setChecked(True)
    window.flowing.refresh()
    wait(1500, lambda: not window.flowing.looking)
    shoot(window, "motion")
    window.actions_by_id["motion"].setChecked(False)
    window.flowing.refresh()


def distances(window: MainWindow) -> None:
    """Every frame against every other."""
    window.actions_by_id["distances"].trigger()
    known(window)
    dialog = window.desk.distances.dialog
    assert dialog is not None
    wait(600)
    path = PICTURES / "distances.png"
    dialog.grab().save(str(path))
    shrink(path)
    dialog.close()


def pair(window: MainWindow, one: Path, other: Path) -> None:
    """Two recordings, laid on each other in time, with a measure of every frame."""
    window.commands.set_theme("light")
    show(window, Wanted(str(one), str(other)), BOTH)
    names = ("changed_share", "measure:psnr")
    window.parts.timeline.curves_chosen.emit(names)
    known(window)
    go(window, BOTH)
    shoot(window, "sequence-pair")
    window.parts.timeline.curves_chosen.emit(("changed_share", "hist_kl"))


def main() -> int:
    """Make them all."""
    with started() as window:
        first, second = film.films(ROOT / "resources" / "samples" / "desk-a.jpg", Path())
        window.resize(*SIZE)
        window.actions_by_id["plots"].setChecked(False)
        window.commands.plots(False)
        window.parts.down.setSizes(HEIGHTS)
        background(window, first)
        motion(window, first)
        distances(window)
        pair(window, first, second)
    return 0


if __name__ == "__main__":
    sys.exit(main())
