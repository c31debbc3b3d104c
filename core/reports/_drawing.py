"""Text and frames on 8-bit RGB pixels."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from core.types import Pixels

Colour = tuple[int, int, int]
INK: Final = (20, 23, 28)
SOFT: Final = (98, 106, 118)
LINE: Final = (223, 226, 231)
BOX: Final = (127, 214, 255)
LINE_HEIGHT: Final = 1.3
_PLAIN: Final = str.maketrans(
    {"×": "x", "–": "-", "−": "-", "…": "...", "“": '"', "”": '"', "↔": "-", "∞": "inf", "Δ": "d"}
    | {"≤": "<=", "≥": ">="}
)


def _font() -> Any:
    """The outline font that OpenCV 5 brings; None for OpenCV 4, which has stroke fonts only."""
    return cv2.FontFace("sans") if hasattr(cv2, "FontFace") else None


def draw_text(
    canvas: Pixels, text: str, at: tuple[int, int], size: int, colour: Colour = INK,
    weight: int = 400,
) -> None:  # fmt: skip
    """Write one line; `at` is (x, y) of the left end of its base line, `size` in pixels."""
    font = _font()
    if font is None:
        strokes = 2 if weight > 500 else 1
        cv2.putText(
            canvas, _ascii(text), at, cv2.FONT_HERSHEY_DUPLEX, size / 32, colour, strokes,
            cv2.LINE_AA,
        )  # fmt: skip
    else:
        cv2.putText(canvas, text, at, colour, font, size, weight)


def text_width(text: str, size: int, weight: int = 400) -> int:
    """Return how many pixels wide a line comes out."""
    font = _font()
    if font is None:
        return int(cv2.getTextSize(_ascii(text), cv2.FONT_HERSHEY_DUPLEX, size / 32, 1)[0][0])
    box = cv2.getTextSize((0, 0), text, (0, 0), font, size, weight)
    return int(box[2])


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return plain.encode("ascii", "ignore").decode("ascii")


def shortened(text: str, size: int, width: int) -> str:
    """Return the text, its middle left out where it would be wider than `width` pixels."""
    if text_width(text, size) <= width:
        return text
    keep = len(text)
    while keep > 2:
        keep -= 1
        cut = f"{text[: (keep + 1) // 2]}…{text[-(keep // 2) :]}"
        if text_width(cut, size) <= width:
            return cut
    return "…"


def wrapped(text: str, size: int, width: int, weight: int = 400) -> list[str]:
    """Return the text in lines of at most `width` pixels, broken at spaces."""
    made: list[str] = []
    for word in text.split(" "):
        longer = f"{made[-1]} {word}" if made else word
        if made and text_width(longer, size, weight) <= width:
            made[-1] = longer
        else:
            made.append(word)
    return made


def scaled(rgb: Pixels, width: int, height: int) -> Pixels:
    """Return the picture at another size: area averages when smaller, hard pixels when larger."""
    shrink = width < rgb.shape[1]
    how = cv2.INTER_AREA if shrink else cv2.INTER_NEAREST
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=how))


def scaled_map(rgb: Pixels, width: int, height: int, zero: Pixels) -> Pixels:
    """Return a painted map at another size; made smaller, each cell keeps its strongest colour.

    An average would fade a defect of one pixel. Strongest is what is farthest from `zero`, the
    (3,) colour of no difference, so that maps with a white middle keep their defects too.
    """
    factor = -(-rgb.shape[1] // width)
    if factor > 1:
        rgb = _strongest(rgb, factor, zero)
        return np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_NEAREST))
    return scaled(rgb, width, height)


def _strongest(rgb: Pixels, factor: int, zero: Pixels) -> Pixels:
    """Return one pixel for each factor x factor cell, the last ones filled up with their edge."""
    bottom, right = -rgb.shape[0] % factor, -rgb.shape[1] % factor
    rgb = np.asarray(cv2.copyMakeBorder(rgb, 0, bottom, 0, right, cv2.BORDER_REPLICATE))
    away = cv2.absdiff(rgb, np.full_like(rgb, zero))
    strength = cv2.transform(away.astype(np.float32), np.ones((1, 3), np.float32))
    rows, cols = rgb.shape[0] // factor, rgb.shape[1] // factor
    cells = strength.reshape(rows, factor, cols, factor).swapaxes(1, 2).reshape(rows, cols, -1)
    down, along = np.divmod(cells.argmax(axis=2), factor)
    row = np.arange(rows)[:, None] * factor + down
    col = np.arange(cols)[None, :] * factor + along
    return np.ascontiguousarray(rgb[row, col])
