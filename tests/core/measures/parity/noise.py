"""Noise: no other program gives these numbers, so known noise is put in and looked for."""

from __future__ import annotations

from core.measures.noise import MEASURE
from tests.core.measures.parity._case import Experiment

CASES = (
    Experiment(
        MEASURE.names,
        "No oracle: noise of known strength is put in, and the noise found and the share of false"
        " pixels are held against it; see [noise.md](noise.md).",
    ),
)
