"""Finds, and as root on Debian and its relatives installs, what the window needs of the system.

Uses the standard library alone, and no syntax that an old Python cannot read, because it also runs
before anything is installed. Prints nothing when nothing is missing.

    check_system.py python | window | test

``python`` asks for a Python that can make an environment; ``window`` for the system's libraries, a
font and a display to open the window on; ``test`` for the libraries, a font and the private X
server of the window tests. Exit status: 0 when all is there, 1 when something is missing.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

# Shared library: its package for apt, dnf and pacman. What `ldd` names for PySide6's platform
# plug-ins xcb and offscreen, the GL integration of the former, and the Qt libraries themselves.
LIBRARIES = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libstdc++.so.6": ("libstdc++6", "libstdc++", "gcc-libs"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxcb-glx.so.0": ("libxcb-glx0", "libxcb", "libxcb"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb"),
    "libxcb-render-util.so.0": (
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
    ),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon"),
}
FONT = ("fonts-dejavu-core", "dejavu-sans-fonts", "ttf-dejavu")
KEYMAPS = ("xkb-data", "xkeyboard-config", "xkeyboard-config")
XVFB = ("xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb")
VENV = ("python3-venv", "python3-libs", "python")
INSTALLERS = {
    "apt-get": ("apt-get", "install", "--yes", "--no-install-recommends"),
    "dnf": ("dnf", "install", "--assumeyes"),
    "pacman": ("pacman", "-S", "--needed", "--noconfirm"),
}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
FONT_SUFFIXES = {".ttf", ".otf", ".ttc"}
KEYMAP_FOLDERS = ("/usr/share/X11/xkb", "/usr/share/xkeyboard-config-2")


def main() -> int:
    """Check, mend where that is allowed, and say in one line what is still missing."""
    parser = argparse.ArgumentParser(description="Find what the window needs of the system.")
    parser.add_argument("purpose", choices=("python", "window", "test"))
    purpose = parser.parse_args().purpose

    if sys.version_info < (3, 11):  # noqa: UP036 - it runs under whatever python3 there is
        found = ".".join(map(str, sys.version_info[:2]))
        print(f"Pairlens needs Python 3.11 or later, and this is {found}: set PYTHON=python3.12.")
        return 1
    if not sys.platform.startswith("linux"):
        return 0
    lacking = missing(purpose)
    if lacking and may_install():
        install(lacking)
        lacking = missing(purpose)
    if lacking:
        print(f"This machine lacks {', '.join(sorted(lacking))}. {advice(lacking)}")
        return 1
    if purpose == "window" and not has_display():
        print(
            "There is no display to open the window on: run this in a desktop session, or compare"
            " without a window with “.venv/bin/pairlens compare A B”."
        )
        return 1
    return 0


def missing(purpose: str) -> dict[str, tuple[str, str, str]]:
    """Return what is not there, each with its packages."""
    if purpose == "python":
        there = all(importlib.util.find_spec(m) for m in ("venv", "ensurepip"))
        return {} if there else {"Python's venv module": VENV}
    lacking = {name: packages for name, packages in LIBRARIES.items() if not loads(name)}
    if not has_font():
        lacking["a font"] = FONT
    if not any(Path(folder).is_dir() for folder in KEYMAP_FOLDERS):
        lacking["keyboard maps"] = KEYMAPS
    if purpose == "test" and shutil.which("Xvfb") is None:
        lacking["Xvfb"] = XVFB
    return lacking


def loads(name: str) -> bool:
    """Return whether the dynamic linker finds a shared library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_font() -> bool:
    """Return whether there is any scalable font; stops at the first."""
    return any(
        Path(name).suffix.lower() in FONT_SUFFIXES
        for root in FONT_FOLDERS
        for _, _, names in os.walk(Path(root).expanduser())
        for name in names
    )


def has_display() -> bool:
    """Return whether Qt will find a place for a window, or was told where."""
    return any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")))


def may_install() -> bool:
    """Return whether this is root on a system with apt-get."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(lacking: dict[str, tuple[str, str, str]]) -> None:
    """Install the packages with apt-get; what apt-get says is shown only when it fails."""
    packages = sorted({names[0] for names in lacking.values()})
    print(f"Installing {' '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (("apt-get", "update"), (*INSTALLERS["apt-get"], *packages)):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(f"“{' '.join(command)}” failed:\n{done.stdout}{done.stderr}", flush=True)
            return


def advice(lacking: dict[str, tuple[str, str, str]]) -> str:
    """Return the command that installs what is missing, as far as the system is known."""
    for place, (tool, command) in enumerate(INSTALLERS.items()):
        if shutil.which(tool) is not None:
            packages = sorted({names[place] for names in lacking.values()})
            return f"Install with: sudo {' '.join((*command, *packages))}"
    return "Install the packages of your system that hold them."


if __name__ == "__main__":
    sys.exit(main())
