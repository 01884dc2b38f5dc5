"""Accounts: who may be registered, who is let in, and how often one may try."""

from __future__ import annotations

from dataclasses import replace

import pytest

from frameapp.errors import Invalid, TooManyAttempts
from frameapp.services import accounts
from frameapp.services.application import Application

PASSWORD = "correct horse battery"


def test_a_registered_name_signs_in_whatever_its_case(app: Application) -> None:
    viewer = accounts.register(app, " Anna ", PASSWORD, email="anna@example.com")
    assert viewer.username == "Anna"
    assert accounts.check_password(app, "aNNA", PASSWORD).user_id == viewer.user_id
    assert viewer.workspace_ids == (viewer.workspace_id,)


@pytest.mark.parametrize(
    ("username", "password", "email", "field"),
    [
        ("a", PASSWORD, "", "username"),
        ("a" * 65, PASSWORD, "", "username"),
        ("anna smith", PASSWORD, "", "username"),
        ("anna/../x", PASSWORD, "", "username"),
        ("anna", "short12", "", "password"),
        ("anna", "x" * 129, "", "password"),
        ("anna", "Password1", "", "password"),
        ("anna-marie", "Anna-Marie", "", "password"),
        ("anna", PASSWORD, "anna@", "email"),
        ("ANNA2", PASSWORD, "a b@example.com", "email"),
    ],
)
def test_what_is_refused_names_its_field(
    app: Application, username: str, password: str, email: str, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        accounts.register(app, username, password, email=email)
    assert caught.value.field == field
    assert str(caught.value).endswith((".", "!"))


def test_a_username_is_given_once(app: Application) -> None:
    accounts.register(app, "anna", PASSWORD)
    with pytest.raises(Invalid, match="taken") as caught:
        accounts.register(app, "ANNA", PASSWORD)
    assert caught.value.field == "username"


@pytest.mark.parametrize(("username", "password"), [("nobody", PASSWORD), ("anna", "wrong password"), ("anna", "")])
def test_both_mistakes_get_the_same_answer(app: Application, username: str, password: str) -> None:
    accounts.register(app, "anna", PASSWORD)
    with pytest.raises(Invalid, match="The username or the password is wrong"):
        accounts.check_password(app, username, password)


def test_a_session_is_known_until_it_is_closed(app: Application) -> None:
    viewer = accounts.register(app, "anna", PASSWORD)
    token = accounts.open_session(app, viewer)
    assert accounts.viewer_of(app, token) == viewer
    accounts.close_session(app, token)
    assert accounts.viewer_of(app, token) is None
    assert accounts.viewer_of(app, "") is None


def test_failed_sign_ins_are_limited_per_name_and_address(app: Application, redis_url: str) -> None:
    app = replace(app, settings=app.settings.model_copy(update={"redis_url": redis_url}))
    accounts.register(app, "anna", PASSWORD)
    for _ in range(accounts.ATTEMPTS):
        with pytest.raises(Invalid):
            accounts.sign_in(app, "anna", "wrong password", address="192.0.2.1")
    with pytest.raises(TooManyAttempts, match="Try again in 15 minutes") as caught:
        accounts.sign_in(app, "Anna", PASSWORD, address="192.0.2.1")
    assert caught.value.minutes == 15
    assert accounts.sign_in(app, "anna", PASSWORD, address="192.0.2.2").username == "anna"


def test_a_success_clears_the_count(app: Application, redis_url: str) -> None:
    app = replace(app, settings=app.settings.model_copy(update={"redis_url": redis_url}))
    accounts.register(app, "anna", PASSWORD)
    for _ in range(3):
        for _ in range(accounts.ATTEMPTS - 1):
            with pytest.raises(Invalid):
                accounts.sign_in(app, "anna", "wrong password", address="192.0.2.1")
        accounts.sign_in(app, "anna", PASSWORD, address="192.0.2.1")


def test_sign_in_works_while_redis_is_away(app: Application) -> None:
    accounts.register(app, "anna", PASSWORD)
    assert accounts.sign_in(app, "anna", PASSWORD, address="192.0.2.1").username == "anna"
