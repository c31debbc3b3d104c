import os
import stat

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.difference import DifferenceParams
from core.engine import compare
from core.errors import WriteError
from core.render import Look
from core.reports import default_look, format_of, formats, make_report, write_report
from core.result import Request
from core.settings import Settings
from core.types import MapKind


def test_the_formats_there_are():
    assert set(formats()) == {".csv", ".html", ".json", ".map.png", ".png"}
    assert all(m.TITLE for m in formats().values())


def test_the_longest_suffix_wins_in_any_case():
    assert format_of("x.PNG").SUFFIX == ".png"
    assert format_of("x.map.png").SUFFIX == ".map.png"


@pytest.mark.parametrize("name", ["x.docx", "png", "x"])
def test_an_unknown_suffix_lists_the_known(report, tmp_path, name):
    with pytest.raises(WriteError, match=r"\.csv, \.html, \.json, \.map\.png, \.png"):
        write_report(report, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".csv", ".html", ".json", ".map.png", ".png"])
def test_every_format_writes_one_whole_file(report, tmp_path, suffix):
    path = tmp_path / f"r{suffix}"
    write_report(report, path)
    assert list(tmp_path.iterdir()) == [path]
    assert path.stat().st_size > 200


def test_a_report_is_as_readable_as_any_other_file(report, tmp_path):
    (tmp_path / "plain").touch()
    write_report(report, tmp_path / "r.json")
    modes = {stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_failure_keeps_the_old_report(report, tmp_path, monkeypatch):
    path = tmp_path / "r.json"
    path.write_text("old")

    def full(report, path):
        path.write_text("ha")
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(format_of(path), "write", full)
    with pytest.raises(WriteError, match=r"r\.json” could not be written: No space left"):
        write_report(report, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_pictures_of_a_small_pair_are_its_pixels(report, scene):
    a, b = scene
    np.testing.assert_array_equal(report.a, a)
    np.testing.assert_array_equal(report.b, b)
    assert report.step == 1
    np.testing.assert_array_equal(report.heat[0, 0], report.ramp[0])
    # 50 of 64 levels: code 50 is painted with colour round(50 / 64 * 255).
    np.testing.assert_array_equal(report.heat[22, 75], report.ramp[199])


def test_a_defect_of_one_pixel_is_in_the_overview_of_a_large_pair(make, monkeypatch):
    monkeypatch.setattr("core.reports.MAX_PIXELS", 20_000)
    a = np.full((150, 401), 100, np.uint8)
    b = a.copy()
    b[77, 301] = 164
    report = make(a, b)
    assert report.step == 2
    np.testing.assert_array_equal(report.heat[77 // 2, 301 // 2], report.ramp[255])
    assert (report.heat != report.ramp[0]).any(axis=2).sum() == 1


def test_the_legend_of_a_signed_map_has_zero_in_its_middle(make, scene):
    report = make(*scene, DifferenceParams(map="signed"))
    assert (report.low, report.high) == (-64.0, 64.0)
    np.testing.assert_array_equal(report.heat[0, 0], report.ramp[128])
    darker = report.heat[22, 75]  # A is 50 levels darker than B: index 128 - round(50 / 64 * 127)
    assert np.abs(darker.astype(int) - report.ramp[128 - 99]).max() <= 4  # one code is half a level


def test_a_diverging_map_of_sizes_uses_its_upper_half(scene):
    a, b = (ImageBuffer.from_array(x) for x in scene)
    request = Request(a, b, Settings())
    look = Look("blue-white-orange", 64.0)
    report = make_report(request, compare(a, b), look=look, created="now")
    assert report.low == 0.0
    np.testing.assert_array_equal(report.heat[0, 0], report.ramp[0])
    # Code 50 is colour 128 + round(50 / 64 * 127); the ramp has each colour of that half twice.
    np.testing.assert_array_equal(report.heat[22, 75], report.ramp[2 * 99])


@pytest.mark.parametrize("kind", list(MapKind))
def test_every_kind_of_map_shows_a_strong_difference_in_a_strong_colour(make, scene, kind):
    report = make(*scene, DifferenceParams(map=kind))
    assert default_look(kind).high == report.high
    zero = report.heat[0, 0].astype(int)
    structural = (MapKind.SSIM, MapKind.MS_SSIM, MapKind.GMSD, MapKind.GRADIENT)
    rim = kind in structural  # these see nothing inside of an even patch
    where = (slice(None), slice(None)) if rim else (22, 75)
    assert np.abs(report.heat[where].astype(int) - zero).max() > 90


def test_the_command_and_the_versions_are_there(report):
    assert report.command == "pairlens compare 'left <b>.png' 'right & co.png' --tolerance 10"
    assert set(report.versions) == {"Pairlens", "Python", "NumPy", "OpenCV"}
