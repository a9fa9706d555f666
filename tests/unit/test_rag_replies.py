"""Replies are kept by what they depend on, within a limit, and a broken file costs nothing but the keeping."""

from pathlib import Path

import pytest

from rag.replies import Replies, key_of


def test_a_reply_is_found_by_its_key_alone(tmp_path: Path) -> None:
    replies = Replies(tmp_path / "new" / "replies.sqlite")
    replies.put(key_of("question", "corpus 1", "model"), "Beijing. [1]")
    assert replies.get(key_of("question", "corpus 1", "model")) == "Beijing. [1]"
    assert replies.get(key_of("question", "corpus 2", "model")) is None
    assert replies.get(key_of("question", "corpus 1", "other model")) is None


def test_the_least_recently_used_is_forgotten_first(tmp_path: Path) -> None:
    replies = Replies(tmp_path / "replies.sqlite", most=10)
    replies.put("a", "12345")
    replies.put("b", "12345")
    assert replies.get("a") == "12345"
    replies.put("c", "12345")
    assert [replies.get(key) for key in "abc"] == ["12345", None, "12345"]
    assert replies.size() == 10


def test_a_reply_larger_than_the_limit_is_not_kept(tmp_path: Path) -> None:
    replies = Replies(tmp_path / "replies.sqlite", most=4)
    replies.put("a", "12345")
    assert (replies.get("a"), replies.size()) == (None, 0)


def test_broken_characters_are_kept_as_question_marks(tmp_path: Path) -> None:
    replies = Replies(tmp_path / "replies.sqlite")
    replies.put("a", "x\ud800y")
    assert replies.get("a") == "x?y"


def test_a_file_that_is_no_database_keeps_nothing_and_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "replies.sqlite").write_text("this is no database, and long enough to be sure of it" * 20)
    replies = Replies(tmp_path / "replies.sqlite")
    replies.put("a", "b")
    assert replies.get("a") is None
    assert "are not kept" in caplog.text


def test_no_question_stands_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    Replies(path).put(key_of("a secret question"), "reply")
    assert Replies(path).size() == 5
    assert b"secret" not in path.read_bytes()
