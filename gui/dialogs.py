"""File dialogs, the list of keys and the about box."""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.io import suffixes
from core.reports import formats
from core.result import VERSION
from gui.command_table import key_table
from gui.theme import number_font


def picture_filter() -> str:
    """Return the filter of a dialog that opens pictures."""
    words = " ".join(f"*{s} *{s.upper()}" for s in suffixes())
    return f"Pictures ({words});;All files (*)"


def ask_picture(parent: QWidget, which: str, folder: str) -> str | None:
    """Ask for one picture; None when the person changed their mind."""
    path, _ = QFileDialog.getOpenFileName(parent, f"Open {which}", folder, picture_filter())
    return path or None


def ask_pair(parent: QWidget, folder: str) -> tuple[str, str] | None:
    """Ask for both pictures: two files at once, or one and then the other."""
    title = "Open two pictures: choose both, or A first"
    paths, _ = QFileDialog.getOpenFileNames(parent, title, folder, picture_filter())
    if len(paths) == 1:
        other = ask_picture(parent, "B, to compare with " + Path(paths[0]).name, folder)
        paths = [paths[0], other] if other else []
    return (paths[0], paths[1]) if len(paths) >= 2 else None


def ask_export(parent: QWidget, suggestion: str) -> Path | None:
    """Ask where to write a report; the format follows from the name."""
    known = {f"{module.TITLE} (*{suffix})": suffix for suffix, module in formats().items()}
    first = next((words for words, suffix in known.items() if suffix == ".html"), "")
    path, chosen = QFileDialog.getSaveFileName(
        parent, "Export report", suggestion, ";;".join(known), first
    )
    if not path:
        return None
    if any(path.lower().endswith(suffix) for suffix in known.values()):
        return Path(path)
    return _unless_taken(parent, Path(path + known.get(chosen, ".html")))


def ask_recipe_file(parent: QWidget, suggestion: str) -> Path | None:
    """Ask where to write a recipe."""
    path, _ = QFileDialog.getSaveFileName(parent, "Save recipe", suggestion, "Recipe (*.toml)")
    if not path:
        return None
    if path.lower().endswith(".toml"):
        return Path(path)
    return _unless_taken(parent, Path(path + ".toml"))


def _unless_taken(parent: QWidget, path: Path) -> Path | None:
    """Return a name that got its suffix here, so that the file dialog has not asked about it."""
    if not path.exists():
        return path
    text = f"“{path.name}” exists already. Do you want to replace it?"
    answer = QMessageBox.question(parent, "Replace the file?", text)
    return path if answer == QMessageBox.StandardButton.Yes else None


class KeysDialog(QDialog):
    """Every key and what it does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("All keys")
        inside = QWidget()
        columns = QGridLayout(inside)
        columns.setHorizontalSpacing(36)
        columns.setContentsMargins(20, 12, 20, 12)
        halves: list[list[str]] = [[], []]
        for title, rows in key_table():
            lines = [f"<h4 style='margin:10px 0 4px 0'>{escape(title)}</h4><table>"]
            for keys, words in rows:
                lines.append(
                    "<tr><td width='150' style='padding:1px 12px 3px 0; white-space:pre'>"
                    f"<b>{escape(keys)}</b></td>"
                    f"<td style='padding:1px 0 3px 0'>{escape(words)}</td></tr>"
                )
            shorter = 0 if sum(map(len, halves[0])) <= sum(map(len, halves[1])) else 1
            halves[shorter].append("".join([*lines, "</table>"]))
        for column, parts in enumerate(halves):
            label = QLabel("".join(parts))
            label.setFont(number_font())
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setWordWrap(True)
            columns.addWidget(label, 0, column)
            columns.setColumnStretch(column, 1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())  # dark on the accent
        buttons.rejected.connect(self.reject)
        column_layout = QVBoxLayout(self)
        column_layout.addWidget(area)
        column_layout.addWidget(buttons)
        self.resize(1120, 640)


def show_about(parent: QWidget) -> None:
    """Show the version and what the numbers rest on."""
    from core.reports import versions  # noqa: PLC0415 - only for this box

    parts = ", ".join(f"{name} {version}" for name, version in versions().items())
    QMessageBox.about(
        parent,
        "About Pairlens",
        f"<h3>Pairlens {VERSION}</h3><p>Shows how two pictures differ, and why.</p>"
        f"<p>{parts}</p><p>Nothing is sent anywhere: pictures stay on this computer.</p>",
    )
