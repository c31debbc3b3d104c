"""Any measure of the engine over the frames of a sequence.

Each frame is A, and what it is compared with is B, as the window shows them: so a value of the
curve is the number that stands in the window's table under the same settings.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from contextlib import closing
from typing import TYPE_CHECKING, Final, cast

from core import registry
from core.difference import DifferenceParams
from core.engine import compare
from core.errors import CompareError
from core.regions.rule import RegionParams
from core.sequence.companions import Companion, Companions, companion
from core.sequence.params import Against
from core.sequence.sources.ahead import ahead
from core.sequence.states import version
from core.types import MapKind
from core.wanted import MeasuresParams, chosen

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from core.measures import Measure
    from core.sequence.archive import Archive
    from core.sequence.survey import Question
    from core.sequence.types import Frame
    from core.settings import Settings
    from core.types import Token

__all__ = ["Companion", "Companions", "companion", "measure_key", "measured"]

_STORE_EVERY: Final = 0.5
"""Seconds after which values that were made are stored."""


def measured(
    question: Question, name: str, settings: Settings, archive: Archive, token: Token
) -> Iterator[tuple[int, float]]:
    """Yield the values of a measure by frame: those that are stored at once, then the others.

    Against the background only frames that the pass has looked at are measured; of live sources,
    what is stored is all there is. Where a frame cannot be compared, or with itself alone, the
    value is nan, as in the results of the pass.

    Parameters
    ----------
    question
        Says which frames, and with what they are compared.
    name
        Of the measure.
    settings
        What happens to the pictures first; of what only other numbers depend on, nothing matters.
    archive
        Where values are stored.
    token
        Looked at between frames, and within.

    Raises
    ------
    SettingsError
        When there is no measure of this name.
    Cancelled
        When the token is cancelled; what was made is stored.
    ReadError
        When a source can no longer be read.
    """
    (family,), _ = chosen(registry.measures(), settings, frozenset({name}))
    settings = _deciding(settings, family)
    key = _key(settings)
    known = archive.measure(key, name)
    yield from known.items()
    missing = [] if question.live else [i for i in _frames(question, archive) if i not in known]
    made: dict[int, float] = {}
    stored = time.monotonic()
    pairs = _pairs(question, archive, missing, token)
    try:
        for frame, other in pairs:
            token.check()
            value = _value(frame, other, settings, family, name, token)
            made[frame.index] = value
            if time.monotonic() >= stored + _STORE_EVERY:
                archive.add_measure(key, name, made)
                made, stored = {}, time.monotonic()
            yield frame.index, value
    finally:
        pairs.close()
        if made:
            archive.add_measure(key, name, made)


def measure_key(name: str, settings: Settings) -> str:
    """Return under which key the values of a measure are stored."""
    (family,), _ = chosen(registry.measures(), settings, frozenset({name}))
    return _key(_deciding(settings, family))


def _key(settings: Settings) -> str:
    text = json.dumps([version(), settings.to_dict()])
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _deciding(settings: Settings, family: Measure) -> Settings:
    """Return the settings without those that cannot change a measure of this family."""
    difference = settings[DifferenceParams].replace(map=MapKind.ABSOLUTE)
    if family.uses_tolerance:
        return settings.replacing(difference, MeasuresParams())
    others = [m.params() for m in registry.measures() if m.params and m.params != family.params]
    difference = difference.replace(tolerance=0.0)
    return settings.replacing(difference, MeasuresParams(), RegionParams(), *others)


def _frames(question: Question, archive: Archive) -> range:
    """Return which frames are measured."""
    selection = question.selection
    total = selection.total(question.a)
    assert total is not None  # it is not live
    end = selection.start + total * selection.every
    if question.b is None and question.params.against is Against.BACKGROUND:
        end = min(end, (-1 if archive.last is None else archive.last) + 1)
    return range(selection.start, end, selection.every)


def _pairs(
    question: Question, archive: Archive, indices: list[int], token: Token
) -> Generator[tuple[Frame, Companion]]:
    """Yield frames with what they are compared with; the next one is read meanwhile."""
    companions = Companions(question, archive)

    def read(k: int, ours: Token) -> Frame:
        return question.a.frame(indices[k], ours)

    before: Frame | None = None
    frames = cast("Generator[Frame]", ahead(read, 0, len(indices), token))  # ends its thread
    with closing(frames):
        for frame in frames:
            yield frame, companions.of(frame.index, token, frame=frame, before=before)
            before = frame if frame.image is not None else before


def _value(
    frame: Frame, other: Companion, settings: Settings, family: Measure, name: str, token: Token
) -> float:
    if frame.image is None or other.image is None or other.itself:
        return math.nan
    try:
        result = compare(
            frame.image, other.image, settings, measures=(name,), regions=False,
            histograms=family.needs_histograms, intervals=False, token=token,
        )  # fmt: skip
    except CompareError:
        return math.nan
    return result.measures[name].value if name in result.measures else math.nan
