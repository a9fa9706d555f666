"""Every command in the README can be run: its target, module, command and options exist."""

import importlib
import re
import shlex
from pathlib import Path

import pytest

from eval.command import MODULES
from rag.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
COMMANDS = [line.split("  #")[0].strip() for block in BLOCKS for line in block.splitlines() if line.strip()]
MAKE = re.findall(r"^    (make \S+)", README, re.MULTILINE) + [c for c in COMMANDS if c.startswith("make ")]
MODULE = re.compile(r"(?:\.venv/bin/)?python -m (index|rag|eval|web)\s+(.*)")


@pytest.mark.parametrize("command", MAKE)
def test_make_target_exists(command: str) -> None:
    target = command.split()[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("command", [c for c in COMMANDS if MODULE.match(c)])
def test_module_takes_the_arguments(command: str) -> None:
    match = MODULE.match(command)
    assert match
    module, arguments = match[1], shlex.split(match[2])
    if module == "eval" and arguments[0] in MODULES:
        assert callable(importlib.import_module(MODULES[arguments[0]][0]).main)
    else:
        home = "eval.command" if module == "eval" else f"{module}.__main__"
        importlib.import_module(home)._parser().parse_args(arguments)


def test_the_other_commands_are_known() -> None:
    others = [c for c in COMMANDS if not MODULE.match(c) and not c.startswith("make ")]
    assert others == [
        "python3 -m venv .venv",
        ".venv/bin/pip install -r requirements.lock",
        ".venv/bin/python app.py",
        '.venv/bin/python -m pytest -m "not browser"',
        "pre-commit install",
    ]


def test_the_settings_table_is_complete() -> None:
    listed = set(re.findall(rf"^\| `({PREFIX}\w+)`", README, re.MULTILINE))
    assert listed == {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


def test_the_pictures_are_there() -> None:
    for picture in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert (ROOT / picture).is_file()


def test_every_named_module_exists() -> None:
    tree = README.split("## What is where")[1].split("## Development")[0]
    names = re.findall(r"\b([a-z_]+\.py)\b", tree)
    assert names
    assert all(list(ROOT.glob(f"*/{name}")) or (ROOT / name).is_file() for name in names)
