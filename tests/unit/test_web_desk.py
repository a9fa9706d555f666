import logging
from threading import Event

import pytest

from tests.unit.web_desk import ABOUT, FakeChatbot, open_desk
from web import desk as desk_module
from web.desk import Desk, NotReady


def test_desk_is_opening_until_the_chatbot_is_there() -> None:
    release = Event()

    def open_slowly() -> FakeChatbot:
        release.wait(5)
        return FakeChatbot()

    desk = Desk(open_slowly)
    desk.start()
    assert desk.wait(0.01).state == "opening"
    with pytest.raises(NotReady, match="getting ready"):
        _ = desk.chatbot
    release.set()
    assert desk.wait(5).state == "ready"
    assert desk.document(ABOUT.id) == ABOUT


def test_unknown_document_is_none() -> None:
    assert open_desk().document("no/such.md") is None


def test_failure_that_a_command_mends_is_told_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "RETRY_AFTER", 0.01)
    mended = Event()

    def open_index() -> FakeChatbot:
        if not mended.is_set():
            raise FileNotFoundError("there is no index; run `python -m index sync`")
        return FakeChatbot()

    desk = Desk(open_index, mendable=(FileNotFoundError,))
    desk.start()
    assert desk.wait(5).message == "The desk cannot answer: there is no index; run `python -m index sync`"
    mended.set()
    for _ in range(500):
        if desk.status.state == "ready":
            break
        Event().wait(0.01)
    assert desk.status.state == "ready"


def test_unexpected_failure_is_logged_and_told_without_traceback(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> FakeChatbot:
        raise RuntimeError("model file is cut off")

    with caplog.at_level(logging.ERROR):
        desk = Desk(fail)
        desk.start()
        status = desk.wait(5)
    assert (status.state, status.message) == ("failed", "The desk cannot answer: model file is cut off. Restart it.")
    assert "Traceback" in caplog.text
