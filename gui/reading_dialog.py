"""The settings of reading, and the question whether to open a picture that is too large."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QMessageBox,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.errors import TooLargeError
from core.io.limits import Limits
from core.io.reading import Reading


class ReadingDialog(QDialog):
    """How pictures are read.

    Signals
    -------
    chosen(Reading, bool)
        The person accepted; the latter is whether changed files are read again.
    """

    chosen = Signal(object, bool)

    def __init__(self, how: Reading, watch: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Reading")
        self.memory = QDoubleSpinBox(minimum=0.1, maximum=4096.0, singleStep=1.0, decimals=1)
        self.memory.setSuffix(" GB")
        self.seconds = QSpinBox(minimum=1, maximum=36_000)
        self.seconds.setSuffix(" s")
        for box in (self.memory, self.seconds):
            box.lineEdit().setTextMargins(5, 0, 0, 0)  # style sheets leave none before the text
        self.managed = QCheckBox("Use colour profiles")
        self.watch = QCheckBox("Reload pictures when their files change")
        self._show(how, watch)
        form = QFormLayout()
        form.addRow("Memory for one picture", self.memory)
        form.addRow("Time for one picture", self.seconds)
        about = QLabel(
            "A picture that needs more memory is opened after a question. Without colour profiles"
            " values are compared as they are stored in the files."
        )
        about.setWordWrap(True)
        about.setProperty("role", "muted")
        button = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(button.Ok | button.Cancel | button.RestoreDefaults)
        for which in (button.Ok, button.Cancel, button.RestoreDefaults):
            buttons.button(which).setIcon(QIcon())  # dark on the accent
        buttons.button(button.RestoreDefaults).clicked.connect(lambda: self._show(Reading(), True))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: self.chosen.emit(self.reading(), self.watch.isChecked()))
        self.finished.connect(self.deleteLater)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addLayout(form)
        for widget in (self.managed, self.watch, about, buttons):
            column.addWidget(widget)
        self.setMinimumWidth(420)

    def reading(self) -> Reading:
        """Return what is set."""
        size = round(self.memory.value() * 1e9)
        return Reading(self.managed.isChecked(), Limits(size, float(self.seconds.value())))

    def _show(self, how: Reading, watch: bool) -> None:
        self.memory.setValue(how.limits.bytes / 1e9)
        self.seconds.setValue(round(how.limits.seconds))
        self.managed.setChecked(how.managed)
        self.watch.setChecked(watch)


def memory() -> tuple[int, int] | None:
    """Return (free, all) bytes of memory of this machine, swap included in the latter.

    None where the system does not tell.
    """
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        found = {name: int(rest.split()[0]) * 1024 for name, rest in (x.split(":") for x in lines)}
        return found["MemAvailable"], found["MemTotal"] + found.get("SwapTotal", 0)
    except (OSError, ValueError, KeyError, IndexError):
        pass
    try:
        page = os.sysconf("SC_PAGE_SIZE")
        return page * os.sysconf("SC_AVPHYS_PAGES"), page * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def too_much(error: TooLargeError) -> str:
    """Return why a picture cannot be opened whatever is allowed; empty when it may."""
    machine = memory()
    if machine is None or error.need <= machine[1]:
        return ""
    return (
        f"{_fact(error)}, more than the {_size(machine[1])} that this computer has;"
        " crop it, or make it smaller."
    )


def ask_anyway(parent: QWidget, error: TooLargeError) -> QMessageBox:
    """Return the question whether to open a picture that needs more memory than is allowed."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("A large picture")
    box.setText(f"{_fact(error)}. Open it anyway?")
    machine = memory()
    if machine is not None:
        box.setInformativeText(
            f"This computer has {_size(machine[0])} of memory free."
            + (" Other programs may become slow." if error.need > machine[0] else "")
        )
    yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
    box.setStandardButtons(yes | no)
    box.button(yes).setText("Open anyway")
    box.button(no).setText("Do not open")
    for button in box.buttons():
        button.setIcon(QIcon())  # dark on the accent
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    box.finished.connect(box.deleteLater)
    return box


def _fact(error: TooLargeError) -> str:
    """Return what the error says of the picture, without what is allowed and what to do."""
    return str(error).split(", more than")[0].split(";")[0].rstrip(".")


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
