"""Whole processes: ``pairlens compare`` on a small pair, against loading NumPy and OpenCV."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import cv2

from benchmarks._pictures import arrays
from benchmarks._run import ROOT, Case, main

_SIZE = (640, 427)


@cache
def _temporary() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="pairlens-bench-")  # removed at the end


def _folder() -> Path:
    return Path(_temporary().name)


@cache
def _environment() -> dict[str, str]:
    """Return variables with which byte code is kept, as it is where a program is installed."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    kept.pop("OPENBLAS_NUM_THREADS", None)  # set by our own program, not by the peer's
    return {**kept, "PYTHONPYCACHEPREFIX": str(_folder() / "bytecode")}


@cache
def _files() -> tuple[str, str]:
    folder = _folder()
    names = str(folder / "a.png"), str(folder / "b.png")
    for name, picture in zip(names, arrays(12), strict=True):
        small = cv2.resize(picture, _SIZE, interpolation=cv2.INTER_AREA)
        cv2.imwrite(name, cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
    return names


def _python(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=_environment(), check=False, capture_output=True
    )
    if done.returncode > 1:  # 1: the pictures differ
        raise RuntimeError(done.stderr.decode())


def time_compare() -> None:
    _python("-m", "cli", "compare", *_files())


def time_compare_json() -> None:
    _python("-m", "cli", "compare", *_files(), "--json", "-")


def time_version() -> None:
    _python("-m", "cli", "--version")


def time_numpy_and_cv2() -> None:
    _python("-c", "import numpy, cv2")


def time_python() -> None:
    _python("-c", "pass")


CASES = (
    Case("pairlens compare, 640 × 427", time_compare, time_numpy_and_cv2, slower=2.5),
    Case("pairlens compare --json -", time_compare_json, time_numpy_and_cv2, slower=2.5),
    Case("pairlens --version, against python", time_version, time_python),
)

if __name__ == "__main__":
    sys.exit(main(CASES))
