"""The address of a one-time link, and what is said where no other machine reaches it."""

import pytest

from frameapp.models import LinkKind
from frameapp.services import links
from frameapp.services.application import Application
from tests.services.test_users import with_settings


@pytest.mark.parametrize(
    ("url", "only_here"),
    [
        ("", True),
        ("http://localhost:8000", True),
        ("http://frames.localhost", True),
        ("http://127.0.0.2:8000", True),
        ("http://[::1]:8000", True),
        ("http://192.168.1.20:8000", False),
        ("http://frames", False),
        ("https://frames.example.com", False),
        ("https://localhost.example.com", False),
    ],
)
def test_only_an_address_of_the_machine_itself_is_warned_about(app: Application, url: str, only_here: bool) -> None:
    app = with_settings(app, public_url=url)
    assert ("FRAMEAPP_PUBLIC_URL" in links.warning(app)) is only_here
    origin = app.settings.resolved_public_url
    assert links.address(app, LinkKind.PASSWORD, "abc") == f"{origin}/set-password?token=abc"
    assert links.address(app, LinkKind.INVITATION, "abc") == f"{origin}/register?invitation=abc"
