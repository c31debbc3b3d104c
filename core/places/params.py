"""Which places count: what a person can set about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from core.errors import SettingsError
from core.places.text import SEPARATOR, shapes_of, text_of
from core.settings import Params, ui
from core.types import Notice, Rect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.places.shapes import Shape, Shapes

_HOW: Final = (
    " Written as rect X,Y WIDTHxHEIGHT, ellipse X,Y WIDTHxHEIGHT or polygon X,Y X,Y X,Y, in pixels"
    " of A"
)


@dataclass(frozen=True, kw_only=True)
class PlacesParams(Params):
    """Which parts of the picture count, and against which tolerance.

    What is *ignored* takes no part in anything, as if there were no pixels: no stage looks at it
    when it adapts to the pictures, and what a filter would spread from there does not count either.
    Align does not look there in A, so what of B falls there has nothing to be laid on; only what
    tells the white of a float file that does not say it looks at the whole pictures. With places in
    *only*, all others are left out of every number, but align and the stages still see the whole
    pictures: these places say where to measure, not what to believe, and what is measured in one
    does not change when another is measured too. *place* says that a
    place stands in the table of places, or has a tolerance of its own, while everything counts.

    Where two places with tolerances overlap, the one named last counts; those of `place` come after
    those of `only`.
    """

    name: ClassVar[str] = "places"
    title: ClassVar[str] = "Places"
    about: ClassVar[str] = "Which parts of the picture count, and against which tolerance."
    toggle: ClassVar[bool] = False
    joint: ClassVar[str] = SEPARATOR
    """What a flag adds to when it is given again is put together with this."""

    only: str = field(
        default="",
        metadata=ui(
            "Only",
            "Only these places count: every number is one over the pixels in them. Align and"
            " the other steps still see the whole pictures."
            f"{_HOW}; more words: name=… and tolerance=… for it alone. May be given again.",
            flag="only",
            primary=True,
            hidden=True,
        ),
    )
    ignore: str = field(
        default="",
        metadata=ui(
            "Ignored",
            "What lies in these places never counts, and no step looks at it, Align included."
            f"{_HOW}. May be given again.",
            flag="ignore",
            hidden=True,
        ),
    )
    place: str = field(
        default="",
        metadata=ui(
            "Measured too",
            "These places stand in the table of places, and where they have a tolerance=… of their"
            f" own it counts in them; everything else still counts.{_HOW}. May be given again.",
            flag="place",
            hidden=True,
        ),
    )

    def __post_init__(self) -> None:
        """Write all places in one way, so that what means the same is equal."""
        super().__post_init__()
        for name in ("only", "ignore", "place"):
            object.__setattr__(self, name, text_of(shapes_of(getattr(self, name))))
        if any(shape.tolerance is not None for shape in self.ignored):
            raise SettingsError("A place that is ignored cannot have a tolerance.")

    @property
    def ignored(self) -> Shapes:
        """The places that never count."""
        return shapes_of(self.ignore)

    @property
    def counted(self) -> Shapes:
        """The only places that count; empty when everything does."""
        return shapes_of(self.only)

    @property
    def listed(self) -> tuple[Shape, ...]:
        """The places that stand in the table."""
        return (*self.counted, *shapes_of(self.place))

    @property
    def own(self) -> tuple[Shape, ...]:
        """The places with a tolerance of their own; a later one counts before an earlier one."""
        return tuple(shape for shape in self.listed if shape.tolerance is not None)

    def notices(self, shape: tuple[int, int]) -> Iterator[Notice]:
        """Yield what a person must be told about the numbers over a canvas of (height, width)."""
        for place in (*self.listed, *self.ignored):
            if place.rect.intersect(Rect(0, 0, *shape)).empty:
                text = f"“{place.name or text_of([place])}” lies outside the pictures."
                yield Notice("place_outside", text, "warning")
        for code, text in self._sentences():
            yield Notice(code, text)

    def _sentences(self) -> Iterator[tuple[str, str]]:
        if self.counted:
            yield "only_places", f"{_count(self.counted, 'counts', 'count')}, and nothing else."
        if self.ignored:
            yield "ignored_places", f"{_count(self.ignored, 'is', 'are')} ignored."
        if self.own:
            yield "own_tolerances", f"{_count(self.own, 'has its', 'have their')} own tolerance."


def _count(shapes: tuple[Shape, ...], one: str, many: str) -> str:
    return f"{len(shapes)} place {one}" if len(shapes) == 1 else f"{len(shapes)} places {many}"


PARAMS: Final = PlacesParams
