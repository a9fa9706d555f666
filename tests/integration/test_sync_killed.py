"""A sync killed at any moment leaves the old index answering, and the next one ends as if nothing had happened."""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.originals import Place
from index.store import Store
from index.sync import sync
from tests.conftest import ROOT
from tests.embedding import HashedEmbedding

KILLS = 30
EVERYTHING = 1000  # more passages than there are


def start(place: Place) -> "subprocess.Popen[bytes]":
    arguments = [sys.executable, "-m", "tests.integration.hashed_sync", str(place.corpus_dir), str(place.index_dir)]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def contents(place: Place) -> dict[str, object]:
    """All that the current generation holds, and what both halves of the search find in it."""
    store = Store.open(place.index_dir, place.model)
    try:
        return {
            "version": store.manifest.corpus_version,
            "counts": store.manifest.counts,
            "documents": list(store.records.documents()),
            "lexical": store.lexical.search(["summit"], EVERYTHING),
            "dense": sorted(store.vectors.search(HashedEmbedding().get_query_embedding("summit"), EVERYTHING)),
        }
    finally:
        store.close()


def write_corpus(folder: Path, word: str) -> None:
    for number in range(12):
        text = "\n\n".join(f"Sentence {i} about the summit and {word} {number}." for i in range(40))
        (folder / f"{number:02}.md").write_text(f"# Brief {number}\n\n{text}\n", encoding="utf-8")


@pytest.mark.timeout(900)
def test_thirty_kills_at_random_moments_lose_nothing(place: Place, tmp_path: Path) -> None:
    write_corpus(place.corpus_dir, "before")
    sync(place, HashedEmbedding)
    before = contents(place)
    write_corpus(place.corpus_dir, "after")
    undisturbed = Place(place.corpus_dir, tmp_path / "undisturbed", place.model)
    shutil.copytree(place.index_dir, undisturbed.index_dir)
    started = time.monotonic()
    assert start(undisturbed).wait() == 0
    whole = time.monotonic() - started
    after = contents(undisturbed)
    moments = random.Random(0)
    killed = 0
    for number in range(KILLS):
        trial = Place(place.corpus_dir, tmp_path / f"trial{number}", place.model)
        shutil.copytree(place.index_dir, trial.index_dir)
        process = start(trial)
        time.sleep(whole * moments.uniform(0.4, 1.0))  # before that it imports libraries and touches nothing
        process.kill()
        killed += process.wait() != 0
        assert contents(trial) in (before, after)
        sync(trial, HashedEmbedding)
        assert contents(trial) == after
        assert len(list((trial.index_dir / "generations").iterdir())) <= 2
        shutil.rmtree(trial.index_dir)
    assert killed >= KILLS // 2
