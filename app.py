"""Serve the question desk: the chat page, the source viewer and the health checks.

    python app.py [--host H] [--port P]

The page is there at once and says that the desk is getting ready, until the model is loaded.
"""

import argparse
import os
import socket
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from rag.settings import Settings
from web.door.log import log_lines
from web.listen import is_every, is_public, listen, place_of, port_number, urls_of

if TYPE_CHECKING:
    from index.originals import Place
    from web.desk import Chatbot, Desk
    from web.door.access import Access

PUBLIC = "warning: RAG_PUBLIC is set; whoever reaches this address can ask and read every document"
UNGUARDED = (
    "other machines can reach {place}, and nobody has to sign in there; make a token for each program with "
    "`python -m web token add NAME`, name the proxy that people sign in at with RAG_TRUSTED_PROXIES, "
    "or set RAG_PUBLIC=1 if everybody may ask"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; 0 stopped, 1 cannot serve, as the last line of stderr says, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.load()
        sock = listen(options.host, port_number(options.port))
        access = access_of(settings)
        check_guarded(sock, settings)
        check_index(settings)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    with sock:
        return serve(sock, settings, access)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python app.py", description="Serve the WIC question desk to browsers.")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve (default: %(default)s)")
    parser.add_argument("--port", default="7860", help="port to serve; 0: any free one (default: %(default)s)")
    return parser


def access_of(settings: Settings) -> "Access":
    """Return who may use the desk, and how much of it."""
    from web.door.access import Access
    from web.door.tokens import Tokens

    return Access(
        public=settings.public,
        origins=settings.allowed_origins,
        proxies=settings.trusted_proxies,
        tokens=Tokens(settings.data_dir / "tokens.json"),
        admin_token=settings.admin_token.get_secret_value(),
        questions=settings.rate_limit,
        root_path=settings.root_path,
        log_questions=settings.log_questions,
    )


def check_guarded(sock: socket.socket, settings: Settings) -> None:
    """ValueError if other machines reach the desk and there is no way to sign in, unless that is meant."""
    from web.door.tokens import Tokens

    signed_in = settings.trusted_proxies or Tokens(settings.data_dir / "tokens.json").entries()
    if is_public(sock) and not signed_in and not settings.public:
        raise ValueError(UNGUARDED.format(place=place_of(sock)))


def check_index(settings: Settings) -> None:
    """Look for an index that the model can search, without loading the model; ValueError tells the remedy."""
    from index.store import IndexUnusable, searchable_generation

    try:
        searchable_generation(settings.index_dir, settings.embedding_model)
    except IndexUnusable as error:
        raise ValueError(str(error)) from None


def serve(sock: socket.socket, settings: Settings, access: "Access") -> int:
    """Answer requests on the socket until somebody stops the program."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read by Gradio when it is imported
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    log_lines()
    warnings.simplefilter("ignore")  # of libraries, about libraries; tests see them all
    from web.server import Server, create_app

    desk = _desk(settings)
    server = Server(
        create_app(desk, access, _place(settings), settings.data_dir, settings.admin_token.get_secret_value())
    )
    print(told_at(sock), flush=True)
    if is_public(sock) and settings.public:
        print(PUBLIC, file=sys.stderr)
    desk.start()
    with suppress(KeyboardInterrupt):
        server.run(sockets=[sock])
    return 0


def told_at(sock: socket.socket) -> str:
    """Return the line that says where the desk is, and what it listens on where that is more than one address."""
    urls = " ".join(urls_of(sock))
    listens = f"listens on {place_of(sock)}; " if is_every(sock) else ""
    return f"WIC question desk: {urls}  ({listens}Ctrl-C stops it)"


def _place(settings: Settings) -> "Place":
    from index.originals import Place

    return Place(settings.corpus_dir, settings.index_dir, settings.embedding_model, settings.chroma_url)


def _desk(settings: Settings) -> "Desk":
    from index.store import IndexUnusable
    from web.desk import Desk
    from web.door.observed import Observed

    def open_chatbot() -> "Chatbot":
        from rag.chatbot import Chatbot

        chatbot = Chatbot.open(
            settings.index_dir, settings.embedding_model, settings.chroma_url, settings.today, settings.llm
        )
        return Observed(chatbot, settings.log_questions)

    return Desk(open_chatbot, mendable=(IndexUnusable, ConnectionError))


if __name__ == "__main__":
    sys.exit(main())
