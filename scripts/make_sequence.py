"""Writes the tables and the picture of memory of docs/sequence.md.

    scripts/make_sequence.py [foreground] [damage] [small] [offsets] [speed] [memory]

What stands between the marks ``<!-- made: … -->`` and ``<!-- end -->`` is made anew, all of it or
what is named; the rest of the page is written by hand. ``memory`` runs ``pairlens sequence`` over a
video of 10,000 frames, and makes docs/pictures/sequence-memory.png (Linux).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import core  # noqa: E402, F401 - settles what NumPy reads at its start: before it is loaded

# isort: split
import pyvips  # noqa: E402 - needs the path above
from _noise_plot import drawn  # noqa: E402 - the same
from _sequence_memory import measured, panel  # noqa: E402 - the same
from _sequence_memory import memory as memory_table  # noqa: E402 - the same
from _sequence_speed import speed  # noqa: E402 - the same
from _sequence_tables import damage, foreground, offsets, small  # noqa: E402 - the same

PAGE: Final = ROOT / "docs" / "sequence.md"
PICTURE: Final = ROOT / "docs" / "pictures" / "sequence-memory.png"
_PART: Final = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->\n)", re.DOTALL)


def memory() -> str:
    """Make the picture of the memory; return its table."""
    run = measured()
    image = pyvips.Image.svgload_buffer(drawn((panel(run),)).encode(), scale=1.5)
    image.write_to_file(str(PICTURE), compression=9, palette=True, Q=100)
    return memory_table(run)


PARTS: Final[dict[str, Callable[[], str]]] = {
    f.__name__: f for f in (foreground, damage, small, offsets, speed, memory)
}


def main() -> int:
    """Write the page and the picture."""
    wanted = set(sys.argv[1:]) or set(PARTS)
    if unknown := wanted - set(PARTS):
        print(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
        return 2

    def made(part: re.Match[str]) -> str:
        if part[2] not in wanted:
            return part[0]
        return f"{part[1]}\n{PARTS[part[2]]()}\n{part[3]}"

    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_PART.sub(made, text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
