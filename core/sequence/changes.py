"""What each frame is named, from how it follows the ones before it.

Constants are here and in `core.sequence._looks`.

Words
-----
before
    The last frame that could be read.
sound
    The last frame that was nothing odd. Frames are judged against it, so that one damaged frame
    does not make the next one look damaged, too.
kl
    KL(sound‖frame) of the exact histograms (256 bins, `core.measures.histogram.SMOOTHING` added to
    every share, mean over the channels, nats; Kullback, Leibler 1951, DOI 10.1214/aoms/1177729694):
    what `hist_kl` of a comparison is with the sound frame as A and this one as B.
d(x, y)
    Mean |x - y| of the samples of two frames, in levels.

Rules
-----
unreadable
    It has no picture, or one of another size than the sequence.
dropped
    More time went by since the frame before, read or not, than `gap` frames take. What one takes is
    1 / rate, or else the median of the last steps of time. Sources without times: never.
duplicate, frozen
    Exactly the pixels of the frame before; or, where frames usually differ (recompressed repeats),
    d to it below a tenth of its median, which says nothing while the scene may have ended. The
    first repeats in a row are duplicates, from the `frozen_after`-th on they are frozen.
black
    At least `PLAIN` of all values are at most `DARK`.
flash
    At least `PLAIN` of all values are at least `WHITE`; or the mean rose by at least `RISE` levels
    above the sound frame while at most `DARKER` of the values fell by more than 10, it still shows
    the same (correlation above `LIT`), and the sound frame was not black.
torn
    See `core.sequence.torn`.
over the line
    kl is over `kl_limit`, by more than two draws from one scene differ by chance: the mean of that
    and `SURE` deviations (`core.sequence._looks.kl_by_chance`). In small pictures noise alone is
    over `kl_limit`: of 16 x 9 px by some 20 times. In large ones this changes nothing.
unusual (no verdict by itself)
    kl is over the line; or kl or d to the sound frame is over the limit that the last frames taught
    (`core.sequence.usual`).
cut
    An unusual frame after which things stay: the next one has less than half of the d to it that
    both have to the sound frame. Where kl is not over the line, the two scenes must not correlate,
    either (below `ALIKE`; shaking is no cut). So is one that is repeated more than `PATIENCE`
    times. What is black, white, torn or over the line for more than `PATIENCE` frames is a scene of
    its own, and the cut is named then: so no scene is called damaged for good.
corrupted
    kl is over the line, and it is neither cut nor flash. Also what is unusual and alone: the next
    frame has less than `ALONE` of its d to the sound frame (an upside-down frame keeps its
    histogram).

So a verdict waits for the next frame when, and only when, this one is unusual. No more than
`WAITING` frames wait.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from core.sequence._looks import brighter, correlation, hist_kl, kl_by_chance, plain
from core.sequence.pixels import apart
from core.sequence.torn import Torn
from core.sequence.types import Verdict
from core.sequence.usual import Usual

if TYPE_CHECKING:
    from core.sequence.params import SequenceParams
    from core.sequence.pixels import Picture

SURE: Final = 4.0
ALIKE: Final = 0.5
ALONE: Final = 0.7
PATIENCE: Final = 5
WAITING: Final = 8


@dataclass(slots=True, eq=False)
class Judged:
    """A frame and what it is named so far; `done` once nothing can be added.

    `kl`, whether that is `over` the line, and `away` are to the sound frame.
    """

    picture: Picture | None
    verdicts: set[Verdict] = field(default_factory=set)
    kl: float = 0.0
    over: bool = False
    away: float = 0.0
    done: bool = False

    @property
    def names(self) -> tuple[Verdict, ...]:
        """The verdicts in the order of `Verdict`; OK alone when there is none."""
        return tuple(v for v in Verdict if v in self.verdicts) or (Verdict.OK,)


class Judge:
    """Names frames as they come; see the rules above.

    Parameters
    ----------
    params
        The limits.
    """

    def __init__(self, params: SequenceParams) -> None:
        self._params = params
        self._kls = Usual(params.memory, params.spread, 0.005)
        self._aways = Usual(params.memory, params.spread, 0.25)
        self._torn = Torn()
        self._before: Picture | None = None
        self.sound: Picture | None = None
        """The last sound frame; None before there was one."""
        self.cut = False
        """Whether the last frame that was added showed that there was a cut."""
        self._odd = self._repeats = 0
        self._oddness: set[Verdict] = set()
        self._pending: Judged | None = None
        self._queue: deque[Judged] = deque()

    def add(self, picture: Picture | None, *, equal: bool = False) -> list[Judged]:
        """Take a frame, and return the frames whose verdicts are settled now, in order.

        Parameters
        ----------
        picture
            None for one that could not be read. All others have one shape.
        equal
            Whether it has exactly the pixels of the last one that is not None.
        """
        judged = Judged(picture)
        self.cut = False
        self._queue.append(judged)
        if picture is None:
            judged.verdicts.add(Verdict.UNREADABLE)
            judged.done = True
        elif self.sound is None:
            self._first(judged, picture)
        else:
            self._judge(judged, picture, self.sound, equal)
        if len(self._queue) > WAITING and self._pending is not None:
            self._settle(self._pending, alone=True)
        return self._settled()

    def finish(self) -> list[Judged]:
        """Return the frames that waited for one more; nothing says that these were cuts."""
        if self._pending is not None:
            self._settle(self._pending, alone=False)
        return self._settled()

    def _settled(self) -> list[Judged]:
        out = []
        while self._queue and self._queue[0].done:
            out.append(self._queue.popleft())
        return out

    def _first(self, judged: Judged, picture: Picture) -> None:
        """Judge the first frame, which nothing can be compared with."""
        self._before = picture
        judged.verdicts |= plain(picture)
        judged.done = True
        self._odd += 1
        if not judged.verdicts or self._odd > PATIENCE:
            self.sound, self._odd = picture, 0

    def _judge(self, judged: Judged, picture: Picture, sound: Picture, equal: bool) -> None:
        assert self._before is not None
        step = 0.0 if equal else apart(picture.thumb, self._before.thumb)
        # What waits may be of another scene, whose frames differ less than the median says.
        repeat = equal or (self._pending is None and step < 0.1 * self._aways.median)
        self._before = picture
        self._measure(judged, picture, sound)
        self._repeats = self._repeats + 1 if repeat else 0
        if repeat:
            frozen = self._repeats >= self._params.frozen_after
            judged.verdicts.add(Verdict.FROZEN if frozen else Verdict.DUPLICATE)
        odd = set(self._oddness) if repeat else plain(picture)
        unusual = self._unusual(judged)
        lit = unusual and not odd and not plain(sound)
        if lit and brighter(picture.thumb, sound.thumb):
            odd = {Verdict.FLASH}
        if not odd and not repeat and self._torn.line(picture.thumb, sound.thumb) is not None:
            odd = {Verdict.TORN}
        self._oddness = odd
        if odd and not unusual and Verdict.TORN not in odd and not self._pending:
            judged.verdicts |= odd  # the scene itself is black, or white
            self._accept(judged, picture, learn=not repeat)
        elif odd:
            self._take_odd(judged, odd, picture)
        elif repeat and self._pending is not None:
            self._take_repeat(judged, self._pending)
        elif unusual:
            self._take_unusual(judged, picture, sound)
        else:
            if self._pending is not None:
                self._settle(self._pending, alone=judged.away < ALONE * self._pending.away)
            self._accept(judged, picture, learn=not repeat)

    def _measure(self, judged: Judged, picture: Picture, sound: Picture) -> None:
        judged.kl = hist_kl(sound.counts, picture.counts)
        judged.away = apart(picture.thumb, sound.thumb)
        beyond = judged.kl - self._params.kl_limit
        if beyond > 0:
            mean, deviation = kl_by_chance(sound.counts, picture.counts)
            judged.over = beyond > mean + SURE * deviation

    def _unusual(self, judged: Judged) -> bool:
        return judged.over or judged.kl > self._kls.limit or judged.away > self._aways.limit

    def _take_odd(self, judged: Judged, odd: set[Verdict], picture: Picture) -> None:
        judged.verdicts |= odd
        judged.done = True
        self._odd += 1
        if self._odd > PATIENCE and self._pending is None:
            judged.verdicts.add(Verdict.CUT)
            self._scene(picture)
        elif judged.over and Verdict.FLASH not in odd:
            judged.verdicts.add(Verdict.CORRUPTED)

    def _take_repeat(self, judged: Judged, waiting: Judged) -> None:
        """Take a repeat of a frame that waits, or of one after it that was odd."""
        judged.done = True
        if self._repeats > PATIENCE and waiting.picture is not None:
            waiting.verdicts.add(Verdict.CUT)
            waiting.done = True
            for other in self._queue:
                other.verdicts.discard(Verdict.CORRUPTED)
            self._scene(waiting.picture)
        elif judged.over:
            judged.verdicts.add(Verdict.CORRUPTED)

    def _take_unusual(self, judged: Judged, picture: Picture, sound: Picture) -> None:
        waiting = self._pending
        if waiting is None or waiting.picture is None:
            self._pending = judged
            return
        between = apart(picture.thumb, waiting.picture.thumb)
        stays = between < 0.5 * min(judged.away, waiting.away)
        hard = waiting.over
        if stays and (hard or correlation(waiting.picture.thumb, sound.thumb) < ALIKE):
            waiting.verdicts.add(Verdict.CUT)
            waiting.done = True
            self._scene(waiting.picture)
            self._accept(judged, picture, learn=True)
        elif hard or judged.away < ALONE * waiting.away:
            self._settle(waiting, alone=True)
            self._odd += 1
            if self._odd > PATIENCE:
                judged.verdicts.add(Verdict.CUT)
                judged.done = True
                self._scene(picture)
            else:
                self._pending = judged
        else:  # a fast movement that has begun
            waiting.done = True
            self._pending = None
            self._accept(waiting, waiting.picture, learn=True)
            self._measure(judged, picture, waiting.picture)
            if self._unusual(judged):
                self._pending = judged
            else:
                self._accept(judged, picture, learn=True)

    def _settle(self, waiting: Judged, *, alone: bool) -> None:
        """Decide about a frame that was no cut."""
        if waiting.over or alone:
            waiting.verdicts.add(Verdict.CORRUPTED)
        waiting.done = True
        self._pending = None

    def _scene(self, picture: Picture) -> None:
        self._kls.clear()
        self._aways.clear()
        self._torn = Torn()
        self.sound, self._odd, self._pending = picture, 0, None
        self.cut = True

    def _accept(self, judged: Judged, picture: Picture, *, learn: bool) -> None:
        """Make a frame the sound one; what a repeat shows is not usual."""
        if learn and self.sound is not None and self.sound is not picture:
            self._kls.add(judged.kl)
            self._aways.add(judged.away)
            self._torn.learn(picture.thumb, self.sound.thumb)
        self.sound, self._odd, self._pending = picture, 0, None
        judged.done = True
