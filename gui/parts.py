"""The widgets of the main window and where they stand; no behaviour."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gui.panels.measures import MeasuresPanel
from gui.panels.metadata import MetadataPanel
from gui.panels.notices import NoticeBar
from gui.panels.pins import PinsPanel
from gui.panels.pipeline import PipelinePanel
from gui.panels.places import PlacesPanel
from gui.panels.regions import RegionsPanel
from gui.panels.sequence import SequencePanel
from gui.readout import Readout
from gui.views.compare_view import CompareView
from gui.views.tone_bar import ToneBar

if TYPE_CHECKING:
    from gui.timeline.timeline import Timeline

SIDE_WIDTH = 372
"""Least width of the side panels: what the widest row of the pipeline needs."""
REGIONS_HEIGHT = 180
"""Least height of the list of regions: three of them."""


class Parts:
    """Makes the widgets and puts them together below the top bar.

    Attributes
    ----------
    notices, tone, view, timeline_place, plots
        The picture area, top to bottom; `tone` is shown when it is of use, `timeline_place` while
        a sequence is open, `plots` is filled by the histograms after the first paint.
    pipeline, sequence, pins, places, measures, regions, metadata
        The side panels, top to bottom.
    readout
        The status line.
    side
        The column of side panels; it scrolls when the window is low.
    across, down
        The splitters: pictures | panels, and pictures / timeline / plots.
    """

    def __init__(self, window: QMainWindow, top_bar: QWidget) -> None:
        self.notices = NoticeBar()
        self.tone = ToneBar()
        self.tone.hide()
        self.view = CompareView()
        self.timeline_place = QWidget(visible=False)
        self.plots = QFrame()
        self.plots.setProperty("role", "panel")
        self.plots.setMinimumHeight(120)
        inside = QVBoxLayout(self.plots)
        inside.setContentsMargins(0, 0, 0, 0)
        self.pipeline = PipelinePanel()
        self.sequence = SequencePanel()
        self.measures = MeasuresPanel()
        self.pins = PinsPanel()
        self.places = PlacesPanel()
        self.regions = RegionsPanel()
        self.metadata = MetadataPanel()
        self.readout = Readout()

        self.down = _splitter(
            Qt.Orientation.Vertical, (self.view, 7), (self.timeline_place, 1), (self.plots, 2)
        )
        self.down.setSizes([570, 210, 190])
        pictures = QWidget()
        column = QVBoxLayout(pictures)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addWidget(self.tone)
        column.addWidget(self.down, 1)

        panels = QWidget()
        stack = QVBoxLayout(panels)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(2)
        for panel in (
            self.pipeline, self.sequence, self.pins, self.places, self.measures, self.regions,
            self.metadata,
        ):  # fmt: skip
            stack.addWidget(panel, int(panel is self.regions))
        self.regions.setMinimumHeight(REGIONS_HEIGHT)
        self.side = scrolled(panels)
        self.side.setMinimumWidth(SIDE_WIDTH)
        self.across = _splitter(Qt.Orientation.Horizontal, (pictures, 1), (self.side, 0))
        self.across.setSizes([1600 - SIDE_WIDTH, SIDE_WIDTH])

        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.across)
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(top_bar)
        rows.addWidget(middle, 1)
        rows.addWidget(_rule())
        rows.addWidget(self.readout)
        window.setCentralWidget(whole)

    @cached_property
    def timeline(self) -> Timeline:
        """The timeline in its place: made when it is first asked for, as only sequences need it."""
        from gui.timeline.timeline import Timeline  # noqa: PLC0415 - takes a while to load

        made = Timeline()
        column = QVBoxLayout(self.timeline_place)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(made)
        return made


def scrolled(widget: QWidget) -> QScrollArea:
    """Put a panel into an area that scrolls up and down when there is too little room."""
    area = QScrollArea()
    area.setProperty("role", "panel")
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(widget)
    return area


def _splitter(way: Qt.Orientation, *parts: tuple[QWidget, int]) -> QSplitter:
    splitter = QSplitter(way)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(1)
    for widget, share in parts:
        splitter.addWidget(widget)
        splitter.setStretchFactor(splitter.count() - 1, share)
    return splitter


def _rule() -> QFrame:
    line = QFrame()
    line.setProperty("role", "rule")
    line.setFixedHeight(1)
    return line
