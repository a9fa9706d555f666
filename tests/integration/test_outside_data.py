"""The measurements on outside data, by the commands that evaluators run, on a set of three passages."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.conftest import run_module

PASSAGES: list[dict[str, object]] = [
    {"_id": "o", "title": "Office", "text": "The office is in Hangzhou. It was opened in March 2023 by its director."},
    {"_id": "p", "title": "Penguins", "text": "Penguins swim in the cold sea. They eat fish."},
    {"_id": "c", "title": "乌镇", "text": "峰会每年在乌镇举行。"},
]
QUESTIONS: list[dict[str, object]] = [
    {"_id": "1", "text": "When did the office open?", "passage_id": "o", "sentence_start": 27, "sentence_end": 71},
    {"_id": "2", "text": "Where do penguins swim?", "passage_id": "p", "sentence_start": 0, "sentence_end": 30},
    {"_id": "3", "text": "峰会在哪里举行？", "passage_id": "c", "sentence_start": 0, "sentence_end": 10},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("beir") / "tiny"
    (made / "qrels").mkdir(parents=True)
    near_miss = {"_id": "4", "text": "How much does the roof of the office weigh?", "passage_id": "o"}
    answerability = [q | {"answerable": True} for q in QUESTIONS] + [near_miss | {"answerable": False}]
    files: dict[str, Sequence[Mapping[str, object]]] = {
        "corpus": PASSAGES,
        "queries": QUESTIONS,
        "sentences": QUESTIONS,
        "answerability": answerability,
    }
    for name, rows in files.items():
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (made / f"{name}.jsonl").write_text(text, encoding="utf-8")
    judged = "".join(f"{q['_id']}\t{q['passage_id']}\t1\n" for q in QUESTIONS)
    (made / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + judged, encoding="utf-8")
    return made


def test_the_search_is_measured_half_by_half(folder: Path) -> None:
    done = run_module("eval", "beir", str(folder), "--json")
    found = json.loads(done.stdout)
    assert (found["set"], found["passages"], found["questions"]) == ("tiny", 3, 3)
    assert [found[half]["nDCG@10"] for half in ("dense", "lexical", "hybrid")] == [1.0, 1.0, 1.0]
    assert found["hybrid"].keys() == {"nDCG@10", "R@1", "R@5", "R@10", "R@50", "RR@10"}


def test_sentences_are_ranked(folder: Path) -> None:
    done = run_module("eval", "sentences", str(folder / "sentences.jsonl"), "--json")
    found = json.loads(done.stdout)
    assert (found["questions"], found["passages"]) == (3, 3)
    assert found["first"]["given"] == {"score": 1.0, "similarity": 1.0}


def test_answerable_questions_are_told_apart(folder: Path) -> None:
    done = run_module("eval", "answerability", str(folder / "answerability.jsonl"), "--json")
    found = json.loads(done.stdout)
    assert (found["questions"], found["answerable"]) == (4, 3)
    assert found["similarity"]["risk_at_coverage"]["1.0"] == 0.25
    assert found.keys() == {"questions", "answerable", "decision", "reader", "similarity"}


def test_a_missing_set_is_told_in_one_line(tmp_path: Path) -> None:
    done = run_module("eval", "beir", str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: there is no file {tmp_path / 'none' / 'corpus.jsonl'}; name one that exists\n"
