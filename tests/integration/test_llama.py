"""A real llama.cpp server with a base model that writes nonsense: nothing of it reaches the user as fact."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.golden import holds
from eval.statements import check
from rag.chatbot import Chatbot
from rag.cite import Answer
from rag.endpoint import Endpoint
from tests.llama import MODEL, llama

# A question, and a fact that the answer must still hold.
QUESTIONS = {
    "Where is the World Internet Conference headquartered?": "Beijing",
    "When was the WIC founded as an international organization?": "July 12, 2022",
    "Which six initiators set up the WIC?": "GSMA",
    "世界互联网大会总部在哪里？": "Beijing",
}
UNANSWERABLE = "What is the annual budget of the WIC?"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with llama() as address:
        yield address


@pytest.fixture(scope="module")
def writing(briefs_index: Path, url: str) -> Chatbot:
    """The desk with that server behind it."""
    return Chatbot.open(briefs_index, "multilingual-e5-small", llm=Endpoint(url, MODEL))


@pytest.fixture(scope="module")
def answers(writing: Chatbot) -> dict[str, Answer]:
    return {question: writing.ask(question) for question in QUESTIONS}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("question", QUESTIONS)
def test_no_unsupported_sentence_of_a_real_model_is_shown(answers: dict[str, Answer], question: str) -> None:
    statements = check(answers[question])
    assert statements
    assert all(statement.shown and statement.marks for statement in statements)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_real_model_that_writes_nonsense_loses_no_answer(answers: dict[str, Answer], question: str) -> None:
    answer = answers[question]
    assert answer.state in ("answered", "partial")
    assert holds(answer.answer, QUESTIONS[question])


@pytest.mark.timeout(600)
@pytest.mark.parametrize("question", [question for question in QUESTIONS if question.isascii()])
def test_what_became_of_a_real_models_words_is_told(answers: dict[str, Answer], question: str) -> None:
    answer = answers[question]
    assert answer.mode == "generative" or any("language model" in notice for notice in answer.notices)


@pytest.mark.timeout(600)
def test_a_real_model_is_not_asked_where_no_source_is_in_the_questions_language(answers: dict[str, Answer]) -> None:
    answer = next(answer for question, answer in answers.items() if not question.isascii())
    assert (answer.mode, answer.tokens) == ("extractive", {})


@pytest.mark.timeout(600)
def test_quotes_stay_verbatim_with_a_real_model(answers: dict[str, Answer], writing: Chatbot) -> None:
    for answer in answers.values():
        for citation in answer.citations:
            document = writing.store.records.document(citation.document_id)
            assert document is not None
            assert document.text[citation.start : citation.end] == citation.quote


@pytest.mark.timeout(600)
def test_a_real_model_is_not_asked_what_the_documents_do_not_say(writing: Chatbot) -> None:
    answer = writing.ask(UNANSWERABLE)
    assert (answer.state, answer.mode, answer.tokens) == ("not_in_corpus", "extractive", {})


@pytest.mark.timeout(600)
def test_the_same_question_again_comes_from_the_kept_reply(answers: dict[str, Answer], writing: Chatbot) -> None:
    question = next(iter(QUESTIONS))
    again = writing.ask(question)
    assert (again.answer, again.notices) == (answers[question].answer, answers[question].notices)
    if answers[question].mode == "generative":
        assert again.timings["llm"] < 1.0
