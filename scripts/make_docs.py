"""Takes the pictures in docs/pictures from the running program.

Needs a screen of its own, for instance ``xvfb-run -s "-screen 0 1700x1100x24" .venv/bin/python
scripts/make_docs.py``, and what the tests need.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import doc_scenes
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QEventLoop, QPoint, QSettings, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core import recipes  # noqa: E402 - needs the path above
from core.alignment.models import AlignModel  # noqa: E402 - the same
from core.alignment.pins import Pin, text_of  # noqa: E402 - the same
from core.settings import Settings  # noqa: E402 - the same
from core.stages.align import AlignParams  # noqa: E402 - the same
from core.tone import NEUTRAL, Tone  # noqa: E402 - the same
from core.types import Rect  # noqa: E402 - the same
from gui.main_window import MainWindow  # noqa: E402 - the same
from gui.panels.histograms import HistogramsPanel  # noqa: E402 - the same
from gui.views.chooser import PartButton  # noqa: E402 - the same
from resources import sample_pair  # noqa: E402 - the same

PICTURES = ROOT / "docs" / "pictures"
SIZE: Final = (1280, 800)
WIDTHS: Final = (740, 540)
"""Of the pictures and the panels: no more of what does not pack well than fits the bytes."""
HIGH: Final = (420, 0, 280)
LOW: Final = (580, 0, 120)
"""Heights of the pictures and the histograms, where the pictures have noise and where not; the
timeline between them is not shown."""
MOST_BYTES: Final = 250 * 1024
STEPS: Final = (1, 4, 6, 8, 10, 12)
"""What `smoothed` may do; 1 changes nothing."""


def wait(milliseconds: int, until: Callable[[], bool] = lambda: True) -> None:
    """Let the program run, at least once and until a fact holds."""
    while True:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()
        if until():
            return


def settled(window: MainWindow) -> Callable[[], bool]:
    """Return whether the exact answer is shown and nothing is being computed."""
    c, layers = window.controller, window.parts.view.panes[0]._layers.values()
    return lambda: c.result is not None and c.idle and all(layer.exact for layer in layers)


def take(window: MainWindow, name: str) -> None:
    """Wait until all is there, and save what the screen shows of the window."""
    wait(900, settled(window))
    shoot(window, name)


def shoot(window: MainWindow, name: str) -> None:
    """Save what the screen shows of the window, menus and dialogs above it included."""
    place = window.geometry()
    grabbed = window.screen().grabWindow(0, place.x(), place.y(), place.width(), place.height())
    path = PICTURES / f"{name}.png"
    grabbed.save(str(path))
    shrink(path)


def shrink(path: Path) -> None:
    """Make a file small enough for a page: without loss if that will do, else with a little."""
    with Image.open(path) as grabbed:
        pixels = np.asarray(grabbed.convert("RGB"))
    for step in STEPS:
        Image.fromarray(smoothed(pixels, step)).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            return
    print(f"{path.name} still has {path.stat().st_size:,} bytes: make the pictures in it smaller.")


def smoothed(pixels: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """Return pixels that differ from the ones above by whole steps, so that noise packs well.

    None is off by more than half a step, and the colours of the window itself, which are those
    that many pixels have, stay as they are.
    """
    codes = pixels.astype(np.int32) @ np.array([1 << 16, 1 << 8, 1])
    colours, counts = np.unique(codes, return_counts=True)
    exact = np.isin(codes, colours[counts > codes.size // 2000])[..., None]
    out = pixels.astype(np.int32)
    for row, above, keep in zip(out[1:], out[:-1], exact[1:], strict=True):
        stepped = above + np.rint((row - above) / step).astype(np.int32) * step
        row[:] = np.where(keep, row, np.clip(stepped, 0, 255))
    return out.astype(np.uint8)


def show(window: MainWindow, pair: tuple[Path | str, Path | str]) -> None:
    """Open a pair with the settings that the program begins with."""
    window.controller.set_settings(Settings())
    window.controller.set_tone(NEUTRAL)
    window.controller.open_pair(*map(str, pair))
    wait(300, lambda: opened(window) == [str(name) for name in pair])
    wait(300, settled(window))
    window.parts.view.fit()


def opened(window: MainWindow) -> list[str]:
    """Return the addresses of the pictures that are shown."""
    session = window.controller.session
    return [picture.address if picture else "" for picture in (session.a, session.b)]


def desk(window: MainWindow) -> None:
    """Walk through a comparison, as the guide does."""
    window.commands.set_theme("dark")
    show(window, sample_pair("desk"))
    take(window, "start")
    window.controller.set_settings(recipes.load("photo"))
    wait(300, settled(window))
    pane = window.parts.view.panes[1]
    QTest.mouseMove(pane, QPoint(pane.width() * 2 // 3, pane.height() // 2))
    take(window, "window-dark")
    window.commands.set_theme("light")
    take(window, "window-light")
    window.actions_by_id["mode_swipe"].trigger()
    take(window, "swipe")
    window.actions_by_id["mode_side_by_side"].trigger()
    window.presenter.step_region(1)
    take(window, "region")


def measures(window: MainWindow, folder: Path) -> None:
    """Show all measures where they disagree, the curve over the tolerance, and places."""
    window.commands.set_theme("dark")
    show(window, doc_scenes.hue_pair(folder, Path(sample_pair("desk")[0])))
    window.measuring.open()
    window.measuring.want(("flip", "gmsd", "ms_ssim"))
    wait(900, settled(window))
    jury = window.measuring.jury
    assert jury is not None
    jury.table.clearSelection()
    jury.grab().save(str(PICTURES / "jury.png"))
    shrink(PICTURES / "jury.png")
    jury.close()
    show(window, sample_pair("desk"))
    window.controller.set_settings(recipes.load("photo"))
    wait(300, settled(window))
    plots = window.parts.plots.findChild(HistogramsPanel)
    assert plots is not None  # they are made after the first paint
    plots.show_curve(True)
    window.parts.down.setSizes((380, 320))
    take(window, "curve")
    plots.show_curve(False)
    window.parts.down.setSizes(HIGH)
    window.placing.add(Rect(196, 130, 130, 330), "place")
    window.placing.add(Rect(425, 460, 150, 470), "ignore")
    take(window, "places")
    window.parts.down.setSizes(HIGH)


def files(window: MainWindow, folder: Path) -> None:
    """Show which pages there are, what photographs say, and a question."""
    a, b = doc_scenes.scan_pair(folder)
    window.parts.down.setSizes(LOW)
    show(window, (f"{a}#page=2", f"{b}#page=2"))
    wait(300, settled(window))
    buttons = [b for b in window.parts.view.findChildren(PartButton) if b.isVisible()]
    buttons[-1].open_menu()
    wait(600)
    shoot(window, "pages")
    if (menu := QApplication.activePopupWidget()) is not None:
        menu.close()
    window.parts.down.setSizes(HIGH)
    show(window, doc_scenes.photo_pair(folder, sample_pair("desk")))
    window.actions_by_id["files"].trigger()
    window.parts.across.setSizes((680, 600))  # so that no field is cut
    take(window, "metadata")
    window.actions_by_id["files"].trigger()
    window.parts.across.setSizes(WIDTHS)
    window.parts.side.verticalScrollBar().setValue(0)


def light(window: MainWindow, folder: Path) -> None:
    """Show a pair of high dynamic range as it is, and four stops darker."""
    window.commands.set_theme("dark")
    window.parts.down.setSizes(LOW)
    show(window, doc_scenes.light_pair(folder))
    take(window, "hdr")
    window.controller.set_tone(Tone(exposure_ev=-4.0))
    take(window, "hdr-darker")
    window.controller.set_tone(NEUTRAL)


def question(window: MainWindow, folder: Path) -> None:
    """Ask whether to open a picture that is larger than allowed."""
    window.controller.open_pair(None, str(doc_scenes.huge_picture(folder)))
    asked: list[QMessageBox] = []

    def found() -> bool:
        asked[:] = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox)]
        return bool(asked) and asked[0].isVisible()

    wait(300, found)
    wait(600)
    shoot(window, "open-anyway")
    asked[0].reject()
    wait(300)


def alignment(window: MainWindow) -> None:
    """Show what aligning leaves."""
    window.commands.set_theme("dark")
    show(window, sample_pair("desk"))
    window.controller.set_settings(recipes.load("photo"))
    wait(300, settled(window))
    switches = [window.actions_by_id[name] for name in ("only_over", "boxes", "arrows")]
    window.actions_by_id["mode_difference"].trigger()
    for switch in switches:
        switch.trigger()
    take(window, "arrows")
    for switch in switches:
        switch.trigger()
    window.actions_by_id["mode_side_by_side"].trigger()
    show(window, (sample_pair("desk")[0], sample_pair("screenshot")[0]))
    window.controller.set_params(AlignParams(enabled=True))
    take(window, "refused")


def by_hand(window: MainWindow) -> None:
    """Show pins, and what they leave."""
    window.commands.set_theme("dark")
    show(window, sample_pair("desk"))
    window.actions_by_id["pin"].trigger()
    features = ((233, 187), (868, 402), (352, 492), (1049, 223), (620, 290), (1080, 500))
    right, down = (3.4, 3.6, 3.3, 3.3, 3.6, 3.2), (-2.2, -2.1, -2.2, -2.4, -2.3, -2.1)
    pins = (
        Pin((x, y), (x + dx, y + dy)) for (x, y), dx, dy in zip(features, right, down, strict=True)
    )
    params = AlignParams(enabled=True, model=AlignModel.MANUAL, pins=text_of(pins))
    window.controller.set_settings(recipes.load("photo").replacing(params))
    take(window, "pins")
    window.actions_by_id["pin"].trigger()


@contextlib.contextmanager
def started() -> Iterator[MainWindow]:
    """Show a window without a past, in an empty folder of its own."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    past = tempfile.mkdtemp(prefix="pairlens-")
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, past)
    os.environ["PAIRLENS_CACHE"] = past
    PICTURES.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    app.setApplicationName("Pairlens")
    app.setOrganizationName("Pairlens")
    window = MainWindow()
    window.resize(*SIZE)
    window.show()
    wait(600)
    window.parts.across.setSizes(WIDTHS)
    window.parts.down.setSizes(HIGH)
    with tempfile.TemporaryDirectory(prefix="pairlens-") as name, contextlib.chdir(name):
        yield window
        window.close()


def main() -> int:
    """Take every picture of the guide."""
    with started() as window:
        folder = Path()  # names alone are opened, so that no picture shows where files lay
        desk(window)
        alignment(window)
        by_hand(window)
        measures(window, folder)
        files(window, folder)
        light(window, folder)
        question(window, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
