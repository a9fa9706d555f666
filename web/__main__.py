"""python -m web: tokens of programs, and the desk as a tool of an assistant on this machine."""

import argparse
import sys
from collections.abc import Sequence

from index.command import run
from rag.settings import Settings
from web.door.tokens import Tokens


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
    return parser


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
