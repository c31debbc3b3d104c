"""A camera whose frames lie at known places, for what is built on the estimator."""

from __future__ import annotations

import math

import numpy as np

from core import alignment
from core.alignment._chain import STEADY
from core.alignment.frames import FrameReference, aligned_frames
from core.alignment.models import mapped
from core.alignment.types import Alignment
from core.buffer import ImageBuffer
from core.geometry import IDENTITY, as_matrix
from core.types import Rect

SHAPE = 60, 100


def frame(number):
    return ImageBuffer.from_array(np.full(SHAPE, number, np.uint16))


def number(picture):
    return int(picture.read(Rect(0, 0, 1, 1), 0)[0, 0])


def shift(dx, dy):
    return np.array([[1, 0, dx], [0, 1, dy], [0, 0, 1.0]])


def turned(angle, scale=1.0, dx=0.0, dy=0.0):
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    return np.array([[c, -s, dx], [s, c, dy], [0, 0, 1.0]])


def expected(sigma, links=1):
    """Return the expected error of a chain of so many links, px."""
    return math.hypot(sigma * math.sqrt(2 * links), STEADY * links) if sigma else 0.0


def far(start, found):
    """Whether what is searched for lies farther from where the search begins than it goes: 8 px."""
    middle = np.array([[SHAPE[1] / 2, SHAPE[0] / 2]])
    if start is None:
        return False
    return np.abs(mapped(np.asarray(start), middle) - mapped(found, middle)).max() > 8


class Camera:
    """Stands for the estimator: knows where each frame lies, and is off by a known amount.

    Parameters
    ----------
    truth
        ``truth(number)``: 3x3, frame to frame 0.
    sigma
        Deviation of each direction of an answer, px. On top of it each answer is off by `STEADY`
        to the right, and says so.
    refuses
        Pairs (a, b) of frames that are not aligned; a number refuses all pairs with that frame.
    """

    def __init__(self, truth, sigma=0.0, seed=0, refuses=()):
        self.truth, self.sigma, self.refuses = truth, sigma, refuses
        self.random = np.random.default_rng(seed)
        self.asked, self.starts, self.wrong = [], [], {}

    def __call__(self, a, b, model, start=None):
        pair = number(a), number(b)
        self.asked.append(pair)
        self.starts.append(start)
        found = np.linalg.inv(self.truth(pair[0])) @ self.truth(pair[1])
        if pair in self.refuses or set(pair) & set(self.refuses) or far(start, found):
            return Alignment(model, IDENTITY, 0.1, math.nan, False, "They do not look alike.")
        steady = STEADY if self.sigma else 0.0
        off = self.random.normal(0, self.sigma, 2) + self.wrong.get(pair, (0, 0))
        off += np.array([steady, 0.0])
        return Alignment(
            model, as_matrix(shift(*off) @ found), 0.9, expected(self.sigma), True, "It is so."
        )

    def off(self, found):
        """Return how far a frame's middle is from where it should be, px of frame 0."""
        middle = np.array([[SHAPE[1] / 2, SHAPE[0] / 2]])
        there = mapped(np.asarray(found.matrix), middle)
        return float(np.hypot(*(there - mapped(self.truth(found.index), middle))[0]))


def slowly(k):
    return shift(0.4 * k, -0.2 * k)


def filmed(monkeypatch, truth, count, to=FrameReference.PREVIOUS, *, drift=None, model="affine",
           **more):  # fmt: skip
    """Lay `count` frames; return the camera and what was found."""
    camera = Camera(truth, **more)
    monkeypatch.setattr(alignment, "estimate_alignment", camera)
    return camera, list(aligned_frames(map(frame, range(count)), to, model, drift))
