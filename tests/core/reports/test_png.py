import cv2
import numpy as np
import pytest

from core.difference import DifferenceParams
from core.reports import _drawing, png, write_report


def read(path):
    return cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)


def test_the_map_alone_is_the_map(report, tmp_path):
    write_report(report, tmp_path / "r.map.png")
    np.testing.assert_array_equal(read(tmp_path / "r.map.png"), report.heat)


def test_the_sheet_is_written_as_it_is_drawn(report, tmp_path):
    write_report(report, tmp_path / "r.png")
    np.testing.assert_array_equal(read(tmp_path / "r.png"), png.sheet(report))


def find(sheet, picture):
    """Return the (row, col) at which a picture lies on a sheet, exactly."""
    score = cv2.matchTemplate(sheet, np.ascontiguousarray(picture), cv2.TM_SQDIFF)
    row, col = np.unravel_index(score.argmin(), score.shape)
    height, width = picture.shape[:2]
    np.testing.assert_array_equal(sheet[row : row + height, col : col + width], picture)
    return row, col


def test_the_pictures_stand_beside_each_other(make):
    rng = np.random.default_rng(3)
    a, b = rng.integers(0, 255, (2, 30, 45, 3)).astype(np.uint8)
    sheet = png.sheet(make(a, b))
    side = (png.INNER - 2 * png.GAP) // 3
    size = (side, round(30 * side / 45))
    row_a, col_a = find(sheet, _drawing.scaled(a, *size))
    row_b, col_b = find(sheet, _drawing.scaled(b, *size))
    assert row_a == row_b
    assert col_b - col_a == side + png.GAP


def test_panoramas_stand_above_each_other(make):
    rng = np.random.default_rng(3)
    a, b = rng.integers(0, 255, (2, 20, 300, 3)).astype(np.uint8)
    sheet = png.sheet(make(a, b))
    size = (png.INNER, round(20 * png.INNER / 300))
    (row_a, col_a), (row_b, col_b) = (find(sheet, _drawing.scaled(x, *size)) for x in (a, b))
    assert col_a == col_b == png.MARGIN
    assert row_b > row_a + size[1]


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (900, 2), (40, 60)])
def test_any_shape_fits(make, shape):
    a = np.full(shape, 9, np.uint8)
    sheet = png.sheet(make(a, a + 1, DifferenceParams(tolerance=2.5)))
    assert sheet.shape[1] == png.WIDTH
    assert sheet.dtype == np.uint8


@pytest.mark.parametrize("zero", [(0, 0, 3), (250, 250, 250)])
def test_a_defect_of_one_pixel_survives_on_a_dark_and_on_a_white_map(zero):
    heat = np.full((401, 1201, 3), zero, np.uint8)
    heat[333, 777] = (200, 60, 20)
    small = _drawing.scaled_map(heat, 300, 100, np.array(zero, np.uint8))
    assert small.shape == (100, 300, 3)
    found = np.argwhere((small == (200, 60, 20)).all(axis=2))
    assert len(found) >= 1
    # 1201 columns in cells of 5 make 241 cells on 300 pixels: a cell is at most 2 pixels wide.
    np.testing.assert_allclose(found.mean(axis=0), (333 / 401 * 100, 777 / 1201 * 300), atol=2)


def test_a_long_text_loses_its_middle():
    text = "/a/very/long/path/" + "x" * 200 + "/name.png"
    short = _drawing.shortened(text, 16, 300)
    assert _drawing.text_width(short, 16) <= 300
    assert short.startswith("/a/")
    assert short.endswith(".png")
    assert _drawing.shortened("name.png", 16, 300) == "name.png"


def test_wrapped_lines_hold_all_words():
    text = "They differ: 9,612 of 273,280 pixels (3.5 %) differ by more than 4, in 2 regions."
    lines = _drawing.wrapped(text, 34, 500)
    assert " ".join(lines) == text
    assert len(lines) > 1
    assert all(_drawing.text_width(line, 34) <= 500 for line in lines)


def test_without_the_outline_font_text_is_still_drawn(monkeypatch):
    monkeypatch.delattr(cv2, "FontFace", raising=False)
    canvas = np.full((60, 400, 3), 255, np.uint8)
    _drawing.draw_text(canvas, "640 × 427 – “Ä” ∞", (10, 40), 24)
    dark = np.argwhere(canvas.min(axis=2) < 128)
    assert len(dark) > 100
    assert dark[:, 1].max() - 10 <= _drawing.text_width("640 × 427 – “Ä” ∞", 24) + 4
