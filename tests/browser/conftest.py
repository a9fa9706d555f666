"""One Chromium and one app.py for all browser tests, and a page that may talk to nobody but the server."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.driver import app, chromium, chromium_path, complaints, serving, wait_until_ready
from web.desk import Desk

Serve = Callable[[Desk], str]
LOCAL = {"127.0.0.1", ""}  # "" is the host of data: and blob: addresses
LEFT = ("AbortError", "Connection errored out", "Failed to fetch")  # Gradio when a page is left during a stream


@pytest.fixture(scope="package")  # ends before other tests begin: while it runs, asyncio.run() is refused
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one the tests are skipped, but in CI they fail."""
    if chromium_path() is None and not os.environ.get("CI"):
        pytest.skip("no Chromium on the PATH; install it with `apt-get install chromium`")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def desk(briefs_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of app.py with the shipped briefs, ready; it must have nothing to complain of."""
    log = tmp_path_factory.mktemp("app") / "stderr"
    with app(briefs_index, log) as (address, _):
        wait_until_ready(address)
        yield address
    assert complaints(log) == []


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A function that serves a desk made by the test and returns its address."""
    with ExitStack() as servers:
        yield lambda desk: servers.enter_context(serving(desk))


@pytest.fixture
def context(browser: Browser, serve: Serve) -> Iterator[BrowserContext]:
    """A fresh window of 1280 pixels; fails on any request to another host, and on any error in a page.

    It needs `serve` so that it closes first: a page whose server goes away reports an error.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    requests: list[str] = []
    errors: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    context.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert [url for url in requests if (urlsplit(url).hostname or "") not in LOCAL] == []
    assert [error for error in errors if not any(left in error for left in LEFT)] == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page of the fresh window."""
    return context.new_page()
