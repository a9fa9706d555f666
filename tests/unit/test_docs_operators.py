"""The page for operators names only what exists."""

import re

from rag.settings import PREFIX, Settings
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "wic-desk.service").read_text(encoding="utf-8")
LATER = {"RAG_LLM_API_KEY"}


def known() -> set[str]:
    return {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


def test_every_setting_exists() -> None:
    assert set(re.findall(r"RAG_[A-Z_]+", PAGE + UNIT)) <= known() | LATER


def test_every_linked_file_exists() -> None:
    for target in re.findall(r"\]\(([^)#]+)", PAGE):
        assert (ROOT / "docs" / target).resolve().is_file()


def test_unit_keeps_what_the_page_says_to_back_up() -> None:
    for folder in re.findall(r"`(/var/lib/wic-desk/\w+)", PAGE):
        assert folder in UNIT


def test_every_metric_exists() -> None:
    from prometheus_client import generate_latest

    from web.door.metrics import REGISTRY

    exposed = generate_latest(REGISTRY).decode()
    for name in re.findall(r"`(wic_\w+)`", PAGE):
        assert f"# HELP {name} " in exposed
