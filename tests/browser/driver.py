"""A real server and a real Chromium, for the browser tests and the screenshots."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Page, sync_playwright

from web.desk import Desk
from web.door.access import Access
from web.link import serve_below
from web.listen import listen, url_of
from web.server import Server, create_app

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (  # of its own accord a browser asks its maker for updates and the like
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
)


def chromium_path() -> str | None:
    """Return the Chromium on the PATH, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a headless Chromium; FileNotFoundError if there is none."""
    path = chromium_path()
    if path is None:
        raise FileNotFoundError("no Chromium on the PATH; install it with `apt-get install chromium`")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *as_root])
        yield browser
        browser.close()


@contextmanager
def app(
    index_dir: Path, log: Path, settings: Mapping[str, str] | None = None
) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Run app.py on a free port with this index and these RAG_ settings; yield its address and it.

    The address is known before the model is loaded.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    command = [sys.executable, "app.py", "--port", "0"]
    environment = kept | {"RAG_INDEX_DIR": str(index_dir), **(settings or {})}
    with (
        log.open("w") as stderr,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True) as run,
    ):
        assert run.stdout is not None
        try:
            first_line = run.stdout.readline()
            if "http://" not in first_line:
                raise RuntimeError(f"app.py did not start: {log.read_text()}")
            yield "http://" + first_line.split("http://")[1].split()[0], run
        finally:
            run.terminate()
            run.wait(15)


@contextmanager
def serving(desk: Desk, access: Access | None = None, port: int = 0) -> Iterator[str]:
    """Serve a desk from a thread of this process, on a free port by default; yield its address."""
    sock = listen("127.0.0.1", port)
    started: list[Server] = []

    async def serve() -> None:
        started.append(Server(create_app(desk, access=access)))
        await started[0].serve(sockets=[sock])

    thread = Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    try:
        yield url_of(sock)
    finally:
        started[0].should_exit = True
        thread.join(15)
        sock.close()
        serve_below("")  # the next desk of this process


def complaints(log: Path) -> list[str]:
    """Return what a log holds beside the lines of requests."""
    return [line for line in log.read_text().splitlines() if '"level": "info"' not in line]


def wait_until_ready(address: str, seconds: float = 60) -> None:
    """Return when the server says that it can answer; TimeoutError if it does not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                return
        except urllib.error.HTTPError as error:
            error.close()
        time.sleep(0.2)
    raise TimeoutError(f"{address} is not ready after {seconds} s")


def ask(page: Page, question: str) -> None:
    """Type a question and wait for its complete answer."""
    answers = page.locator("#chat .answer").count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.locator("#chat .answer").nth(answers).wait_for(timeout=30_000)
    wait_until_kept(page)


def wait_until_kept(page: Page) -> None:
    """Return when nothing is being answered."""
    page.locator("body:not(.answering)").wait_for(timeout=30_000)
