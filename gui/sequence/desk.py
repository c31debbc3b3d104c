"""What the commands about sequences do, with the dialogs they ask by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMenu

from core.io import suffixes
from core.render import Side
from core.scheduler import Failed
from core.sequence.addresses import VIDEO_SUFFIXES
from core.sequence.params import Against, SequenceParams
from gui import naming
from gui.bridge import Bridge
from gui.enabling import enable_sequence
from gui.events import Exported
from gui.messages import sentence
from gui.sequence.distances import Distances
from gui.sequence.events import Approved, Wanted
from gui.sequence.late import jobs
from gui.sequence.on_demand import is_sequence
from gui.sequence.standing import Standing

if TYPE_CHECKING:
    from core.buffer import ImageBuffer
    from gui.main_window import MainWindow
    from gui.sequence.events import Soon

ALWAYS: Final = ("open_sequence", "open_frames", "open_stream")
"""Commands that need no sequence."""
IN_MENU: Final = (
    "standing", "distances", "find_offset", "reference", "frame_reference", "approve", "analyse",
    "export_sequence", "keep_changed", "", "close_sequence",
)  # fmt: skip


class Desk(QObject):
    """The commands of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._sequences = window, window.sequences
        self.distances = Distances(window, self._sequences.viewing)
        switch = window.actions_by_id["standing"]
        self.standing = Standing(window.parts.view, window.controller, self._sequences, switch)
        self._bridge = Bridge("desk", self)
        self._bridge.received.connect(self._on_event)
        s = self._sequences
        self.distances.failed.connect(s.failed)
        flowing = window.flowing
        flowing.follow(s.viewing.course)
        s.viewing.player.playing_changed.connect(flowing.hurry)
        s.viewing.wait_for(
            lambda shown: flowing.look_ahead(shown.frame.image, shown.companion.image),
            flowing.settled,
        )
        s.reference_wanted.connect(self.ask_reference)
        s.changed.connect(self._on_changed)
        s.viewing.glimpsed.connect(self._on_glimpse)
        s.keeper.busy.connect(window.parts.readout.show_note)
        s.watcher.ended.connect(lambda _: self._refresh_map())
        menu = QMenu(window)
        for name in IN_MENU:
            if name:
                menu.addAction(window.actions_by_id[name])
            else:
                menu.addSeparator()
        window.parts.timeline.menu_button.setMenu(menu)
        self._on_changed()

    @property
    def idle(self) -> bool:
        """Whether nothing is being made or written."""
        return self._bridge.idle and self.distances.idle and self.standing.idle

    def close(self) -> None:
        """Stop, and wait for the threads to end."""
        self._bridge.close()
        self.distances.close()
        self.standing.close()

    # -- opening

    def open_paths(self, side: Side | None, paths: tuple[str, ...]) -> bool:
        """Open what was chosen, dropped or given, if there is a sequence in it.

        Two sequences are compared frame by frame; a picture beside one is its reference. What is
        opened as B while a sequence is open is compared with it.

        Returns
        -------
        bool
            False when these are pictures, and nothing was done.
        """
        moving = [p for p in paths[:2] if is_sequence(p)]
        loaded = self._sequences.loaded
        if not moving:
            if loaded is None or side is not Side.B or len(paths) != 1:
                return False
            self._sequences.use_reference(paths[0])
            return True
        if len(moving) == 2:
            self._sequences.open(Wanted(paths[0], paths[1]))
        elif len(paths) >= 2:
            other = paths[1] if moving[0] == paths[0] else paths[0]
            self._sequences.open(_against(moving[0], other))
        elif side is Side.B and loaded is not None:
            self._sequences.open(Wanted(loaded.wanted.a, moving[0]))
        else:
            self._sequences.open(Wanted(moving[0]))
        return True

    def open_sequence(self, folder: str) -> None:
        """Ask for one video or two."""
        words = " ".join(f"*{s} *{s.upper()}" for s in VIDEO_SUFFIXES)
        pictures = " ".join(f"*{s}" for s in (".gif", ".tif", ".tiff", ".webp", ".png", ".apng"))
        known = f"Videos ({words});;Pages and animations ({pictures});;All files (*)"
        paths, _ = QFileDialog.getOpenFileNames(
            self._window, "Open a sequence, or two to compare", folder, known
        )
        if paths:
            self._sequences.open(_wanted(paths))

    def open_frames(self, folder: str) -> None:
        """Ask for a folder of pictures."""
        path = QFileDialog.getExistingDirectory(self._window, "Folder of pictures", folder)
        if path:
            self._sequences.open(Wanted(path))

    def open_stream(self) -> None:
        """Ask for an address."""
        address, sure = QInputDialog.getText(
            self._window,
            "Open camera or stream",
            "camera:0 · rtsp://… · http://… · watch:FOLDER · frames_%04d.exr",
        )
        if sure and address.strip():
            self._sequences.open(Wanted(address.strip()))

    def as_sequence(self) -> None:
        """Show the pages of the open files as frames."""
        session = self._window.controller.session
        paths = [p.path for p in (session.a, session.b) if p is not None and p.path]
        if paths:
            self._sequences.open(_wanted(list(dict.fromkeys(paths))))

    # -- what is compared with

    def ask_reference(self) -> None:
        """Ask for a picture or a golden model."""
        words = " ".join(f"*{s}" for s in (*suffixes(), ".npz"))
        path, _ = QFileDialog.getOpenFileName(
            self._window, "Compare with", self._folder(),
            f"Pictures and golden models ({words});;All files (*)",
        )  # fmt: skip
        if path:
            self._sequences.use_reference(path)

    def approve(self) -> None:
        """Add the frame that is shown to a golden model."""
        image = self._shown()
        if image is None:
            return
        path, _ = QFileDialog.getSaveFileName(
            self._window, "Golden model to add it to, or a new one",
            str(Path(self._folder()) / "golden.npz"), "Golden models (*.npz)",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )  # fmt: skip
        if path:
            path = path if path.lower().endswith(".npz") else f"{path}.npz"
            self._bridge.submit(jobs.approving(image, Path(path)))

    def _shown(self) -> ImageBuffer | None:
        shown = self._sequences.viewing.shown
        return None if shown is None else shown.frame.image

    # -- out

    def export(self) -> None:
        """Ask for a name and write what is known."""
        loaded = self._sequences.loaded
        if loaded is None:
            return
        known = "HTML (*.html);;JSON (*.json)"
        stem = Path(loaded.question.a.name).stem
        path, chosen = QFileDialog.getSaveFileName(
            self._window, "Export sequence report", str(Path(self._folder()) / f"{stem}.html"),
            known,
        )  # fmt: skip
        if not path:
            return
        if not path.lower().endswith((".html", ".json")):
            path += ".json" if "json" in chosen.lower() else ".html"
        self.write(Path(path))

    def write(self, path: Path) -> None:
        """Write what is known of the sequence."""
        loaded = self._sequences.loaded
        if loaded is not None:
            self._bridge.submit(jobs.exporting(loaded, path))

    def keep_changed(self) -> None:
        """Ask for a folder and store the frames that changed."""
        folder = QFileDialog.getExistingDirectory(
            self._window, "Folder for the changed frames", self._folder()
        )
        loaded = self._sequences.loaded
        if folder and loaded is not None:
            self._sequences.keeper.keep(loaded, Path(folder))

    def copy_command(self) -> None:
        """Copy the command line that looks at the sequence in the same way."""
        loaded = self._sequences.loaded
        if loaded is not None:
            from core.sequence.exporting import command_of  # noqa: PLC0415 - seldom asked for

            text = command_of(loaded.question, loaded.wanted.reference)
            QApplication.clipboard().setText(text)
            self._window.parts.readout.show_state("command line copied")

    @Slot(object)
    def _on_event(self, event: object) -> None:
        say = self._window.parts.readout.show_state
        match event:
            case Exported():
                say(f"written: {event.path}")
            case Approved():
                said = "picture" if event.count == 1 else "pictures"
                say(f"{event.path.name} has learned from {event.count} {said}")
                loaded = self._sequences.loaded
                if loaded is not None and Path(loaded.wanted.reference or ".") == event.path:
                    self._sequences.reopen()
            case Failed():
                self._sequences.failed.emit(sentence(event.error))

    # -- state

    @Slot(object)
    def _on_glimpse(self, soon: Soon) -> None:
        """Say that A is another frame already, of which there is a small picture, or one near."""
        session, view = self._window.controller.session, self._window.parts.view
        if session.a is not None:
            near = "" if soon.near is None else f" (so far frame {soon.near})"
            name = f"{naming.title(session.a)}  ·  frame {soon.index}{near}"
            view.set_names(name, naming.chip_name(session.b, ()), "")
            view.set_busy(True)

    def _folder(self) -> str:
        loaded = self._sequences.loaded
        if loaded is None:
            return ""
        path = Path(loaded.wanted.a)
        return str(path if path.is_dir() else path.parent)

    @Slot()
    def _on_changed(self) -> None:
        loaded = self._sequences.loaded
        if loaded is None:
            self.distances.drop()
        else:
            self._refresh_map()
            if not loaded.question.live:  # addresses of streams may hold passwords
                self._window.memory.add_pair(loaded.wanted.a, loaded.wanted.b)
        enable_sequence(self._window)

    def _refresh_map(self) -> None:
        loaded = self._sequences.loaded
        if loaded is not None:
            self.distances.make(loaded)


def _wanted(paths: list[str]) -> Wanted:
    return Wanted(paths[0], paths[1] if len(paths) > 1 else "")


def _against(sequence: str, picture: str) -> Wanted:
    params = SequenceParams(against=Against.REFERENCE)
    return Wanted(sequence, params=params, reference=picture)
