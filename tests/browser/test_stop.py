import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.driver import app, ask, complaints, wait_until_ready

pytestmark = pytest.mark.browser


def test_ctrl_c_is_quiet_while_a_page_is_open(browser: Browser, briefs_index: Path, tmp_path: Path) -> None:
    log = tmp_path / "stderr"
    with browser.new_context() as context, app(briefs_index, log) as (address, run):
        page = context.new_page()
        page.goto(address)
        wait_until_ready(address)
        ask(page, "Where is the World Internet Conference headquartered?")
        run.send_signal(signal.SIGINT)
        assert run.wait(15) == 0
        assert complaints(log) == []
