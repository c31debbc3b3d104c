"""Flags about places that are no settings: a mask picture, and the measures of regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.flags import UsageError
from core.places.params import PlacesParams

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from core.buffer import ImageBuffer
    from core.io.reading import Reading
    from core.settings import Settings


def add(parser: ArgumentParser) -> None:
    """Give a parser these flags."""
    parser.add_argument(
        "--ignore-mask", metavar="FILE",
        help="a picture as large as A: what is white in it (128 of 255 or more) never counts",
    )  # fmt: skip
    parser.add_argument(
        "--region-measures", action="store_true",
        help="print the measures of each of the largest regions too",
    )  # fmt: skip


def masked(args: Any, settings: Settings, how: Reading) -> tuple[Settings, tuple[int, int] | None]:
    """Return the settings with a mask picture's places, and the mask's (height, width).

    Raises
    ------
    ReadError
        When the picture cannot be read.
    SettingsError
        When it has too many edges.
    """
    if args.ignore_mask is None:
        return settings, None
    from core.io import open_image  # noqa: PLC0415 - only when there is a mask
    from core.places.text import SEPARATOR, text_of  # noqa: PLC0415 - the same
    from core.places.tracing import marked, rectangles  # noqa: PLC0415 - the same

    mask = marked(open_image(args.ignore_mask, managed=False, limits=how.limits))
    places = settings[PlacesParams]
    ignored = SEPARATOR.join(filter(None, (places.ignore, text_of(rectangles(mask)))))
    return settings.replacing(places.replace(ignore=ignored)), mask.shape


def check_mask(shape: tuple[int, int] | None, a: ImageBuffer) -> None:
    """Raise `UsageError` when a mask has not the size of A."""
    if shape is not None and shape != a.shape:
        sizes = (f"{width} × {height}" for height, width in (shape, a.shape))
        raise UsageError("The mask must be as large as A: it is {}, A is {}.".format(*sizes))
