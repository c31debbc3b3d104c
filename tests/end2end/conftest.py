"""Runs scenarios as programs on the private X server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
Run = "Callable[..., dict[str, Any]]"


@pytest.fixture
def scenario(x11_env: dict[str, str]) -> Callable[..., dict[str, Any]]:
    """Return a function that runs a scenario of `tests.end2end.scenarios` and returns its facts."""

    def run(name: str, *words: object) -> dict[str, Any]:
        command = [sys.executable, "-m", "tests.end2end.scenarios", name, *map(str, words)]
        done = subprocess.run(
            command, cwd=ROOT, env=x11_env, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        facts: dict[str, Any] = json.loads(done.stdout)
        return facts

    return run
