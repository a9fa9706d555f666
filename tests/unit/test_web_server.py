import asyncio

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.unit.web_desk import ABOUT, FakeChatbot, open_desk
from web.desk import Desk
from web.server import create_app


def client_of(desk: Desk) -> TestClient:
    async def create() -> FastAPI:  # outside a running loop Gradio makes loops that it never closes
        return create_app(desk)

    return TestClient(asyncio.run(create()))


@pytest.fixture(scope="module")
def client() -> TestClient:
    return client_of(open_desk())


def test_server_is_healthy_before_it_is_ready() -> None:
    unopened = client_of(Desk(FakeChatbot))
    assert unopened.get("/healthz").status_code == 200
    assert unopened.get("/readyz").status_code == 503
    assert "getting ready" in unopened.get("/readyz").text
    assert "WIC question desk" in unopened.get("/").text


def test_open_desk_is_ready(client: TestClient) -> None:
    assert client.get("/readyz").status_code == 200


def test_document_is_found_whatever_characters_its_id_has(client: TestClient) -> None:
    assert client.get("/source/wic%2Forganization.md").status_code == 200
    assert client.get("/source/" + ABOUT.id).status_code == 200
    assert client.get("/source/none.md").status_code == 404


@pytest.mark.parametrize("path", ["/", "/healthz", "/source/wic/organization.md", "/style/page.css"])
def test_every_response_keeps_the_browser_on_this_host(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["content-security-policy"].startswith("default-src")
    assert "http" not in headers["content-security-policy"]


def test_page_takes_no_files(client: TestClient) -> None:
    reply = client.post("/gradio_api/upload", files={"files": ("a.txt", b"some text")})
    assert reply.status_code == 413


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/monitoring"])
def test_pages_of_the_libraries_are_off(client: TestClient, path: str) -> None:
    assert "jsdelivr" not in client.get(path).text


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [("POST", "/export/pdf", "form must be 'md', 'docx' or 'html'; it is \"pdf\"."),
     ("POST", "/export/md", "conversation is missing."),
     ("GET", f"/documents?words={'a' * 201}", "words must have at most 200 characters, not 201")],
)  # fmt: skip
def test_wrong_value_is_told_by_the_page_s_routes_too(client: TestClient, method: str, path: str, told: str) -> None:
    reply = client.request(method, path)
    assert reply.status_code == 422
    assert reply.json()["error"]["message"].startswith(told)
