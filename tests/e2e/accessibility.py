"""What axe finds on a page, once it has come to rest."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

RESTS = "document.getAnimations().every(one => one.effect.getComputedTiming().iterations === Infinity)"

EVERYTHING = {"resultTypes": ["violations"]}
COLOUR_RULES = ["color-contrast", "link-in-text-block"]  # what the scheme changes
COLOURS = EVERYTHING | {"runOnly": {"type": "rule", "values": COLOUR_RULES}}


def assert_accessible(page: Page, *, but: Set[str] = frozenset()) -> None:
    """axe finds nothing serious or critical, ``but`` these rules, in light and in dark; nothing scrolls sideways."""
    expect(page.locator("h1").first).to_be_visible()
    expect(page.locator(".rt-Skeleton")).to_have_count(0)
    for scheme, options in (("dark", COLOURS), ("light", EVERYTHING)):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_class(scheme)
        # A toast may come while axe looks, half faded in: what is wrong with a page at rest is found again.
        serious = _serious(page, options, but) and _serious(page, options, but)
        assert not serious, f"{page.url}, {scheme}: " + "\n".join(serious)
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"], (
        f"{page.url} scrolls sideways"
    )


def _serious(page: Page, options: dict[str, Any], but: Set[str]) -> list[str]:
    page.wait_for_function(RESTS)
    return [
        f"{rule['id']}: {[node['html'][:160] for node in rule['nodes'][:4]]}"
        for rule in Axe().run(page, options=options).response["violations"]
        if rule["impact"] in {"serious", "critical"} and rule["id"] not in but
    ]
