"""Code points: what they mean for a still picture."""

from __future__ import annotations

import pytest

from core.io.color.cicp import cicp_space


@pytest.mark.parametrize("transfer", [1, 6, 14, 15])
def test_camera_curves_are_taken_for_the_screen(transfer: int) -> None:
    """Encoders of still pictures set these code points without touching sRGB values."""
    space = cicp_space(1, transfer)
    assert space is not None
    assert space.name == "sRGB"
    assert space.curves == cicp_space(1, 13).curves
