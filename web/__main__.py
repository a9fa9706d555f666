"""python -m web: tokens of programs, and the desk as a tool of an assistant on this machine."""

import argparse
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.command import run
from index.store import searchable_generation
from rag.settings import Settings
from web.door.tokens import Tokens

if TYPE_CHECKING:
    from web.desk import Chatbot


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 failed as the last line of stderr says, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    return run(lambda: options.command(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m web", description=__doc__.partition(": ")[2])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    token = commands.add_parser("token", help="let programs in", description="Let programs in, each by a token.")
    actions = token.add_subparsers(required=True, metavar="ACTION")
    add = actions.add_parser("add", help="make a token and print it, once", description="Make a token and print it.")
    add.add_argument("name", metavar="NAME", help="of the program that gets it")
    add.set_defaults(command=_add)
    listed = actions.add_parser("list", help="list the tokens", description="List names and dates of the tokens.")
    listed.set_defaults(command=_list)
    revoke = actions.add_parser("revoke", help="forget a token", description="Forget a token, from this moment on.")
    revoke.add_argument("name", metavar="NAME")
    revoke.set_defaults(command=_revoke)
    mcp = commands.add_parser(
        "mcp", help="be a tool server on stdin and stdout", description="Be a tool server on stdin and stdout."
    )
    mcp.add_argument(
        "--desk",
        type=_address,
        metavar="ADDRESS",
        help="of a running desk with the same documents, where links to sources lead, such as http://127.0.0.1:7860",
    )
    mcp.set_defaults(command=_mcp)
    return parser


def _address(text: str) -> str:
    """Return the address without a slash at its end."""
    if not re.fullmatch(r"https?://[^/?#\s]*\w[^?#\s]*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no address of a desk; use one such as http://127.0.0.1:7860")
    return text.rstrip("/")


def _mcp(options: argparse.Namespace) -> int:
    settings = Settings.load()
    searchable_generation(settings.index_dir, settings.embedding_model)  # an unusable index is told at once
    from web.api.asking import Asking
    from web.api.tools import tool_server
    from web.api.turnstile import Turnstile
    from web.desk import Desk

    desk = Desk(_open)
    desk.start()  # an assistant sees the tools at once and waits for the model only when it asks
    tool_server(Asking(desk, Turnstile(), patience=60), options.desk or "").run("stdio")
    return 0


def _open() -> "Chatbot":
    from rag.chatbot import Chatbot

    settings = Settings.load()
    return Chatbot.open(settings.index_dir, settings.embedding_model, settings.chroma_url, settings.today, settings.llm)


def _tokens() -> Tokens:
    return Tokens(Settings.load().data_dir / "tokens.json")


def _add(options: argparse.Namespace) -> int:
    print(_tokens().add(options.name))
    print("keep it now: only its hash is kept here; send it as Authorization: Bearer TOKEN", file=sys.stderr)
    return 0


def _list(options: argparse.Namespace) -> int:
    for entry in _tokens().entries().values():
        print(f"{entry.name}\t{entry.created}")
    return 0


def _revoke(options: argparse.Namespace) -> int:
    _tokens().revoke(options.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
