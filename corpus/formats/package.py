"""OOXML packages in the one dialect that the libraries read."""

import io
import re
import zipfile

TYPES = "[Content_Types].xml"
STRICT = b"http://purl.oclc.org/ooxml/"
TRANSITIONAL = b"http://schemas.openxmlformats.org/"


def plain_package(data: bytes, main: bytes, variants: re.Pattern[bytes]) -> bytes:
    """Return the package with its main part typed as `main` in place of `variants`, and strict namespaces replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        types = package.read(TYPES)
        strict = STRICT in package.read("_rels/.rels")
        if main in types and not strict:
            return data
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as copy:
            for entry in package.infolist():
                content = package.read(entry)
                if entry.filename == TYPES:
                    content = variants.sub(main, content)
                if strict and entry.filename.endswith((".xml", ".rels")):
                    content = _without_strict(content)
                copy.writestr(entry.filename, content)
    return target.getvalue()


def _without_strict(content: bytes) -> bytes:
    content = re.sub(rb"(?<=ooxml/)(\w+)/main", rb"\1/2006/main", content)
    content = re.sub(rb"ooxml/officeDocument/(?!2006)", b"ooxml/officeDocument/2006/", content)
    return content.replace(STRICT, TRANSITIONAL)
