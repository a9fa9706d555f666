"""How a command ends after Ctrl-C: in one line that says what was written by then."""

import sys
from collections.abc import Callable


def until_interrupted(action: Callable[[], int]) -> int:
    """Return the exit code of an action, or 130 after Ctrl-C; the message of the interruption is what was written."""
    try:
        return action()
    except KeyboardInterrupt as stop:
        sys.stderr.write(f"interrupted; {str(stop) or 'nothing was written'}\n")
        return 130
