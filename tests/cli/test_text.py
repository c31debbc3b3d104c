import numpy as np
import pytest

from cli.text import WIDTH, Paint, lines
from core.alignment.facts import facts
from core.buffer import ImageBuffer
from core.engine import compare
from core.format import interval_text, measure_text, verdict
from core.jury import disagreements, verdicts
from core.settings import Settings
from core.stages.align import AlignParams
from tests.make import shifted

PLAIN = Paint(on=False)


def compared(a, b, *params):
    pair = (ImageBuffer.from_array(a, name="a.png"), ImageBuffer.from_array(b, name="long/b.png"))
    return compare(*pair, Settings(params))


@pytest.fixture
def result():
    a = np.random.default_rng(1).integers(0, 200, (40, 70, 3)).astype(np.uint8)
    b = a.copy()
    b[5:9, 50:60] += 20
    return compared(a, b)


def test_everything_is_said(result):
    made = lines(result, PLAIN)
    text = "\n".join(made)
    assert made[0].split() == ["A", "a.png", "70", "×", "40", "uint8,", "3", "channels"]
    assert made[1].startswith("B  long/b.png")
    for measure in result.measures.values():
        (line,) = [x for x in made if x.startswith(f"{measure.label}  ")]
        assert " ".join(measure_text(measure).split()) in " ".join(line.split())
    assert made[-1] == verdict(result)
    assert "1 region\n" in text
    assert any(x.split() == ["1", "50", "5", "10", "×", "4", "40", "20", "20"] for x in made)


def test_the_values_stand_under_each_other(result):
    texts = [measure_text(m).partition(" ")[0] for m in result.measures.values()]
    labels = tuple(f"{m.label} " for m in result.measures.values())
    rows = [x for x in lines(result, PLAIN) if x.startswith(labels)]
    end = max(map(len, labels)) + 1 + max(map(len, texts))
    ends = [row[:end].endswith(f" {text}") for row, text in zip(rows, texts, strict=True)]
    assert all(ends)


def test_colours_change_nothing_else(result):
    import re

    coloured = lines(result, Paint(on=True))
    assert "\x1b[1;31m" in coloured[-1]
    bare = [re.sub(r"\x1b\[[0-9;]*m", "", x).rstrip() for x in coloured]
    assert bare == [x.rstrip() for x in lines(result, PLAIN)]


def test_no_line_has_trailing_blanks_or_colours_when_plain(result):
    for line in lines(result, PLAIN):
        assert line == line.rstrip()
        assert "\x1b" not in line


def test_at_most_ten_regions_and_how_many_more():
    a = np.zeros((60, 200), np.uint8)
    b = a.copy()
    for k in range(12):
        b[10:14, 5 + 16 * k : 9 + 16 * k] = 99
    made = lines(compared(a, b), PLAIN)
    assert "12 regions" in made
    assert "… and 2 more" in made
    assert sum(x.endswith("16    99    99") for x in made) == 10


def test_equal_pictures_are_good():
    a = np.arange(600, dtype=np.uint8).reshape(20, 30)
    assert lines(compared(a, a), Paint(on=True))[-1].startswith("\x1b[1;32mNo difference")


def test_notices_and_steps_are_said():
    flat = np.full((40, 60), 9, np.uint8)
    result = compared(flat, flat[:30, :50], AlignParams(enabled=True))
    text = "\n".join(lines(result, PLAIN))
    assert result.notices
    for notice in result.notices:
        assert notice.text in text
    assert "\nAlign  " in text


def test_each_measure_has_its_word_and_interval(result):
    made, said = lines(result, PLAIN), verdicts(result.measures)
    assert said
    for name, measure in result.measures.items():
        (line,) = [x for x in made if x.startswith(f"{measure.label}  ")]
        words = " ".join(line.split())
        start = " ".join(f"{measure.label} {measure_text(measure)}".split())
        start += f" {said[name].word}" if name in said else ""
        assert words.startswith(f"{start} ↓") or words.startswith(f"{start} ↑")
        assert interval_text(measure) in line


def test_contradictions_stand_below_the_measures_in_lines_of_a_hundred():
    a = np.random.default_rng(1).integers(0, 200, (40, 70, 3)).astype(np.uint8)
    result = compared(a, a + np.uint8(1))
    made = lines(result, PLAIN)
    found = disagreements(result.measures)
    assert found
    start = made.index(f"{len(found)} disagreement{'s' if len(found) > 1 else ''}")
    block = made[start + 1 : made.index("", start)]
    assert max(map(len, block)) <= 100
    assert " ".join(x.strip() for x in block) == " ".join(f"- {d.text}" for d in found)


def test_without_contradictions_nothing_is_said_of_them():
    a = np.arange(600, dtype=np.uint8).reshape(20, 30)
    assert "disagreement" not in "\n".join(lines(compared(a, a), PLAIN))


def test_an_alignment_says_why_and_how_far_to_believe_it():
    a, b = shifted(3, -7, 90, 160)
    result = compared(a, b, AlignParams(enabled=True))
    made = lines(result, PLAIN)
    at = next(i for i, line in enumerate(made) if line.startswith("Align "))
    assert made[at].endswith(result.summaries["align"])
    said = []
    for line in made[at + 1 :]:
        if not line.startswith("  "):
            break
        assert len(line) <= WIDTH
        said.append(line.strip())
    text = " ".join(said)
    assert text.startswith(f"translation (asked for: auto): {result.alignment.reason} ")
    known = dict(facts(result.alignment, (90, 160)))
    assert f"Confidence: {known['Confidence']}; Overlap: {known['Overlap']}" in text
    assert "Shift of B" not in text  # that stands beside the title


def test_a_refused_alignment_is_a_warning_alone():
    flat = np.full((60, 90), 100, np.uint8)
    result = compared(flat, flat, AlignParams(enabled=True))
    made = lines(result, PLAIN)
    at = next(i for i, line in enumerate(made) if line.startswith("Align "))
    assert made[at].split() == ["Align", "refused"]
    assert not made[at + 1].startswith("  ")
    assert "\n".join(made).count(result.alignment.reason) == 1
    assert not any("Confidence" in line for line in made)
