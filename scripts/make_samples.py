"""Makes the sample pairs in resources/samples, and the file that says how A and B differ.

    make_samples.py [--pair desk|screenshot] [--height 720] [--samples 64] [--out FOLDER]

The desk is ray traced, which takes some minutes at full size; the screenshot is drawn. The same
arguments make the same files, byte for byte, on the same machine.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import camera
import cv2
import numpy as np
import screenshot
import still_life

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

OUT: Final = Path(__file__).resolve().parents[1] / "resources" / "samples"
EXPOSURE_EV: Final = 0.15
SHIFT: Final = (-2.2, 3.4)  # (rows, cols): what is at p in A is at p + SHIFT in B
NOISE: Final = 1.1  # deviation of the sensor's noise, in levels of 255
JPEG: Final = [
    *(cv2.IMWRITE_JPEG_QUALITY, 93),
    *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
    *(cv2.IMWRITE_JPEG_OPTIMIZE, 1),
]


def main() -> None:
    """Make what the command line asks for."""
    parser = argparse.ArgumentParser(description="Make the sample pairs.")
    parser.add_argument("--pair", choices=["desk", "screenshot"], help="one pair only")
    parser.add_argument("--height", type=int, default=720, help="of the desk; 16:9")
    parser.add_argument("--samples", type=int, default=64, help="light paths for each pixel")
    parser.add_argument("--out", type=Path, default=OUT, help="folder for the files")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    file = asked.out / "truth.json"
    truth: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    if asked.pair in (None, "desk"):
        truth["desk"] = make_desk(asked.out, asked.height, asked.samples)
    if asked.pair in (None, "screenshot"):
        truth["screenshot"] = make_screenshot(asked.out)
    text = json.dumps(dict(sorted(truth.items())), indent=2, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")


def make_desk(folder: Path, height: int, samples: int) -> dict[str, Any]:
    """Render both photographs; return what is true of them."""
    width = height * 16 // 9
    for side, gain in (("a", 1.0), ("b", 2.0**EXPOSURE_EV)):
        scene = still_life.desk(changed=side == "b")
        light = camera.render(scene, height, width, samples, SHIFT if side == "b" else (0.0, 0.0))
        pixels = developed(light * gain, seed=ord(side))
        write(folder / f"desk-{side}.jpg", pixels, JPEG)
    places = still_life.changed_places()
    return {
        "width": width,
        "height": height,
        "shift_of_b": {"x": SHIFT[1], "y": SHIFT[0]},
        "exposure_ev": EXPOSURE_EV,
        "noise_sigma": NOISE,
        "changes": [
            {"what": what, **box(camera.project(points, height, width))}
            for what, points in places.items()
        ],
    }


def box(points: NDArray[np.float64]) -> dict[str, int]:
    """Return the smallest rectangle of whole pixels around (2, N) points of x and y."""
    (x, y), (right, bottom) = np.floor(points.min(axis=1)), np.ceil(points.max(axis=1))
    return {"x": int(x), "y": int(y), "width": int(right - x) + 1, "height": int(bottom - y) + 1}


def developed(light: NDArray[np.float32], seed: int) -> Picture:
    """Return the photograph of linear light: lens falloff, film curve, noise of the sensor.

    The curve is the rational fit to the ACES film curve by K. Narkowicz (2015).
    """
    height, width, _ = light.shape
    rows, cols = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    falloff = 1 / (1 + 0.10 * (rows**2 + cols**2)) ** 2
    x = 0.92 * light * falloff[..., None]
    film = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)
    levels = 255 * np.clip(film, 0, 1) ** (1 / 2.2)
    noise = np.random.default_rng(seed).standard_normal(levels.shape) * NOISE
    return np.asarray(np.clip(np.rint(levels + noise), 0, 255), np.uint8)


def make_screenshot(folder: Path) -> dict[str, Any]:
    """Draw both screenshots; return what is true of them."""
    for side in "ab":
        pixels = screenshot.draw(changed=side == "b")
        write(folder / f"screenshot-{side}.png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    return screenshot.TRUTH


def write(path: Path, pixels: Picture, options: list[int]) -> None:
    """Encode RGB pixels by the suffix of the path, and write them."""
    done, encoded = cv2.imencode(path.suffix, cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)
    if not done:
        raise SystemExit(f"{path} could not be encoded.")
    path.write_bytes(encoded.data)


if __name__ == "__main__":
    main()
