"""Stages: what happens to the pictures before they are subtracted. One file each.

A stage file declares ``PARAMS`` (its `Params` subclass) and ``STAGE`` (an instance of a class that
fulfils `Stage`). It is found by looking in this folder; nothing else needs an edit: the form in the
window, the command-line flags, JSON and cache keys are made from its Params.

A stage imports `core.types`, `core.settings`, `core.errors` and `core.color`, never a sibling
(`stages.align` also imports the estimators in `core.alignment`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.settings import Params
    from core.types import Notice, Rect, Tile, Token


class Upstream(Protocol):
    """The chain up to (and without) a stage, as that stage's `prepare` may look at it."""

    @property
    def level(self) -> int:
        """Pyramid level to prepare for: 0 for the exact answer, more for a preview."""

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of the canvas at `level`."""

    def tile(self, rect: Rect, level: int | None = None) -> Tile:
        """Return the pair over a rectangle (at `level` unless another level is given).

        The rectangle may reach outside the canvas: what lies there is invalid.
        """

    def strips(self) -> Iterator[Tile]:
        """Yield the whole pair at `level`, in strips from top to bottom."""


class Stage(Protocol):
    """One step of the chain.

    `prepare` looks at as much of the pair as it wants and returns a small immutable state (a gain,
    a lookup table); it is called once for a question and remembered. `apply` is local and pure: the
    outermost `halo` pixels of what it returns are unreliable (but finite), the rest depends on the
    tile alone. The pipeline asks for that much more, cuts it off, and shrinks `valid` by it, so a
    stage hands `valid` on as it is. At the border of the canvas the pipeline does not extend the
    tile: a filter uses reflection there (``cv2.BORDER_REFLECT_101``), and that is a valid answer.
    """

    order: int
    params: type[Params]

    def prepare(self, upstream: Upstream, params: Any, token: Token) -> Any:
        """Return the state that `apply` needs; call ``token.check()`` between pieces of work."""

    def halo(self, params: Any, level: int) -> int:
        """Return how many neighbours on each side `apply` looks at, at a pyramid level.

        Lengths in pixels that a person sets (a sigma) mean full-resolution pixels: at level k they
        are divided by 2**k.
        """

    def apply(self, tile: Tile, params: Any, state: Any) -> Tile:
        """Return the tile after this stage (same rect, level and valid; new a and b)."""

    def notices(self, params: Any, state: Any) -> tuple[Notice, ...]:
        """Return what a person must be told about the prepared state; often empty."""

    def summary(self, params: Any, state: Any) -> str:
        """Return a few words for beside the toggle, e.g. ``"gain 1.08, bias +6"``; may be empty."""
