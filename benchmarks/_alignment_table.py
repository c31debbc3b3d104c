"""Prints what `benchmarks.alignment_accuracy` found."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from tests.alignment.scoring import CATEGORIES, GOALS, LIMITS, Record, score

HEAD = (
    *("category", "method", "cases", *(f"< {limit:g} px" for limit in LIMITS)),
    *("median px", "refused", "wrong", "ms"),
)


def rows(records: Sequence[Record], *, conditions: bool = False) -> Iterator[tuple[str, ...]]:
    """Yield the cells of the table: per category and method, with `conditions` also per condition.

    Methods that take no such cases have no row.
    """
    counted = [r for r in records if r.counts]
    methods = list(dict.fromkeys(r.method for r in counted))
    for category, selects in CATEGORIES.items():
        own = [r for r in counted if selects(r)]
        for method in methods:
            of_it = [r for r in own if r.method == method]
            if of_it:
                yield category, method, *cells(of_it)
        if not conditions or category == "everything":
            continue
        for condition in dict.fromkeys(r.condition for r in own):
            for method in methods:
                of_it = [r for r in own if (r.method, r.condition) == (method, condition)]
                if of_it:
                    yield f"  {category}: {condition}", method, *cells(of_it)


def cells(records: Sequence[Record]) -> tuple[str, ...]:
    """Return the numbers of one row as text."""
    made = score(records)
    return (
        str(made.cases),
        *(_share(value) for value in made.below),
        "–" if math.isnan(made.median) else f"{made.median:.3f}",
        _share(made.refused),
        _share(made.wrong),
        "–" if math.isnan(made.ms) else f"{made.ms:.0f}",
    )


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{100 * value:.1f} %"


def table(records: Sequence[Record], *, conditions: bool = False) -> str:
    """Return the table as text for a terminal."""
    lines = [HEAD, *rows(records, conditions=conditions)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(HEAD))]
    shown = []
    for line in lines:
        first = (f"{cell:<{w}}" for cell, w in zip(line[:2], widths[:2], strict=True))
        rest = (f"{cell:>{w}}" for cell, w in zip(line[2:], widths[2:], strict=True))
        shown.append("  ".join((*first, *rest)))
    missing = sorted({r.model for r in records if not r.counts and r.method == "ours"})
    if missing:
        shown.append(f"Models that are not there yet: {', '.join(missing)}.")
    return "\n".join(shown)


def goals(records: Sequence[Record]) -> str:
    """Return which goals are reached by records of one method."""
    lines = []
    for goal in GOALS:
        found, enough = goal.reached([r for r in records if r.counts])
        lines.append(f"{'yes' if enough else 'NO ':3}  {goal.text}: {100 * found:.1f} %")
    return "\n".join(lines)
