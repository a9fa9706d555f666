import pytest

from web.chat import order as order_module
from web.chat.order import Order, order_from


def test_question_comes_with_conversation_language_and_serial() -> None:
    order = order_from('{"action": "ask", "question": "Where?", "language": "zh-CN", "serial": 3, "conversation": []}')
    assert order == Order("ask", "Where?", (), "zh", serial=3)


@pytest.mark.parametrize("text", ["", None, "{}"])
def test_empty_order_shows_an_empty_conversation(text: str | None) -> None:
    assert order_from(text) == Order("show")


def test_page_can_order_nothing() -> None:
    assert order_from('{"action": "nothing"}') == Order("nothing")


@pytest.mark.parametrize("text", ["{", "[]", '"ask"', "1"])
def test_what_is_no_order_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(ValueError, match="reload it"):
        order_from(text)


def test_overlong_order_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_module, "LONGEST", 10)
    with pytest.raises(ValueError, match="this conversation has 12 characters; start a new one"):
        order_from("{" * 12)
