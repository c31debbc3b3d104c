from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.blocks import BLOCKS, LEAST_SIDE, cells, grid_of
from core.types import Rect

SHAPES = st.tuples(st.integers(1, 120), st.integers(1, 250))


def painted(rects, shape):
    """Number of the block of each pixel, and how often each pixel lies in a cell."""
    block, times = np.full(shape, -1), np.zeros(shape, int)
    for rect in rects:
        for cell in cells(rect, shape):
            block[rect.slices][cell.where] = cell.index
            times[rect.slices][cell.where] += 1
    return block, times


@given(SHAPES, st.integers(5, 90), st.integers(5, 90))
def test_cells_of_all_strips_cover_each_pixel_once_and_name_its_block(shape, rows, cols):
    height, width = shape
    rects = [
        Rect(r, c, min(rows, height - r), min(cols, width - c))
        for r in range(0, height, rows)
        for c in range(0, width, cols)
    ]
    block, times = painted(rects, shape)
    grid = grid_of(shape)
    assert (times == 1).all()
    row, col = np.mgrid[:height, :width]
    assert (block == row // grid.side * grid.cols + col // grid.side).all()
    assert set(np.unique(block)) == set(range(grid.count))


def test_a_strip_within_the_canvas_off_the_diagonal():
    # 170 x 1000 pixels in about 144 blocks: 35 pixels a side, 5 x 29 of them.
    grid = grid_of((170, 1000))
    assert (grid.side, grid.rows, grid.cols, grid.count) == (35, 5, 29, 145)
    found = list(cells(Rect(68, 860, 3, 20), (170, 1000)))
    assert [c.index for c in found] == [29 + 24, 29 + 25, 58 + 24, 58 + 25]
    assert found[0].where == (slice(0, 2), slice(0, 15))  # rows 68, 69 and columns 860...874
    assert found[3].where == (slice(2, 3), slice(15, 20))


@pytest.mark.parametrize(
    "shape", [(3000, 4000), (270, 480), (1, 10**6), (10**6, 3), (40000, 50000), (16, 100000)]
)
def test_there_are_about_as_many_as_wanted_whatever_the_shape(shape):
    grid = grid_of(shape)
    assert grid.side >= LEAST_SIDE
    assert BLOCKS / 2 <= grid.count <= 3 * BLOCKS


def test_small_canvases_have_few():
    assert grid_of((5, 11)).count == 1
    assert grid_of((0, 0)).count == 1
    assert grid_of((33, 48)).count == 9


def test_an_empty_strip_has_none():
    assert list(cells(Rect(3, 5, 0, 7), (20, 30))) == []
