"""python -m tests.integration.hashed_sync CORPUS INDEX: a real sync, but for the embedding, which needs no model."""

import sys
from pathlib import Path

from index.originals import Place
from index.sync import sync
from tests.embedding import HashedEmbedding

if __name__ == "__main__":
    sys.stdout.write(sync(Place(Path(sys.argv[1]), Path(sys.argv[2]), "hashed"), HashedEmbedding).corpus_version)
