"""What the window remembers from one start to the next: recent pairs, layout, colours."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QByteArray, QSettings

from core.io.address import file_of

MOST_RECENT = 12


class Memory:
    """Small typed access to the program's stored preferences."""

    def __init__(self) -> None:
        self._store = QSettings("Pairlens", "Pairlens")

    def pairs(self) -> list[tuple[str, str]]:
        """Return recent pairs of addresses, newest first."""
        stored = self._store.value("recent/pairs", [])
        flat = [str(x) for x in stored] if isinstance(stored, list) else []
        return list(zip(flat[0::2], flat[1::2], strict=False))

    def add_pair(self, a: str, b: str) -> None:
        """Put a pair at the front of the recent ones, if its addresses can be stored as text.

        Of the pages of a pair of files the last one is kept. A sequence alone has an empty `b`.
        """
        try:
            f"{a}{b}".encode()
        except UnicodeEncodeError:  # bytes that are not UTF-8 would come back as another path
            return
        files = file_of(a), file_of(b)
        others = [p for p in self.pairs() if (file_of(p[0]), file_of(p[1])) != files]
        pairs = [(a, b), *others][:MOST_RECENT]
        self._store.setValue("recent/pairs", [path for pair in pairs for path in pair])

    def forget_pairs(self) -> None:
        """Forget all recent pairs."""
        self._store.remove("recent/pairs")

    def blob(self, name: str) -> QByteArray | None:
        """Return a stored layout."""
        stored = self._store.value(f"window/{name}")
        return stored if isinstance(stored, QByteArray) and not stored.isEmpty() else None

    def text(self, name: str, default: str) -> str:
        """Return a stored word."""
        return str(self._store.value(f"window/{name}", default))

    def flag(self, name: str, default: bool) -> bool:
        """Return a stored yes or no."""
        return self.text(name, "true" if default else "false") == "true"

    def number(self, name: str, default: float) -> float:
        """Return a stored number above 0."""
        try:
            value = float(self.text(name, str(default)))
        except ValueError:
            return default
        return value if 0 < value < float("inf") else default

    def put(self, name: str, value: Any) -> None:
        """Store a layout, a word, or a yes or no."""
        kept = ("true" if value else "false") if isinstance(value, bool) else value
        self._store.setValue(f"window/{name}", kept)

    def sync(self) -> None:
        """Write everything now."""
        self._store.sync()
