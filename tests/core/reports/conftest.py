import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.difference import DifferenceParams
from core.engine import compare
from core.reports import make_report
from core.result import Request
from core.settings import Settings

TIME = "2024-02-29T12:34:56+01:00"


@pytest.fixture
def make():
    """Return a function that compares two arrays and makes the report of it."""

    def from_arrays(a, b, *params, names=("left <b>.png", "right & co.png")):
        pair = [ImageBuffer.from_array(x, name=n) for x, n in zip((a, b), names, strict=True)]
        settings = Settings(params)
        result = compare(*pair, settings)
        return make_report(Request(*pair, settings), result, created=TIME)

    return from_arrays


@pytest.fixture
def scene():
    """Return A, and B with a block of 6 rows and 10 columns that is 50 levels brighter."""
    a = np.random.default_rng(5).integers(0, 200, (60, 90, 3)).astype(np.uint8)
    b = a.copy()
    b[20:26, 70:80] += 50
    return a, b


@pytest.fixture
def report(make, scene):
    return make(*scene, DifferenceParams(tolerance=10))
