"""File names from product ids."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameapp.core.filenames import LONGEST_NAME_BYTES, UniqueNames, safe_stem


@pytest.mark.parametrize(
    ("product_id", "stem"),
    [
        ("SKU-123", "SKU-123"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\temp\\x", "C-temp-x"),
        ('a"b\r\nSet-Cookie: x', "a-b-Set-Cookie-x"),
        ("Schuh größe 42", "Schuh-größe-42"),
        ("靴 42", "靴-42"),
        ("gnp\u202egpj.exe", "gnpgpj.exe"),
        ("con", "con-"),
        ("LPT1.txt", "LPT1.txt-"),
        ("", "product"),
        ("...", "product"),
        ("\0\1", "product"),
    ],
)
def test_a_product_id_becomes_a_name(product_id: str, stem: str) -> None:
    assert safe_stem(product_id) == stem


@given(st.text())
def test_a_name_is_one_short_part_of_a_path_on_every_system(text: str) -> None:
    stem = safe_stem(text)
    assert 0 < len(stem.encode()) <= LONGEST_NAME_BYTES + 1
    assert PurePosixPath(stem).name == stem
    assert PureWindowsPath(stem).name == stem
    assert not stem.startswith((".", "-"))
    assert stem.isprintable()


@given(st.lists(st.sampled_from(["a", "A", "a-2", "b"])))
def test_names_are_given_once_whatever_their_case(stems: list[str]) -> None:
    names = UniqueNames()
    given_names = [names.take(stem, "jpg").casefold() for stem in stems]
    assert len(given_names) == len(set(given_names))


def test_a_second_one_gets_a_number() -> None:
    names = UniqueNames()
    assert [names.take("x", "jpg") for _ in range(3)] == ["x.jpg", "x-2.jpg", "x-3.jpg"]
