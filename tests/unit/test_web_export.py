import io

import pytest
from docx import Document as read_word
from fastapi import FastAPI
from fastapi.testclient import TestClient

from corpus.document import Part
from tests.unit.web_desk import answer_citing, document
from web.chat.conversation import Exchange
from web.export.markdown import markdown
from web.export.routes import export_routes
from web.export.transcript import Transcript, transcript
from web.export.word import word

HOSTILE = "<script>alert(1)</script> **b** [x](javascript:alert(1)) {{7*7}}"
OTHER = document(Part("paragraph", "It has a park."), id="park.md", title="Park", publisher="", source="")
TALK = (
    Exchange("Where?", answer_citing("The WIC has its headquarters in Beijing.", "It has members.")),
    Exchange("And?", answer_citing("It has a park.", of=OTHER)),
    Exchange("Members?", answer_citing("It has members.")),
    Exchange("Lost?", notice="The connection ended before the answer came."),
)


def exported(*talk: Exchange, title: str = "About the WIC") -> Transcript:
    return transcript(title, "2026-11-24", talk or TALK, "en")


def test_sources_are_numbered_through_the_whole_conversation_and_the_same_sentence_keeps_its_number() -> None:
    read = exported()
    assert [source.quote for source in read.sources] == [
        "The WIC has its headquarters in Beijing.", "It has members.", "It has a park.",
    ]  # fmt: skip
    assert [entry.text.split(" [")[-1] for entry in read.entries[:3]] == ["2]", "3]", "2]"]
    assert read.entries[3].text == "The connection ended before the answer came."


def test_markdown_has_questions_states_marks_and_numbered_sources() -> None:
    text = markdown(exported(), "en")
    assert "## Where?\n\n*Answered*\n" in text
    assert "It has a park\\. \\[3\\]" in text
    assert "2. **About the WIC**, Headquarters, WIC, 2024\\-05\\-24\n   > It has members\\." in text


def test_word_file_has_questions_marks_and_numbered_sources() -> None:
    texts = [paragraph.text for paragraph in read_word(io.BytesIO(word(exported(), "en"))).paragraphs]
    assert texts[0] == "About the WIC"
    assert "Where?" in texts
    assert "It has a park. [3]" in texts
    assert any(text.startswith("[3] Park") and "“It has a park.”" in text for text in texts)


def test_hostile_text_stays_text_in_every_format() -> None:
    hostile = document(Part("paragraph", HOSTILE), title=HOSTILE, source=HOSTILE)
    read = exported(Exchange(HOSTILE, answer_citing(HOSTILE, of=hostile)), title=HOSTILE)
    text = markdown(read, "en")
    assert "<script>" not in text
    assert "](javascript" not in text
    assert HOSTILE in [p.text for p in read_word(io.BytesIO(word(read, "en"))).paragraphs]


def test_characters_that_a_word_file_cannot_hold_are_replaced() -> None:
    assert word(exported(Exchange("a\x00b\x1b", notice="x\ufffe")), "en").startswith(b"PK")


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.include_router(export_routes())
    return TestClient(app)


@pytest.mark.parametrize("form", ["md", "docx", "html"])
@pytest.mark.parametrize("sent", ["", "{", "[" * 9_999, "[]", "{}", '{"exchanges": 5}'])
def test_what_is_no_conversation_is_refused_in_one_line(client: TestClient, form: str, sent: str) -> None:
    reply = client.post(f"/export/{form}", data={"conversation": sent})
    assert reply.status_code in (400, 422)
    assert "Traceback" not in reply.text


def test_html_to_print_is_whole_in_itself_and_escapes_everything(client: TestClient) -> None:
    sent = '{"title": "<script>alert(1)</script>", "exchanges": [{"question": "<img src=x>", "answer": null}]}'
    reply = client.post("/export/html", data={"conversation": sent})
    assert "<script" not in reply.text
    assert "<img" not in reply.text
    assert 'href="/' not in reply.text
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("form", ["md", "docx", "html"])
def test_half_characters_and_what_is_no_text_do_not_end_an_export(client: TestClient, form: str) -> None:
    sent = '{"title": {"a": NaN}, "exchanges": [{"question": "Who\\ud800?"}, {"question": null}]}'
    reply = client.post(f"/export/{form}", data={"conversation": sent})
    assert reply.status_code == 200
    if form != "docx":
        assert "Who??" in reply.text.replace("\\", "")
        assert "nan" not in reply.text
        assert "None" not in reply.text


def test_file_bears_the_title_whatever_characters_it_has(client: TestClient) -> None:
    reply = client.post("/export/md", data={"conversation": '{"title": "总部/\\"a\\"\\r\\nX: y", "exchanges": []}'})
    assert reply.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%E6%80%BB%E9%83%A8-%22a%22%0D%0AX%3A%20y.md"
    )
