"""What several tests share: one index of the shipped briefs with the real model, made once."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from index.originals import Place
from rag.chatbot import Chatbot

ROOT = Path(__file__).resolve().parent.parent
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test sees no RAG_* variable of whoever runs it."""
    for name in os.environ:
        if name.startswith("RAG_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def briefs_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index folder of the shipped briefs, built by the command that users run."""
    folder = tmp_path_factory.mktemp("briefs") / "index"
    done = run_module("index", "sync", "--quiet", settings={"RAG_INDEX_DIR": str(folder)})
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def chatbot(briefs_index: Path) -> Chatbot:
    """The real thing over the shipped briefs."""
    return Chatbot.open(briefs_index, "multilingual-e5-small")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty corpus folder and where its index will be, for the hashed embedding."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    return Place(corpus, tmp_path / "index", "hashed")


def run_module(
    module: str, *arguments: str, settings: Mapping[str, str] | None = None, stdin: bytes | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `python -m module arguments` from the root as a user would."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment | dict(settings or {}),
        input=stdin,
        capture_output=True,
        timeout=600,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
