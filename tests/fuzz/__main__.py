"""Fuzzing by hand, for as long as you like, guided by what the readers' own code does with bytes.

``pip install atheris``, then ``python -m tests.fuzz -max_total_time=600 FOLDER``; FOLDER keeps
what was found, and is filled with sound files of every format first. Reading happens in this
process: a decoder that crashes ends the run and leaves the file that did it.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["core"]):
    import core.io

    for module in pkgutil.walk_packages(core.io.__path__, "core.io."):
        if not module.name.startswith("core.io.isolation"):
            importlib.import_module(module.name)
    from core.io.address import Part
    from tests.bad.samples import samples
    from tests.fuzz.target import try_bytes


def main() -> None:
    """Run until told to stop."""
    for word in sys.argv[1:]:
        if not word.startswith("-"):
            Path(word).mkdir(parents=True, exist_ok=True)
            for suffix, data in samples().items():
                Path(word, f"seed.{suffix}").write_bytes(data)
    with tempfile.TemporaryDirectory(prefix="pairlens-fuzz-") as folder:
        path = Path(folder, "picture")

        def one(data: bytes) -> None:
            try_bytes(data, path, Part(page=len(data) % 3))

        atheris.Setup(sys.argv, one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
