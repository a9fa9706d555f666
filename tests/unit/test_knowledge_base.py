"""The page for maintainers: its commands exist, its template is a whole brief, its table names every field."""

import importlib
import re
import shlex
from pathlib import Path

import pytest

from corpus.read import FIELDS, read
from eval.command import MODULES
from index.check import check

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "knowledge-base.md").read_text(encoding="utf-8")
TEMPLATE = ROOT / "docs" / "brief-template.md"
BLOCKS = re.findall(r"^ *```sh\n(.*?)^ *```", PAGE, re.DOTALL | re.MULTILINE)
COMMANDS = [line.strip() for block in BLOCKS for line in block.splitlines()]


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("python -m ")])
def test_command_exists(command: str) -> None:
    _, _, module, *arguments = shlex.split(command)
    if module == "eval" and arguments[0] in MODULES:
        assert callable(importlib.import_module(MODULES[arguments[0]][0]).main)
    else:
        home = "eval.command" if module == "eval" else f"{module}.__main__"
        importlib.import_module(home)._parser().parse_args(arguments)


def test_the_only_other_command_copies_the_template() -> None:
    (copy,) = [shlex.split(c) for c in COMMANDS if not c.startswith("python -m ")]
    assert copy[0] == "cp"
    assert ROOT / copy[1] == TEMPLATE
    assert (ROOT / copy[2]).parent == ROOT / "corpus" / "documents"


def test_the_template_is_a_brief_with_nothing_to_mend(tmp_path: Path) -> None:
    (tmp_path / "wuzhen-summit-2099.md").write_bytes(TEMPLATE.read_bytes())
    assert check(tmp_path) == []
    assert read(TEMPLATE, "wuzhen-summit-2099.md").edition == "2099"


def test_every_field_is_explained() -> None:
    explained = re.findall(r"^\| `(\w+)` \|", PAGE.split("## How to write")[0], re.MULTILINE)
    assert set(explained) == {*FIELDS, "sources"} - {"source"}  # `source` is for documents that are no briefs


def test_every_named_brief_exists() -> None:
    names = set(re.findall(r"`([a-z-]+\.md)`", PAGE))
    assert names
    assert all((ROOT / "corpus" / "documents" / name).is_file() for name in names)
