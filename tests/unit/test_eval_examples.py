"""The questions of public sets that the reader learns from: which of their texts answer, and which look as if."""

import gzip
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.examples import RECIPE, examples, swapped
from eval.lessons import PUBLIC, Lesson

SENTENCES = ("The castle was built in 1410.", "Its tower fell in 1633.", "The garden has 40 roses.")
CASTLE = " ".join(SENTENCES)


def row(question: str, text: str = CASTLE, answer: str = "", **more: Any) -> dict[str, Any]:
    return {"question": question, "title": "Castle", "text": text, "label": 1, "answer": answer, "group": "a"} | more


def made(folder: Path, files: Mapping[str, list[dict[str, Any]]], held: Path | None = None) -> list[Lesson]:
    """Return the lessons of a folder in which only some files hold rows."""
    for source in RECIPE:
        lines = [json.dumps(row) for row in files.get(source.file, [])]
        (folder / f"{source.file}.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    return examples(folder, [held] if held else [], random.Random(5))


def test_a_question_about_another_year_or_name_is_not_answered_any_more() -> None:
    rng = random.Random(1)
    question = swapped(Lesson("What fell in 1633?", SENTENCES, frozenset({1})), rng)
    assert question is not None
    assert question.startswith("What fell in ")
    assert "1633" not in question
    met = Lesson("Where did Anna Berg meet him?", ("Anna Berg met him in Oslo.", "Karl Lund left."), frozenset({0}))
    assert swapped(met, rng) == "Where did Karl Lund meet him?"
    assert swapped(Lesson("what grows there?", SENTENCES, frozenset({2})), rng) is None


def test_a_passage_is_its_sentences_of_which_that_with_the_answer_answers(tmp_path: Path) -> None:
    (lesson,) = made(tmp_path, {"squad2_mixed_lavi": [row("When was the castle built?", answer='["1410", "in 1410"]')]})
    assert lesson.texts == SENTENCES
    assert lesson.right == {0}
    assert (lesson.around, lesson.joined, lesson.origin) == ("Castle", True, PUBLIC)


def test_a_sentence_that_repeats_the_answer_is_left_out(tmp_path: Path) -> None:
    text = f"{CASTLE} Nobody lived there before 1410."
    (lesson,) = made(tmp_path, {"squad2_mixed_lavi": [row("When was the castle built?", text, "1410")]})
    assert lesson.texts == SENTENCES
    assert not lesson.joined


def test_nothing_answers_an_unanswerable_question_and_what_it_was_written_for_is_hardest(tmp_path: Path) -> None:
    denied = row("When was the garden sold?", label=0, sentence=SENTENCES[1])
    (lesson,) = made(tmp_path, {"squad2_train_unansq": [denied]})
    assert (lesson.right, lesson.hardest) == (frozenset(), 1)
    (alike,) = made(tmp_path, {"squad2_train_unansq": [denied | {"sentence": ""}]})
    assert alike.hardest == 2


def test_judged_sentences_of_a_question_are_one_lesson(tmp_path: Path) -> None:
    labels = (0, 1, 0)
    judged = [
        row("What fell in the garden?", text, label=label, qid="q1", group="Castle:History")
        for text, label in zip(SENTENCES, labels, strict=True)
    ]
    lesson = made(tmp_path, {"selqa": judged})[0]
    assert lesson.texts[0] == SENTENCES[1]
    assert (lesson.right, lesson.hardest, lesson.joined) == (frozenset({0}), 1, False)
    assert lesson.texts[1] == SENTENCES[2]  # it shares most words with the question
    assert lesson.around == "Castle > History"


def test_what_measures_the_reader_does_not_train_it(tmp_path: Path) -> None:
    data, held = tmp_path / "data", tmp_path / "held"
    data.mkdir()
    held.mkdir()
    (held / "queries.jsonl").write_text(json.dumps({"text": "How many roses are there?"}) + "\n", encoding="utf-8")
    asked = [row("When was the castle built?", answer="1410"), row("How many roses are there?", answer="40")]
    assert [one.question for one in made(data, {"squad2_mixed_lavi": asked}, held)] == ["When was the castle built?"]


def test_rows_of_languages_that_nobody_asks_in_are_left_out(tmp_path: Path) -> None:
    rows = [row("When was it built?", answer="1410", lang="en"), row("Wann gebaut?", answer="1410", lang="de")]
    assert [one.question for one in made(tmp_path, {"tydiqa_goldp": rows})] == ["When was it built?"]
