"""``pairlens recipes``: the built-in recipes, and why they are as they are."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING

from cli.flags import Parser

if TYPE_CHECKING:
    from collections.abc import Sequence

ABOUT = "Lists the built-in recipes with their reasons."


def run(words: Sequence[str]) -> int:
    """Print each recipe's name, reasons and flags; return the exit status."""
    from core import recipes  # noqa: PLC0415 - not needed for --help

    Parser(prog="pairlens recipes", description=ABOUT).parse_args(words)
    width = min(shutil.get_terminal_size().columns, 100)
    for k, name in enumerate(recipes.names()):
        print("\n" * bool(k) + name)
        print(textwrap.indent(textwrap.fill(recipes.describe(name), width - 2), "  "))
        flags = " ".join(recipes.arguments(recipes.load(name)))
        print(f"  = {flags or '(defaults)'}")
    return 0
