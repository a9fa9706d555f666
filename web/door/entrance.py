"""The way in for every request: who asks, from which page, how often and how much."""

from fastapi import FastAPI

from web.door.access import Access
from web.door.below import Below
from web.door.body import Bodies
from web.door.gate import Gate
from web.door.journal import Journal
from web.door.limit import Limits
from web.door.origin import Origins


def guard(app: FastAPI, access: Access) -> None:
    """Let the application answer only whom `access` lets in."""
    app.add_middleware(Below, root_path=access.root_path)
    app.add_middleware(Bodies)  # the last one to be added is the first one to be asked
    app.add_middleware(Limits, questions=access.questions)
    app.add_middleware(Origins, allowed=access.origins)
    app.add_middleware(Gate, access=access)
    app.add_middleware(Journal)
