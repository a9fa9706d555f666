"""What kind of file the first bytes show, and whether an archive is safe to open; asked before a library sees it."""

import io
import zipfile
from dataclasses import dataclass

from corpus.encoding import CONTROL, is_wide

ZIPPED = {
    *(".docx", ".docm", ".dotx", ".pptx", ".pptm", ".ppsx", ".potx", ".xlsx", ".xlsm", ".xltx"),
    *(".odt", ".odp", ".ods", ".epub"),
}
OLE = b"\xd0\xcf\x11\xe0"
NO_PASSWORD = "VelvetSweatshop"  # what Office encrypts with where it asks for none; the empty one does not exist there
BINARY = (
    (b"PK\x03\x04", "a zip archive or an office file"),
    (b"%PDF-", "a PDF"),
    (OLE, "an old office file"),
)
TEXTUAL = {".md", ".markdown", ".txt", ".text", ".csv", ".tsv", ".html", ".htm", ".xhtml", ".eml", ".rtf", ".xml"}
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
ENCRYPTION_NOTE = b"encryption-data"  # in the manifest of an OpenDocument file


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How large an archive may become when it is unpacked."""

    entries: int = 10_000
    size: int = 1_000_000_000  # bytes of all entries together
    ratio: int = 200  # unpacked to packed, asked of archives that unpack to more than `free` bytes
    free: int = 50_000_000


def unlocked(data: bytes) -> bytes:
    """Return an office file that only Office's own default password locks, opened; any other as it is."""
    if not (data.startswith(OLE) and ENCRYPTED_PACKAGE in data):
        return data
    from msoffcrypto import OfficeFile

    opened = io.BytesIO()
    try:
        file = OfficeFile(io.BytesIO(data))
        file.load_key(password=NO_PASSWORD, verify_password=True)
        file.decrypt(opened)
    except Exception:  # the library has many errors for one meaning: it has a password of its own, which is told below
        return data
    return opened.getvalue()


def check_container(data: bytes, suffix: str, limits: ArchiveLimits | None = None) -> None:
    """Raise ValueError where the bytes are not what the name says, are encrypted or would unpack without end."""
    if suffix in ZIPPED:
        _check_archive(data, suffix, limits or ArchiveLimits())
    elif suffix in TEXTUAL:
        kind = next((kind for magic, kind in BINARY if data.startswith(magic)), "")
        if not kind and len(CONTROL.findall(data[:4096])) * 50 > len(data[:4096]) and not is_wide(data):
            kind = "binary data"
        if kind:
            raise ValueError(f"it is not a {suffix} file but {kind}; give it the right ending")


def _check_archive(data: bytes, suffix: str, limits: ArchiveLimits) -> None:
    if ENCRYPTED_PACKAGE in data and data.startswith(OLE):
        raise ValueError("it needs a password; save a copy without one")
    if data.startswith(OLE):
        raise ValueError(f"it is in the old binary format in spite of its name; save it as {suffix}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            manifest = _manifest(archive, limits)
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, EOFError) as error:
        raise ValueError(
            f"it is damaged or no {suffix} file ({error}); open it in its program and save it again"
        ) from error
    size = sum(entry.file_size for entry in entries)
    if any(entry.flag_bits & 1 for entry in entries) or ENCRYPTION_NOTE in manifest:
        raise ValueError("it needs a password; save a copy without one")
    if len(entries) > limits.entries:
        raise ValueError(f"it holds {len(entries):,} files, more than {limits.entries:,}; divide it")
    if size > limits.size or (size > limits.free and size > limits.ratio * len(data)):
        raise ValueError(f"its {len(data):,} bytes unpack to {size:,}, as no honest document does; save it again")


def _manifest(archive: zipfile.ZipFile, limits: ArchiveLimits) -> bytes:
    """Return an OpenDocument file's list of its parts, which says whether they are encrypted."""
    name = "META-INF/manifest.xml"
    if name not in archive.namelist() or archive.getinfo(name).file_size > limits.free:
        return b""
    return archive.read(name)
