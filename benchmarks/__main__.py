"""``python -m benchmarks [word…]``: run all benchmarks, or those with a word in their name."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

from benchmarks._run import main

HERE = str(Path(__file__).parent)
NAMES = sorted(m.name for m in pkgutil.iter_modules([HERE]) if m.name[0] != "_")

if __name__ == "__main__":
    sys.exit(main([c for n in NAMES for c in importlib.import_module(f"benchmarks.{n}").CASES]))
