"""Writes the tables of docs/formats.md from the cases that the tests open, and decode.json.

What stands between the marks ``<!-- made: … -->`` and ``<!-- end -->`` is replaced; the rest of the
page is written by hand.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.io.kinds import KINDS  # noqa: E402 - needs the path above

NUMBERS: Final = ROOT / "docs" / "decode.json"
PAGE: Final = ROOT / "docs" / "formats.md"
_PART: Final = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->\n)", re.DOTALL)


def overview(cases: tuple[Any, ...], depths: tuple[str, ...]) -> str:
    """Return the table of format × depth; each colour in it leads to its case."""
    lines = [_row(["Format", *depths, "several pages"]), _row(["---"] * (len(depths) + 2))]
    for title in _titles(cases):
        own = [c for c in cases if c.title == title]
        cells = [[_link(c) for c in own if c.depth == d and c.pages == 1] for d in depths]
        pages = [_link(c) for c in own if c.pages > 1]
        lines.append(_row([f"**{title}**", *(", ".join(c) for c in [*cells, pages])]))
    return "\n".join(lines) + "\n"


def details(cases: tuple[Any, ...]) -> str:
    """Return the table of the cases themselves."""
    head = ["Test", "Format", "Depth", "Colour", "Pages", "Suffix", "Written by", "May be off by"]
    lines = [_row(head), _row(["---"] * len(head))]
    for title in _titles(cases):
        for c in (c for c in cases if c.title == title):
            anchor = f'<a id="{c.name}"></a>`{c.name}`'
            off = f"{c.off:g}: {c.why}" if c.off else "0"
            lines.append(
                _row([anchor, title, c.depth, c.colour, str(c.pages), c.suffix, c.writer, off])
            )
    return "\n".join(lines) + "\n"


def speed() -> str:
    """Return the table of decode times that ``python -m benchmarks.decode --write`` kept."""
    kept = json.loads(NUMBERS.read_text(encoding="utf-8"))
    names = ["ours", *kept["peers"]]
    lines = [_row(["12 MP, milliseconds", *names]), _row(["---", *["---:"] * len(names)])]
    for title, found in kept["milliseconds"].items():
        fastest = min(found.values())
        cells = [found.get(name) for name in names]
        shown = ["–" if c is None else f"{c:,.0f}" for c in cells]
        bold = [f"**{s}**" if c == fastest else s for c, s in zip(cells, shown, strict=True)]
        lines.append(_row([title, *bold]))
    versions = ", ".join(f"{name} {number}" for name, number in kept["versions"].items())
    return "\n".join(lines) + f"\n\nMeasured with {versions} on {kept['machine']}.\n"


def with_tables(text: str) -> str:
    """Return the page with its tables made anew."""
    module = importlib.import_module("tests.core.io.formats._case")
    cases = module.all_cases()
    tables: dict[str, Callable[[], str]] = {
        "overview": partial(overview, cases, module.DEPTHS),
        "details": partial(details, cases),
        "speed": speed,
    }
    return _PART.sub(lambda found: f"{found[1]}\n{tables[found[2]]()}\n{found[3]}", text)


def _titles(cases: tuple[Any, ...]) -> list[str]:
    """Return the formats that have a case, in the order in which they are told apart."""
    found = {c.title for c in cases}
    return [t for t in dict.fromkeys(kind.title for kind in KINDS) if t in found]


def _link(case: Any) -> str:
    words = f"{case.colour} × {case.pages}" if case.pages > 1 else case.colour
    return f"[{words}](#{case.name})"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Write the page."""
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
