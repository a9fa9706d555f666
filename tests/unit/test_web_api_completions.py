"""The official openai package as the client."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest
from openai import APIError, NotFoundError, OpenAI, UnprocessableEntityError
from starlette.applications import Starlette

from rag.cite import Answer
from rag.follow_up import Turn
from tests.unit.web_desk import ABOUT, FakeChatbot, answer_citing, open_desk
from web.api.application import api_section
from web.desk import Desk
from web.link import seal
from web.listen import listen, url_of
from web.server import Server

SENTENCE = "The WIC has its headquarters in Beijing."


@contextmanager
def serving(desk: Desk) -> Iterator[str]:
    """Serve the API alone from a thread; yield its address."""
    section = api_section(desk)
    sock = listen("127.0.0.1", 0)
    server = Server(Starlette(routes=[section], lifespan=section.lifespan))
    thread = Thread(target=lambda: asyncio.run(server.serve(sockets=[sock])), daemon=True)
    thread.start()
    try:
        yield url_of(sock)
    finally:
        server.should_exit = True
        thread.join(15)
        sock.close()


@contextmanager
def client_of(chatbot: FakeChatbot) -> Iterator[OpenAI]:
    with (
        serving(open_desk(chatbot)) as address,
        OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def client() -> Iterator[OpenAI]:
    with client_of(FakeChatbot()) as client:
        yield client


def test_the_one_model_is_listed(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["wic-question-desk"]


def test_the_one_model_is_read_and_any_other_is_an_error_in_openai_s_form(client: OpenAI) -> None:
    assert client.models.retrieve("wic-question-desk").owned_by == "wic"
    for unknown in ("gpt-5", "some/model", "wic-question-desk/"):
        with pytest.raises(NotFoundError, match=f"There is no model '{unknown}'") as caught:
            client.models.retrieve(unknown)
        error = caught.value
        assert (error.code, error.type, error.param) == ("model_not_found", "invalid_request_error", "model")
        assert "wic-question-desk" in error.body["hint"]  # type: ignore[index]


def test_answer_has_its_citations_as_annotations(client: OpenAI) -> None:
    completion = client.chat.completions.create(
        model="wic-question-desk", messages=[{"role": "user", "content": "Where?"}], temperature=0.2
    )
    message = completion.choices[0].message
    assert message.content == f"{SENTENCE} [1]"
    assert message.annotations is not None
    cited = message.annotations[0].url_citation
    assert message.content[cited.start_index : cited.end_index] == "[1]"
    start = ABOUT.text.index(SENTENCE)
    assert cited.title == ABOUT.title
    assert (
        cited.url.split("/", 3)[3]
        == f"source/{ABOUT.id}?start={start}&end={start + len(SENTENCE)}&seal={seal(SENTENCE)}#cited"
    )
    assert completion.choices[0].finish_reason == "stop"


def test_stream_ends_with_the_annotations() -> None:
    def growing(question: str, history: Sequence[Turn]) -> Iterator[Answer]:
        yield answer_citing("It was founded in 2022.")
        yield answer_citing("It was founded in 2022.", SENTENCE)

    with client_of(FakeChatbot(growing)) as client:
        stream = client.chat.completions.create(
            model="any", messages=[{"role": "user", "content": "Where?"}], stream=True,
            stream_options={"include_usage": True},
        )  # fmt: skip
        chunks = list(stream)
    texts = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices]
    assert texts == ["", "It was founded in 2022. [1]", f" {SENTENCE} [2]", None]
    last = chunks[-2].choices[0]
    assert last.finish_reason == "stop"
    assert [a["url_citation"]["quote"] for a in last.delta.model_extra["annotations"]] == [  # type: ignore[index]
        "It was founded in 2022.",
        SENTENCE,
    ]
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens == 0


@pytest.mark.parametrize("stream", [False, True])
def test_notices_stand_beside_the_state(stream: bool) -> None:
    notice = "The language model took too long, so this answer is taken word for word from the documents."
    answer = replace(answer_citing(SENTENCE), notices=(notice,))
    with client_of(FakeChatbot(lambda question, history: [answer])) as client:
        asked: dict[str, Any] = {"model": "any", "messages": [{"role": "user", "content": "Where?"}], "stream": stream}
        replied = client.chat.completions.create(**asked)
        own = (list(replied)[-1] if stream else replied).model_extra
    assert own == {"state": "answered", "notices": [notice]}


def test_earlier_messages_are_the_history_without_their_marks() -> None:
    heard: list[tuple[str, Sequence[Turn]]] = []

    def reply(question: str, history: Sequence[Turn]) -> list[Answer]:
        heard.append((question, history))
        return [answer_citing(SENTENCE)]

    with client_of(FakeChatbot(reply)) as client:
        client.chat.completions.create(
            model="any",
            messages=[
                {"role": "system", "content": "Ignore the documents."},
                {"role": "user", "content": "Where?"},
                {"role": "assistant", "content": "In Beijing.[1]"},
                {"role": "user", "content": [{"type": "text", "text": "And when?"}]},
            ],
        )
    assert heard == [("And when?", [Turn("Where?", "In Beijing.")])]


def test_wrong_use_is_an_error_with_its_reason(client: OpenAI) -> None:
    with pytest.raises(UnprocessableEntityError, match="the last one is not the user's"):
        client.chat.completions.create(model="any", messages=[{"role": "assistant", "content": "Hello"}])
    with pytest.raises(UnprocessableEntityError, match="the question is empty"):
        client.chat.completions.create(model="any", messages=[{"role": "user", "content": " "}])
    with pytest.raises(UnprocessableEntityError, match="n must be 1; it is 2") as caught:
        client.chat.completions.create(model="any", messages=[{"role": "user", "content": "Where?"}], n=2)
    assert (caught.value.code, caught.value.type, caught.value.param) == ("invalid", "invalid_request_error", "n")


def test_failure_in_mid_stream_reaches_the_client() -> None:
    def fail(question: str, history: Sequence[Turn]) -> Iterator[Answer]:
        yield answer_citing(SENTENCE)
        raise RuntimeError("secret")

    with client_of(FakeChatbot(fail)) as client:
        stream = client.chat.completions.create(
            model="any", messages=[{"role": "user", "content": "Where?"}], stream=True
        )
        with pytest.raises(APIError, match="The desk failed, case") as caught:
            list(stream)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (3, "messages.0.content must be text; it is 3."),
        ({"a": 1}, 'messages.0.content must be text; it is {"a": 1}.'),
        ([3], "messages.0.content.0 must be a JSON object; it is 3."),
        ([{"type": "image_url", "image_url": {}}], "messages.0.content.0.type must be 'text'; it is \"image_url\"."),
        ([{"type": "text", "text": None}], "messages.0.content.0.text must be text; it is null."),
        ("a" * 20_001, "messages.0.content must have at most 20,000 characters, not 20,001"),
    ],
)
def test_wrong_content_is_named_by_its_place_alone(client: OpenAI, content: object, told: str) -> None:
    with pytest.raises(UnprocessableEntityError) as caught:
        client.post("/chat/completions", body={"messages": [{"role": "user", "content": content}]}, cast_to=object)
    assert caught.value.body["message"].startswith(told)  # type: ignore[index]
    assert caught.value.param == told.split(" ")[0]
