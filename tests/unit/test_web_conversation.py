from tests.unit.web_desk import answer_citing, answer_without_sources
from web.conversation import Exchange, messages, turns


def test_follow_up_gets_the_earlier_answers_without_marks_or_failures() -> None:
    answered = Exchange("Where?", answer_citing("The WIC has its headquarters in Beijing."))
    history = turns((answered, Exchange("And?", notice="The desk failed.")))
    assert [(turn.question, turn.answer.strip()) for turn in history] == [
        ("Where?", "The WIC has its headquarters in Beijing.")
    ]


def test_only_the_newest_answer_offers_suggestions() -> None:
    offering = answer_without_sources("not_in_corpus", "No.", suggestions=["A?", "B?", "C?", "D?"])
    shown = messages([Exchange("1", offering), Exchange("2", offering)])
    assert [message["role"] for message in shown] == ["user", "assistant", "user", "assistant"]
    assert "options" not in shown[1]
    assert shown[3]["options"] == [{"value": "A?"}, {"value": "B?"}, {"value": "C?"}]
