"""Text that no parser reads: neither HTML nor Markdown nor a template finds anything in it."""

import re


def literal(text: str) -> str:
    """Return the text with every ASCII character but letters, digits and spaces as a numeric reference."""
    return re.sub(r"[^A-Za-z0-9 \u0080-\U0010ffff]", lambda match: f"&#{ord(match[0])};", text)
