"""What the jury says in the JSON document."""

from __future__ import annotations

import json

from core.buffer import ImageBuffer
from core.engine import compare
from core.jury import disagreements, verdicts
from tests.make import photo, with_patch


def test_the_document_has_the_words_and_the_contradictions():
    a = photo(180, 320, seed=3)
    pair = [ImageBuffer.from_array(x) for x in (a, with_patch(a, 40, 231, 5, 4, by=120))]
    result = compare(*pair)
    document = json.loads(json.dumps(result.to_dict()))
    said = verdicts(result.measures)
    words = {n: m["verdict"] for n, m in document["measures"].items() if "verdict" in m}
    assert words == {name: v.word for name, v in said.items()}
    assert "l1" not in words
    (one,) = disagreements(result.measures)
    assert document["disagreements"] == [
        {"text": one.text, "calm": "psnr", "alarmed": "max_abs", "map": "absolute"}
    ]


def test_pictures_without_a_contradiction_have_an_empty_list():
    a = ImageBuffer.from_array(photo(60, 130, seed=1))
    assert compare(a, a).to_dict()["disagreements"] == []
