"""Report formats, one file each, and what they are made from.

A format file declares ``SUFFIX`` (``".html"``), ``TITLE`` (what a save dialog shows) and
``write(report, path)``, which writes a whole file at a path that it may overwrite. It is found by
looking in this folder. A format imports `core.format`, `core.types` and the private helpers here,
never a sibling.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.atomic import replacing
from core.errors import WriteError
from core.format import number
from core.map_kinds import KINDS
from core.recipes import command_line
from core.registry import modules
from core.result import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.render import Look
    from core.result import Request, Result
    from core.tone import Tone
    from core.types import MapKind, Pixels

MAX_PIXELS: Final = 1600 * 1200
"""How large the pictures of a report may be: sharp on paper, and a page that mails easily."""


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A result, and what else a page needs so that another person can trust and repeat it.

    Attributes
    ----------
    result
        The numbers.
    a, b
        uint8 RGB overviews of the pictures laid on each other (after fit and align, before the
        stages that change values), (h, w, 3).
    heat
        uint8 RGB overview of the difference map over the same pixels.
    step
        Canvas pixels per overview pixel.
    ramp
        (256, 3) uint8 RGB: the colours of the map, from `low` to `high`.
    low, high
        The differences painted in the first and the last colour.
    unit
        Their unit.
    colormap
        Name of the colours.
    command
        The command that repeats the comparison.
    created
        When, ISO 8601.
    versions
        Program or library -> version.
    tone
        How the pictures are shown when it is not as they are, e.g. ``"+2 EV"``; else empty.
    ends
        The legend's first and last number as text: ``"≥ 64"`` where the last colour also stands for
        what is larger.
    """

    result: Result
    a: Pixels
    b: Pixels
    heat: Pixels
    step: int
    ramp: Pixels
    low: float
    high: float
    unit: str
    colormap: str
    command: str
    created: str
    versions: Mapping[str, str] = field(default_factory=dict)
    tone: str = ""
    ends: tuple[str, str] = ("", "")


def formats() -> dict[str, Any]:
    """Return suffix -> format module, in the order of their titles."""
    found = [m for m in modules("core.reports") if hasattr(m, "SUFFIX")]
    return {m.SUFFIX: m for m in sorted(found, key=lambda m: str(m.TITLE))}


def format_of(path: str | Path) -> Any:
    """Return the format module for a file name: the longest suffix that fits.

    Raises
    ------
    WriteError
        For a suffix that no format has; lists those there are.
    """
    name, known = Path(path).name.lower(), formats()
    fitting = [s for s in known if name.endswith(s)]
    if not fitting:
        words = ", ".join(sorted(known))
        raise WriteError(f"“{path}” is not a report's name; let it end in one of: {words}.")
    return known[max(fitting, key=len)]


def write_report(report: Report, path: str | Path) -> None:
    """Write a report in the format that its suffix says; never leaves half a file.

    Raises
    ------
    WriteError
        For an unknown suffix, or when the file cannot be written.
    """
    chosen = format_of(path)
    with replacing(path, "report") as temporary:
        chosen.write(report, temporary)


def versions() -> dict[str, str]:
    """Return the versions of everything that has a part in the numbers."""
    return {
        "Pairlens": VERSION,
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "OpenCV": cv2.__version__,
    }


def now() -> str:
    """Return the time in ISO 8601, to the second, with the offset from UTC."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def make_report(
    request: Request,
    result: Result,
    *,
    look: Look | None = None,
    tone: Tone | None = None,
    created: str | None = None,
) -> Report:
    """Render the pictures that a report shows and put everything together.

    Parameters
    ----------
    request, result
        A question and its exact answer.
    look
        Colours of the difference map; the window's own, or the defaults.
    tone
        Brightness of the pictures; as they are when None.
    created
        ISO time to print; now when None.
    """
    from core.render import Side, originals, overview  # noqa: PLC0415 - loads the whole pipeline
    from core.tone import NEUTRAL  # noqa: PLC0415 - loads OpenCV's part of the pipeline

    chosen = default_look(result.map.kind) if look is None else look
    laid = replace(request, settings=originals(request.settings))
    shown = NEUTRAL if tone is None else tone
    a, b, heat = (overview(laid, result, side, chosen, MAX_PIXELS, tone=shown) for side in Side)
    low, ramp = _legend(result.map.kind, chosen)
    return Report(
        result=result,
        a=a.rgb,
        b=b.rgb,
        heat=heat.rgb,
        step=2**heat.level,
        ramp=ramp,
        low=low,
        high=chosen.high,
        unit=result.map.unit,
        colormap=chosen.colormap,
        command=command_line(result.settings, result.a.address, result.b.address, _reading(result)),
        created=now() if created is None else created,
        versions=versions(),
        tone=shown.words,
        ends=_ends(result, low, chosen.high),
    )


def _ends(result: Result, low: float, high: float) -> tuple[str, str]:
    if high >= result.map.high and not result.map.beyond:
        return number(low), number(high)
    return f"≤ {number(low)}" if low < 0 else number(low), f"≥ {number(high)}"


def _reading(result: Result) -> list[str]:
    """Return the flag that reads the files as they were read, if any."""
    from core.io.reading import AS_STORED  # noqa: PLC0415 - loads every reader of pictures

    unused = any(n.code == "icc" and n.severity == "info" for n in result.notices)
    return [AS_STORED] if unused else []


def default_look(kind: MapKind) -> Look:
    """Return how a map of a kind is painted when nobody chose: its strong values in full colour."""
    from core.render import Look as PaintedLook  # noqa: PLC0415 - loads the whole pipeline

    info = KINDS[kind]
    return PaintedLook("blue-orange" if info.signed else "inferno", info.start)


def _legend(kind: MapKind, look: Look) -> tuple[float, Pixels]:
    """Return the value of the first colour, and the 256 colours from there up to ``look.high``."""
    from core.colormaps import is_diverging, lut  # noqa: PLC0415 - not for a JSON report

    table = lut(look.colormap)
    if not is_diverging(look.colormap):
        return 0.0, table
    if kind == "signed":
        return -look.high, table
    return 0.0, np.ascontiguousarray(table[128:].repeat(2, axis=0))  # zero is in the middle
