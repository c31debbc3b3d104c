"""Sums of products at every whole shift, by spectra; and what two pictures have in common there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.types import Mask

if TYPE_CHECKING:
    from core.types import Pixels

Known = tuple[Mask | None, Mask | None]
"""Where A and B exist; None: everywhere."""
BLOCK: Final = 4
"""Energies and overlaps are sums over large parts of a picture, which change slowly with the shift:
they are made of means over squares of so many pixels a side."""


def padded(shape: tuple[int, int], ny: int, nx: int) -> tuple[int, int]:
    """Return the size of frames of which no sum wraps around, for shifts up to (ny, nx)."""
    return cv2.getOptimalDFTSize(shape[0] + ny), cv2.getOptimalDFTSize(shape[1] + nx)


def spectrum(plane: Pixels, size: tuple[int, int], row: int, col: int) -> Pixels:
    """Return the spectrum of a plane laid into a frame of `size`, its first pixel at row, col."""
    frame = np.zeros(size, np.float32)
    for r, part in _wrapped(row, plane.shape[0], size[0]):
        for c, piece in _wrapped(col, plane.shape[1], size[1]):
            frame[r, c] = plane[part, piece]
    return cv2.dft(frame)


def _wrapped(start: int, length: int, size: int) -> list[tuple[slice, slice]]:
    head = min(length, size - start)
    parts = [(slice(start, start + head), slice(0, head))]
    if head < length:
        parts.append((slice(0, length - head), slice(head, length)))
    return parts


def correlated(a: Pixels, b: Pixels, ny: int, nx: int) -> Pixels:
    """Return the sums of A(x) B(x - d) for shifts d up to (ny, nx), from spectra.

    A has to be laid (ny, nx) into its frame, so that shift (-ny, -nx) comes out at the origin.
    """
    product = cv2.mulSpectrums(a, b, 0, conjB=True)
    every = cv2.idft(product, flags=cv2.DFT_SCALE | cv2.DFT_REAL_OUTPUT)
    return every[: 2 * ny + 1, : 2 * nx + 1]


def in_common(a: Pixels, b: Pixels, known: Known, ny: int, nx: int) -> tuple[Pixels, Pixels]:
    """Return the product of both energies over what both pictures show at each shift, and its size.

    Parameters
    ----------
    a, b
        (h, w), 0 where a picture does not exist.
    known
        Where they exist.
    ny, nx
        Longest shifts.

    Returns
    -------
    energy, overlap
        (2 ny + 1, 2 nx + 1); the second as a share of the picture of which there is less, 0...1.
    """
    down, right = -(-ny // BLOCK) + 1, -(-nx // BLOCK) + 1
    squares = [_means(cv2.multiply(p, p)) for p in (a, b)]
    exists = [_means(_share(mask, a.shape)) for mask in known]
    size = padded(squares[0].shape, down, right)
    square_a, exists_a = (spectrum(p[0], size, down, right) for p in (squares, exists))
    square_b, exists_b = (spectrum(p[1], size, 0, 0) for p in (squares, exists))

    def every(first: Pixels, second: Pixels) -> Pixels:
        sums = np.maximum(correlated(first, second, down, right), 0.0) * np.float32(BLOCK**2)
        step = 1.0 / BLOCK
        onto = np.array([[step, 0.0, right - nx * step], [0.0, step, down - ny * step]])
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(sums, onto, (2 * nx + 1, 2 * ny + 1), flags=how)

    energy = cv2.multiply(every(square_a, exists_b), every(exists_a, square_b))
    less = min(float(cv2.sumElems(p)[0]) for p in exists) * BLOCK**2
    overlap = every(exists_a, exists_b) * np.float32(1.0 / max(less, 1.0))
    return energy, np.minimum(overlap, np.float32(1.0))


def _share(mask: Mask | None, shape: tuple[int, ...]) -> Pixels:
    return np.ones(shape, np.float32) if mask is None else (mask > 0).astype(np.float32)


def _means(plane: Pixels) -> Pixels:
    """Return the means over squares; beyond the picture there is nothing."""
    h, w = plane.shape
    whole = cv2.copyMakeBorder(plane, 0, -h % BLOCK, 0, -w % BLOCK, cv2.BORDER_CONSTANT, value=0)
    size = whole.shape[1] // BLOCK, whole.shape[0] // BLOCK
    return cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
