"""python -m eval: measure how good the answers are."""

import sys
from collections.abc import Sequence

from eval.interrupted import until_interrupted


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one measurement; 0 done, 1 failed as the last line of stderr says, 2 wrong usage, 130 interrupted."""
    return until_interrupted(lambda: _command(sys.argv[1:] if arguments is None else arguments))


def _command(arguments: Sequence[str]) -> int:
    from eval.command import main as command  # takes seconds, in which Ctrl-C must be as quiet

    return command(arguments)


if __name__ == "__main__":
    sys.exit(main())
