"""What is drawn and said of a flow: arrows, colours over B, and words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.sequence.flow_arrows import arrows
from core.sequence.flow_shown import flow_shown, words
from tests.make import shifted
from tests.sequence.test_flow import found, scene


def test_an_arrow_is_the_median_of_its_square():
    a, b = shifted(4, -6, seed=2)
    made = arrows(found(a, b), 24)
    assert {(x.dx, x.dy) for x in made.arrows}
    assert [x.dx for x in made.arrows] == pytest.approx([-6] * len(made.arrows), abs=0.4)
    assert [x.dy for x in made.arrows] == pytest.approx([4] * len(made.arrows), abs=0.4)
    assert made.spacing == 20
    assert made.median == pytest.approx(np.hypot(4, 6), abs=0.1)
    assert made.median <= made.longest < 8
    places = {(x.x, x.y) for x in made.arrows}
    assert (250.0, 130.0) in places
    assert (470.0, 265.0) in places  # the last row of squares is half as high
    assert all(0 < x < 480 and 0 < y < 270 for x, y in places)


def test_arrows_stand_only_where_something_moves():
    a, b, in_a, _ = scene()
    made = arrows(found(a, b))
    assert len(made.arrows) >= 8
    rows, cols = np.nonzero(in_a)
    margin = 45  # squares of 40 px that the thing covers in part
    for arrow in made.arrows:
        assert rows.min() - margin < arrow.y < rows.max() + margin
        assert cols.min() - margin < arrow.x < cols.max() + margin
    middle = [x for x in made.arrows if all(in_a[int(x.y) + k, int(x.x) + k] for k in (-25, 25))]
    assert middle
    for arrow in middle:
        assert (arrow.dx, arrow.dy) == pytest.approx((22, 12), abs=1)


def test_arrows_leave_out_what_is_not_trusted():
    a, b = shifted(4, -6, seed=2)
    made = found(a, b)
    trusted, vectors = made.trusted.copy(), made.vectors.copy()
    trusted[:, :100] = False
    trusted[:, 100:220:4] = False
    vectors[~trusted] = (90, 90)
    left = arrows(replace(made, vectors=vectors, trusted=trusted), 24)
    assert min(x.x for x in left.arrows) > 100
    assert max(x.dy for x in left.arrows) < 5
    none = arrows(replace(made, trusted=np.zeros_like(trusted)))
    assert none.arrows == ()
    assert np.isnan(none.median)
    still = found(a, a)
    assert arrows(still).arrows == ()


def test_words_say_all_numbers():
    a, b = shifted(3, -4, seed=2)
    made = found(a, b)
    moved, camera = words(made)
    # Of what left the picture nothing is known.
    assert moved == "mean 5 px · 95 % 5 px · 98 % moved over 1 px"
    assert camera == "camera moved 5 px · 0 % moved otherwise"
    shown = flow_shown(made)
    assert shown.head(2) == "from A to B · full colour = 8 px · arrows × 2"
    assert shown.veil.shape == (270, 480, 4)
    assert shown.lines == (moved, camera)
    assert words(found(a, b, steady=True))[0].startswith("without the camera: mean 0.0")
    still = flow_shown(found(a, a))
    assert still.head(1) == "from A to B · full colour = 1 px"
    assert still.lines[1] == "camera stood still · 0 % moved otherwise"
