"""Draws the screenshots of the sample pair: a page about a harbour's day, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

Colour = tuple[int, int, int]  # R, G, B
HEIGHT: Final = 720
WIDTH: Final = 1280
SIDE: Final = 208  # width of the bar on the left

INK: Final = (28, 36, 48)
GRAY: Final = (112, 122, 136)
LINE: Final = (224, 229, 236)
PAGE: Final = (244, 246, 249)
WHITE: Final = (255, 255, 255)
NIGHT: Final = (20, 36, 56)
DUSK: Final = (36, 56, 82)
MIST: Final = (168, 184, 204)
TEAL: Final = (14, 124, 123)
AMBER: Final = (222, 143, 38)
RED: Final = (196, 64, 58)
GREEN: Final = (46, 139, 87)

BUTTON: Final = (1092, 30, 148, 40)  # x, y, width, height
MOVED: Final = 14  # pixels that the button lies further left in B
WRONG_PIXEL: Final = (1017, 318)  # x, y: on the white of the chart
WRONG_COLOUR: Final = (206, 96, 88)
TRUTH: Final[dict[str, Any]] = {
    "width": WIDTH,
    "height": HEIGHT,
    "changes": [
        {"what": "button moved", "x": 1078, "y": 30, "width": 162, "height": 40},
        {"what": "1,284 became 1,248", "x": 288, "y": 155, "width": 41, "height": 24},
        {"what": "Delayed became On time", "x": 1130, "y": 659, "width": 76, "height": 26},
        {"what": "one pixel", "x": WRONG_PIXEL[0], "y": WRONG_PIXEL[1], "width": 1, "height": 1},
    ],
}
CARDS: Final = (
    ("Containers moved", "", "+ 4.2 % since yesterday", GREEN),
    ("Ships in port", "17", "3 arrive this evening", GRAY),
    ("Median wait", "42 min", "+ 6 min since yesterday", RED),
    ("Berths in use", "11 of 14", "79 %", GRAY),
)
SHIPS: Final = (
    ("Nordlys", "Bergen", "B 3", "14:20", "On time", GREEN),
    ("Santa Marina", "Vigo", "A 1", "15:05", "On time", GREEN),
    ("Kestrel", "Rotterdam", "C 2", "15:40", "Delayed", AMBER),
)


def draw(*, changed: bool) -> Picture:
    """Return the page, (720, 1280, 3) RGB; with `changed` as it looks in B, see `TRUTH`."""
    page: Picture = np.full((HEIGHT, WIDTH, 3), PAGE, np.uint8)
    _sidebar(page)
    text(page, "Port of Hallen", 240, 58, 24, INK, 700)
    text(page, "Tuesday, 14 May", 424, 58, 15, GRAY)
    _button(page, BUTTON[0] - MOVED * changed, BUTTON[1])
    for i, (label, value, note, colour) in enumerate(CARDS):
        x = 224 + i * 260
        panel(page, x, 96, 240, 122)
        text(page, label, x + 16, 126, 14, GRAY)
        text(page, value or ("1,248" if changed else "1,284"), x + 16, 178, 30, INK, 600)
        text(page, note, x + 16, 204, 13, colour)
    _chart(page)
    _table(page, changed=changed)
    if changed:
        page[WRONG_PIXEL[1], WRONG_PIXEL[0]] = WRONG_COLOUR
    return page


def text(
    page: Picture, words: str, x: int, baseline: int, size: int, colour: Colour, weight: int = 400
) -> int:
    """Write one line; return the x at which it ends."""
    font = cv2.FontFace("sans")
    end, _ = cv2.putText(page, words, (x, baseline), colour, font, size, weight)
    return int(end[0])


def panel(page: Picture, x: int, y: int, width: int, height: int, fill: Colour = WHITE) -> None:
    """Draw a card with a border and round corners."""
    rounded(page, x, y, width, height, 8, LINE)
    rounded(page, x + 1, y + 1, width - 2, height - 2, 7, fill)


def rounded(
    page: Picture, x: int, y: int, width: int, height: int, radius: int, fill: Colour
) -> None:
    """Fill a rectangle with round corners, drawn four times as large and averaged down."""
    mask = np.zeros((height * 4, width * 4), np.uint8)
    r = radius * 4
    cv2.rectangle(mask, (r, 0), (width * 4 - r - 1, height * 4 - 1), 255, -1)
    cv2.rectangle(mask, (0, r), (width * 4 - 1, height * 4 - r - 1), 255, -1)
    for cx in (r, width * 4 - r - 1):
        for cy in (r, height * 4 - r - 1):
            cv2.circle(mask, (cx, cy), r, 255, -1)
    share = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA)[..., None] / 255.0
    part = page[y : y + height, x : x + width]
    part[...] = np.rint(part + (np.array(fill) - part) * share).astype(np.uint8)


def _sidebar(page: Picture) -> None:
    page[:, :SIDE] = NIGHT
    rounded(page, 24, 28, 30, 30, 8, TEAL)
    cv2.circle(page, (39, 43), 6, WHITE, 2, cv2.LINE_AA)
    text(page, "Quayside", 66, 51, 20, WHITE, 600)
    for i, words in enumerate(("Overview", "Arrivals", "Berths", "Cranes", "Weather", "Settings")):
        y = 96 + i * 46
        if i == 0:
            rounded(page, 12, y, SIDE - 24, 38, 8, DUSK)
        rounded(page, 28, y + 12, 14, 14, 4, TEAL if i == 0 else (74, 96, 124))
        text(page, words, 56, y + 25, 15, WHITE if i == 0 else MIST)
    rounded(page, 24, 656, 36, 36, 18, (88, 110, 140))
    text(page, "IM", 33, 679, 14, WHITE, 600)
    text(page, "Ida Moen", 72, 671, 14, WHITE)
    text(page, "Harbour office", 72, 689, 12, MIST)


def _button(page: Picture, x: int, y: int) -> None:
    rounded(page, x, y, BUTTON[2], BUTTON[3], 8, TEAL)
    text(page, "Export report", x + 24, y + 26, 15, WHITE, 600)


def _chart(page: Picture) -> None:
    """Draw a day of traffic as an area and a dashed plan."""
    panel(page, 224, 238, 1020, 266)
    text(page, "Containers an hour", 240, 268, 16, INK, 600)
    for x, words, colour in ((1030, "Moved", TEAL), (1120, "Planned", AMBER)):
        cv2.circle(page, (x, 263), 5, colour, -1, cv2.LINE_AA)
        text(page, words, x + 12, 268, 13, GRAY)
    left, right, top, bottom = 280, 1220, 290, 470
    for i in range(4):
        y = bottom - i * 56
        cv2.line(page, (left, y), (right, y), LINE, 1)
        text(page, str(i * 40), 244, y + 5, 12, GRAY)
    hours = np.linspace(0, 1, 97)
    moved = 0.44 + 0.30 * np.sin(5.2 * hours - 1.0) + 0.10 * np.sin(17 * hours)
    plan = 0.46 + 0.27 * np.sin(5.2 * hours - 1.1)
    across = left + hours * (right - left)
    curves = [np.stack([across, bottom - c * (bottom - top)], 1) for c in (moved, plan)]
    area = np.vstack([curves[0], [[right, bottom], [left, bottom]]])
    tinted = page.copy()
    cv2.fillPoly(tinted, [np.rint(area * 16).astype(np.int32)], TEAL, cv2.LINE_AA, 4)
    page[...] = cv2.addWeighted(page, 0.88, tinted, 0.12, 0)
    cv2.polylines(page, [np.rint(curves[0] * 16).astype(np.int32)], False, TEAL, 2, cv2.LINE_AA, 4)
    dense = np.linspace(0, 1, 240)
    dashes = np.stack([np.interp(dense, hours, curves[1][:, i]) for i in (0, 1)], 1)
    for start, end in zip(dashes[0::3], dashes[2::3], strict=False):
        ends = [tuple(int(v) for v in np.rint(p * 16)) for p in (start, end)]
        cv2.line(page, ends[0], ends[1], AMBER, 2, cv2.LINE_AA, 4)
    for hour in range(0, 25, 3):
        at = left + hour * (right - left) // 24
        text(page, f"{hour:02d}:00", at - 16, 491, 12, GRAY)


def _table(page: Picture, *, changed: bool) -> None:
    panel(page, 224, 524, 1020, 172)
    columns = (240, 470, 690, 880, 1130)
    for x, words in zip(columns, ("Ship", "From", "Berth", "Due", "State"), strict=True):
        text(page, words, x, 550, 13, GRAY)
    for i, (ship, port, berth, due, state, colour) in enumerate(SHIPS):
        y = 562 + i * 44
        cv2.line(page, (240, y), (1228, y), LINE, 1)
        late = state == "Delayed" and not changed
        for x, words in zip(columns, (ship, port, berth, due), strict=False):
            text(page, words, x, y + 28, 15, INK, 600 if x == columns[0] else 400)
        tone = colour if late or state != "Delayed" else GREEN
        pale = tuple(int(255 - (255 - c) * 0.14) for c in tone)
        words = state if late else "On time"
        end = text(page.copy(), words, 1142, y + 27, 13, tone, 600)  # a trial: how long is it?
        rounded(page, 1130, y + 9, end - 1118, 26, 13, (pale[0], pale[1], pale[2]))
        text(page, words, 1142, y + 27, 13, tone, 600)
