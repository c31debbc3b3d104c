"""The rules of ARCHITECTURE.md that a machine can check: imports, and the length of files.

Imports are read from the source with `ast`, also those in functions and under TYPE_CHECKING.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("core", "cli", "gui", "resources")
OURS = {*PACKAGES, "tests", "benchmarks", "scripts"}
QT = {"PySide6", "shiboken6", "pyqtgraph", "pytestqt", "qtpy", "superqt", "qtawesome"}
PLUGINS = ("core.stages", "core.measures", "core.reports")
MAX_LINES = 300
LONGER: dict[str, str] = {}  # path: why it may be longer


@dataclass(frozen=True)
class Import:
    """One import: who imports what, where, and whether it happens when the module is loaded."""

    module: str
    target: str
    line: int
    at_load: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def sources() -> dict[str, Path]:
    """Module name -> file, for every module of the program."""
    files = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return {name_of(path): path for path in files}


@cache
def imports() -> tuple[Import, ...]:
    found: list[Import] = []
    for module, path in sources().items():
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        found += read(tree, module, is_package=path.name == "__init__.py")
    return tuple(found)


def read(tree: ast.AST, module: str, *, is_package: bool, at_load: bool = True) -> list[Import]:
    found: list[Import] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            found += [Import(module, a.name, node.lineno, at_load) for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                up = module.split(".")[: len(module.split(".")) - node.level + is_package]
                base = ".".join([*up, base] if base else up)
            for alias in node.names:  # `from core import io` imports the module core.io
                whole = f"{base}.{alias.name}"
                target = whole if whole in sources() else base
                found.append(Import(module, target, node.lineno, at_load))
        else:
            inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            later = inside or is_type_checking(node)
            found += read(node, module, is_package=is_package, at_load=at_load and not later)
    return found


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def top(name: str) -> str:
    return name.partition(".")[0]


def test_imports_are_found() -> None:
    """A reader that finds nothing would pass every rule below."""
    code = (
        "from __future__ import annotations\nimport numpy.linalg\nfrom core import types\n"
        "from . import sibling\nfrom ..color import Lab\n"
        "if TYPE_CHECKING:\n    import a\ndef f():\n    from gui.app import run\n"
    )
    read_in = {
        (i.target, i.at_load) for i in read(ast.parse(code), "core.stages.x", is_package=False)
    }
    assert read_in == {
        ("__future__", True),
        ("numpy.linalg", True),
        ("core.types", True),
        ("core.stages", True),
        ("core.color", True),
        ("a", False),
        ("gui.app", False),
    }
    assert {"core.types", "core.stages", "cli", "gui"} <= set(sources())


def test_core_knows_neither_qt_nor_window_nor_command_line() -> None:
    bad = [i for i in imports() if top(i.module) == "core" and top(i.target) in QT | {"gui", "cli"}]
    assert not bad, "\n".join(map(str, bad))


def test_core_imports_nothing_else_of_ours_but_resources() -> None:
    bad = [
        i
        for i in imports()
        if top(i.module) == "core" and top(i.target) in OURS - {"core", "resources"}
    ]
    assert not bad, "\n".join(map(str, bad))


def test_command_line_opens_the_window_only_from_within_a_function() -> None:
    bad = [
        i
        for i in imports()
        if top(i.module) == "cli" and top(i.target) in QT | {"gui"} and i.at_load
    ]
    assert not bad, "\n".join(map(str, bad))


def test_window_holds_no_image_maths() -> None:
    # Pixels are handed to QImage, counts to a plot.
    hand_over = {"gui.qimage", "gui.panels.plot"}
    forbidden = {"cv2", "scipy", "skimage", "pyvips", "OpenImageIO", "PIL"}
    bad = [
        i
        for i in imports()
        if top(i.module) == "gui"
        and (
            top(i.target) in forbidden | {"cli"}
            # A type is no maths: under TYPE_CHECKING numpy may be named everywhere.
            or (top(i.target) == "numpy" and i.at_load and i.module not in hand_over)
        )
    ]
    assert not bad, "\n".join(map(str, bad))


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("core.errors", set()),
        ("core.types", {"core.errors"}),
        ("core.settings", {"core.errors", "core.types"}),
        ("core.light", {"core.errors", "core.types", "core.settings"}),
        ("core.numbers", set()),
        (
            "core.color",
            {"core.errors", "core.types", "core.settings", "core.light", "core.numbers"},
        ),
    ],
)
def test_foundations_import_only_what_lies_below(module: str, allowed: set[str]) -> None:
    # Settings asks the registry, inside functions, which groups there are.
    late = {("core.settings", "core.registry")}
    bad = [
        i
        for i in imports()
        if i.module == module
        and top(i.target) in OURS
        and i.target not in allowed
        and ((i.module, i.target) not in late or i.at_load)
    ]
    assert not bad, "\n".join(map(str, bad))


def part(name: str, package: str) -> str:
    """Return which file or folder of a package a module is or lies in; empty for none of them."""
    return name.split(".")[package.count(".") + 1] if name.startswith(package + ".") else ""


@pytest.mark.parametrize("package", PLUGINS)
def test_plugins_do_not_import_a_sibling(package: str) -> None:
    """A name that begins with an underscore is a helper, shared and not found as a plug-in."""
    bad = []
    for i in imports():
        own, other = part(i.module, package), part(i.target, package)
        if own and other not in {"", own} and not other.startswith("_"):
            bad.append(i)
    assert not bad, "\n".join(map(str, bad))


def test_panels_do_not_import_each_other() -> None:
    """A panel is what the window puts in place; the parts that it is made of are its own affair."""
    package = "gui.panels"
    panels = {part(i.target, package) for i in imports() if not within(i.module, package)} - {""}
    bad = [
        i
        for i in imports()
        if within(i.module, package)
        and part(i.target, package) in panels - {part(i.module, package)}
    ]
    assert not bad, "\n".join(map(str, bad))


def test_stages_and_measures_do_not_reach_up() -> None:
    """What the pipeline calls must not know the pipeline."""
    above = {
        *("core.pipeline", "core.engine", "core.scheduler", "core.registry", "core.result"),
        *("core.reports", "core.io", "core.sequence", "core.diagnosis", "core.render"),
    }
    bad = [
        i
        for i in imports()
        if (within(i.module, "core.stages") or within(i.module, "core.measures"))
        and any(within(i.target, up) for up in above)
    ]
    assert not bad, "\n".join(map(str, bad))


def test_panels_and_views_know_neither_each_other_nor_who_decides() -> None:
    deciders = {"gui.controller", "gui.main_window", "gui.app", "gui.bridge", "gui.work"}
    bad = [
        i
        for own, other in (("gui.panels", "gui.views"), ("gui.views", "gui.panels"))
        for i in imports()
        if within(i.module, own) and (within(i.target, other) or i.target in deciders)
    ]
    assert not bad, "\n".join(map(str, bad))


def test_no_file_is_too_long() -> None:
    folders = (*PACKAGES, "tests", "benchmarks", "scripts")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in files
    }
    bad = {name: n for name, n in lengths.items() if n > MAX_LINES and name not in LONGER}
    assert not bad, bad


def loaded_after(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after some code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules, sep='\\n')"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {top(name) for name in done.stdout.split()}


def test_loading_all_of_core_loads_no_qt() -> None:
    names = [
        name for name in sources() if top(name) == "core" and name.split(".")[-1] != "__main__"
    ]
    loaded = loaded_after("".join(f"import {name}\n" for name in names))
    assert "core" in loaded
    assert not loaded & QT


def test_command_line_starts_light() -> None:
    loaded = loaded_after("import cli.__main__")
    assert "cli" in loaded
    heavy = {"OpenImageIO", "jinja2", "pyvips", "skimage", "scipy", "gui"}
    assert not loaded & (QT | heavy)
