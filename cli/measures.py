"""``pairlens measures``: every measure, what it answers, and when it lies."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING

from cli.flags import Parser

if TYPE_CHECKING:
    from collections.abc import Sequence

ABOUT = "Lists every measure: what it answers, and when it lies."


def run(words: Sequence[str]) -> int:
    """Print each measure's name, label and help under its heading; return the exit status."""
    from core.catalogue import entries  # noqa: PLC0415 - not needed for --help

    Parser(prog="pairlens measures", description=ABOUT).parse_args(words)
    width = min(shutil.get_terminal_size().columns, 100)
    heading = ""
    for entry in entries().values():
        if entry.group != heading:
            print("\n" * bool(heading) + entry.group)
            heading = entry.group
        unit = f", {entry.unit}" if entry.unit and entry.unit != "share" else ""
        asked = "" if entry.default else "  (only when asked for: --measures)"
        print(f"  {entry.name}: {entry.label}{unit}{asked}")
        print(textwrap.indent(textwrap.fill(entry.help, width - 6), "      "))
    return 0
