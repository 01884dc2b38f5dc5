"""Feeds made to do harm end soon, in little memory, with a sentence."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from socket import create_server

import pytest

from frameapp.core.feeds import FeedReader
from frameapp.errors import FeedError
from tests.core.feeds.hostile import CASES

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("mode", ["read", "rewrite"])
@pytest.mark.parametrize("name", CASES)
def test_it_ends_within_a_second_and_sixty_megabytes(name: str, mode: str) -> None:
    """Seconds are the processor's, so that a busy machine fails nothing."""
    command = [sys.executable, "-m", "tests.core.feeds.hostile", name, mode]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=True)
    result = json.loads(ended.stdout)
    assert result["sentence"].endswith(".")
    assert len(result["sentence"]) < 250
    assert result["seconds"] < 1
    assert result["megabytes"] < 60


@pytest.mark.parametrize(
    "document_type",
    [
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:{port}/rss.dtd">',
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1:{port}/rss.dtd">',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "http://127.0.0.1:{port}/x">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:{port}/p"> %p;]>',
        '<?xml-stylesheet href="http://127.0.0.1:{port}/s.xsl"?>',
        '<rss xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="http://127.0.0.1:{port}/i"/></rss>',
    ],
)
def test_nothing_is_fetched(document_type: str) -> None:
    callers: list[object] = []
    with create_server(("127.0.0.1", 0)) as canary:

        def listen() -> None:
            try:
                callers.append(canary.accept())
            except OSError:
                return

        thread = threading.Thread(target=listen, daemon=True)
        canary.settimeout(0.5)
        thread.start()
        head = document_type.format(port=canary.getsockname()[1])
        with suppress(FeedError):
            list(FeedReader(io.BytesIO(f"{head}<rss><channel><item><id>&x;</id></item></channel></rss>".encode())))
        thread.join()
    assert callers == []


def test_a_document_type_without_declarations_is_no_harm() -> None:
    head = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
    (entry,) = FeedReader(io.BytesIO(f"{head}<rss><channel><item><id>1</id></item></channel></rss>".encode()))
    assert entry.product_id == "1"
