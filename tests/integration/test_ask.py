"""The terminal over the shipped briefs, as a user types it."""

import json
from pathlib import Path

import pytest

from corpus.read import read
from rag.chatbot import Chatbot
from rag.follow_up import Turn
from tests.conftest import ROOT, run_module

BRIEFS = ROOT / "corpus" / "documents"


@pytest.mark.parametrize(
    "question", ["Where is the World Internet Conference headquartered?", "世界互联网大会总部在哪里？"]
)
def test_the_headquarters_are_told_with_a_quote_that_stands_in_the_brief(briefs_index: Path, question: str) -> None:
    done = run_module("rag", "ask", question, "--json", settings={"RAG_INDEX_DIR": str(briefs_index)})
    answer = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert answer["state"] == "answered"
    assert "Beijing" in answer["answer"]
    assert "[1]" in answer["answer"]
    first = answer["citations"][0]
    brief = read(BRIEFS / first["document_id"], first["document_id"])
    assert brief.text[first["start"] : first["end"]] == first["quote"]
    assert first["quote"] in (BRIEFS / first["document_id"]).read_text(encoding="utf-8")


def test_the_readable_answer_shows_marks_then_sources(briefs_index: Path) -> None:
    question = "Where is the World Internet Conference headquartered?"
    done = run_module("rag", "ask", question, settings={"RAG_INDEX_DIR": str(briefs_index)})
    text, source = done.stdout.split("\n\n", 1)
    assert text.endswith("[1]")
    assert source.startswith("[1] ")
    assert "“" in source


def test_what_the_documents_do_not_say_is_declined_with_the_nearest_topics(chatbot: Chatbot) -> None:
    answer = chatbot.ask("What is the annual budget of the WIC?")
    assert answer.state == "not_in_corpus"
    assert answer.citations == ()
    assert answer.suggestions


@pytest.mark.parametrize(
    "question",
    ["What is the annual membership fee of the WIC?", "How tall is the president of the World Internet Conference?"],
)
def test_a_question_that_names_the_publisher_is_not_called_out_of_scope(chatbot: Chatbot, question: str) -> None:
    answer = chatbot.ask(question)
    assert (answer.state, answer.citations) == ("not_in_corpus", ())


@pytest.mark.parametrize("question", ["How do I cook rice?", "今天天气怎么样？"])
def test_what_the_documents_are_not_about_is_declined(chatbot: Chatbot, question: str) -> None:
    assert chatbot.ask(question).state in ("out_of_scope", "not_in_corpus")


@pytest.mark.parametrize("question", ["asdfgh qwertz", "12345", "xx yy zz", "who is that?", "嗯嗯嗯", "啊啊啊啊"])
def test_what_holds_no_word_of_the_documents_is_declined(chatbot: Chatbot, question: str) -> None:
    answer = chatbot.ask(question)
    assert (answer.state, answer.citations) == ("out_of_scope", ())
    assert answer.confidence <= 0.2


def test_a_chinese_question_of_which_no_document_holds_a_word_is_answered_where_the_reader_is_sure(
    chatbot: Chatbot,
) -> None:
    assert "60,000" in chatbot.ask("藏经洞里原来有多少件东西？").answer


@pytest.mark.parametrize("question", ["Hello!", "谢谢"])
def test_a_greeting_gets_no_sources(chatbot: Chatbot, question: str) -> None:
    answer = chatbot.ask(question)
    assert (answer.state, answer.citations, answer.retrieved) == ("greeting", (), ())


def test_a_follow_up_is_searched_as_a_question_of_its_own(chatbot: Chatbot) -> None:
    answer = chatbot.ask("Who moderated it?", [Turn("What was the opening ceremony of the Nishan Dialogue?")])
    assert "Nishan Dialogue" in answer.standalone_question
    assert "Ren Xianliang" in answer.answer


def test_the_same_question_gets_the_same_answer(chatbot: Chatbot) -> None:
    first, second = (chatbot.ask("Which types of membership does the WIC have?") for _ in range(2))
    assert {**first.as_dict(), "seconds": 0} == {**second.as_dict(), "seconds": 0}


def test_the_last_streamed_answer_is_what_ask_returns(chatbot: Chatbot) -> None:
    question = "When was the WIC founded?"
    *_, last = chatbot.stream(question)
    assert {**last.as_dict(), "seconds": 0} == {**chatbot.ask(question).as_dict(), "seconds": 0}


def test_a_file_of_questions_is_answered_line_by_line(briefs_index: Path, tmp_path: Path) -> None:
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [
        {"id": "a", "question": "Where is the WIC headquartered?"},
        {"id": "b", "question": "Who moderated it?", "history": [{"question": "What was the Nishan Dialogue?"}]},
        {"id": "c", "question": " "},
    ]
    questions.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    done = run_module(
        "rag", "batch", str(questions), str(answers), "--quiet", settings={"RAG_INDEX_DIR": str(briefs_index)}
    )
    found = {row["id"]: row for row in map(json.loads, answers.read_text(encoding="utf-8").splitlines())}
    assert found["a"]["state"] == "answered"
    assert "Nishan" in found["b"]["standalone_question"]
    assert found["c"]["state"] == "error"
    assert (done.returncode, done.stderr) == (1, "error: 1 of 3 questions could not be asked; their state is error\n")
