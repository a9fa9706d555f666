"""RAG_CHROMA_URL: the same sync and search with the vectors on a Chroma server."""

import gc
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.originals import Place
from index.store import Store
from index.sync import sync
from tests.embedding import HashedEmbedding

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture
def chroma_url(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(Path(sys.executable).with_name("chroma"))
    command = [program, "run", "--path", str(tmp_path / "server"), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            gc.collect()  # chromadb leaves its sockets to the collector, which complains of them


def wait_for(port: int) -> None:
    for _ in range(150):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"no Chroma server on port {port}")


@pytest.mark.timeout(120)
def test_changes_reach_the_server_and_old_generations_leave_it(place: Place, chroma_url: str) -> None:
    remote = replace(place, chroma_url=chroma_url)
    for number in range(4):
        (place.corpus_dir / "a.md").write_text(f"# Summit\n\nSummit number {number}.\n", encoding="utf-8")
        (place.corpus_dir / "b.md").write_text("# Other\n\nSomething else.\n", encoding="utf-8")
        sync(remote, HashedEmbedding)
    store = Store.open(place.index_dir, "hashed", chroma_url)
    found = store.vectors.search(HashedEmbedding().get_query_embedding("Summit number 3"), 5)
    assert len(found) == 2
    assert found[0][0].startswith("a.md")
    assert not (place.index_dir / "generations" / store.generation / "chroma").exists()
    store.close()


def test_no_server_there_is_told(place: Place) -> None:
    (place.corpus_dir / "a.md").write_text("# Summit\n\nText.\n", encoding="utf-8")
    with pytest.raises(ConnectionError, match=r"RAG_CHROMA_URL=http://127\.0\.0\.1:9: no Chroma server answers there"):
        sync(replace(place, chroma_url="http://127.0.0.1:9"), HashedEmbedding)
