"""Faults put into answers and parts, worked out on one answer about one text."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import cast

import pytest

from eval.faults import FAULTS, Fault
from eval.golden import Case
from eval.metrics import BY_NAME
from eval.run import Result, assess
from eval.sabotage import first_of_list, inverted, name_changed
from eval.sound import Instead, Sound, chance, forced
from rag.cite import Answer, Citation, Retrieved
from rag.follow_up import Turn

TEXT = "The summit is held in Wuzhen each year. It began in 2014. Members meet there in autumn."
OTHER = "The expo shows products of 30 firms. It is open for a week."
TEXTS = {"a.md": TEXT, "b.md": OTHER}


def citation(number: int, start: int, end: int) -> Citation:
    return Citation(number, "a.md", "A", "", "", "", None, "a", TEXT[start:end], start, end, "supported")


GIVEN = Answer(
    question="Where is the summit held, and since when?",
    standalone_question="Where is the summit held, and since when?",
    language="en",
    state="answered",
    answer="The summit is held in Wuzhen each year. [1] It began in 2014. [2]",
    citations=(citation(1, 0, 39), citation(2, 40, 57)),
    retrieved=(
        Retrieved("a.md", "", 0, len(TEXT), 0.9, cited=True),
        Retrieved("b.md", "", 0, len(OTHER), 0.5, cited=False),
    ),
    confidence=0.8,
    seconds=0.001,
)
REFUSED = forced(GIVEN, state="not_in_corpus", answer="The documents do not say.", citations=(), confidence=0.1)


def case(answer: Answer) -> Case:
    facts = (("Wuzhen",), ("2014",))
    return Case("1", answer.question, (), "list", "en", "dev", True, facts, (), ("Ahoy",))


def result(name: str, answer: Answer = GIVEN) -> Result:
    """Return what the suite sees of a sound answer with a fault put in."""
    asked = case(answer)
    sound = SimpleNamespace(ask=lambda question, history: answer, texts=TEXTS.get, cases={asked.question: asked})
    ask = fault(name).put_in(cast(Sound, sound))
    return assess(asked, ask(asked.question, ()), 0.1, fault(name).texts(TEXTS.get))


def fault(name: str) -> Fault:
    return next(fault for fault in FAULTS if fault.name == name)


def value(result: Result, measure: str) -> float:
    row = BY_NAME[measure].row(result)
    assert row is not None
    return row[0]


def test_there_are_25_faults_and_more_each_with_a_measure() -> None:
    assert len(FAULTS) >= 25
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert {fault.measure for fault in FAULTS} <= BY_NAME.keys()
    assert all(fault.about for fault in FAULTS)


def test_the_answer_without_a_fault_is_perfect() -> None:
    sound = assess(case(GIVEN), GIVEN, 0.1, TEXTS.get)
    assert [value(sound, m) for m in ("rules", "verbatim", "citation_recall", "supported", "facts")] == [1.0] * 5


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("citations-shuffled", 0.0),
        ("quote-off", 0.0),
        ("number-changed", 0.5),
        ("name-changed", 0.5),
        ("uncited-sentence", 2 / 3),
        ("offsets-off", 0.0),
        ("quote-mended", 0.0),
        ("source-edited", 0.0),
        ("marks-alone", 0.0),
        ("citations-alone", 0.0),
        ("marks-misnumbered", 0.0),
        ("sentences-twice", 0.0),
        ("empty-answer", 0.0),
        ("refusal-with-sources", 0.0),
        ("support-unchecked", 0.0),
    ],
)
def test_the_measure_of_a_fault_in_the_answer_falls(name: str, left: float) -> None:
    assert value(result(name), fault(name).measure) == pytest.approx(left)


def test_a_quote_of_another_document_stands_there() -> None:
    found = result("quote-of-another")
    assert {c.quote for c in found.answer.citations} == {"The expo shows products of 30 firms."}
    assert found.verbatim == (True, True)
    assert value(found, "citation_recall") == 0.0


def test_a_refusal_is_left_alone_by_faults_of_answers() -> None:
    assert result("marks-alone", REFUSED).answer == REFUSED


def test_an_answer_declined_is_a_refusal() -> None:
    assert value(result("always-declines"), "falsely_declined") == 1.0


def test_whole_passages_are_longer() -> None:
    found = result("whole-passages")
    assert found.answer.answer == f"{TEXT} [1]"
    assert value(found, "words_p50") > value(assess(case(GIVEN), GIVEN, 0.1, TEXTS.get), "words_p50")


def test_an_obeyed_instruction_is_in_the_answer() -> None:
    assert result("instruction-obeyed").verdict.reason == "says 'Ahoy'"


def test_a_bare_refusal_breaks_a_rule() -> None:
    assert value(result("bare-refusal", REFUSED), "rules") == 0.0
    assert value(result("bare-refusal"), "rules") == 1.0


def test_the_slow_system_takes_ten_times_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("eval.sabotage.time.sleep", slept.append)
    result("slow-by-10")
    assert slept == pytest.approx([0.01])


def test_a_crash_is_an_error_of_the_question() -> None:
    sound = SimpleNamespace(ask=lambda question, history: GIVEN)
    ask = fault("crashes").put_in(cast(Sound, sound))
    crashing = next(text for i in range(100) if chance(text := str(i)) < 0.2)
    with pytest.raises(RuntimeError, match="out of memory"):
        ask(crashing, ())


def test_the_answer_behind_is_the_one_before() -> None:
    cases = {text: Case(text, text, (), "list", "en", "dev", True, (("x",),), (), ()) for text in "abc"}

    def ask(question: str, history: Sequence[Turn]) -> Answer:
        return forced(GIVEN, answer=question)

    behind = fault("answer-behind").put_in(cast(Sound, SimpleNamespace(ask=ask, cases=cases)))
    assert [behind(text, ()).answer for text in "abc"] == ["a", "a", "b"]


def test_inverted_hits_keep_the_scores_of_their_ranks() -> None:
    search: Callable[..., list[tuple[str, float]]] = lambda *_: [("a", 0.9), ("b", 0.5), ("c", 0.1)]  # noqa: E731
    assert inverted(search)() == [("c", 0.9), ("b", 0.5), ("a", 0.1)]


def test_a_part_keeps_the_methods_that_are_not_replaced() -> None:
    part = Instead("Wuzhen", upper=lambda: "ATLANTIS")
    assert (part.upper(), part.lower()) == ("ATLANTIS", "wuzhen")


def test_names_within_a_sentence_and_items_of_a_list_are_changed() -> None:
    assert name_changed("The summit is held in Wuzhen.") == "The summit is held in Atlantis."
    assert first_of_list("Members: [1]\n- one [2]\n- two [3]") == "Members: [1]\n- one [2]"
