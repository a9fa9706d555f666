from email.message import EmailMessage

import pytest

from corpus.formats.mail import read_mail


def message(**headers: str) -> EmailMessage:
    mail = EmailMessage()
    for name, value in {"Subject": "乌镇", "From": "WIC Office <office@wic.org>", **headers}.items():
        mail[name] = value
    return mail


def texts(data: bytes) -> list[str]:
    return [part.text for part in read_mail(data).parts if part.text]


def test_subject_sender_and_date_become_metadata() -> None:
    mail = message(Date="Fri, 24 May 2024 10:00:00 +0800")
    mail.set_content("Hello.")
    assert dict(read_mail(bytes(mail)).metadata) == {"title": "乌镇", "publisher": "WIC Office", "date": "2024-05-24"}


def test_html_is_preferred_for_its_structure() -> None:
    mail = message()
    mail.set_content("Agenda\n- one\n")
    mail.add_alternative("<h1>Agenda</h1><ul><li>one</ul>", subtype="html")
    assert [p.kind for p in read_mail(bytes(mail)).parts[2:]] == ["heading", "item"]


def test_plain_text_is_preferred_where_html_has_lost_most_of_it() -> None:
    mail = message()
    mail.set_content("The full text of the letter stands here.")
    mail.add_alternative("<p>View online</p>", subtype="html")
    assert texts(bytes(mail))[-1] == "The full text of the letter stands here."


def test_attachments_are_named_and_not_read() -> None:
    mail = message()
    mail.set_content("See attached.")
    mail.add_attachment(b"secret", maintype="text", subtype="plain", filename="notes.txt")
    assert texts(bytes(mail))[-2:] == ["See attached.", "Attachments: notes.txt"]


def test_forwarded_message_follows_its_letter() -> None:
    inner = message(Subject="Inner")
    inner.set_content("Inner text.")
    outer = message(Subject="Outer")
    outer.set_content("Outer text.")
    outer.add_attachment(inner)
    found = texts(bytes(outer))
    assert (found[0], found[-3], found[-1]) == ("Outer", "Inner", "Inner text.")


def test_body_in_a_chinese_charset_is_decoded() -> None:
    head = b"Subject: x\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n"
    assert texts(head + "乌镇峰会".encode("gb2312"))[-1] == "乌镇峰会"


def test_encrypted_message_is_refused_with_the_remedy() -> None:
    data = b"Subject: x\r\nContent-Type: application/pkcs7-mime\r\n\r\nabc"
    with pytest.raises(ValueError, match="encrypted; save a decrypted copy"):
        read_mail(data)


def test_broken_headers_do_not_stop_the_reader() -> None:
    data = b"Subject: =?bad?Q?x\r\nFrom: <<>,;\r\nDate: never\r\nContent-Type: multipart/mixed\r\n\r\nText"
    assert read_mail(data).metadata["title"]
