"""Links and redirects as the wild spells them: what the fetcher asks for is what Chromium asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import async_playwright

from frameapp.adapters.fetch import Fetcher
from frameapp.core.feeds.links import absolute, several
from frameapp.errors import AddressRefused, FetchError
from tests.browser import ARGUMENTS, find_browser
from tests.hosts import Answers, answered, local_fetcher

GIF = b"GIF89a\1\0\1\0\0\0\0;"
LINKS = [  # what stands in the feed or the header, HOST in it, and the path that is asked for
    (r"http:\\HOST\a\b.jpg", "/a/b.jpg"),
    (r"http:\/HOST\a/b.jpg", "/a/b.jpg"),
    (r"http:/\HOST/a\b.jpg?x=\y", r"/a/b.jpg?x=\y"),
    (r"http://HOST\a\..\b.jpg", "/b.jpg"),
    (r"\\HOST\b.jpg", "/b.jpg"),
    (r"/\HOST/b.jpg", "/b.jpg"),
    (r"\a\b.jpg", "/a/b.jpg"),
    (r"a\b.jpg", "/feeds/a/b.jpg"),
    ("http:///HOST/a.jpg", "/a.jpg"),
    ("http://///HOST/a.jpg", "/a.jpg"),
    ("///HOST/a.jpg", "/a.jpg"),
    ("http:/a.jpg", "/a.jpg"),
    ("http:a.jpg", "/feeds/a.jpg"),
    ("HTTP://HOST/A/../b/./c.jpg#part", "/b/c.jpg"),
    ("http://HOST/a//b///c.jpg", "/a//b///c.jpg"),
    ("http://HOST?x=1", "/?x=1"),
    ("http://HOST/a%2Fb%40c%5Cd+e'f(1)!$&*,;=~.jpg", "/a%2Fb%40c%5Cd+e'f(1)!$&*,;=~.jpg"),
    ("http://HOST/a.jpg?sig=a%2Fb%2b%3D&e=x+y/z:@?%27", "/a.jpg?sig=a%2Fb%2b%3D&e=x+y/z:@?%27"),
    (r"http://HOST\a%2Fb.jpg?sig=a%2Fb%2b%3D&e=x+y/z:@?%27", "/a%2Fb.jpg?sig=a%2Fb%2b%3D&e=x+y/z:@?%27"),
    ("http://HOST/ü ö.jpg?ä=%E4&sig=a%2Bb", "/%C3%BC%20%C3%B6.jpg?%C3%A4=%E4&sig=a%2Bb"),
    ("http://HOST/q|[]^`{}.jpg?r=|[]^`{}", "/q%7C[]%5E%60%7B%7D.jpg?r=|[]^`{}"),
    ("  http://HOST/a\tb\nc.jpg ", "/abc.jpg"),
]  # fmt: skip


@pytest.fixture
async def local() -> AsyncIterator[Fetcher]:
    fetcher = local_fetcher()
    yield fetcher
    await fetcher.aclose()


@pytest.mark.wild(
    "addresses",
    source="https://github.com/staempfli/magento2-module-image-resizer/issues/14",
    given=r"`http://domain.com/media/image_resizer\cache\filename.jpg`",
    right="asked for with slashes, as browsers do",
)
@pytest.mark.wild(
    "addresses",
    source="https://github.com/nostra13/Android-Universal-Image-Loader/issues/1317",
    given="backslashes in a path, sent as `%5C`",
    right="asked for with slashes",
)
@pytest.mark.wild(
    "addresses",
    source="https://github.com/urllib3/urllib3/issues/2368",
    given=r"`https:///`, `https:/` and `https:\` before a host",
    right="as `https://`",
)
@pytest.mark.wild(
    "addresses",
    source="https://github.com/aws/aws-sdk-js-v3/pull/8283",
    given="`+`, `%2F` and `%27` in a signed address",
    right="byte for byte as they are",
)
@pytest.mark.parametrize(("link", "path"), LINKS)
async def test_a_link_is_asked_for_as_browsers_ask(local: Fetcher, link: str, path: str) -> None:
    async with Answers(answered(GIF)) as there:
        made = absolute(link.replace("HOST", f"127.0.0.1:{there.port}"), f"{there.url}feeds/all.xml")
        assert absolute(made, "") == made
        assert (await local.picture(made)).data == GIF
        assert there.asked == [path]


@pytest.mark.wild(
    "addresses",
    source="https://github.com/curl/curl/issues/791",
    given="`Location: http:///www.example.net`",
    right="followed to the host",
)
@pytest.mark.wild(
    "addresses",
    source="https://github.com/whatwg/url/issues/346",
    given=r"`Location: http:\\\\example.com`",
    right="followed to the host",
)
@pytest.mark.wild(
    "addresses",
    source="https://github.com/zenphoto/zenphoto/issues/494",
    given=r"`Location: http://host\index.php?parameters`",
    right="followed with a slash",
)
@pytest.mark.parametrize(("link", "path"), LINKS)
async def test_a_redirect_is_followed_as_browsers_follow(local: Fetcher, link: str, path: str) -> None:
    async with Answers() as there:
        location = link.replace("\n", "").replace("HOST", f"127.0.0.1:{there.port}").encode()
        there.answer(answered(b"", status="302 Found", location=location), answered(GIF))
        assert (await local.picture(f"{there.url}feeds/all.xml")).data == GIF
        assert there.asked == ["/feeds/all.xml", path]


@pytest.mark.wild(
    "addresses",
    source="https://github.com/scrapy/scrapy/issues/2321",
    given="UTF-8 in `Location`",
    right="the same bytes, percent-encoded",
)
@pytest.mark.wild(
    "addresses",
    source="https://github.com/sveltejs/kit/pull/16065",
    given="Latin-1 in `Location`: `/\\xe9`",
    right="`/%E9`, as browsers",
)
@pytest.mark.parametrize(
    ("location", "path"), [(b"/caf\xc3\xa9.jpg", "/caf%C3%A9.jpg"), (b"/caf\xe9.jpg?\xe9", "/caf%E9.jpg?%E9")]
)
async def test_bytes_of_a_redirect_are_kept(local: Fetcher, location: bytes, path: str) -> None:
    async with Answers(answered(b"", status="301 Moved", location=location), answered(GIF)) as there:
        assert (await local.picture(there.url)).data == GIF
        assert there.asked == ["/", path]


async def test_a_redirect_that_leads_nowhere_has_its_sentence(local: Fetcher) -> None:
    async with Answers(
        answered(b"", status="302 Found"), answered(b"", status="302 Found", location=b"http://")
    ) as there:
        with pytest.raises(FetchError, match=r"The picture's address redirects without saying where to\."):
            await local.picture(there.url)
        with pytest.raises(AddressRefused):
            await local.picture(there.url)
        assert len(there.asked) == 2


@pytest.fixture(scope="module")
def chromium() -> str:
    found = find_browser()
    assert found, "No Chromium starts: python -m tests.browser"
    return found


async def test_chromium_asks_for_the_same(chromium: str) -> None:
    async with Answers() as there, async_playwright() as playwright:
        page_itself = answered(b"<!doctype html><title>links</title>", "Content-Type: text/html; charset=utf-8")
        picture = answered(GIF, "Content-Type: image/gif", "Cache-Control: no-store")
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = await browser.new_page()
        found = []
        for link, _ in LINKS:  # a page of its own for each, since a page asks for a picture once
            there.answer(page_itself, picture)
            await page.goto(f"{there.url}feeds/all.xml")
            before = len(there.asked)
            show = "link => new Promise(end => { const i = new Image(); i.onload = i.onerror = end; i.src = link })"
            await page.evaluate(show, link.replace("HOST", f"127.0.0.1:{there.port}"))
            found.append((link, *(path for path in there.asked[before:] if path != "/favicon.ico")))
        await browser.close()
    assert found == LINKS


def test_links_with_backslashes_in_a_list_are_told_apart() -> None:
    listed = r"http:\\h.example\a.jpg,http:\\h.example\b,c.jpg;\\h.example\d.jpg"
    assert several(listed, "http://shop.example/") == (
        "http://h.example/a.jpg", "http://h.example/b,c.jpg", "http://h.example/d.jpg",
    )  # fmt: skip
