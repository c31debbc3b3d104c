"""Turning pages and choosing layers in the whole window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import OpenImageIO
import pytest
import tifffile
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QInputDialog

from core.io import open_image
from core.io.address import Part
from core.render import Side
from tests.make import photo, with_patch

if TYPE_CHECKING:
    from tests.gui.driver import Driver

Files = tuple[Path, Path]
Key = Qt.Key
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Write a TIFF of five pages, and an animated GIF of three."""
    scenes = [photo(90, 160, seed) for seed in range(5)]
    tiff, gif = tmp_path / "stack.tif", tmp_path / "moving.gif"
    tifffile.imwrite(tiff, np.stack(scenes), photometric="rgb")
    frames = [Image.fromarray(with_patch(s, 20, 90, 9, 14, by=70)) for s in scenes[:3]]
    frames[0].save(gif, save_all=True, append_images=frames[1:])
    return tiff, gif


def opened(driver: Driver, a: Path | str, b: Path | str) -> None:
    driver.controller.open_pair(str(a), str(b))
    driver.rest()
    assert driver.controller.session.complete
    driver.answer()


def pages(driver: Driver) -> tuple[int, ...]:
    driver.rest()
    session = driver.controller.session
    return tuple(p.contents.page + 1 if p else 0 for p in (session.a, session.b))


def press(driver: Driver, key: Key, modifiers: Qt.KeyboardModifier = SHIFT & CTRL) -> None:
    driver.key(key, modifiers)


def test_the_keys_turn_both_or_one(driver: Driver, files: Files) -> None:
    opened(driver, *files)
    assert pages(driver) == (1, 1)
    press(driver, Key.Key_PageDown)
    assert pages(driver) == (2, 2)
    press(driver, Key.Key_PageDown, SHIFT)
    assert pages(driver) == (3, 2)
    press(driver, Key.Key_PageDown, CTRL)
    assert pages(driver) == (3, 3)
    press(driver, Key.Key_PageUp)
    assert pages(driver) == (2, 2)
    assert driver.window.windowTitle() == (
        "stack.tif (page 2 of 5) ↔ moving.gif (page 2 of 3) – Pairlens"
    )
    shown = [
        driver.parts.view.panes[k].names.buttons[s].text() for k, s in ((0, Side.A), (1, Side.B))
    ]
    assert shown == ["page 2 of 5", "page 2 of 3"]
    assert not driver.sentences()


def test_keys_pressed_fast_are_all_obeyed(driver: Driver, files: Files) -> None:
    opened(driver, *files)
    for _ in range(4):
        press(driver, Key.Key_PageDown, SHIFT)
    assert pages(driver) == (5, 1)


def test_a_page_that_one_file_lacks_is_said_and_nothing_moves(driver: Driver, files: Files) -> None:
    opened(driver, f"{files[0]}#page=3", f"{files[1]}#page=3")
    press(driver, Key.Key_PageDown)
    assert pages(driver) == (3, 3)
    assert driver.sentences() == ["“moving.gif” has no page 4; it ends with page 3."]
    press(driver, Key.Key_PageDown, SHIFT)
    assert pages(driver) == (4, 3)
    assert not driver.sentences()
    opened(driver, *files)
    press(driver, Key.Key_PageUp)
    assert pages(driver) == (1, 1)
    assert driver.sentences() == ["“stack.tif” is at its first page already."]


def test_only_what_has_pages_turns(driver: Driver, files: Files, tmp_path: Path) -> None:
    single = tmp_path / "one.tif"
    tifffile.imwrite(single, photo(90, 160), photometric="rgb")
    actions = driver.window.actions_by_id
    names = ("next_page", "next_page_a", "next_page_b", "previous_page_b")
    assert not any(actions[name].isEnabled() for name in names)
    opened(driver, single, files[1])
    assert [actions[name].isEnabled() for name in names] == [True, False, True, True]
    press(driver, Key.Key_PageDown)
    assert pages(driver) == (1, 2)


def test_view_and_settings_stay_and_so_does_the_other_picture(driver: Driver, files: Files) -> None:
    opened(driver, *files)
    driver.switch("blur")
    driver.answer()
    camera = driver.parts.view.camera
    camera.look_at(101, 51, 8.0)
    place = camera.to_view(0, 0, driver.parts.view.panes[0].view)
    other, settings = driver.controller.session.b, driver.controller.session.settings
    driver.window.pages.choose(Side.A, Part(4))
    assert pages(driver) == (5, 1)
    assert driver.controller.session.b is other
    assert driver.controller.session.settings == settings
    assert camera.to_view(0, 0, driver.parts.view.panes[0].view) == place
    expected = open_image(files[0], page=4).data
    a = driver.controller.session.a
    assert a is not None
    np.testing.assert_array_equal(a.data, expected)


def test_the_old_picture_stays_until_the_new_one_is_there(
    driver: Driver, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(driver, *files)
    driver.window.pages.choose(Side.A, Part(2))
    view = driver.parts.view
    assert not view._layers[Side.A].empty  # it has not been read yet
    assert driver.window.windowTitle().startswith("stack.tif (page 1 of 5)")
    assert pages(driver) == (3, 1)


def test_reload_recent_pairs_and_the_command_keep_the_page(driver: Driver, files: Files) -> None:
    opened(driver, f"{files[0]}#page=4", files[1])
    driver.key(Key.Key_F5)
    assert pages(driver) == (4, 1)
    assert driver.window.memory.pairs()[0] == (f"{files[0]}#page=4", str(files[1]))
    press(driver, Key.Key_PageUp, SHIFT)
    assert pages(driver) == (3, 1)
    assert driver.window.memory.pairs() == [(f"{files[0]}#page=3", str(files[1]))]
    driver.window.actions_by_id["copy_command"].trigger()
    assert "stack.tif#page=3" in QApplication.clipboard().text()
    driver.key(Key.Key_X)
    driver.answer()
    assert pages(driver) == (1, 3)
    menu = driver.window.recent_menu
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "stack.tif#page=3  ↔  moving.gif"


def test_the_pages_are_no_notice_in_the_window(driver: Driver, files: Files) -> None:
    opened(driver, *files)
    result = driver.controller.result
    assert result is not None
    assert [n.code for n in result.notices].count("pages") == 2
    assert not [c for c in driver.parts.notices.cards() if c.code == "pages"]


def test_a_drawing_is_drawn_at_the_width_asked_for(
    driver: Driver, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = tmp_path / "plan.svg"
    words = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='40'>"
    drawing.write_text(f"{words}<rect width='60' height='20' fill='#c33'/></svg>", "utf-8")
    opened(driver, drawing, files[0])
    button = driver.parts.view.panes[0].names.buttons[Side.A]
    assert button.text() == "90 px wide"
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (450, True))
    menu = button.menu()
    menu.actions()[-1].trigger()
    menu.close()
    driver.rest()
    a = driver.controller.session.a
    assert a is not None
    assert a.shape == (200, 450)
    assert button.text() == "450 px wide"
    assert driver.window.memory.pairs()[0][0] == f"{drawing}#width=450"


def test_layers_are_chosen_beside_the_name(driver: Driver, tmp_path: Path) -> None:
    a, b = tmp_path / "plain.npz", tmp_path / "layers.npz"
    scenes = [photo(90, 160, seed) for seed in range(3)]
    np.savez(a, beauty=scenes[0])
    np.savez(b, beauty=scenes[1], **{"diffuse & light": scenes[2]})
    opened(driver, a, b)
    names = driver.parts.view.panes[1].names
    button = names.buttons[Side.B]
    assert button.text() == "beauty"
    assert driver.parts.view.panes[0].names.buttons[Side.A].isHidden()
    menu = button.menu()
    texts = [item.text() for item in menu.actions() if not item.isSeparator()]
    assert texts == ["beauty", "diffuse && light"]
    menu.actions()[-1].trigger()
    menu.close()
    driver.rest()
    assert button.text() == "diffuse & light"
    session = driver.controller.session
    assert session.b is not None
    np.testing.assert_array_equal(session.b.data, scenes[2])
    assert driver.window.windowTitle() == "plain.npz ↔ layers.npz (diffuse & light) – Pairlens"
    driver.key(Key.Key_F5)
    driver.rest()
    assert button.text() == "diffuse & light"


def test_parts_of_a_rendering_have_layers_of_their_own(driver: Driver, tmp_path: Path) -> None:
    a, b = tmp_path / "a.exr", tmp_path / "b.exr"
    channels = [f"{layer}{c}" for layer in ("", "diffuse.") for c in "RGB"]
    pixels = np.dstack([photo(40, 90, k, dtype=np.float32) for k in range(2)])
    for path in (a, b):
        image = OpenImageIO.ImageOutput.create(str(path))
        specs = [OpenImageIO.ImageSpec(90, 40, 6, "half") for _ in range(2)]
        for k, spec in enumerate(specs):
            spec.channelnames = channels
            spec.attribute("oiio:subimagename", f"part{k}")
        assert image.open(str(path), specs), image.geterror()
        assert image.write_image(pixels)
        assert image.open(str(path), specs[1], "AppendSubimage"), image.geterror()
        assert image.write_image(pixels[::-1].copy())
        image.close()
    opened(driver, a, b)
    button = driver.parts.view.panes[0].names.buttons[Side.A]
    assert button.text().startswith("page 1 of 2, ")
    menu = button.menu()
    texts = [item.text() for item in menu.actions() if not item.isSeparator()]
    assert texts[:2] == ["Page 1", "Page 2"]
    assert "diffuse" in texts[2:]
    next(item for item in menu.actions() if item.text() == "diffuse").trigger()
    menu.close()
    driver.rest()
    assert button.text() == "page 1 of 2, diffuse"
    picture = driver.controller.session.a
    assert picture is not None
    np.testing.assert_array_equal(picture.data, pixels[..., 3:].astype(np.float16))
    press(driver, Key.Key_PageDown)
    assert pages(driver) == (2, 2)
    assert not driver.sentences()


def test_what_the_files_say_follows_the_pictures(driver: Driver, files: Files) -> None:
    panel = driver.parts.metadata
    driver.controller.open_pair(str(files[0]), None)
    driver.until(lambda: driver.controller.session.a is not None, "not opened")
    driver.rest()
    assert panel.header.note.text() == ""
    opened(driver, *files)
    formats = {r.key: (r.a, r.b, r.differs) for r in panel._rows}
    assert formats["format"] == ("TIFF", "GIF", True)
    assert formats["page"] == ("1 of 5", "1 of 3", True)
    driver.key(Key.Key_X)
    driver.answer()
    assert {r.key: (r.a, r.b) for r in panel._rows}["format"] == ("GIF", "TIFF")


def test_the_key_opens_the_section_and_it_comes_back(driver: Driver, files: Files) -> None:
    panel, action = driver.parts.metadata, driver.window.actions_by_id["files"]
    assert not panel.is_open
    assert not action.isChecked()
    opened(driver, *files)
    driver.window.actions_by_id["panels"].trigger()
    assert driver.parts.side.isHidden()
    driver.key(Key.Key_I)
    assert panel.is_open
    assert not driver.parts.side.isHidden()
    bar = driver.parts.side.verticalScrollBar()
    driver.until(lambda: bar.value() == min(panel.y(), bar.maximum()), "not in view")
    driver.click(panel.disclosure)
    assert not action.isChecked()
    driver.click(panel.disclosure)
    assert action.isChecked()
    driver.window.close()
    assert driver.window.memory.flag("files", False) is True
