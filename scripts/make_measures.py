"""Writes the tables of docs/measures.md from the catalogue, the cases of the tests, and time.

What stands between the marks ``<!-- made: … -->`` and ``<!-- end -->`` is replaced; the rest of the
page is written by hand. With ``--speed [word…]`` the benchmarks of the measures (those with a word
in their name) are run first, and kept in docs/measure-speed.json.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.catalogue import entries  # noqa: E402 - needs the path above
from core.map_kinds import KINDS  # noqa: E402

NUMBERS: Final = ROOT / "docs" / "measure-speed.json"
PAGE: Final = ROOT / "docs" / "measures.md"
BENCHMARKS: Final = ("measures", "structure", "colors", "flip", "counts")
PEERS: Final = ("scikit-image", "flip-evaluator", "numpy", "opencv-python-headless")
_PART: Final = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->\n)", re.DOTALL)
_GROUP_COLUMNS: Final = (
    "Measure", "What it answers, and when it lies", "Unit", "Better", "Made", "Map",
)  # fmt: skip
_PARITY_COLUMNS: Final = ("Measure", "Oracle", "On", "At most", "Found at most")


def groups() -> str:
    """Return a table for each group of measures."""
    lines: list[str] = []
    for group in dict.fromkeys(e.group for e in entries().values()):
        lines += [f"### {group}", ""]
        lines += _head(*_GROUP_COLUMNS)
        for e in (e for e in entries().values() if e.group == group):
            made = "by default" if e.default else "on demand"
            maps = ", ".join(KINDS[kind].label for kind in e.maps)
            name = f"{e.label}<br>`{e.name}`"
            lines.append(_row(name, e.help, e.unit or "–", e.better, made, maps or "–"))
        lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def scenes() -> str:
    """Return the table of the pictures on which parity is measured."""
    module: Any = importlib.import_module("tests.core.measures.parity._scenes")
    lines = _head("Set", "Name", "Pixels", "Kind", "A; what was done to it for B")
    for title, names in module.SETS.items():
        for name in names:
            s = module.scene(name)
            lines.append(_row(title, name, s.size, f"{s.kind}, {s.depth}", s.about))
    return "\n".join(lines) + "\n"


def parity(found: Mapping[str, str]) -> str:
    """Return the parity table; `found` has the last cell by all that stands before it."""
    lines = _head(*_PARITY_COLUMNS)
    for row in rows():
        start = before(row)
        lines.append(f"{start}{found.get(start, '–')} |")
    return "\n".join(lines) + "\n"


def traits() -> str:
    """Return the table of what becomes of gray, alpha, light and small pictures."""
    module: Any = importlib.import_module("tests.core.measures.parity._traits")
    lines = _head(
        "Measures", "Gray", "Alpha", "Beyond white", "Linear light", "After *edges*", "Smallest"
    )
    by_row: dict[tuple[str, Any], list[str]] = {}
    for name, trait in module.traits().items():
        by_row.setdefault((entries()[name].group, trait), []).append(f"`{name}`")
    for (_, t), names in by_row.items():
        lines.append(
            _row(
                ", ".join(names),
                "as R = G = B" if t.gray else "one channel, not three",
                "one more channel" if t.alpha else "left out",
                "counts" if t.beyond else "is white",
                "as it looks" if t.light else "as it is",
                "yes" if t.edges else "no number",
                f"{t.side} × {t.side}",
            )
        )
    return "\n".join(lines) + "\n"


def speed() -> str:
    """Return the table of times that ``--speed`` kept."""
    found = json.loads(NUMBERS.read_text(encoding="utf-8"))
    lines = [_row(*found["head"]), _row("---", *["---:"] * (len(found["head"]) - 2), "---")]
    lines += [_row(*cells) for cells in found["rows"]]
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    return "\n".join(lines) + f"\n\nMeasured with {versions} on {found['machine']}.\n"


def with_tables(text: str, found: Mapping[str, str]) -> str:
    """Return the page with its tables made anew; `found` as for `parity`."""
    tables = {
        "groups": groups,
        "scenes": scenes,
        "parity": lambda: parity(found),
        "traits": traits,
        "speed": speed,
    }
    return _PART.sub(lambda part: f"{part[1]}\n{tables[part[2]]()}\n{part[3]}", text)


def kept(text: str) -> dict[str, str]:
    """Return what the page says has been found, for `parity`."""
    rows = (line.removesuffix(" |") for line in text.splitlines() if line.endswith(" |"))
    split = (row.rpartition("| ") for row in rows)
    return {before + bar: cell for before, bar, cell in split}


def measured() -> dict[str, str]:
    """Measure the largest deviation of each case, and say so."""
    module, found = _case_module(), {}
    for row in rows():
        if hasattr(row, "deviation"):
            largest, scene = row.deviation()
            shown = f"{module.brief(largest)} ({scene})" if largest else "0"
            print(f"{before(row)}{shown} |", flush=True)
            found[before(row)] = shown
    return found


def rows() -> Sequence[Any]:
    """Return what the parity table is made of."""
    return tuple(_case_module().all_rows())


def _case_module() -> Any:
    return importlib.import_module("tests.core.measures.parity._case")


def before(row: Any) -> str:
    """Return a row of the parity table as far as it does not depend on the machine."""
    if hasattr(row, "instead"):
        cells = [", ".join(f"`{n}`" for n in row.measures), row.instead, "", ""]
    else:
        limit = f"{row.limit}: {row.why}" if row.why else row.limit
        cells = [row.title, row.oracle, row.on, limit]
    return f"{_row(*cells)} "


def _head(*titles: str) -> list[str]:
    return [_row(*titles), _row(*["---"] * len(titles))]


def _row(*cells: str) -> str:
    return f"| {' | '.join(c.replace('|', chr(92) + '|') for c in cells)} |"


def benchmark(words: Sequence[str]) -> None:
    """Run the benchmarks with a word in their name (all without one), and keep what they give."""
    runner: Any = importlib.import_module("benchmarks._run")
    known: dict[str, list[list[str]]] = {}
    for case, before in _cases():
        chosen = not words or any(w.lower() in case.words for w in words)
        if chosen:
            print(f"{case.title} …", flush=True)
            known[case.title] = [list(cells) for cells in runner.rows(case)]
            print(*known[case.title], sep="\n", flush=True)
        elif before:
            known[case.title] = before
    numbers = {
        "machine": f"{os.cpu_count()} cores of {platform.machine()}, {platform.system()}",
        "versions": {name: version(name) for name in PEERS},
        "head": list(runner.HEAD),
        "rows": [cells for found in known.values() for cells in found],
    }
    text = json.dumps(numbers, indent=1, ensure_ascii=False)
    NUMBERS.write_text(text + "\n", encoding="utf-8")


def _cases() -> Iterator[tuple[Any, list[list[str]]]]:
    """Yield the benchmarks, each with the rows that are kept of it."""
    old = json.loads(NUMBERS.read_text(encoding="utf-8"))["rows"] if NUMBERS.exists() else []
    for name in BENCHMARKS:
        for case in importlib.import_module(f"benchmarks.{name}").CASES:
            yield case, [cells for cells in old if cells[0] == case.title]


def main() -> int:
    """Write the page."""
    if sys.argv[1:2] == ["--speed"]:
        benchmark(sys.argv[2:])
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_tables(text, measured()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
