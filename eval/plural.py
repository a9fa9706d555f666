"""Numbers of things, as people write them."""


def counted(number: int, thing: str) -> str:
    """Return the number with the name of the thing, in the plural unless it is one."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
