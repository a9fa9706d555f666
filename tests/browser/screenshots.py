"""Pictures of the running product for the README.

    python -m tests.browser.screenshots [DIR]        default: docs

Starts app.py with the index of RAG_INDEX_DIR, asks, and writes DIR/*.png.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, ViewportSize

from rag.settings import Settings
from tests.browser.driver import ROOT, app, ask, chromium, wait_until_ready

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}


def start_page(page: Page) -> None:
    """The page before the first question."""
    page.locator("#welcome button").first.wait_for(timeout=60_000)  # the questions are those that the documents answer


def answer(page: Page) -> None:
    """An answer with its sources."""
    ask(page, "Where is the World Internet Conference headquartered?")


def list_answer(page: Page) -> None:
    """An answer that is a list."""
    ask(page, "Who initiated the WIC?")


def chinese(page: Page) -> None:
    """A Chinese question over English documents."""
    ask(page, "世界互联网大会总部在哪里？")


def not_in_documents(page: Page) -> None:
    """A question that the documents leave open."""
    ask(page, "What is the annual budget of the WIC?")


def source(page: Page) -> None:
    """The viewer at the cited sentence."""
    answer(page)
    href = page.locator("#chat a.mark").first.get_attribute("href")
    page.goto(page.url.rstrip("/") + str(href))


SCENES: tuple[tuple[str, Callable[[Page], None], ViewportSize, bool], ...] = (
    ("start", start_page, DESKTOP, False),
    ("answer", answer, DESKTOP, False),
    ("answer-dark", answer, DESKTOP, True),
    ("answer-list", list_answer, DESKTOP, False),
    ("answer-chinese", chinese, DESKTOP, False),
    ("not-in-documents", not_in_documents, DESKTOP, False),
    ("source", source, DESKTOP, False),
    ("source-dark", source, DESKTOP, True),
    ("phone-start", start_page, PHONE, False),
    ("phone-answer", answer, PHONE, False),
    ("phone-answer-dark", answer, PHONE, True),
    ("phone-source", source, PHONE, False),
)


def main(arguments: list[str]) -> int:
    """Write every scene as DIR/<name>.png."""
    folder = Path(arguments[0]) if arguments else ROOT / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    index_dir = Settings.load().index_dir
    with TemporaryDirectory() as logs, app(index_dir, Path(logs) / "stderr") as (address, _), chromium() as browser:
        wait_until_ready(address)
        for name, scene, size, dark in SCENES:
            take(browser, address, folder / f"{name}.png", scene, size, dark)
    return 0


def take(
    browser: Browser, address: str, path: Path, scene: Callable[[Page], None], size: ViewportSize, dark: bool
) -> None:
    """Play one scene in a fresh window and write its picture."""
    with browser.new_context(viewport=size, color_scheme="dark" if dark else "light") as context:
        page = context.new_page()
        page.goto(address)
        scene(page)
        page.wait_for_timeout(600)  # fonts and transitions settle
        page.screenshot(path=path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
