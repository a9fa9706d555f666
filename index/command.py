"""How a command ends: done, a failure that one line explains, or interrupted."""

import os
import sys
from collections.abc import Callable

from index.store import IndexUnusable

EXPECTED = (ValueError, OSError, IndexUnusable)  # a wrong value, a file or address, an index: each says what helps


def run(action: Callable[[], int], interrupted: str = "") -> int:
    """Return the exit code of an action: its own, 1 after an expected failure, 130 after Ctrl-C."""
    try:
        return action()
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except EXPECTED as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(interrupted)
        return 130
