"""E-mail messages: subject, sender and date, the body with its structure, and the names of what is attached."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import TypeAlias

from corpus.document import Extract, Part
from corpus.encoding import decode, is_wide
from corpus.formats.html import iso_date, read_html, read_page
from corpus.formats.plain import read_plain

Mail: TypeAlias = "Message[str, str]"
ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted")
SHOWN = ("From", "To", "Cc", "Date")


def read_mail(data: bytes) -> Extract:
    """Return the parts and metadata of a message; ValueError where it is encrypted or none at all."""
    if is_wide(data):
        data = decode(data).encode()
    message = message_from_bytes(data, policy=policy.default)
    if not message.keys():
        raise ValueError("it is not an e-mail message: it has no header; save the message again as .eml")
    if message.get_content_type() in ENCRYPTED:
        raise ValueError("the message is encrypted; save a decrypted copy")
    return Extract(tuple(_message(message)), _metadata(message))


def _metadata(message: Mail) -> dict[str, str]:
    name, address = parseaddr(_header(message, "From"))
    values = {"title": _header(message, "Subject"), "publisher": name or address, "date": _date(message)}
    return {field: value for field, value in values.items() if value}


def _header(message: Mail, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except (MessageError, ValueError, LookupError, AttributeError, IndexError):
        return ""  # the standard library's parser gives up on some broken headers


def _date(message: Mail) -> str:
    header = _header(message, "Date")
    try:
        return parsedate_to_datetime(header).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return iso_date(header)


def _message(message: Mail) -> Iterator[Part]:
    yield Part("heading", _header(message, "Subject"), 1)
    lines = [f"{name}: {_header(message, name)}" for name in SHOWN if _header(message, name)]
    yield Part("paragraph", "; ".join(lines))
    yield from _body(message)
    names = [part.get_filename() for part in _leaves(message) if part.get_filename()]
    if names:
        yield Part("paragraph", "Attachments: " + ", ".join(map(str, names)))


def _body(message: Mail) -> Iterator[Part]:
    """Yield the text of each inline section, then the messages that are forwarded in it."""
    for section in _sections(message):
        plain = [part for p in section if p.get_content_type() == "text/plain" for part in _parts(p)]
        page = [part for p in section if p.get_content_type() == "text/html" for part in _parts(p)]
        # HTML keeps headings and tables, but some senders put only half of the text into it.
        yield from page if _words(page) >= 0.8 * _words(plain) and page else plain
    for part in message.walk():
        if part.get_content_type() == "message/rfc822" and part is not message:
            for inner in _inside(part):
                yield from _message(inner)


def _sections(message: Mail) -> Iterator[list[Mail]]:
    """Yield the readable leaves of a message, the alternatives of one text together."""
    if message.get_content_type() == "multipart/alternative":
        yield [part for part in _leaves(message) if _is_text(part)]
    elif message.get_content_maintype() == "multipart":
        for part in _inside(message):
            yield from _sections(part)
    elif _is_text(message):
        yield [message]


def _is_text(part: Mail) -> bool:
    return part.get_content_type() in ("text/plain", "text/html") and part.get_content_disposition() != "attachment"


def _leaves(message: Mail) -> Iterator[Mail]:
    """Yield the parts that hold content, without those of messages inside."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in _inside(message):
        yield from _leaves(part)


def _inside(message: Mail) -> list[Mail]:
    """Return the parts of a message in several parts; a broken one may claim parts and have none."""
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _parts(part: Mail) -> tuple[Part, ...]:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset() or ""
    if part.get_content_type() == "text/plain":
        return read_plain(decode(data, charset)).parts
    return (read_page(decode(data, charset)) if charset else read_html(data)).parts


def _words(parts: list[Part]) -> int:
    return sum(len(part.text.split()) for part in parts)
