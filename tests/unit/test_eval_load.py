import asyncio
from collections import Counter
from ipaddress import ip_network

import pytest

from eval.load import Load, Tally, _load, measure, table
from tests.browser.driver import serving
from tests.unit.web_desk import FakeChatbot, open_desk
from web.desk import Desk
from web.door.access import Access


def test_every_user_is_answered_plainly_or_as_a_stream() -> None:
    with serving(open_desk(), Access(proxies=(ip_network("127.0.0.1"),), questions=100_000)) as address:
        made = asyncio.run(measure(address, 4, 0.5, ["Where?", "When?"]))
    assert made.errors == {}
    assert made.answers >= 4
    assert made.end_mb > 0


def test_answers_a_second_and_delays_are_counted() -> None:
    tally = Tally(seconds=[float(n) for n in range(1, 20)], errors=Counter(), memory=[100.0, 110.0, 120.0, 121.0])
    assert _load(2, 10.0, tally) == Load(2, 10.0, 19, 1.9, 10.0, 19.0, 19.0, {}, 110, 121)


def test_question_without_an_answer_is_an_error_by_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.load.OPENING", 0.1)
    with serving(Desk(FakeChatbot)) as address, pytest.raises(ValueError, match="is not ready after"):
        asyncio.run(measure(address, 1, 0.1, ["Where?"]))
    with serving(open_desk()) as address:
        made = asyncio.run(measure(address, 1, 0.1, [" "]))
    assert made.errors.keys() == {"status 422"}
    assert "{'status 422':" in table(made)
