"""The encoding that a feed's host names: after what the text itself tells, before the guess."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from frameapp.core.feeds import FeedReader, Rewritten, rewrite
from frameapp.core.feeds.encoding import encoding_of
from frameapp.errors import FeedError

GREEK = "Καρέκλα ξύλινη για την κουζίνα"  # noqa: RUF001
LINK = "https://shop.example/εικόνες/καρέκλα.jpg"
SENT = "https://shop.example/%CE%B5%CE%B9%CE%BA%CF%8C%CE%BD%CE%B5%CF%82/%CE%BA%CE%B1%CF%81%CE%AD%CE%BA%CE%BB%CE%B1.jpg"


def table(delimiter: str) -> Callable[[str, str], str]:
    return lambda title, link: (
        delimiter.join(("id", "title", "image_link")) + f"\n1{delimiter}{title}{delimiter}{link}\n"
    )


def xml(declaration: str) -> Callable[[str, str], str]:
    return lambda title, link: (
        f"{declaration}<rss><channel><item><id>1</id><title>{title}</title><image_link>{link}</image_link></item>"
        "</channel></rss>"
    )


FORMS = {
    "csv": table(","),
    "tsv": table("\t"),
    "xml": xml(""),
    "xml that names no encoding": xml('<?xml version="1.0"?>'),
}


def read(data: bytes, charset: str) -> tuple[str, str, str, list[str]]:
    reader = FeedReader(io.BytesIO(data), charset=charset)
    (entry,) = reader
    return entry.title, entry.image_link, reader.encoding, reader.notes


@pytest.mark.wild(
    "charset",
    source="https://github.com/mholt/PapaParse/issues/80",
    given="`Content-Type: text/csv, charset=windows-1251` and a CSV of it",
    right="read as the header says",
)
@pytest.mark.wild(
    "charset",
    source="https://github.com/arminreiter/FeedReader/issues/49",
    given="`Content-Type: text/xml;charset=WINDOWS-1251`, and nothing in the text",
    right="read as the header says",
)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("label", ["iso-8859-7", "ISO-8859-7", "greek", "windows-1253", "cp1253", "utf-16le"])
def test_a_charset_that_only_the_header_names_is_believed(form: str, label: str) -> None:
    encoding = encoding_of(label)
    data = FORMS[form](GREEK, LINK).encode(encoding)
    assert read(data, label) == (GREEK, SENT, encoding, [])
    out = io.BytesIO()
    done = rewrite(io.BytesIO(data), out, lambda _: "https://n.example/1.jpg", charset=label)
    assert (done, out.getvalue()) == (
        Rewritten(done.format, 1, 1, label),
        FORMS[form](GREEK, "https://n.example/1.jpg").encode(encoding),
    )


@pytest.mark.parametrize(
    ("label", "title"),
    [
        ("Shift_JIS", "木製の椅子とテーブル"),
        ("gbk", "木椅子和桌子"),
        ("big5", "木椅子和桌子"),
        ("euc-kr", "나무 의자와 탁자"),
        ("windows-1251", "Деревянный стул"),
        ("koi8-r", "Деревянный стул"),
        ("iso-8859-2", "Dřevěná židle pro děti"),
        ("latin1", "Chaise en bois à 12 € façon"),
        ("x-sjis", "椅"),
        ("windows-1251", "ь"),
    ],
)
@pytest.mark.parametrize("form", ["csv", "xml"])
def test_labels_mean_what_browsers_take_them_for(label: str, title: str, form: str) -> None:
    encoding = encoding_of(label)
    data = FORMS[form](title, "https://shop.example/1.jpg").encode(encoding)
    assert read(data, label) == (title, "https://shop.example/1.jpg", encoding, [])


@pytest.mark.wild(
    "charset",
    source="https://github.com/matrix-org/matrix-hookshot/issues/1108",
    given="an XML declaration and a header that name an encoding",
    right="the declaration counts",
)
def test_the_texts_own_declaration_counts_before_the_header() -> None:
    text = xml('<?xml version="1.0" encoding="iso-8859-7"?>')(GREEK, LINK)
    assert read(text.encode("iso-8859-7"), "windows-1251") == (GREEK, SENT, "iso8859-7", [])
    text = xml('<?xml version="1.0" encoding="utf-8"?>')(GREEK, LINK)
    assert read(text.encode(), "iso-8859-7") == (GREEK, SENT, "utf-8", [])
    for mark, encoding in (("\ufeff", "utf-8"), ("\ufeff", "utf-16-le"), ("\ufeff", "utf-16-be")):
        for form in FORMS.values():
            assert read((mark + form(GREEK, LINK)).encode(encoding), "iso-8859-7") == (GREEK, SENT, encoding, [])


def test_a_declaration_of_utf_8_that_is_wrong_leaves_it_to_the_header() -> None:
    text = xml('<?xml version="1.0" encoding="utf-8"?>')(GREEK, LINK)
    assert read(text.encode("iso-8859-7"), "iso-8859-7") == (GREEK, SENT, "iso8859-7", [])


@pytest.mark.wild(
    "charset",
    source="https://github.com/apify/crawlee/issues/2901",
    given="`charset=ISO-88509-1`, which is no encoding, before UTF-8",
    right="read as UTF-8, with a warning",
)
@pytest.mark.parametrize("label", ["iso-88509-1", "iso-8859-1", "iso-8859-7", "shift_jis", "utf-16", "foo", "x" * 40])
@pytest.mark.parametrize("form", FORMS)
def test_a_wrong_label_leaves_it_to_the_guess_with_a_warning(label: str, form: str) -> None:
    title, link, encoding, notes = read(FORMS[form](GREEK, LINK).encode(), label)
    assert (title, link, encoding) == (GREEK, SENT, "utf-8")
    assert notes == [f"The feed's host says that it is in {label}, which it is not: it is read as utf-8."]
    assert read(FORMS[form]("Chair", "https://shop.example/1.jpg").encode(), label)[3] == []


@pytest.mark.wild(
    "charset",
    source="https://github.com/haskell/cabal/issues/572",
    given="`charset=utf-8` before ISO-8859-1",
    right="guessed, with a warning",
)
@pytest.mark.parametrize("label", ["utf-8", "shift_jis", "foo"])
def test_a_label_that_the_bytes_refute_leaves_it_to_the_guess(label: str) -> None:
    title = 3 * "Ein schöner Stuhl für die Küche, größer als üblich, täglich geöffnet, Schößling, Möbel, Häuser"
    found = read(table(",")(f'"{title}"', "https://shop.example/1.jpg").encode("cp1252"), label)
    assert found[::2] == (title, "cp1252")
    assert len(found[3]) == 2
    assert f"says that it is in {label}" in found[3][1]


def test_one_bad_byte_in_utf_8_is_no_other_encoding() -> None:
    data = table(",")(GREEK, LINK).encode() + b"2,\xe9,https://shop.example/2.jpg\n"
    reader = FeedReader(io.BytesIO(data), charset="iso-8859-1")
    assert [entry.title for entry in reader] == [GREEK, "é"]
    assert reader.encoding == "utf-8"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("charset", ["", "iso-2022-jp"])
def test_iso_2022_jp_is_refused(form: str, charset: str) -> None:
    data = FORMS[form]("\u6728\u306e\u6905\u5b50", "https://shop.example/a.jpg").encode("iso2022_jp")
    with pytest.raises(FeedError, match="ISO-2022-JP"):
        list(FeedReader(io.BytesIO(data), charset=charset))
