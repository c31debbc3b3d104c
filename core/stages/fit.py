"""Fit: brings pictures of different sizes onto one canvas; never silently."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Final

from core.errors import CompareError
from core.geometry import IDENTITY, Kernel, Matrix, Placement, scaling, translation
from core.settings import Params, ui
from core.types import Notice


class FitMethod(StrEnum):
    """What happens to pictures of different sizes."""

    PAD = "pad"
    CROP = "crop"
    RESIZE = "resize"


class Anchor(StrEnum):
    """Which points of the two pictures are laid on each other."""

    TOP_LEFT = "top_left"
    CENTER = "center"


@dataclass(frozen=True, kw_only=True)
class FitParams(Params):
    """How pictures of different sizes are brought onto one canvas."""

    name: ClassVar[str] = "fit"
    title: ClassVar[str] = "Fit"
    about: ClassVar[str] = (
        "Makes pictures of different sizes comparable; the difference in size is always reported."
    )

    enabled: bool = True
    method: FitMethod = field(
        default=FitMethod.PAD,
        metadata=ui(
            "Method",
            "What is done when the sizes differ: pad and crop measure the pixels that both have, "
            "resize changes every pixel of B.",
            choices={
                "pad": "pad the smaller one",
                "crop": "crop to the overlap",
                "resize": "resize B to A",
            },
            primary=True,
        ),
    )
    anchor: Anchor = field(
        default=Anchor.TOP_LEFT,
        metadata=ui(
            "Anchor",
            "Which points of the pictures are laid on each other when the sizes differ.",
            choices={"top_left": "top left corner", "center": "centre"},
            only_for=("pad", "crop"),
        ),
    )
    kernel: Kernel = field(
        default=Kernel.CUBIC,
        metadata=ui(
            "Kernel",
            "How B's values are found between its pixels when it is resized.",
            choices={"linear": "linear", "cubic": "cubic", "lanczos": "Lanczos"},
            only_for=("resize",),
        ),
    )


GEOMETRY_ORDER: Final = 10
PARAMS: Final = FitParams


def place(shape_a: tuple[int, int], shape_b: tuple[int, int], params: FitParams) -> Placement:
    """Return where two pictures of the given (height, width) lie on a common canvas.

    Pictures of one size lie on each other unchanged, whatever the parameters say. Otherwise *pad*
    makes a canvas of the larger height and the larger width and *crop* one of the smaller height
    and width (both measure the same pixels: those that both pictures have, moved by whole pixels
    only), and *resize* maps B's full extent onto A's. With the anchor in the centre an odd
    remainder falls to the right and the bottom.

    Raises
    ------
    CompareError
        When the sizes differ and fit is off.
    """
    if shape_a == shape_b:
        return Placement(shape_a, summaries={"fit": "same size"})
    sizes = f"A is {_size(shape_a)} and B is {_size(shape_b)} px"
    if not params.enabled:
        raise CompareError(f"{sizes}: switch Fit on to make them comparable.")
    if params.method is FitMethod.RESIZE:
        scale = scaling(shape_a[1] / shape_b[1], shape_a[0] / shape_b[0])
        text = f"{sizes}: B was resized to A's size, so every pixel of B is interpolated."
        resized = Placement(shape_a, IDENTITY, scale, params.kernel)
        return _reported(resized, text, "B resized")
    pick = max if params.method is FitMethod.PAD else min
    canvas = pick(shape_a[0], shape_b[0]), pick(shape_a[1], shape_b[1])
    a, b = _laid(shape_a, canvas, params.anchor), _laid(shape_b, canvas, params.anchor)
    both = min(shape_a[0], shape_b[0]) * min(shape_a[1], shape_b[1])
    lost_a, lost_b = shape_a[0] * shape_a[1] - both, shape_b[0] * shape_b[1] - both
    where = "at the centre" if params.anchor is Anchor.CENTER else "at the top left corner"
    done, summary = _done(shape_a, shape_b, canvas, params.method)
    text = (
        f"{sizes}: they were laid on each other {where} and {done}; "
        f"left out as they have no counterpart: {_count(lost_a)} of A, {_count(lost_b)} of B."
    )
    return _reported(Placement(canvas, a, b), text, summary)


def _reported(placement: Placement, text: str, summary: str) -> Placement:
    notice = Notice("size_mismatch", text, "warning")
    return placement.replace(notices=(notice,), size_mismatch=True, summaries={"fit": summary})


def _laid(shape: tuple[int, int], canvas: tuple[int, int], anchor: Anchor) -> Matrix:
    if anchor is Anchor.TOP_LEFT:
        return IDENTITY
    rows, cols = (_centred(shape[i], canvas[i]) for i in (0, 1))
    return translation(cols, rows)


def _centred(length: int, canvas: int) -> int:
    """Return floor((larger - smaller) / 2), negative when the picture is larger than the canvas."""
    return (canvas - length) // 2 if canvas >= length else -((length - canvas) // 2)


def _done(
    shape_a: tuple[int, int], shape_b: tuple[int, int], canvas: tuple[int, int], method: FitMethod
) -> tuple[str, str]:
    changed = [n for n, shape in (("A", shape_a), ("B", shape_b)) if shape != canvas]
    who = " and ".join(changed)
    verb = "padded" if method is FitMethod.PAD else "cropped"
    return f"{who} {'were' if len(changed) > 1 else 'was'} {verb}", f"{who} {verb}"


def _size(shape: tuple[int, int]) -> str:
    return f"{shape[1]} × {shape[0]}"


def _count(pixels: int) -> str:
    return "none" if pixels == 0 else "1 pixel" if pixels == 1 else f"{pixels:,} pixels"
