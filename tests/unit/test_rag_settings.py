"""A wrong setting is told in one line: its name, its value unless it is a secret, and the remedy."""

import pytest

from rag.endpoint import LEAST_PROMPT_TOKENS
from rag.prompt import answering
from rag.question import Question
from rag.settings import Settings


def told(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> str:
    """What is said about a setting."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=name) as caught:
        Settings.load()
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("key", ["sk-4711\nsk-4712", "sk-4711\n", "sk-4711’", "sk 4711", "\tsk-4711"])
def test_a_key_that_no_header_can_carry_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    message = told(monkeypatch, "RAG_LLM_API_KEY", key)
    assert "must be one line of ASCII letters, digits and signs without spaces; copy the key again" in message
    assert "4711" not in message


def test_a_key_of_ascii_signs_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_LLM_API_KEY", "sk-proj_4711/+=.~")
    assert Settings.load().llm_api_key.get_secret_value() == "sk-proj_4711/+=.~"


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("RAG_LLM_BASE_URL", "http://127.0.0.1:99999/v1", "must be an address such as http://127.0.0.1:8000, its port"),
        ("RAG_LLM_BASE_URL", "http://127.0.0.1:x/v1", "must be an address such as"),
        ("RAG_LLM_BASE_URL", "http://[::1/v1", "must be an address such as"),
        ("RAG_LLM_ANSWER_SECONDS", "inf", "must be a number of seconds, such as 60"),
        ("RAG_LLM_FIRST_TOKEN_SECONDS", "inf", "must be a number of seconds, such as 60"),
        ("RAG_LLM_ANSWER_SECONDS", "5", "is below RAG_LLM_FIRST_TOKEN_SECONDS=20; raise it, or lower that"),
        ("RAG_LLM_FIRST_TOKEN_SECONDS", "90", "raise it, or lower that"),
        (
            "RAG_LLM_PROMPT_TOKENS",
            "399",
            "must be at least 400, room for the instructions, a question and some sources",
        ),
    ],
)
def test_a_value_that_cannot_work_is_told_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, remedy: str
) -> None:
    message = told(monkeypatch, name, value)
    assert f"{name}={value}" in message
    assert remedy in message


def test_the_smallest_prompt_holds_the_instructions_and_a_long_question() -> None:
    for language in ("en", "zh"):
        question = Question(100 * "字", 100 * "字", language)
        assert answering(question, [], LEAST_PROMPT_TOKENS).tokens < LEAST_PROMPT_TOKENS - 100
