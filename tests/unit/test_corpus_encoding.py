import pytest

from corpus.encoding import declared_charset, decode, is_wide

CHINESE = "世界互联网大会是一个国际组织，总部设在北京。会员来自六大洲一百多个国家和地区，包括企业、机构和专家。"
TRADITIONAL = "世界互聯網大會是一個國際組織，總部設在北京。會員來自六大洲一百多個國家和地區，包括企業、機構和專家。"
JAPANESE = "世界インターネット会議は北京に本部を置く国際機関です。会員は世界中の企業や団体や専門家から成っています。"


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb2312", "gb18030"])
def test_chinese_text_is_decoded_without_a_declaration(charset: str) -> None:
    assert decode(CHINESE.encode(charset)) == CHINESE


def test_traditional_chinese_is_told_from_simplified() -> None:
    assert decode(TRADITIONAL.encode("big5")) == TRADITIONAL


@pytest.mark.parametrize("charset", ["shift_jis", "euc_jp", "iso2022_jp"])
def test_japanese_text_is_decoded(charset: str) -> None:
    assert decode(JAPANESE.encode(charset), charset) == JAPANESE


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark_shows_by_its_control_bytes(charset: str) -> None:
    for text in ("The conference was held in Wuzhen.\n", CHINESE):
        assert decode(text.encode(charset)) == text
        assert is_wide(text.encode(charset))


def test_valid_utf8_wins_over_a_wrong_declaration() -> None:
    assert decode("naïve 乌镇".encode(), "gb2312") == "naïve 乌镇"


def test_characters_beyond_gb2312_are_read_where_gb2312_is_declared() -> None:
    text = "朱镕基在乌镇"
    assert decode(text.encode("gb18030"), "gb2312") == text


def test_undeclared_chinese_keeps_the_dash_and_the_dot_of_windows() -> None:
    text = CHINESE + "主席——约翰·史密斯。"
    assert decode(text.encode("gb18030")) == text


def test_charset_is_read_from_the_first_lines() -> None:
    assert declared_charset(b"<?xml version='1.0' encoding='Big5'?>") == "Big5"
    assert declared_charset(b'<meta http-equiv="Content-Type" content="text/html; charset=GBK">') == "GBK"
    assert declared_charset(b"nothing") == ""


def test_latin1_declared_means_windows_1252() -> None:
    assert decode(b"\x93quoted\x94 \x80 5", "iso-8859-1") == "“quoted” € 5"


def test_unknown_declaration_is_ignored() -> None:
    assert decode(b"plain", "x-no-such-charset") == "plain"


def test_bytes_that_fit_nothing_still_become_text() -> None:
    assert decode(b"abc \xff\xfe\x81 def").startswith("abc")
