"""The texts and questions that the reader learns from: which of them answer, and what makes the others not answer."""

import gzip
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.examples import KINDS, RECIPE, examples, swapped

CASTLE = "The castle was built in 1410. Its tower fell in 1633. The garden has 40 roses."


def row(question: str, text: str = CASTLE, answer: str = "", **more: Any) -> dict[str, Any]:
    return {"question": question, "title": "Castle", "text": text, "label": 1, "answer": answer, "article": "a"} | more


def test_a_question_about_another_year_or_name_is_not_answered_any_more() -> None:
    rng = random.Random(1)
    question = swapped(row("What fell in 1633?", answer="tower"), CASTLE, rng)
    assert question is not None
    assert question.startswith("What fell in ")
    assert "1633" not in question
    text = "Anna Berg met Karl Lund in Oslo."
    asked = row("Where did Anna Berg meet him?", text, "Oslo")
    assert swapped(asked, text, rng) == "Where did Karl Lund meet him?"
    assert swapped(row("what grows there?"), CASTLE, rng) is None


def write(folder: Path, files: Mapping[str, list[dict[str, Any]]]) -> None:
    for source in RECIPE:
        lines = [json.dumps(row) for row in files.get(source.file, [])]
        (folder / f"{source.file}.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))


def test_examples_leave_out_what_measures_and_mark_what_answers(tmp_path: Path) -> None:
    data, held = tmp_path / "data", tmp_path / "held"
    data.mkdir()
    held.mkdir()
    (held / "queries.jsonl").write_text(json.dumps({"text": "How many roses are there?"}) + "\n", encoding="utf-8")
    asked = [row("When was the castle built?", answer="1410"), row("How many roses are there?", answer="40")]
    denied = row("When was the castle sold?", label=0)
    write(data, {"squad_train_du44": asked, "squad2_train_unansq": [denied]})
    made = examples(data, [held], random.Random(5))
    assert {e.question for e in made if e.answers and e.kind == "answering"} == {"When was the castle built?"}
    assert [e.question for e in made if e.kind == "written"] == ["When was the castle sold?"]
    assert all("1410" in e.text for e in made if e.kind == "answering")
    assert all("1410" not in e.text for e in made if e.kind == "same")
    assert {e.kind for e in made} <= set(KINDS)
