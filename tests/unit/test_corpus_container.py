import io
import zipfile

import docx
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from corpus.container import NO_PASSWORD, ArchiveLimits, check_container, unlocked


def archive(*entries: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries:
            file.writestr(name, content)
    return target.getvalue()


def test_ordinary_archive_passes() -> None:
    check_container(archive(("word/document.xml", b"<x/>")), ".docx")


def test_archive_that_unpacks_without_measure_is_refused() -> None:
    bomb = archive(("a", bytes(1_000_000)))
    with pytest.raises(ValueError, match=r"bytes unpack to 1,000,000, as no honest document does"):
        check_container(bomb, ".docx", ArchiveLimits(free=100_000))


def test_archive_larger_than_the_limit_is_refused_however_it_is_packed() -> None:
    with pytest.raises(ValueError, match="unpack to 2,000"):
        check_container(archive(("a", bytes(range(250)) * 8)), ".docx", ArchiveLimits(size=1_000))


def test_archive_of_too_many_files_is_refused() -> None:
    with pytest.raises(ValueError, match="holds 3 files, more than 2"):
        check_container(archive(*((str(n), b"") for n in range(3))), ".docx", ArchiveLimits(entries=2))


def test_truncated_archive_is_called_damaged() -> None:
    data = archive(("a", bytes(1_000)))
    with pytest.raises(ValueError, match=r"damaged or no \.docx file.*save it again"):
        check_container(data[: len(data) // 2], ".docx")


def test_encrypted_office_file_needs_a_password() -> None:
    data = b"\xd0\xcf\x11\xe0" + bytes(512) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(ValueError, match="needs a password; save a copy without one"):
        check_container(data, ".xlsx")


def test_old_binary_file_under_a_new_name_is_refused_with_the_remedy() -> None:
    with pytest.raises(ValueError, match=r"old binary format.*save it as \.docx"):
        check_container(b"\xd0\xcf\x11\xe0" + bytes(512), ".docx")


def test_encrypted_entry_needs_a_password() -> None:
    data = bytearray(archive(("a", b"x")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ValueError, match="needs a password"):
        check_container(bytes(data), ".docx")


def test_encrypted_opendocument_needs_a_password() -> None:
    manifest = b'<file-entry full-path="content.xml"><encryption-data checksum-type="SHA1"/></file-entry>'
    with pytest.raises(ValueError, match="needs a password"):
        check_container(archive(("META-INF/manifest.xml", manifest)), ".odt")


@pytest.mark.parametrize(
    ("data", "kind"), [(b"%PDF-1.7", "a PDF"), (b"PK\x03\x04", "a zip"), (bytes(range(9)) * 9, "binary data")]
)
def test_binary_file_under_the_name_of_a_text_is_refused(data: bytes, kind: str) -> None:
    with pytest.raises(ValueError, match=f"not a .txt file but {kind}.*right ending"):
        check_container(data, ".txt")


def word_file() -> bytes:
    target = io.BytesIO()
    docx.Document().save(target)
    return target.getvalue()


def encrypted(data: bytes, password: str) -> bytes:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, target)
    return target.getvalue()


def test_office_file_that_asks_for_no_password_is_opened() -> None:
    plain = word_file()
    assert unlocked(encrypted(plain, NO_PASSWORD)) == plain


def test_office_file_with_a_password_of_its_own_is_told() -> None:
    locked = unlocked(encrypted(word_file(), "secret"))
    with pytest.raises(ValueError, match="it needs a password; save a copy without one"):
        check_container(locked, ".docx")
