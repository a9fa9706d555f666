"""While documents come and go, questions are answered without an error and never from a removed document."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.originals import Place, add, remove
from index.sync import sync
from rag.chatbot import Chatbot
from tests.conftest import ROOT
from tests.embedding import HashedEmbedding

COMES_AND_GOES = "penguins.md"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(f"# {name}\n\n{text}\n", encoding="utf-8")
    return path


@pytest.mark.timeout(300)
def test_a_running_chatbot_follows_every_sync_at_once(place: Place) -> None:
    write(place.corpus_dir, "summit.md", "The summit is held in Wuzhen every year.")
    penguins = write(place.corpus_dir, COMES_AND_GOES, "Penguins swim in the cold sea near Wuzhen.")
    sync(place, HashedEmbedding)
    chatbot = Chatbot(HashedEmbedding(), place.index_dir, place.model)
    done = False

    def ask_on() -> int:
        asked = 0
        while not done:
            chatbot.ask("Where do penguins swim?")
            asked += 1
        return asked

    with ThreadPoolExecutor(3) as pool:
        loops = [pool.submit(ask_on) for _ in range(3)]
        try:
            for _ in range(6):
                remove(place, [COMES_AND_GOES])
                sync(place, HashedEmbedding)
                answer = chatbot.ask("Where do penguins swim?")
                assert COMES_AND_GOES not in {hit.document_id for hit in answer.retrieved}
                assert COMES_AND_GOES not in {citation.document_id for citation in answer.citations}
                add(place, [penguins])
                sync(place, HashedEmbedding)
                answer = chatbot.ask("Where do penguins swim?")
                assert COMES_AND_GOES in {hit.document_id for hit in answer.retrieved}
        finally:
            done = True
        assert all(loop.result() > 0 for loop in loops)


@pytest.mark.timeout(120)
def test_two_syncs_at_once_both_end_well(place: Place) -> None:
    for number in range(8):
        write(place.corpus_dir, f"{number}.md", f"Sentence {number} about the summit. " * 40)
    arguments = [sys.executable, "-m", "tests.integration.hashed_sync", str(place.corpus_dir), str(place.index_dir)]
    both = [subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    versions = {process.communicate()[0] for process in both}
    assert [process.returncode for process in both] == [0, 0]
    assert len(versions) == 1
