"""Accounts: who may be registered, who is let in, and how often one may try."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from frameapp.db.paging import Asked
from frameapp.errors import Invalid, TooBusy, TooManyAttempts
from frameapp.models import UserSession
from frameapp.services import accounts, attempts, audit, links, registration, sessions
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from tests.conftest import AttackFigure

PASSWORD = "correct horse battery"


def sign_in(app: Application, username: str, password: str, *, address: str) -> Viewer:
    """As the route does it."""
    accounts.refuse_attempts(app, username, address=address)
    return accounts.sign_in(app, username, password, address=address)


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


@pytest.mark.parametrize(
    ("username", "alike"),
    [
        ("paul", "PauI"),
        ("paul", "pau1"),
        ("BOB", "b0b"),
        ("admin", "adrnin"),
        ("anna", "\u0430nna"),  # a Cyrillic a
        ("anna", "\u0251nna"),  # the alpha of phonetics
        ("anna1", "anna\u06f1"),  # a Persian one
        ("\u0418\u0432\u0430\u043d", "\u0418\u0432\u03b1\u043d"),  # a Greek alpha in a Cyrillic name
        ("appie", "\u0430\u0440\u0440\u04cf\u0435"),  # Cyrillic letters that read so
    ],
)
def test_a_name_that_looks_like_another_is_refused(app: Application, username: str, alike: str) -> None:
    accounts.register(app, username, PASSWORD)
    with pytest.raises(Invalid, match="looks like one that is taken") as caught:
        accounts.register(app, alike, PASSWORD)
    assert caught.value.field == "username"


@pytest.mark.parametrize(
    "username",
    ["Сара", "yıldız", "Ольга", "müller", "çiçek", "田中さん", "Δελτα", "Łukasz"],  # noqa: RUF001
)
def test_names_in_their_own_letters_are_taken(app: Application, username: str) -> None:
    assert accounts.register(app, username, PASSWORD).username == username


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
    token = sessions.open_session(app, viewer)
    assert sessions.viewer_of(app, token) == viewer
    sessions.close_session(app, token)
    assert sessions.viewer_of(app, token) is None
    assert sessions.viewer_of(app, "") is None


def test_failed_sign_ins_are_limited_per_name_and_address(app: Application, redis_url: str) -> None:
    app = replace(app, settings=app.settings.model_copy(update={"redis_url": redis_url}))
    accounts.register(app, "anna", PASSWORD)
    for _ in range(attempts.SIGN_IN.most):
        with pytest.raises(Invalid):
            sign_in(app, "anna", "wrong password", address="192.0.2.1")
    with pytest.raises(TooManyAttempts, match="Try again in 15 minutes") as caught:
        sign_in(app, "Anna", PASSWORD, address="192.0.2.1")
    assert caught.value.minutes == 15
    assert sign_in(app, "anna", PASSWORD, address="192.0.2.2").username == "anna"


def test_a_success_clears_the_count(app: Application, redis_url: str) -> None:
    app = replace(app, settings=app.settings.model_copy(update={"redis_url": redis_url}))
    accounts.register(app, "anna", PASSWORD)
    for _ in range(3):
        for _ in range(attempts.SIGN_IN.most - 1):
            with pytest.raises(Invalid):
                sign_in(app, "anna", "wrong password", address="192.0.2.1")
        sign_in(app, "anna", PASSWORD, address="192.0.2.1")


def test_sign_in_works_while_redis_is_away(app: Application) -> None:
    accounts.register(app, "anna", PASSWORD)
    assert sign_in(app, "anna", PASSWORD, address="192.0.2.1").username == "anna"


def test_many_names_from_one_address_are_limited_too(app: Application, redis_url: str) -> None:
    app = replace(app, settings=app.settings.model_copy(update={"redis_url": redis_url}))
    accounts.register(app, "anna", PASSWORD)
    for number in range(attempts.SIGN_IN_OF_ADDRESS.most):
        with pytest.raises(Invalid):
            sign_in(app, f"nobody{number}", "wrong password", address="2001:db8::1")
    with pytest.raises(TooManyAttempts):
        sign_in(app, "anna", PASSWORD, address="2001:db8::2")  # the same network of 64 bits
    assert sign_in(app, "anna", PASSWORD, address="2001:db8:0:1::1").username == "anna"


def test_without_redis_this_process_counts(app: Application) -> None:
    accounts.register(app, "anna", PASSWORD)
    for _ in range(attempts.SIGN_IN.most):
        with pytest.raises(Invalid):
            sign_in(app, "anna", "wrong password", address="192.0.2.1")
    with pytest.raises(TooManyAttempts):
        sign_in(app, "anna", PASSWORD, address="192.0.2.1")


def test_another_password_ends_the_other_sessions(app: Application) -> None:
    viewer = accounts.register(app, "anna", PASSWORD)
    here, there = (sessions.open_session(app, viewer) for _ in range(2))
    with pytest.raises(Invalid) as caught:
        accounts.change_password(app, viewer, "not it", "another good one", keep=here)
    assert caught.value.field == "present"
    accounts.change_password(app, viewer, PASSWORD, "another good one", keep=here)
    assert sessions.viewer_of(app, here) == viewer
    assert sessions.viewer_of(app, there) is None
    assert accounts.check_password(app, "anna", "another good one") == viewer


def test_a_sessions_last_use_is_noted_once_a_minute(app: Application) -> None:
    viewer = accounts.register(app, "anna", PASSWORD)
    token = sessions.open_session(app, viewer)
    opened = sessions.of(app, viewer, token)[0].last_used_at
    sessions.viewer_of(app, token)
    assert sessions.of(app, viewer, token)[0].last_used_at == opened
    with app.database.write() as session:
        session.execute(sa.update(UserSession).values(last_used_at=opened - timedelta(minutes=2)))
    sessions.viewer_of(app, token)
    sessions._notes.submit(int).result()  # after what was noted before
    assert sessions.of(app, viewer, token)[0].last_used_at > opened - timedelta(minutes=1)


def test_sessions_are_listed_and_ended_by_their_owner_alone(app: Application) -> None:
    anna, bert = (replace(accounts.register(app, name, PASSWORD), address="192.0.2.7") for name in ("anna", "bert"))
    here = sessions.open_session(app, anna, user_agent="Firefox")
    there = sessions.open_session(app, anna, user_agent="Chrome")
    rows = sessions.of(app, anna, here)
    assert [(row.user_agent, row.address, row.present) for row in rows] == [
        ("Firefox", "192.0.2.7", True),
        ("Chrome", "192.0.2.7", False),
    ]
    assert sessions.end(app, bert, rows[1].id) == 0
    assert sessions.viewer_of(app, there) is not None
    assert sessions.end(app, anna, rows[1].id) == 1
    assert sessions.viewer_of(app, there) is None
    assert sessions.end_others(app, anna, here) == 0
    assert sessions.viewer_of(app, here) is not None


def test_an_office_signs_in_together_however_many_failed_before(app: Application) -> None:
    viewer = accounts.register(app, "anna", PASSWORD)
    for number in range(attempts.SIGN_IN_OF_ADDRESS.most - 1):
        with pytest.raises(Invalid):
            sign_in(app, f"nobody{number}", "wrong password", address="192.0.2.1")
    for _ in range(6):
        accounts.refuse_attempts(app, "anna", address="192.0.2.1")
    assert replace(sign_in(app, "anna", PASSWORD, address="192.0.2.1"), address="") == viewer


def test_a_refused_guesser_is_recorded_once(app: Application) -> None:
    admin = accounts.register(app, "root", PASSWORD)
    for _ in range(attempts.SIGN_IN.most + 4):
        with pytest.raises((Invalid, TooManyAttempts)):
            sign_in(app, "anna", "wrong password", address="192.0.2.1")
    details = [row.detail for row in audit.page(app, admin, Asked(chosen="session.refused")).rows]
    assert details == ["too many attempts", *["The username or the password is wrong."] * attempts.SIGN_IN.most]


def test_an_address_that_is_refused_from_now_on_is_recorded_once(app: Application) -> None:
    admin = accounts.register(app, "root", PASSWORD)
    for number in range(attempts.SIGN_IN_OF_ADDRESS.most + 4):
        with pytest.raises((Invalid, TooManyAttempts)):
            sign_in(app, f"nobody{number}", "wrong password", address="192.0.2.1")
    rows = audit.page(app, admin, Asked(chosen="session.refused", size=100)).rows
    assert len(rows) == attempts.SIGN_IN_OF_ADDRESS.most + 1
    assert (rows[0].detail, rows[0].address) == ("too many attempts from this address", "192.0.2.1")


@pytest.mark.attack
@pytest.mark.parametrize("counts", ["Redis", "this process"])
def test_a_name_guessed_from_many_addresses_is_refused_to_strangers_alone(
    app: Application, redis_url: str, counts: str, attack_figure: AttackFigure
) -> None:
    if counts == "Redis":
        app = replace(app, settings=app.settings.model_copy(update={"redis_url": redis_url}))
    accounts.register(app, "root", PASSWORD)
    viewer = replace(accounts.register(app, "anna", PASSWORD), address="2001:db8:7::1")
    sessions.close_session(app, sessions.open_session(app, viewer))  # signed out: the address is known all the same
    tried = 0
    for number in range(2 * attempts.SIGN_IN_OF_NAME.most):
        try:
            sign_in(app, "ANNA", "wrong password", address=f"192.0.2.{number}")
        except Invalid:
            tried += 1
        except TooManyAttempts:
            continue
    attack_figure(f"9 one name from many addresses, {counts}", f"{tried} guesses in an hour", "30", held=tried == 30)
    assert tried == 30
    with pytest.raises(TooManyAttempts):  # the right password tells a stranger nothing
        sign_in(app, "anna", PASSWORD, address="198.51.100.1")
    assert sign_in(app, "anna", PASSWORD, address="2001:db8:7::2").user_id == viewer.user_id
    assert sign_in(app, "root", PASSWORD, address="198.51.100.1").username == "root"


def test_a_guessed_name_does_not_keep_its_owners_session_from_changing_the_password(app: Application) -> None:
    viewer = replace(accounts.register(app, "anna", PASSWORD), address="192.0.2.200")
    token = sessions.open_session(app, viewer)
    for number in range(attempts.SIGN_IN_OF_NAME.most):
        with pytest.raises(Invalid):
            sign_in(app, "anna", "wrong password", address=f"192.0.2.{number}")
    moved = sessions.viewer_of(app, token, address="198.51.100.1")  # no sign-in came from there
    assert moved is not None
    with pytest.raises(TooManyAttempts):
        sign_in(app, "anna", PASSWORD, address=moved.address)
    accounts.change_password(app, moved, PASSWORD, "another good one", keep=token)
    for _ in range(attempts.SIGN_IN.most):  # a session is no licence to guess
        with pytest.raises(Invalid):
            accounts.confirm(app, moved, "wrong password")
    with pytest.raises(TooManyAttempts):
        accounts.confirm(app, moved, "another good one")


def test_a_guessed_name_is_recorded_once(app: Application) -> None:
    admin = accounts.register(app, "root", PASSWORD)
    for number in range(attempts.SIGN_IN_OF_NAME.most + 4):
        with pytest.raises((Invalid, TooManyAttempts)):
            sign_in(app, "anna", "wrong password", address=f"192.0.2.{number}")
    rows = audit.page(app, admin, Asked(chosen="session.refused", size=100)).rows
    assert len(rows) == attempts.SIGN_IN_OF_NAME.most + 1
    assert rows[0].detail == "too many attempts at this name: new addresses are refused"


@pytest.mark.attack
@pytest.mark.parametrize("counts", ["Redis", "this process"])
def test_sign_ins_and_registrations_are_limited_in_all(
    app: Application, redis_url: str, counts: str, attack_figure: AttackFigure
) -> None:
    if counts == "Redis":
        app = replace(app, settings=app.settings.model_copy(update={"redis_url": redis_url}))
    for number in range(attempts.IN_ALL.most // 2):
        accounts.refuse_attempts(app, f"nobody{number}", address=f"2001:db8:{number:x}::1")
        registration.refuse_attempts(app, "", address=f"2001:db8:{number:x}::1")
    with pytest.raises(TooBusy) as caught:
        accounts.refuse_attempts(app, "nobody", address="192.0.2.1")
    with pytest.raises(TooBusy):
        registration.refuse_attempts(app, "", address="192.0.2.1")
    held = "Try again in a minute" in str(caught.value)
    attack_figure(f"9 sign-ins in all, {counts}", f"{attempts.IN_ALL.most} a minute", "600", held=held)
    assert held


def test_a_link_that_does_not_work_is_recorded(app: Application) -> None:
    admin = accounts.register(app, "root", PASSWORD)
    with pytest.raises(Invalid):
        links.set_password(app, "no such link", PASSWORD, address="192.0.2.1")
    (row,) = audit.page(app, admin, Asked(chosen="account.password_refused")).rows
    assert (row.label, row.address, row.detail) == ("New password refused", "192.0.2.1", links.UNUSABLE)
