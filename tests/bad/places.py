"""Names that are no files, odd names of sound files, and files that may not be read."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

from tests.bad.case import Case, Outcome, encoded, scene


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _link(target: str) -> Any:
    return lambda path: path.symlink_to(target)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        here, folder = os.open(".", os.O_RDONLY), os.open(path.parent, os.O_RDONLY)
        try:
            os.fchdir(folder)  # the path of a socket may not be long
            server.bind(path.name)
        finally:
            os.fchdir(here)
            os.close(here)
            os.close(folder)


def _behind(path: Path) -> None:
    """Write the picture and a chain of links to it."""
    target = path.with_name(path.name + ".target")
    target.write_bytes(encoded("PNG"))
    middle = path.with_name(path.name + ".middle")
    middle.symlink_to(target.name)
    path.symlink_to(middle.name)


def _sound(path: Path) -> None:
    path.write_bytes(encoded("PNG"))


def cases() -> list[Case]:
    """Return all of them."""
    names = {
        "a file name\nof two lines.png": "a name of two lines",
        "bell\a tab\t.png": "control characters in its name",
        "Übung – 図 🎨.png": "letters of many alphabets in its name",
        "bytes \udcff\udcfe.png": "a name that is not UTF-8",
        "50% [page=2] *?.png": "patterns and options in its name",
        "-rf.png": "a name like a flag",
        "a#page=2.png": "a name like an address",
        "x" * 251 + ".png": "a name of 255 characters",
    }
    return [
        Case("missing.png", "there is no such file", lambda _: None, Outcome.REFUSED),
        Case("folder.png", "a folder", Path.mkdir, Outcome.REFUSED),
        Case("pipe.png", "a named pipe", _pipe, Outcome.REFUSED),
        Case("socket.png", "a socket", _socket, Outcome.REFUSED),
        Case("zero.png", "a link to an endless device", _link("/dev/zero"), Outcome.REFUSED),
        Case("null.png", "a link to an empty device", _link("/dev/null"), Outcome.REFUSED),
        Case("loop.png", "a link to itself", _link("loop.png"), Outcome.REFUSED),
        Case("dangling.png", "a link to nothing", _link("nowhere"), Outcome.REFUSED),
        Case("link.png", "a link to a link to a picture", _behind, Outcome.RIGHT, scene),
        Case("kernel.png", "a file that says it has no bytes", _link("/proc/self/status"),
             Outcome.REFUSED),
        *(Case(name, about, _sound, Outcome.RIGHT, scene) for name, about in names.items()),
    ]  # fmt: skip
