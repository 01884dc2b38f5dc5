"""Accounts: registration, passwords, e-mail addresses.

What names and passwords may be is in ``names``, limits on attempts in ``attempts``, signed-in browsers in ``sessions``.
"""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from frameapp.adapters.passwords import hash_password, verify_password
from frameapp.db.audit import addresses_of
from frameapp.db.installation import lock_accounts
from frameapp.db.owned import owned_frame
from frameapp.errors import Invalid, NotFound, TooManyAttempts
from frameapp.models import Membership, OneTimeLink, Role, User, Workspace
from frameapp.services import attempts, audit
from frameapp.services.application import Application
from frameapp.services.names import (
    PASSWORD_LONGEST,
    check_email,
    check_new_password,
    check_username,
    username_key,
    username_look,
)
from frameapp.services.sessions import DEACTIVATED, end_sessions, token_hash
from frameapp.services.viewer import Viewer as Viewer
from frameapp.services.viewer import viewer_for

USERNAME_TAKEN = "This username is taken."
LOOKS_TAKEN = "This username looks like one that is taken. Choose another."
WRONG = "The username or the password is wrong."


def register(
    app: Application,
    username: str,
    password: str,
    *,
    email: str = "",
    is_admin: bool = False,
    admit: Callable[[Session], None] = lambda session: None,
    address: str = "",
) -> Viewer:
    """Make an account with a personal workspace; the installation's first one is its administrator.

    ``admit`` may refuse it, in the transaction that makes it. Raises Invalid with the field that is wrong.
    """
    username, email = check_username(username), check_email(email)
    check_new_password(password, username)
    key = username_key(username)
    with app.database.read() as session:
        _refuse_taken(session, key)
        _refuse_look(session, username)
    hashed = hash_password(password)  # before the transaction: it takes a while by design
    try:
        with app.database.write() as session:
            lock_accounts(session)
            admit(session)
            _refuse_look(session, username)
            first = session.exec(select(User.id).limit(1)).first() is None
            user = _add(
                session,
                User(
                    username=username,
                    username_key=key,
                    username_look=username_look(username),
                    email=email,
                    password_hash=hashed,
                ),
            )
            user.is_admin = is_admin or first
            viewer = viewer_for(session, user, address=address)
            audit.record(
                session, audit.Action.REGISTERED, viewer=viewer, detail="administrator" if user.is_admin else ""
            )
            return viewer
    except IntegrityError:  # the same name, at the same moment
        raise Invalid(USERNAME_TAKEN, field="username") from None


def refuse_attempts(app: Application, username: str, *, address: str, has_session: bool = False) -> None:
    """Count a sign-in of this name from this address. Raises TooManyAttempts once too many failed, of it or of any
    names, or of it from anywhere where the account never signed in from here and ``has_session`` does not hold; the
    first refusal is recorded. Raises TooBusy if too many users sign in at once.
    """
    try:
        attempts.check(app, attempts.SIGN_IN_OF_ADDRESS, attempts.place_of(address))
        attempts.count(app, attempts.SIGN_IN, _guess(username, address))
        if not has_session:
            _refuse_strangers(app, username, address)
        attempts.count_in_all(app)
    except TooManyAttempts as error:
        if error.is_first:
            with app.database.write() as session:
                _record_failure(session, username, address, "too many attempts")
        raise


def sign_in(app: Application, username: str, password: str, *, address: str) -> Viewer:
    """The viewer that this name and password belong to; ``refuse_attempts`` comes first.

    Raises Invalid, the same for both mistakes.
    """
    try:
        viewer = check_password(app, username, password, address=address)
    except Invalid as error:
        failed, _ = attempts.note(app, attempts.SIGN_IN_OF_ADDRESS, attempts.place_of(address))
        guessed, _ = attempts.note(app, attempts.SIGN_IN_OF_NAME, username_key(username))
        with app.database.write() as session:
            _record_failure(session, username, address, str(error))
            if failed == attempts.SIGN_IN_OF_ADDRESS.most:  # what comes now is refused unread, and not recorded
                _record_failure(session, username, address, "too many attempts from this address")
            if guessed == attempts.SIGN_IN_OF_NAME.most:
                _record_failure(session, username, address, "too many attempts at this name: new addresses are refused")
        raise
    attempts.forget(app, attempts.SIGN_IN, _guess(username, address))
    return viewer


def check_password(app: Application, username: str, password: str, *, address: str = "") -> Viewer:
    """The viewer that this name and password belong to. Raises Invalid, the same for both mistakes; that an account is
    deactivated is reported only if the password is right.
    """
    with app.database.read() as session:
        user = session.exec(select(User).where(User.username_key == username_key(username))).first()
    known = user.password_hash if user else None
    if len(password) > PASSWORD_LONGEST or not verify_password(password, known) or user is None:
        raise Invalid(WRONG)
    if user.deactivated_at is not None:
        raise Invalid(DEACTIVATED)
    with app.database.read() as session:
        return viewer_for(session, user, address=address)


def change_password(app: Application, viewer: Viewer, present: str, password: str, *, keep: str) -> None:
    """Set another password; every session but the one with the token ``keep`` ends, and so do links for one.

    Raises Invalid, or TooManyAttempts.
    """
    confirm(app, viewer, present, field="present")
    check_new_password(password, viewer.username)
    hashed = hash_password(password)
    with app.database.write() as session:
        user = session.get_one(User, viewer.user_id)
        user.password_hash = hashed
        session.execute(sa.delete(OneTimeLink).where(col(OneTimeLink.user_id) == viewer.user_id))
        end_sessions(app, session, viewer.user_id, keep=token_hash(keep))
        audit.record(session, audit.Action.PASSWORD_CHANGED, viewer=viewer, subject=viewer.username)


def confirm(app: Application, viewer: Viewer, password: str, *, field: str = "password") -> None:
    """Ask the viewer's password again, before what cannot be undone. Raises Invalid, or TooManyAttempts."""
    refuse_attempts(app, viewer.username, address=viewer.address, has_session=True)
    try:
        sign_in(app, viewer.username, password, address=viewer.address)
    except Invalid:
        raise Invalid("This is not your current password.", field=field) from None


def change_email(app: Application, viewer: Viewer, email: str) -> str:
    """Set the e-mail address, which may be empty; as it is kept. Raises Invalid."""
    email = check_email(email)
    with app.database.write() as session:
        session.get_one(User, viewer.user_id).email = email
        audit.record(session, audit.Action.EMAIL_CHANGED, viewer=viewer, subject=viewer.username)
    return email


def email_of(app: Application, viewer: Viewer) -> str:
    """The viewer's e-mail address, or an empty text."""
    with app.database.read() as session:
        return session.get_one(User, viewer.user_id).email


def owns_frame(app: Application, viewer: Viewer, frame_id: int) -> bool:
    """Whether the frame exists and is the viewer's."""
    try:
        with app.database.read() as session:
            owned_frame(session, viewer.workspace_ids, frame_id)
    except NotFound:
        return False
    return True


def _add(session: Session, user: User) -> User:
    workspace = Workspace()
    session.add(workspace)
    session.flush()
    user.workspace_id = workspace.id
    session.add(user)
    session.flush()
    session.add(Membership(workspace_id=workspace.id, user_id=user.id, role=Role.OWNER))
    session.flush()
    return user


def _refuse_strangers(app: Application, username: str, address: str) -> None:
    """Once too many failed for this name: where the account has signed in from, it still may, so that nobody locks its
    owner out.
    """
    try:
        attempts.check(app, attempts.SIGN_IN_OF_NAME, username_key(username))
    except TooManyAttempts:
        with app.database.read() as session:
            known = addresses_of(session, username_key(username))
        if attempts.place_of(address) not in {attempts.place_of(one) for one in known}:
            raise


def _guess(username: str, address: str) -> str:
    return f"{username_key(username)}\n{address}"


def _record_failure(session: Session, username: str, address: str, detail: str) -> None:
    audit.record(session, audit.Action.SIGN_IN_FAILED, actor=username[:64], address=address, detail=detail)


def _refuse_taken(session: Session, key: str) -> None:
    if session.exec(select(User.id).where(User.username_key == key)).first():
        raise Invalid(USERNAME_TAKEN, field="username")


def _refuse_look(session: Session, username: str) -> None:
    if session.exec(select(User.id).where(User.username_look == username_look(username))).first():
        raise Invalid(LOOKS_TAKEN, field="username")
