"""How much later the desk's first words come, over real HTTP from a server that plays a model."""

import time
from collections.abc import Generator

import pytest

from eval.first_token import Heard, Times, as_table, chosen, main, measure, summary
from rag.background import Background
from rag.cite import Answer
from rag.endpoint import Endpoint
from rag.generate import Writer
from tests import scripted
from tests.answers import case, unanswerable
from tests.scripted import Scripted, Stage, serve
from tests.unit.test_rag_generate import DOCUMENT, FOUNDED, QUESTION, TWO, no_likeness

BEFORE, AFTER = 0.1, 0.15  # seconds to the first token, and from there to the first word of the sources


def play(stage: Stage) -> None:
    """Say something that no source has, and then a sentence of one."""
    time.sleep(BEFORE)
    stage.start()
    stage.send("Hmmm! ")
    time.sleep(AFTER)
    stage.send(f"{FOUNDED} [1] ")
    time.sleep(AFTER)
    stage.send("It has.")
    stage.end()


def measured(server: Scripted, sleep: float = 0.0) -> list[Times | None]:
    heard = Heard.open(Endpoint(server.url, "scripted", first_token=2.0, whole_answer=4.0))
    background, writer = Background[Answer](), Writer(heard, no_likeness)

    def stream(question: str) -> Generator[Answer, None, None]:
        time.sleep(sleep)
        if question:
            yield from background.iterate(writer.write(QUESTION, TWO, [], {DOCUMENT.id: DOCUMENT}))
        else:
            yield TWO

    return measure(stream, heard, ["Which?", "", "When?"])


def test_each_step_to_the_first_words_is_measured_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.first_token.PAUSE", 0.0)
    with serve(play) as server:
        first, none, last = measured(server, sleep=0.2)
    assert none is None
    for times in (first, last):
        assert times is not None
        assert times.server == pytest.approx(BEFORE, abs=0.09)
        assert times.sent == pytest.approx(0.2, abs=0.09)
        assert times.token - times.sent == pytest.approx(BEFORE, abs=0.09)
        assert times.first >= times.token
        assert times.checked >= times.first


def test_the_server_is_asked_the_prompt_of_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.first_token.PAUSE", 0.0)
    with serve(scripted.words(f"{FOUNDED} [1]")) as server:
        measured(server)
    warming, direct, desk = server.requests[:3]
    for name in ("messages", "model", "max_tokens", "temperature", "seed", "stream"):
        assert warming[name] == direct[name] == desk[name]
    assert len(server.requests) == 6


def test_a_server_without_a_token_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.first_token.PAUSE", 0.0)
    with serve(scripted.status(500)) as server, pytest.raises(ValueError, match=r"gave (?:no|the desk no) token"):
        measured(server)


def test_medians_and_95th_percentiles_are_in_ms() -> None:
    made = summary([Times(0.1, 0.05, 0.15, n / 100, 0.5, draft=n > 20) for n in range(10, 31)] + [None])
    assert (made["questions"], made["asked_of_the_model"], made["first_piece_is_a_draft"]) == (22, 21, 10)
    assert made["desk_first_ms"] == {"median": 200.0, "p95": 290.0}
    assert made["first_later_ms"] == {"median": 100.0, "p95": 190.0}
    assert made["held_back_ms"] == {"median": 50.0, "p95": 140.0}
    assert "first_later_ms               100.0      190.0\n" in as_table(made)
    with pytest.raises(ValueError, match="asked nothing; take more --questions"):
        summary([None])


def test_questions_are_always_the_same_ones_of_the_dev_half() -> None:
    cases = [case(str(n), question=str(n)) for n in range(9)] + [case("t", split="test"), unanswerable()]
    assert chosen(cases, 3) == chosen(list(reversed(cases)), 3)
    assert len(chosen(cases, 99)) == 9


def test_without_a_model_there_is_nothing_to_measure() -> None:
    with pytest.raises(ValueError, match="set RAG_LLM_BASE_URL and RAG_LLM_MODEL"):
        main([])
