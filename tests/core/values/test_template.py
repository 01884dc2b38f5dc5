"""Template texts: what is parsed, and what is refused with which sentence."""

from __future__ import annotations

import pytest

from frameapp.core.values import Applied, Placeholder, TemplateError, parse_template

FEED = ("title", "price", "sale_price", "brand", "image[0].url")


def test_texts_and_placeholders_in_turn() -> None:
    template = parse_template("Now {sale_price | money} by {brand}", FEED)
    assert template.parts == (
        "Now ",
        Placeholder("sale_price", (Applied("money"),)),
        " by ",
        Placeholder("brand"),
    )
    assert template.fields() == ("sale_price", "brand")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("{ Title }", Placeholder("title")),
        ("{g:salePrice}", Placeholder("sale_price")),
        ("{image[0].url}", Placeholder("image[0].url")),
        ("{price_now|money:0}", Placeholder("price_now", (Applied("money", ("0",)),))),
        ("{title|short: 40}", Placeholder("title", (Applied("short", (40,)),))),
        ('{title|default: "a, |b}"}', Placeholder("title", (Applied("default", ("a, |b}",)),))),
        ('{title|replace:"a",“b”|upper}', Placeholder("title", (Applied("replace", ("a", "b")), Applied("upper")))),
        ("{title|date:d 'de' MMMM}", Placeholder("title", (Applied("date", ("d 'de' MMMM",)),))),
        ("{{", "{"),
        ("a}}b{{c}}", "a}b{c}"),
    ],
)
def test_spellings(text: str, part: object) -> None:
    assert parse_template(text, FEED).parts == (part,)


@pytest.mark.parametrize(
    ("text", "position", "sentence"),
    [
        ("by {brnad}", 4, "The feed has no field “brnad”. Did you mean “brand”?"),
        ("{qqqq}", 1, "The feed has no field “qqqq”."),
        ("{title|mony}", 7, "There is no filter “mony”. Did you mean “money”? The filters are money, number,"),
        ("{title|short}", 7, "The filter “short” needs a number of characters from 1 to 2,000, as in “short: 40”."),
        ("{title|short: 0}", 14, "The filter “short” takes a number of characters from 1 to 2,000, not “0”."),
        ("{title|short: 2001}", 14, "The filter “short” takes a number of characters from 1 to 2,000, not “2001”."),
        ("{title|short: ٣}", 14, "The filter “short” takes a number of characters from 1 to 2,000, not “٣”."),
        ("{title|short: x}", 14, "The filter “short” takes a number of characters from 1 to 2,000, not “x”."),
        ("{title|upper: 3}", 14, "The filter “upper” takes no arguments."),
        ("{title|replace: 1, 2, 3}", 22, "The filter “replace” takes at most 2 arguments, as in “replace: "),
        ("{title|date: foo}", 13, "The filter “date” takes"),
        ("a {title", 2, "This brace is never closed. Write {{ for a brace in the text."),
        ("a {title b {price}", 2, "This brace is never closed."),
        ("a } b", 2, "This closing brace has no opening brace. Write }} for a brace in the text."),
        ("{g: | upper}", 1, "There is no field between these braces."),
        ("{'\"}", 1, "There is no field between these braces."),
        ("{}", 1, "There is no field between these braces."),
        ('{title|default: "abc}', 16, "This quotation mark is never closed."),
        ('{title|replace: "a" "b"}', 20, "Expected a comma, a bar or a closing brace after the quoted text."),
        ("a" * 2_001, 2_000, "The text is longer than 2,000 characters."),
    ],
)
def test_what_is_refused(text: str, position: int, sentence: str) -> None:
    with pytest.raises(TemplateError) as refused:
        parse_template(text, FEED)
    assert refused.value.position == position
    assert str(refused.value).startswith(sentence)
