"""Administration of accounts: who may register, links that work once, deactivation, deletion, and the audit log."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from frameapp.db.paging import Asked
from frameapp.errors import Conflict, Invalid, NotFound
from frameapp.models import AuditEvent, OneTimeLink, Registration, utc_now
from frameapp.services import accounts, audit, links, registration, sessions, users
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from tests.jobs.workers import SECONDS

PASSWORD = "correct horse battery"


@pytest.fixture
def admin(app: Application) -> Viewer:
    return replace(accounts.register(app, "root", PASSWORD), address="192.0.2.1")


@pytest.fixture
def anna(app: Application, admin: Viewer) -> Viewer:
    return accounts.register(app, "anna", PASSWORD)


def with_settings(app: Application, **values: object) -> Application:
    return replace(app, settings=app.settings.model_copy(update=values))


def side_by_side(count: int, work: Callable[[int], object]) -> list[object]:
    """What becomes of ``work`` in threads that begin together: a result or an error of ours."""
    start = threading.Barrier(count)

    def one(number: int) -> object:
        start.wait(SECONDS)
        try:
            return work(number)
        except (Invalid, Conflict) as error:
            return error

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


def test_the_first_account_is_the_administrator_also_among_several_at_once(app: Application) -> None:
    found = side_by_side(4, lambda number: accounts.register(app, f"user{number}", PASSWORD))
    assert sorted(viewer.is_admin for viewer in found if isinstance(viewer, Viewer)) == [False, False, False, True]


def test_in_production_registration_closes_after_the_first_account(app: Application) -> None:
    app = with_settings(app, env="production")
    assert (registration.mode(app), registration.is_first(app)) == (Registration.OPEN, True)
    found = side_by_side(3, lambda number: registration.register(app, f"user{number}", PASSWORD, address=""))
    assert sorted(isinstance(viewer, Viewer) for viewer in found) == [False, False, True]
    assert (registration.mode(app), registration.is_first(app)) == (Registration.CLOSED, False)
    assert registration.refusal(app, "") == registration.CLOSED


def test_the_setting_holds_until_an_administrator_sets_it(app: Application, admin: Viewer, anna: Viewer) -> None:
    app = with_settings(app, registration="closed")
    assert (registration.mode(app), registration.is_overridden(app)) == (Registration.CLOSED, False)
    with pytest.raises(NotFound):
        registration.set_mode(app, anna, Registration.OPEN)
    registration.set_mode(app, admin, Registration.INVITATION)
    assert (registration.mode(app), registration.is_overridden(app)) == (Registration.INVITATION, True)
    with pytest.raises(Invalid, match="need an invitation"):
        registration.register(app, "bert", PASSWORD)


def test_an_invitation_works_once(app: Application, admin: Viewer, anna: Viewer) -> None:
    registration.set_mode(app, admin, Registration.INVITATION)
    with pytest.raises(NotFound):
        registration.invite(app, anna)
    token = registration.invite(app, admin)
    registration.set_mode(app, admin, Registration.CLOSED)
    assert registration.refusal(app, token) == registration.CLOSED
    registration.set_mode(app, admin, Registration.INVITATION)
    assert registration.refusal(app, token) == ""
    found = side_by_side(3, lambda number: registration.register(app, f"new{number}", PASSWORD, invitation=token))
    assert sorted(isinstance(viewer, Viewer) for viewer in found) == [False, False, True]
    assert registration.refusal(app, token) == registration.BAD_INVITATION
    with app.database.read() as session:
        assert token not in str([row.model_dump() for row in session.exec(select(OneTimeLink))])


def test_a_refused_form_leaves_the_invitation_usable(app: Application, admin: Viewer) -> None:
    registration.set_mode(app, admin, Registration.INVITATION)
    token = registration.invite(app, admin)
    with pytest.raises(Invalid, match="taken"):
        registration.register(app, "root", PASSWORD, invitation=token)
    registration.register(app, "bert", PASSWORD, invitation=token)


def test_a_password_link_works_once_and_ends_all_sessions(app: Application, admin: Viewer, anna: Viewer) -> None:
    session = sessions.open_session(app, anna)
    with pytest.raises(NotFound):
        links.password_link(app, anna, anna.user_id)
    earlier = links.password_link(app, admin, anna.user_id)
    token = links.password_link(app, admin, anna.user_id)
    assert (links.owner(app, earlier), links.owner(app, token)) == ("", "anna")
    with pytest.raises(Invalid, match="most common"):
        links.set_password(app, token, "password1", address="")
    found = side_by_side(3, lambda n: links.set_password(app, token, f"a new password {n}", address=""))
    assert sorted(isinstance(viewer, Viewer) for viewer in found) == [False, False, True]
    assert sessions.viewer_of(app, session) is None
    with pytest.raises(Invalid):
        accounts.check_password(app, "anna", PASSWORD)
    assert links.owner(app, token) == ""


def test_a_changed_password_ends_the_links_for_one(app: Application, admin: Viewer, anna: Viewer) -> None:
    token = links.password_link(app, admin, anna.user_id)
    accounts.change_password(app, anna, PASSWORD, "another good password", keep="")
    assert links.owner(app, token) == ""


def test_an_old_link_is_worth_nothing(app: Application, admin: Viewer, anna: Viewer) -> None:
    token = links.password_link_for(app, "Anna")
    with app.database.write() as session:
        session.execute(sa.update(OneTimeLink).values(expires_at=utc_now() - timedelta(seconds=1)))
    with pytest.raises(Invalid, match="has expired"):
        links.set_password(app, token, "a new password", address="")
    with pytest.raises(Invalid, match="no user named nobody"):
        links.password_link_for(app, "nobody")


def test_a_deactivated_user_is_out_at_once_and_in_again_when_activated(
    app: Application, admin: Viewer, anna: Viewer
) -> None:
    token = sessions.open_session(app, anna)
    users.deactivate(app, admin, anna.user_id)
    assert sessions.viewer_of(app, token) is None
    with pytest.raises(Invalid, match="deactivated"):
        accounts.check_password(app, "anna", PASSWORD)
    with pytest.raises(Invalid, match="is wrong"):
        accounts.check_password(app, "anna", "not it")
    with pytest.raises(Invalid):
        sessions.open_session(app, anna)
    users.activate(app, admin, anna.user_id)
    assert accounts.check_password(app, "anna", PASSWORD).user_id == anna.user_id


def test_the_last_administrator_stays_one(app: Application, admin: Viewer, anna: Viewer) -> None:
    for act in (users.deactivate, users.delete):
        with pytest.raises(Conflict, match="root is the last administrator"):
            act(app, admin, admin.user_id)
    users.set_administrator(app, admin, anna.user_id, is_admin=True)
    both = (admin, anna)
    found = side_by_side(2, lambda n: users.set_administrator(app, admin, both[n].user_id, is_admin=False) or "unmade")
    assert sorted(str(result) for result in found if result == "unmade") == ["unmade"]


def test_the_command_line_makes_an_account_that_is_there_an_administrator(
    app: Application, admin: Viewer, anna: Viewer
) -> None:
    assert users.promote(app, "Anna")
    assert accounts.check_password(app, "anna", PASSWORD).is_admin
    assert audit.page(app, admin).rows[0].subject == "anna"
    assert not users.promote(app, "nobody")


@pytest.mark.parametrize("act", [users.deactivate, users.activate, users.delete])
def test_others_administer_nothing(
    app: Application, admin: Viewer, anna: Viewer, act: Callable[[Application, Viewer, int], None]
) -> None:
    with pytest.raises(NotFound):
        act(app, anna, admin.user_id)
    with pytest.raises(NotFound):
        users.set_administrator(app, anna, anna.user_id, is_admin=True)
    with pytest.raises(NotFound):
        audit.page(app, anna)
    with pytest.raises(NotFound):
        act(app, admin, 999)


def test_the_log_says_who_what_and_from_where(app: Application, admin: Viewer, anna: Viewer) -> None:
    with pytest.raises(Invalid):
        accounts.sign_in(app, "anna", "not it", address="198.51.100.9")
    users.deactivate(app, admin, anna.user_id)
    users.delete(app, admin, anna.user_id)
    rows = audit.page(app, admin).rows
    assert [(row.actor, row.label, row.subject, row.address) for row in rows[:3]] == [
        ("root", "Account deletion requested", "anna", "192.0.2.1"),
        ("root", "Account deactivated", "anna", "192.0.2.1"),
        ("anna", "Sign-in failed", "", "198.51.100.9"),
    ]
    assert [row.label for row in audit.page(app, admin, Asked(search="198.51")).rows] == ["Sign-in failed"]
    assert [row.subject for row in audit.page(app, admin, Asked(chosen="account.deletion")).rows] == ["anna"]
    seen, page = [], audit.page(app, admin, Asked(size=2))
    while page.next_key:
        seen += page.rows
        page = audit.page(app, admin, Asked(size=2, after=page.next_key))
    assert seen + page.rows == rows


def test_old_events_are_forgotten(app: Application, admin: Viewer) -> None:
    with app.database.write() as session:
        session.execute(sa.update(AuditEvent).values(at=utc_now() - timedelta(days=181)))
        audit.record(session, audit.Action.SIGNED_OUT, viewer=admin)
    assert audit.forget_old(app) == 1
    assert [row.label for row in audit.page(app, admin).rows] == ["Signed out"]


def test_every_action_has_words() -> None:
    assert set(audit.LABELS) == set(audit.Action)
