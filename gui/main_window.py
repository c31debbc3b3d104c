"""The main window: wires widgets and controller, and keeps nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow

from core.session import Session
from core.settings import Settings
from core.tone import worth_toning
from gui import actions, dialogs, theme
from gui.align_check import AlignCheck
from gui.aligning import Aligning
from gui.commands import Commands
from gui.controller import Controller
from gui.enabling import enable, enable_pause, enable_sequence
from gui.flickering import Flickering
from gui.flowing import Flowing
from gui.hold_keys import HoldKeys
from gui.intake import Intake
from gui.measuring import Measuring
from gui.memory import Memory
from gui.naming import title_of
from gui.offer import offered, welcome
from gui.pages import Pages
from gui.parts import Parts
from gui.pinning import Pinning
from gui.placing import Placing
from gui.presenter import Presenter
from gui.sequence.on_demand import OnDemand
from gui.top_bar import TopBar
from gui.views.modes import Mode

if TYPE_CHECKING:
    from gui.sequence.desk import Desk
    from gui.sequence.sequences import Sequences

SPLITTERS = {"across": "across", "down_3": "down"}
"""What the layout of a splitter is remembered as -> its name in `Parts`."""


class MainWindow(QMainWindow):
    """Two pictures, their difference, and everything to look into it.

    Parameters
    ----------
    settings
        The settings to begin with; the defaults when None.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.setWindowTitle("Pairlens")
        self.setAcceptDrops(True)
        self._lit: tuple[str | None, ...] = ()
        self.memory = Memory()
        self.controller = Controller(settings, self)
        self.pages = Pages(self.controller)
        self.intake = Intake(self)
        self.commands = Commands(self)
        self.actions_by_id = actions.make(self, self.commands.handlers())
        self.top_bar = TopBar(self.actions_by_id)
        self.parts = Parts(self, self.top_bar)
        self.menus = actions.fill_menus(self, self.actions_by_id)
        self.recent_menu = self.menus["File"].addMenu("Recent pairs")
        self.menus["File"].insertMenu(self.actions_by_id["export"], self.recent_menu)
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        self.presenter = Presenter(self, self.parts, self.top_bar, self.controller)
        self.measuring = Measuring(self, self.parts.measures, self.controller)
        on = self.actions_by_id
        self.placing = Placing(
            self,
            self.parts.view,
            self.parts.places,
            self.controller,
            on["mark"],
            on["crop_overlap"],
        )
        self.align_check = AlignCheck(
            self.parts.view, self.parts.pipeline, self.controller, on["arrows"]
        )
        self.flickering = Flickering(self.parts.view, self.controller, on["align_flicker"])
        self.flowing = Flowing(self.parts.view, self.controller, on["motion"])
        self.aligning = Aligning(self, self.parts.view, self.controller, on)
        self.pinning = Pinning(
            self.parts.view, self.parts.pins, self.controller,
            *(on[name] for name in ("pin", "remove_pin", "remove_pins", "align_flicker")),
        )  # fmt: skip
        self.moving = OnDemand(self)
        self._wire()
        self.intake.start()
        self._restore()
        self.controller.display_changed.emit(self.controller.display)
        self.controller.session_changed.emit(self.controller.session)
        self._on_history(False, False)
        enable_sequence(self)

    def _wire(self) -> None:
        c, p, view = self.controller, self.parts, self.parts.view
        p.pipeline.params_changed.connect(c.set_params)
        p.pipeline.recipe_chosen.connect(self.commands.use_recipe)
        p.pipeline.save_recipe_wanted.connect(self.commands.save_recipe)
        p.pipeline.reset_wanted.connect(lambda: self.commands.reset(False))
        self.measuring.place_clicked.connect(self.presenter.go_to_place)
        p.metadata.opened.connect(self.actions_by_id["files"].setChecked)
        p.regions.region_clicked.connect(self.presenter.go_to_region)
        view.part_chosen.connect(self.pages.choose)
        self.pages.refused.connect(p.notices.show_error)
        p.tone.tone_changed.connect(c.set_tone)
        p.tone.auto_wanted.connect(self.actions_by_id["exposure_auto"].trigger)
        p.tone.closed.connect(self.actions_by_id["light"].trigger)
        c.session_changed.connect(self._offer_light)
        view.hovered.connect(c.probe)
        view.hover_left.connect(p.readout.show_nothing)
        view.detail_wanted.connect(c.details.want)
        view.files_dropped.connect(self.intake.take)
        view.high_changed.connect(self.commands.set_high)
        view.zoom_changed.connect(lambda _: self.top_bar.show_zoom(view.zoom_text()))
        view.mode_changed.connect(self._on_mode)
        self.flickering.changed.connect(lambda _: self._on_mode(view.mode))
        self.flickering.changed.connect(lambda _: self.presenter.show_names())
        c.history.changed.connect(self._on_history)
        c.session_changed.connect(lambda _: enable(self))
        c.display_changed.connect(
            lambda d: self.actions_by_id["mark_clipped"].setChecked(d.tone.mark)
        )
        c.answered.connect(lambda _: self.actions_by_id["export"].setEnabled(True))
        c.files.exported.connect(lambda path: p.readout.show_state(f"written: {path}"))
        view.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # so that a click there leaves a field
        view.setFocus()
        self.hold_keys = HoldKeys(self)
        self.hold_keys.held.connect(view.hold)

    @property
    def sequences(self) -> Sequences:
        """All about the sequence of this window."""
        return self.moving.sequences

    @property
    def desk(self) -> Desk:
        """The commands about sequences."""
        return self.moving.desk

    def open_given(self, first: str, second: str | None) -> None:
        """Open what the command line names: a pair, a picture, or sequences."""
        paths = (first,) if second is None else (first, second)
        if not self.moving.open_paths(None, paths):
            self.controller.open_pair(first, second)

    def _on_history(self, undo: bool, redo: bool) -> None:
        self.actions_by_id["undo"].setEnabled(undo)
        self.actions_by_id["redo"].setEnabled(redo)

    def _offer_light(self, session: Session) -> None:
        """Show the brightness bar with other pictures, if it is of use for them."""
        keys = tuple(p.key if p else None for p in (session.a, session.b))
        if keys == self._lit:
            return
        self._lit = keys
        needed = any(p is not None and worth_toning(p) for p in (session.a, session.b))
        shown = needed or not self.controller.display.tone.neutral
        self.actions_by_id["light"].setChecked(shown)
        self.parts.tone.setVisible(shown)

    def _on_mode(self, mode: Mode) -> None:
        self.actions_by_id[f"mode_{mode.value}"].setChecked(True)
        enable_pause(self)

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for a, b in self.memory.pairs():
            names = "  ↔  ".join(title_of(path) for path in (a, b) if path)
            item = QAction(names.replace("&", "&&"), self.recent_menu)  # no access keys
            item.setToolTip(f"{a}\n{b}".strip())
            item.triggered.connect(lambda _=False, a=a, b=b: self.open_given(a, b or None))
            self.recent_menu.addAction(item)
        self.recent_menu.setToolTipsVisible(True)
        if not self.memory.pairs():
            self.recent_menu.addAction("none yet").setEnabled(False)
            return
        self.recent_menu.addSeparator()
        self.recent_menu.addAction("Forget them all", self.memory.forget_pairs)

    # -- start and end

    def showEvent(self, event: QShowEvent) -> None:
        """Make the plots after the first paint: their library takes a while to load."""
        super().showEvent(event)
        if not self.commands.histograms_made:
            QTimer.singleShot(0, self, self.commands.make_histograms)

    def _restore(self) -> None:
        m, on = self.memory, self.actions_by_id
        app = QApplication.instance()
        if isinstance(app, QApplication):
            mode = m.text("theme", "system")
            self.commands.set_theme(mode if mode in ("light", "dark") else "system")
        if (geometry := m.blob("geometry")) is None or not self.restoreGeometry(geometry):
            self.resize(1600, 1000)
        for name, part in SPLITTERS.items():
            if (state := m.blob(name)) is not None:
                getattr(self.parts, part).restoreState(state)
        for name in ("panels", "plots", "boxes", "processed", "files"):
            shown = m.flag(name, name != "files")
            on[name].setChecked(shown)
            self.commands.handlers()[name](shown)
        on[f"theme_{theme.mode()}"].setChecked(True)
        self._on_mode(self.parts.view.mode)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout and end all work."""
        m = self.memory
        if not self.isFullScreen():
            m.put("geometry", self.saveGeometry())
        for name, part in SPLITTERS.items():
            m.put(name, getattr(self.parts, part).saveState())
        for name in ("panels", "plots", "boxes", "processed", "files"):
            m.put(name, self.actions_by_id[name].isChecked())
        m.put("theme", theme.mode())
        self.moving.close()
        self.intake.close()
        self.flickering.close()
        self.flowing.close()
        m.sync()
        if self.commands.curve is not None:
            self.commands.curve.close()
        self.controller.close()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run the command whose key no control has taken for itself."""
        pressed = QKeySequence(event.keyCombination())
        for action in self.actions_by_id.values():
            local = action.shortcutContext() == Qt.ShortcutContext.WidgetShortcut
            if local and action.isEnabled() and pressed in action.shortcuts():
                action.trigger()
                return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures that are dropped beside the pictures, too."""
        if welcome(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self.intake.take(None, offered(event.mimeData()))
        event.acceptProposedAction()

    def keys_dialog(self) -> dialogs.KeysDialog:
        """Return the list of all keys as a dialog of this window."""
        return dialogs.KeysDialog(self)

    @property
    def swipe_way(self) -> Qt.Orientation:
        """The way the divider of Swipe runs."""
        flat = self.actions_by_id["swipe_flat"].isChecked()
        return Qt.Orientation.Horizontal if flat else Qt.Orientation.Vertical
