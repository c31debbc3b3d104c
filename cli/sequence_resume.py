"""Going on with a run of ``pairlens sequence`` that was interrupted."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.errors import ReadError, SettingsError
from core.format import count
from core.sequence.document import earlier
from core.sequence.growing import partial
from core.sequence.params import Against
from core.sequence.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Generator

    from core.sequence.document import Earlier
    from core.sequence.params import SequenceParams
    from core.sequence.selection import Selection
    from core.sequence.types import Frame, Source
    from core.types import Token

_MORE: Final = 16
"""Frames read again beyond those from which the usual is learned: what begins is judged loosely."""
_MOST: Final = 4
"""Where hardly any frame is sound, no more than so many times the wanted ones are read again."""
_PLAIN: Final = frozenset({Verdict.BLACK, Verdict.FLASH, Verdict.UNREADABLE})


def matching(path: str, source: Source, head: dict[str, Any]) -> Earlier | None:
    """Return the run that is continued; None when there is none.

    A run that was killed left its file under another name; the longer one counts.

    Raises
    ------
    SettingsError
        When it looked at something else, or in another way; says at what.
    ReadError
        When the source is live and is no folder all of which is watched, or the file cannot be
        read.
    """
    chosen = head["source"]["start"], head["source"]["every"]
    if source.live and not (watched(source) and chosen == (0, 1)):
        raise ReadError(
            f"“{source.name}” is live, and its frames went by: begin a new file, without --resume."
        )
    target = Path(path).resolve()
    found = [e for e in (earlier(target), _killed(target)) if e is not None]
    if not found:
        return None
    best = max(found, key=lambda e: e.frames)
    for part in ("source", "source_b", "settings"):
        had, wanted = (_compared(h.get(part)) for h in (best.head, head))
        if had != wanted:
            other = sorted(k for k in {*had, *wanted} if had.get(k) != wanted.get(k))
            what = part if part == "source_b" and not (had and wanted) else ", ".join(other)
            raise SettingsError(
                f"“{path}” was made with another {what}; give the same, or another file."
            )
    return best


def watched(source: Source) -> bool:
    """Whether a live source has all its frames still: it is a folder."""
    return source.live and source.address.startswith("watch:")


def frames_of(
    source: Source, chosen: Selection, token: Token, before: Earlier | None, done: int,
    learn: tuple[int, ...],
) -> Generator[Frame]:  # fmt: skip
    """Return the frames that are looked at, those to learn from first."""
    if before is None or not watched(source):
        return chosen.frames(source, token, after=done, before=learn)
    had: dict[str, int] = {}
    time = 0.0
    for result in before.results():
        had[result.name], time = result.index, result.time
    return chosen.watched_again(source, token, had, frozenset(learn), time)


def _killed(target: Path) -> Earlier | None:
    """Return what a run left that was killed; None where it is of no use."""
    try:
        return earlier(partial(target))
    except ReadError:
        return None


def _compared(values: Any) -> dict[str, Any]:
    """Return what must be the same; a folder may have got more pictures since."""
    return {k: v for k, v in (values or {}).items() if k != "count"}


def again(
    before: Earlier | None, chosen: Selection, params: SequenceParams, *, paired: bool
) -> tuple[int, tuple[int, ...]]:
    """Return how many chosen frames are done, and the numbers of those to learn from again."""
    if before is None:
        return 0, ()
    wanted = params.memory + _MORE
    if params.against is Against.BACKGROUND:
        wanted += params.window
    sound: deque[int] = deque(maxlen=wanted)
    first = last = -1
    for result in before.results():
        if first < 0 and not _PLAIN & set(result.verdicts):
            first = result.index
        last = result.index
        if result.verdicts == (Verdict.OK,):
            sound.append(last)
    done = (last - chosen.start) // chosen.every + 1
    if paired:
        return done, ()  # each pair stands alone
    enough = (sound[0] - chosen.start) // chosen.every if len(sound) == wanted else 0
    begin = max(enough, done - _MOST * wanted)
    learn = tuple(chosen.start + k * chosen.every for k in range(begin, done))
    if params.against is Against.FIRST and 0 <= first < learn[0]:
        learn = (first, *learn)
    return done, learn


def relearned(frames: int, done: int, learn: tuple[int, ...], params: SequenceParams) -> str:
    """Return the line that says what is gone on with."""
    text = f"note: going on after {count(frames, 'frame', 'frames')}"
    if learn:
        text += f"; the last {len(learn)} of them are read again, to learn what is usual"
    if params.against is Against.BACKGROUND and len(learn) < done:
        text += " and the background, which may come out a little different"
    return text + "."
