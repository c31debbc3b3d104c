"""A result as lines of text."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

from core.alignment import facts as alignment
from core.device import verdict as verdict_of_devices
from core.format import (
    count,
    direction,
    interval_text,
    measure_text,
    number,
    size_text,
    verdict,
)
from core.jury import disagreements, verdicts
from core.metadata import rows
from core.places.results import MAIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.buffer import PictureInfo
    from core.result import Result
    from core.types import MeasureValue

MAX_REGIONS: Final = 10
WIDTH: Final = 100
"""Sentences are broken into lines of at most so many letters."""
_SAID: Final = ("Model", "Shift of B", "Turn", "Scale", "Bent", "Expected error", "Iterations")
"""Facts of an alignment that stand in its summary, or tell nobody anything here."""
_MARKS: Final = {False: "", True: "≠"}


class Paint:
    """Colours for a terminal; plain text when they are off."""

    def __init__(self, *, on: bool) -> None:
        self._on = on

    def _code(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._on else text

    def bold(self, text: str) -> str:
        """Return the text in bold."""
        return self._code("1", text)

    def dim(self, text: str) -> str:
        """Return the text less bright."""
        return self._code("2", text)

    def good(self, text: str) -> str:
        """Return the text in bold green."""
        return self._code("1;32", text)

    def bad(self, text: str) -> str:
        """Return the text in bold red."""
        return self._code("1;31", text)

    def warn(self, text: str) -> str:
        """Return the text in yellow."""
        return self._code("33", text)


def lines(result: Result, paint: Paint, *, metadata: bool = False) -> list[str]:
    """Return the whole answer as lines: pictures, notices, measures, regions, verdict.

    With `metadata` what the files say stands after the pictures; without, one line says so where
    their cameras or settings differ.
    """
    end = paint.bad if result.differs else paint.good
    blocks = [
        [*_pictures(result, paint), *_steps(result, paint), *_alignment(result, paint)],
        [*_notices(result, paint, device=not metadata)],
        [*_metadata(result, paint)] if metadata else [],
        _measures(result, paint),
        _disagreements(result, paint),
        _places(result, paint),
        _regions(result, paint),
        _region_measures(result, paint),
        [end(verdict(result))],
    ]
    return [line for block in blocks if block for line in (*block, "")][:-1]


def _pictures(result: Result, paint: Paint) -> Iterable[str]:
    rows = [("A", *_facts(result.a)), ("B", *_facts(result.b))]
    for letter, name, *facts in _aligned(rows, "<<><"):
        yield "  ".join([paint.bold(letter), name, *(paint.dim(f) for f in facts)]).rstrip()


def _facts(info: PictureInfo) -> tuple[str, str, str]:
    depth = f"{info.dtype}, {count(info.channels, 'channel', 'channels')}"
    return info.address or info.name, size_text(info.width, info.height), depth


def _steps(result: Result, paint: Paint) -> Iterable[str]:
    """What the values are, where it is known, and the groups that are on, with what they found."""
    on = [p for p in result.settings.params if p.toggle and p.enabled]
    rows = [("Values", result.values)] if result.values else []
    rows += [(p.title, result.summaries.get(p.name, "")) for p in on]
    for title, summary in _aligned(rows, "<<"):
        yield f"{title}  {paint.dim(summary)}".rstrip()


def _alignment(result: Result, paint: Paint) -> Iterable[str]:
    """What align took and why, and how far to believe it; a refusal is a notice."""
    found = result.alignment
    if found is None or not found.accepted:
        return
    known = alignment.facts(found, (result.a.height, result.a.width))
    said = [f"{alignment.model_text(found)}: {found.reason}"]
    said += ["; ".join(f"{name}: {text}" for name, text in known if name not in _SAID)]
    for text in said:
        for line in wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  "):
            yield paint.dim(line)


def _notices(result: Result, paint: Paint, *, device: bool) -> Iterable[str]:
    for notice in result.notices:
        yield _notice(notice.severity, notice.text, paint)
    made = verdict_of_devices(result.a, result.b)
    if device and made.differs:
        yield _notice("info", made.text, paint)


def _metadata(result: Result, paint: Paint) -> Iterable[str]:
    made = rows(result.a, result.b)
    cells = [("", "", "A", "B"), *((r.label, _MARKS[r.differs], r.a, r.b) for r in made)]
    head, *body = ("  ".join(row).rstrip() for row in _aligned(cells, "<<<<"))
    yield paint.dim(head)
    for row, line in zip(made, body, strict=True):
        yield paint.bold(line) if row.differs else line
    yield verdict_of_devices(result.a, result.b).text


def _notice(severity: str, text: str, paint: Paint) -> str:
    return paint.warn(f"warning: {text}") if severity == "warning" else f"note: {text}"


def _measures(result: Result, paint: Paint) -> list[str]:
    rows, said = [], verdicts(result.measures)
    for name, m in result.measures.items():
        value, _, unit = measure_text(m).partition(" ")
        word = said[name].word if name in said else ""
        where = f"at {m.at[1]}, {m.at[0]}" if m.at else ""
        pixels = f"{number(m.pixels)} px"
        rows.append((m.label, value, unit, word, direction(m), interval_text(m), pixels, where))
    made = []
    for label, value, unit, word, *facts in _aligned(rows, "<><<<<><"):
        rest = "  ".join(fact for fact in facts if fact)  # a column of blanks is not empty
        made.append(f"{label}  {paint.bold(value)} {unit}  {word}  {paint.dim(rest.rstrip())}")
    return made


def _disagreements(result: Result, paint: Paint) -> list[str]:
    found = disagreements(result.measures, result.settings)
    if not found:
        return []
    head = paint.bold(count(len(found), "disagreement", "disagreements"))
    wrapped = [wrap(d.text, WIDTH, initial_indent="- ", subsequent_indent="  ") for d in found]
    return [head, *(line for lines in wrapped for line in lines)]


def _regions(result: Result, paint: Paint) -> list[str]:
    if not result.regions:
        return []
    listed = result.regions[:MAX_REGIONS]
    rows = [("", "x", "y", "size", "pixels", "mean", "peak")]
    for k, r in enumerate(listed, 1):
        size = size_text(r.rect.width, r.rect.height)
        facts = (number(r.area), number(r.mean), number(r.peak))
        rows.append((str(k), str(r.rect.col), str(r.rect.row), size, *facts))
    head, *body = ("  ".join(row) for row in _aligned(rows, ">>>>>>>"))
    made = [paint.bold(count(result.region_count, "region", "regions")), paint.dim(head), *body]
    left = result.region_count - len(listed)
    return [*made, paint.dim(f"… and {number(left)} more")] if left > 0 else made


def _places(result: Result, paint: Paint) -> list[str]:
    if not result.places:
        return []
    facts = [(p.name, p.shape, number(p.tolerance), number(p.pixels)) for p in result.places]
    head, *body = _table(
        ("", "place", "tolerance", "pixels"), "<<>>", facts, [p.measures for p in result.places]
    )
    return [paint.bold(count(len(facts), "place", "places")), paint.dim(head), *body]


def _region_measures(result: Result, paint: Paint) -> list[str]:
    if not result.region_measures:
        return []
    names = [(str(k),) for k in range(1, len(result.region_measures) + 1)]
    head, *body = _table(("",), ">", names, result.region_measures)
    return [paint.bold("Measures of the regions’ rectangles"), paint.dim(head), *body]


def _table(
    head: tuple[str, ...], sides: str, facts: Sequence[tuple[str, ...]],
    measures: Sequence[Mapping[str, MeasureValue]],
) -> Iterable[str]:  # fmt: skip
    """Return lines with the measures of each row behind what is said about it."""
    columns = [name for name in MAIN if name in measures[0]]
    rows = [(*head, *(MAIN[name] for name in columns))]
    for said, values in zip(facts, measures, strict=True):
        rows.append((*said, *(measure_text(values[name]) for name in columns)))
    for row in _aligned(rows, sides + ">" * len(columns)):
        yield "  ".join(row)


def _aligned(rows: Sequence[Sequence[str]], sides: str) -> list[list[str]]:
    """Pad each column to its widest cell, to the left (``<``) or right (``>``)."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        [f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True)]
        for row in rows
    ]
