"""Bytes of unknown origin -> text: byte order mark, UTF-8, what the file declares, then detection."""

import codecs
import re

MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LADDERS = {  # a charset and the supersets in use under its name; the narrowest that fits has the truest dashes and dots
    "gb2312": ("gb2312", "gb18030"),
    "gbk": ("gb18030",),
    "big5": ("big5", "cp950", "big5hkscs"),
    "big5hkscs": ("big5", "cp950", "big5hkscs"),
    "shift_jis": ("shift_jis", "cp932"),
    "cp932": ("shift_jis", "cp932"),
    "euc_jp": ("euc_jp", "euc_jis_2004"),
    "euc_jis_2004": ("euc_jp", "euc_jis_2004"),
    "euc_kr": ("euc_kr", "cp949"),
    "iso8859-1": ("cp1252", "latin-1"),
    "cp1252": ("cp1252", "latin-1"),
}
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
USUAL = re.compile(
    r"[\t\n\r -~\u00a0-\u06ff\u2010-\u206f\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]|[\U00010000-\U0003ffff]"
)
DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
DETECTED = 200_000  # bytes that detection looks at


def decode(data: bytes, declared: str = "") -> str:
    """Return the text of `data`; `declared` is the charset that a header or the file itself names."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    for name in (*_wide(data), "utf-8", *_ladder(declared)):
        if name == "utf-8" and b"\x1b$" in data:
            continue  # ISO-2022-JP and its like are pure ASCII with escapes
        try:
            return data.decode(name)
        except UnicodeError:
            continue
    return _detected(data)


def declared_charset(data: bytes) -> str:
    """Return the charset that a page, a feed or another file names in its first lines, or ""."""
    match = DECLARED.search(data[:2048])
    return match[1].decode("ascii") if match else ""


def is_wide(data: bytes) -> bool:
    """Tell UTF-16 and UTF-32, which no reader of ASCII headers understands."""
    marks = (mark for mark, name in MARKS if name != "utf-8-sig")
    return data.startswith(tuple(marks)) or bool(_wide(data))


def _wide(data: bytes) -> tuple[str, ...]:
    """Return the UTF-16 or UTF-32 that bytes below the space give away; other text has only line ends and tabs."""
    sample = data[:4096]
    if len(sample) < 4 or len(data) % 2 or not CONTROL.search(sample):
        return ()
    zeros = [sample[i::4].count(0) * 4 / len(sample) for i in range(4)]
    if len(data) % 4 == 0 and min(zeros[:2]) > 0.9:
        return ("utf-32-be",)
    if len(data) % 4 == 0 and min(zeros[2:]) > 0.9:
        return ("utf-32-le",)
    shares = {name: _usual(sample.decode(name, "replace")) for name in ("utf-16-le", "utf-16-be")}
    best = max(shares, key=lambda name: shares[name])
    return (best,) if shares[best] > 0.8 else ()


def _usual(text: str) -> float:
    """Return the share of characters that texts are made of."""
    return len(USUAL.findall(text)) / max(1, len(text))


def _ladder(declared: str) -> tuple[str, ...]:
    """Return Python's names for a declared charset, narrowest first; none for one that nobody knows."""
    try:
        name = codecs.lookup(declared.strip("\"' ")).name
    except LookupError:
        return ()
    # A declaration that could be read byte by byte does not stand in a wide encoding.
    return () if name.startswith(("utf-16", "utf-32")) else LADDERS.get(name, (name,))


def _detected(data: bytes) -> str:
    import chardet

    found = chardet.detect(data[:DETECTED], prefer_superset=True)["encoding"] or "cp1252"
    # Undeclared Chinese text comes from Windows, where 0xA1AA is the dash that gb2312 has as a horizontal bar.
    found = "gb18030" if found.lower() == "gb2312" else found
    ladder = _ladder(found) or (found,)
    for name in ladder:
        try:
            return data.decode(name)
        except UnicodeError:
            continue
    return data.decode(ladder[-1], errors="replace")
