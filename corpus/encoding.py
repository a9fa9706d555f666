"""Bytes of unknown origin -> text: byte order mark, UTF-8, what the file declares, then detection."""

import codecs

MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LADDERS = {  # a charset and the supersets in use under its name; the narrowest that fits has the truest dashes and dots
    "gb2312": ("gb2312", "gb18030"),
    "gbk": ("gb2312", "gb18030"),
    "gb18030": ("gb2312", "gb18030"),
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


def is_wide(data: bytes) -> bool:
    """Tell UTF-16 and UTF-32, which no reader of ASCII headers understands."""
    marks = (mark for mark, name in MARKS if name != "utf-8-sig")
    return data.startswith(tuple(marks)) or bool(_wide(data))


def _wide(data: bytes) -> tuple[str, ...]:
    """Return the UTF-16 or UTF-32 that zero bytes give away."""
    sample = data[:4096]
    if len(sample) < 4 or len(data) % 2 or 0 not in sample:
        return ()
    zeros = [sample[i::4].count(0) * 4 / len(sample) for i in range(4)]
    if len(data) % 4 == 0 and min(zeros[:2]) > 0.9:
        return ("utf-32-be",)
    if len(data) % 4 == 0 and min(zeros[2:]) > 0.9:
        return ("utf-32-le",)
    return ("utf-16-be",) if zeros[0] + zeros[2] > zeros[1] + zeros[3] else ("utf-16-le",)


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
    ladder = _ladder(found) or (found,)
    for name in ladder:
        try:
            return data.decode(name)
        except UnicodeError:
            continue
    return data.decode(ladder[-1], errors="replace")
