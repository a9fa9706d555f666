"""The texts and questions that the reader learns from: which of them answer, and what makes the others not answer."""

import gzip
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from eval.attributes import ATTRIBUTES, filled, fillers, told
from eval.examples import (
    KINDS,
    RECIPE,
    Example,
    Library,
    examples,
    is_dev,
    keywords,
    swapped,
    turned,
    varied,
)

CASTLE = "The castle was built in 1410. Its tower fell in 1633. The garden has 40 roses."


def row(question: str, text: str = CASTLE, answer: str = "", **more: Any) -> dict[str, Any]:
    return {"question": question, "title": "Castle", "text": text, "label": 1, "answer": answer, "article": "a"} | more


def nearest(library: Library, question: str, inside: bool, lacks: str) -> list[str]:
    return [r["text"] for r, _ in library.nearest(question, "a", inside, lacks)]


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


def test_a_word_becomes_its_contrary_only_where_the_text_holds_the_word_and_not_the_contrary() -> None:
    rng = random.Random(1)
    assert turned("Who was the first king?", "Harald was the first king.", rng) in (
        "Who was the last king?",
        "Who was the first queen?",
    )
    assert turned("Who was the first guest?", "The first and the last guest came.", rng) is None
    assert turned("Who was the first guest?", "Harald came.", rng) is None


def test_keywords_keep_the_word_that_tells_what_is_asked() -> None:
    assert keywords("When was the Zhejiang Office set up?") == "When Zhejiang Office set up"
    assert keywords("Is the office in Hangzhou?") == "office Hangzhou"


def test_the_nearest_sentences_come_from_the_article_or_from_the_others_and_lack_the_answer() -> None:
    other = "The tower of the church was built in 1500."
    library = Library([row("", CASTLE), row("", "A tower stands there."), row("", other, article="b")])
    assert nearest(library, "When was the tower built?", True, "1410") == ["A tower stands there."]
    assert nearest(library, "When was the tower built?", False, "1410")[0] == other
    assert nearest(library, "who?", True, "x") == []


@pytest.mark.parametrize("seed", range(20))
def test_what_is_told_answers_its_question_with_another_statement_than_the_others(seed: int) -> None:
    made = told("Blue Hall", random.Random(seed))
    assert "Blue Hall" in made.question
    assert made.answering not in made.others
    assert len(set(made.others)) == len(made.others) >= 3
    assert not set("{}") & set(made.question + made.answering + "".join(made.others))


def test_each_attribute_is_asked_for_and_stated_with_known_fillers_only() -> None:
    values = fillers(random.Random(3))
    for attribute in ATTRIBUTES:
        for pattern in (*attribute.questions, *attribute.statements):
            assert "{" not in filled(pattern, "It", values), pattern


def test_a_varied_example_is_about_the_same_text() -> None:
    example = Example("Who Came?", "Title", "Anna came.", True, (0, 4), "answering", "f", "g")
    seen = {varied(example, random.Random(seed)) for seed in range(200)}
    assert {e.text.lower() for e in seen} == {"anna came."}
    assert {e.around for e in seen} == {"Title", "title", ""}
    assert {"Who Came?", "Who Came", "who came?", "who came"} <= {e.question for e in seen}


def test_few_articles_are_kept_to_measure_with_and_always_the_same() -> None:
    def of(group: str) -> Example:
        return Example("q", "", "t", True, None, "answering", "f", group)

    kept = sum(is_dev(of(f"article {i}")) for i in range(2000))
    assert 30 < kept < 90
    assert is_dev(of("article 7")) == is_dev(of("article 7"))


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
    answering = next(e for e in made if e.kind == "answering")
    assert answering.span is not None
    assert answering.text[slice(*answering.span)] == "1410"
