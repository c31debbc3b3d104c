"""What only sequences need is made when the first one is opened, and not before."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.cli.shots import film

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.sequence.conftest import Projector

START = """
import sys
from PySide6.QtWidgets import QApplication
app = QApplication(["pairlens", "-platform", "offscreen"])
from gui.main_window import MainWindow
window = MainWindow()
window.show()
app.processEvents()
print(*sys.modules, sep="\\n")
window.close()
"""


def test_a_window_starts_without_what_only_sequences_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", START], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = done.stdout.split()
    assert "gui.main_window" in loaded
    assert "gui.sequence.on_demand" in loaded
    late = ("gui.timeline", "gui.sequence.sequences", "gui.sequence.desk", "gui.sequence.viewing")
    late += ("core.sequence.pairs", "core.sequence.survey", "core.sequence.archive")
    late += ("sqlite3", "av", "jinja2", "scipy")
    assert not [n for n in loaded if any(n == s or n.startswith(f"{s}.") for s in late)]


def test_pictures_make_nothing_of_it(projector: Projector, pair: tuple[Path, Path]) -> None:
    window = projector.window
    window.open_given(*map(str, pair))
    projector.driver.answer()
    window.actions_by_id["swap"].trigger()
    projector.driver.answer()
    assert window.moving.loaded is None
    assert "timeline" not in vars(window.parts)
    assert window.parts.timeline_place.isHidden()
    assert window.parts.sequence.isHidden()


def test_a_sequence_is_opened_by_its_path(projector: Projector, movie: Path) -> None:
    window = projector.window
    assert "timeline" not in vars(window.parts)
    window.open_given(str(movie), None)
    projector.driver.until(lambda: window.moving.loaded is not None, "it is not opened")
    projector.at(0)
    assert window.sequences is window.moving.sequences
    assert window.desk is window.moving.desk
    assert window.parts.timeline.isVisible()
    assert window.parts.timeline.height() > 100
    window.actions_by_id["close_sequence"].trigger()
    assert not window.parts.timeline.isVisible()
    assert window.parts.timeline_place.isHidden()


def test_what_goes_wrong_with_the_first_sequence_is_said(
    projector: Projector, tmp_path: Path
) -> None:
    path = film(tmp_path / "film.mkv", range(3))
    path.write_bytes(path.read_bytes()[:40])
    projector.window.open_given(str(path), None)
    projector.driver.until(lambda: bool(projector.errors()), "nothing is said")
    assert projector.window.moving.loaded is None
    assert projector.window.parts.timeline_place.isHidden()
