"""Measures: numbers about a pair. One file a family.

A measure file declares ``MEASURE``, an instance of a subclass of `Measure`. It is found by looking
in this folder. Measures import foundations (`core.types`, `core.settings`, `core.color`,
`core.light`, `core.lab`, `core.blocks`) and the private helpers here, never a sibling.

The engine cuts the canvas into strips, calls `partial` for each (on several threads at once, so it
must be pure), then calls `finish` once with the partials in order from top to bottom: sums come out
the same however many threads there are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

import numpy as np

from core.blocks import Cell, Grid, cells_of, grid_of
from core.measures._luma import luma_of
from core.scratch import Scratch
from core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from core.histograms import Histograms
    from core.noise.model import Noise
    from core.settings import Params
    from core.types import MapKind, Mask, MeasureValue, Pixels, Rect, Tile, Token

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Sample:
    """What a measure sees of one strip.

    Attributes
    ----------
    a, b
        Both pictures after the stages, 0...255 scale; uint8, float32 or float64; (h, w) or
        (h, w, C). They reach up to the measure's largest halo beyond the strip (less at the border
        of the canvas); finite everywhere, arbitrary where invalid.
    valid
        Mask over the same pixels as a and b; None means everywhere.
    inner
        Slices that cut the strip itself out of a, b and valid.
    rect
        The strip on the canvas, at full resolution.
    absolute
        ``|a - b|`` per channel over the strip (same dtype and channels as a; in Lab when the
        difference is taken there); exactly 0 where invalid. None where there are `sums`.
    magnitude
        (h, w) one number a pixel: the largest channel of `absolute` (in Lab the Euclidean
        distance); 0 where invalid. For gray it is `absolute` itself.
    over
        (h, w): anything but 0 where the magnitude is over the tolerance, and valid.
    pixels
        Number of valid pixels of the strip.
    space
        ``"rgb"`` (also for gray) or ``"lab"``.
    settings
        Those of the question, for measures that have Params of their own.
    canvas
        (height, width) of the whole canvas.
    intervals
        Whether sums are kept by block, to say how sure a mean is.
    alpha
        Whether the last channel of a and b is alpha (colour then is premultiplied unless the
        question says otherwise).
    linear
        Whether a and b are linear light; otherwise they are sRGB-encoded, or nobody knows.
    seen
        Whether a and b are still colours or gray that an eye could see; not after edges.
    state
        Returns what a measure's `Measure.prepare` found.
    scratch
        Working memory of the thread; what lies in it is written over after the strip.
    sums
        (cells, 2): the sums of the absolute difference and of its squares, over the channels of
        each of `cells`. None when no measure adds it up (`Measure.adds_up`), or it was kept.
    """

    a: Pixels
    b: Pixels
    valid: Mask | None
    inner: tuple[slice, slice]
    rect: Rect
    absolute: Pixels | None
    magnitude: Pixels
    over: Mask
    pixels: int
    space: str = "rgb"
    settings: Settings = field(default_factory=Settings)
    canvas: tuple[int, int] = (0, 0)
    intervals: bool = True
    alpha: bool = False
    linear: bool = False
    seen: bool = True
    state: Callable[[Measure], Any] = lambda _: None
    scratch: Scratch = field(default_factory=Scratch)
    sums: NDArray[np.float64] | None = None
    _kept: dict[str, Any] = field(default_factory=dict)

    def once(self, key: str, make: Callable[[], T]) -> T:
        """Return what `make` returns, made once a strip: for what several families look at."""
        if key not in self._kept:
            self._kept[key] = make()
        made: T = self._kept[key]
        return made

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The parts of the blocks (`core.blocks`) that lie in the strip.

        One part for all of it, and so no interval, when nobody asks how sure a number is.
        """
        canvas = self.canvas if self.canvas[0] else _end(self.rect)
        return cells_of(self.rect, canvas, apart=self.intervals)

    @cached_property
    def colors(self) -> tuple[Pixels, Pixels]:
        """Both pictures without alpha: (H, W) or (H, W, 3), over the same pixels as a and b."""
        return without_alpha(self.a, self.alpha), without_alpha(self.b, self.alpha)

    @cached_property
    def luma(self) -> tuple[Pixels, Pixels]:
        """Both pictures as gray (Rec. 709 weights of the values as they are), (H, W).

        Of the dtype of a and b for gray ones, else float32 or float64.
        """
        x, y = self.colors
        return luma_of(x), luma_of(y)

    @property
    def inner_valid(self) -> Mask | None:
        """The mask over the strip itself; None means everywhere."""
        return None if self.valid is None else self.valid[self.inner]


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """What `finish` may use besides its partials.

    Attributes
    ----------
    pixels
        Valid pixels of the whole comparison.
    channels
        Channels a pixel.
    peak
        The largest value the scale can hold (data_range): 255, or 100 in Lab.
    tolerance
        The tolerance that `Sample.over` was made with.
    histograms
        Exact histograms; None unless the measure asks for them by ``needs_histograms``.
    space
        ``"rgb"`` (also for gray) or ``"lab"``.
    settings, canvas, linear, seen
        As in `Sample`.
    """

    pixels: int
    channels: int
    peak: float
    tolerance: float
    histograms: Histograms | None
    space: str = "rgb"
    settings: Settings = field(default_factory=Settings)
    canvas: tuple[int, int] = (0, 0)
    linear: bool = False
    seen: bool = True

    @property
    def grid(self) -> Grid:
        """The blocks of the canvas."""
        return grid_of(self.canvas)


class Whole(Protocol):
    """All of both pictures after the stages, as `Measure.prepare` may look at them.

    `settings`, `alpha`, `linear` and `seen` are as in `Sample`.
    """

    @property
    def settings(self) -> Settings: ...  # noqa: D102 - see the class

    @property
    def alpha(self) -> bool: ...  # noqa: D102

    @property
    def linear(self) -> bool: ...  # noqa: D102

    @property
    def seen(self) -> bool: ...  # noqa: D102

    def noise(self) -> Noise:
        """Return the noise of the pair, made once (`core.noise`)."""

    def strips(self) -> Iterator[Tile]:
        """Yield the pair from top to bottom."""


class Measure(ABC):
    """A family of numbers that share their work; its class attributes say what it needs.

    Attributes
    ----------
    names
        Stable names of its numbers, in the order of `finish`.
    order
        Its place in the table.
    group
        The heading that it stands under.
    default
        Whether it is computed without being asked for by name (`core.measures.wanted`).
    needs_histograms
        Whether `Totals.histograms` is used.
    looks_at_pictures
        Whether `Sample.a` or `Sample.b` are used. When no wanted family does, they need not be made
        (`core.linear`) and hold something else.
    uses_tolerance
        Whether a number depends on `Sample.over` or on the tolerance. All others stay when only
        the tolerance is changed.
    adds_up
        Whether sums of the difference are used (`core.measures._sums`).
    maps
        Kinds of difference map that it can make.
    params
        What can be set, if anything.
    """

    names: ClassVar[tuple[str, ...]] = ()
    order: ClassVar[int] = 50
    group: ClassVar[str] = ""
    default: ClassVar[bool] = True
    needs_histograms: ClassVar[bool] = False
    looks_at_pictures: ClassVar[bool] = True
    uses_tolerance: ClassVar[bool] = False
    adds_up: ClassVar[bool] = False
    maps: ClassVar[tuple[MapKind, ...]] = ()
    params: ClassVar[type[Params] | None] = None

    def halo(self, settings: Settings) -> int:  # noqa: ARG002 - most need no neighbours
        """Return how many neighbours are needed around a strip."""
        return 0

    def prepare(self, whole: Whole, token: Token) -> Any:  # noqa: ARG002 - most need no look
        """Return what the strips need to know of the whole pictures, small and immutable.

        It is made when it is first asked for (`Sample.state`), and remembered. Call
        ``token.check()`` between pieces of work.
        """
        return None

    @abstractmethod
    def partial(self, sample: Sample) -> Any:
        """Return this strip's contribution; pure and thread-safe."""

    @abstractmethod
    def finish(self, partials: Sequence[Any], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the numbers, in the order of `names`. With 0 valid pixels every value is nan."""

    def map(self, kind: MapKind, sample: Sample) -> Pixels:
        """Return one of its maps over the strip: (h, w) float32, in the unit of `core.map_kinds`.

        At least 0, larger is more different, exactly 0 where nothing differs, where a pixel is
        invalid, and where the measure says nothing; always finite.
        """
        raise ValueError(f"{type(self).__name__} makes no map “{kind}” of {sample.rect}")


def _end(rect: Rect) -> tuple[int, int]:
    return rect.bottom, rect.right


def without_alpha(pixels: Pixels, alpha: bool) -> Pixels:
    """Return working pixels without their last channel, where that is alpha."""
    if not alpha or pixels.ndim == 2:
        return pixels
    return pixels[:, :, 0] if pixels.shape[2] == 2 else pixels[:, :, :-1]
