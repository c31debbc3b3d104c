"""What holds for the project as a whole: one version, everything packed, nothing of one machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import resources
from core.result import VERSION

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BINARY = {".png", ".jpg", ".jpeg", ".ttf", ".woff2", ".ico", ".icns", ".tiff", ".exr", ".mp4"}
# Written so that this file does not match itself.
MACHINE_PATH = re.compile(r"/(?:wor[k]|hom[e]|roo[t]|User[s])/[\w.]|/tm[p]/\w|[A-Z]:\\Users")


def tracked() -> list[Path]:
    """Return every file that git knows, or would take in."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    names = filter(None, done.stdout.decode().split("\0"))
    return [path for name in names if (path := ROOT / name).is_file()]


def test_version_is_one() -> None:
    assert PROJECT["project"]["version"] == VERSION


def test_no_file_names_a_place_on_one_machine() -> None:
    assert MACHINE_PATH.search("x = '/" + "home/ida/a.png'")
    files = tracked()
    assert ROOT / "pyproject.toml" in files
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in files
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert not found, "\n".join(found)


def test_every_resource_is_packed() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["resources"]
    packed = {path for pattern in patterns for path in (ROOT / "resources").glob(pattern)}
    wanted = {path for path in tracked() if path.is_relative_to(ROOT / "resources")}
    assert wanted
    assert not wanted - packed


def test_every_module_is_packed() -> None:
    """Only folders with an ``__init__.py`` are packages that the build finds."""
    include = PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    roots = [ROOT / name for name in include if f"{name}.*" in include]
    folders = {path.parent for root in roots for path in root.rglob("*.py")}
    assert {ROOT / "core", ROOT / "core" / "stages", ROOT / "gui"} <= folders
    bare = [str(f.relative_to(ROOT)) for f in folders if not (f / "__init__.py").is_file()]
    assert not bare


def test_resources_are_found_by_name() -> None:
    assert resources.path("samples").is_dir()
    for pair in ("desk", "screenshot"):
        a, b = resources.sample_pair(pair)
        assert (a.stem, b.stem) == (f"{pair}-a", f"{pair}-b")
        assert resources.path(f"samples/{a.name}") == a


def test_unknown_resources_are_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.svg"):
        resources.path("nowhere.svg")
    with pytest.raises(FileNotFoundError, match="desk, screenshot"):
        resources.sample_pair("nothing")


def test_system_check_is_silent_when_nothing_is_missing() -> None:
    """The tests run, so what they need is there."""
    done = _check_system(dict(os.environ), "test")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks only on Linux")
def test_system_check_asks_for_a_display() -> None:
    bare = {k: v for k, v in os.environ.items() if "DISPLAY" not in k and k[:3] != "QT_"}
    done = _check_system(bare, "window")
    assert done.returncode == 1
    assert "no display" in done.stdout
    assert _check_system({**bare, "DISPLAY": ":0"}, "window").returncode == 0


def _check_system(env: dict[str, str], purpose: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / "scripts" / "check_system.py"
    command = [sys.executable, str(script), purpose]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)
