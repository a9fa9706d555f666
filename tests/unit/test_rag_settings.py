"""A wrong setting is told in one line: its name, its value unless it is a secret, and the remedy."""

import pytest

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
