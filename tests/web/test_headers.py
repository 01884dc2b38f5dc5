"""The headers on every answer, and hosts that are not ours."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from frameapp.services.accounts import Viewer
from frameapp.services.application import Application, using
from frameapp.services.sessions import close_session
from frameapp.web.answers import FOREVER
from frameapp.web.headers import NOTHING, add_headers, page_policy, script_hashes
from frameapp.web.hosts import is_known_host
from frameapp.web.identity import cookie_name
from tests.outputs import add_frame
from tests.web.conftest import Connect

SCOPE: Scope = {"type": "http", "headers": [(b"host", b"frames.example.com")]}


@pytest.mark.parametrize(
    "path", ["/login", "/", "/health", "/nothing", "/files/draft/x", "/_upload", "/public/x", "/frame/1/outputs.zip"]
)
async def test_every_answer_has_them(connect: Connect, path: str) -> None:
    for answer in (await connect(None).get(path), await connect(None).post(path)):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "camera=()" in answer.headers["permissions-policy"]
        assert "strict-transport-security" not in answer.headers


def completed(found: dict[str, str], status: int = 200) -> MutableHeaders:
    made = MutableHeaders(found)
    add_headers(made, SCOPE, status)
    return made


def test_https_is_remembered(app: Application) -> None:
    settings = app.settings.model_copy(update={"public_url": "https://frames.example.com"})
    with using(Application(settings, app.database, app.storage)):
        found = completed({})
    assert found["strict-transport-security"].startswith("max-age=")


def test_a_page_runs_its_own_scripts_only(app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "build" / "client" / "login" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(
        '<script>one()</script><script src="/a.js"></script><script type="module" async="">two()\n</script>'
    )
    monkeypatch.setenv("REFLEX_WEB_WORKDIR", str(tmp_path))
    page_policy.cache_clear()
    policy = completed({"content-type": "text/html; charset=utf-8"})["content-security-policy"]
    page_policy.cache_clear()
    for script in (b"one()", b"two()\n"):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" in policy
    assert policy.count("sha256-") == 2
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert "default-src 'none'" in policy
    assert script_hashes([]) == []


def test_what_is_no_page_runs_nothing_and_what_a_route_says_stays(app: Application) -> None:
    assert completed({"content-type": "application/json"})["content-security-policy"] == NOTHING
    own = completed({"content-security-policy": "default-src 'none'; sandbox"})["content-security-policy"]
    assert own == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert "content-security-policy" not in completed({}, 304)  # it would replace the page's


async def test_private_answers_are_kept_for_their_session_only(
    app: Application, anna: Viewer, connect: Connect
) -> None:
    client = connect(anna)
    answer = await client.get(f"/files/frame/{add_frame(app, anna)}/x")
    assert answer.status_code == 404
    assert "Cookie" in completed({"cache-control": FOREVER})["vary"]
    close_session(app, client.cookies[cookie_name(app.settings)])
    gone = await client.get("/activity")
    assert (gone.status_code, gone.headers["clear-site-data"]) == (303, '"cache"')
    left = await connect(anna).post("/logout")
    assert left.headers["clear-site-data"] == '"cache"'
    assert "clear-site-data" not in (await connect(None).get("/activity")).headers


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("http://frames.example.com/login/", "/login/"),
        ("https://frames.example.com/a?b#c", "/a?b#c"),
        ("/login", "/login"),
        ("https://elsewhere.example/x", "https://elsewhere.example/x"),
        ("http://frames.example.com.evil/x", "http://frames.example.com.evil/x"),
    ],
)
def test_a_redirect_names_no_host_of_ours(app: Application, location: str, expected: str) -> None:
    assert completed({"location": location})["location"] == expected


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("frames.example.com", True),
        ("FRAMES.example.com:8443", True),
        ("frames.example.com.", True),
        ("evil.example", False),
        ("frames.example.com@evil.example", False),
        ("evil.example:80@frames.example.com", False),
        ("frames.example.com:80.evil.example", False),  # what made the redirect before it name the server's own address
        ("frames.example.com/x", False),
        ("localhost:3000", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_hosts_in_production(app: Application, host: str, known: bool) -> None:
    settings = app.settings.model_copy(update={"env": "production", "public_url": "https://frames.example.com"})
    assert is_known_host(host, settings) is known
    assert is_known_host(host, app.settings)
