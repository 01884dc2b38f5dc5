"""Accounts and their sessions."""

from __future__ import annotations

import hashlib
import logging
import math
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from redis.exceptions import RedisError
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from frameapp.adapters import session_ends
from frameapp.adapters.passwords import hash_password, is_common_password, verify_password
from frameapp.db.engine import after_commit
from frameapp.db.owned import owned_frame
from frameapp.errors import Invalid, NotFound, TooManyAttempts
from frameapp.models import Membership, Role, User, UserSession, Workspace, utc_now
from frameapp.services.application import Application

logger = logging.getLogger(__name__)

SESSION_LENGTH = timedelta(days=30)
USERNAME_SHORTEST, USERNAME_LONGEST = 2, 64
PASSWORD_SHORTEST, PASSWORD_LONGEST = 8, 128
ATTEMPTS, ATTEMPTS_WINDOW = 10, 15 * 60  # failed sign-ins, seconds
USERNAME_TAKEN = "This username is taken."


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking. Every query filters by ``workspace_ids``; new rows go to ``workspace_id``."""

    user_id: int
    username: str
    is_admin: bool
    workspace_id: int
    workspace_ids: tuple[int, ...]


def register(app: Application, username: str, password: str, *, email: str = "", is_admin: bool = False) -> Viewer:
    """Make an account with a personal workspace. Raises Invalid with the field that is wrong."""
    username = check_username(username)
    email = _check_email(email)
    check_new_password(password, username)
    key = _username_key(username)
    with app.database.read() as session:
        _refuse_taken(session, key)
    hashed = hash_password(password)  # before the transaction: it takes a while by design
    try:
        with app.database.write() as session:
            workspace = Workspace(name=username)
            session.add(workspace)
            session.flush()
            user = User(
                username=username,
                username_key=key,
                email=email,
                password_hash=hashed,
                is_admin=is_admin,
                workspace_id=workspace.id,
            )
            session.add(user)
            session.flush()
            session.add(Membership(workspace_id=workspace.id, user_id=user.id, role=Role.OWNER))
            session.flush()
            return _viewer(session, user)
    except IntegrityError:  # the same name, at the same moment
        raise Invalid(USERNAME_TAKEN, field="username") from None


def check_username(username: str) -> str:
    """The username as it is kept. Raises Invalid."""
    username = unicodedata.normalize("NFKC", username).strip()
    if not USERNAME_SHORTEST <= len(username) <= USERNAME_LONGEST:
        raise Invalid(
            f"A username has {USERNAME_SHORTEST} to {USERNAME_LONGEST} characters.",
            field="username",
        )
    if not re.fullmatch(r"[\w.@+-]+", username):
        raise Invalid("A username is made of letters, digits and . @ + - _ only.", field="username")
    return username


def check_new_password(password: str, username: str = "") -> None:
    """Refuse a password that is short, long, common or the username. Raises Invalid."""
    if len(password) < PASSWORD_SHORTEST:
        raise Invalid(f"Choose a password of at least {PASSWORD_SHORTEST} characters.", field="password")
    if len(password) > PASSWORD_LONGEST:
        raise Invalid(f"Choose a password of at most {PASSWORD_LONGEST} characters.", field="password")
    if username and password.casefold() == username.casefold():
        raise Invalid("Choose a password that is not your username.", field="password")
    if is_common_password(password):
        raise Invalid("This password is among the most common ones. Choose another.", field="password")


def sign_in(app: Application, username: str, password: str, *, address: str) -> Viewer:
    """The viewer that this name and password belong to.

    Raises Invalid, the same for both mistakes, and TooManyAttempts once ``ATTEMPTS`` of this name failed from this
    ``address`` within ``ATTEMPTS_WINDOW``.
    """
    key = "signin:" + token_hash(f"{_username_key(username)}\n{address}")
    _count_attempt(app, key)
    viewer = check_password(app, username, password)
    _forget_attempts(app, key)
    return viewer


def check_password(app: Application, username: str, password: str) -> Viewer:
    """The viewer that this name and password belong to. Raises Invalid, the same for both mistakes."""
    with app.database.read() as session:
        user = session.exec(select(User).where(User.username_key == _username_key(username))).first()
    known = user.password_hash if user else None
    if len(password) > PASSWORD_LONGEST or not verify_password(password, known) or user is None:
        raise Invalid("The username or the password is wrong.")
    with app.database.read() as session:
        return _viewer(session, user)


def _count_attempt(app: Application, key: str) -> None:
    """Count it before the password is looked at, so that attempts side by side are counted too."""
    try:
        with app.redis.pipeline() as pipe:
            pipe.incr(key)
            pipe.expire(key, ATTEMPTS_WINDOW, nx=True)
            pipe.ttl(key)
            count, _, left = pipe.execute()
    except RedisError:
        logger.warning("Redis does not answer: failed sign-ins are not counted")
        return
    if count > ATTEMPTS:
        raise TooManyAttempts(max(1, math.ceil(left / 60)))


def _forget_attempts(app: Application, key: str) -> None:
    try:
        app.redis.delete(key)
    except RedisError:
        logger.warning("Redis does not answer: sign-in attempts stay counted")


def _refuse_taken(session: Session, key: str) -> None:
    if session.exec(select(User.id).where(User.username_key == key)).first():
        raise Invalid(USERNAME_TAKEN, field="username")


def _username_key(username: str) -> str:
    return unicodedata.normalize("NFKC", username).strip().casefold()


def _check_email(email: str) -> str:
    email = email.strip()
    if email and (len(email) > 254 or not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", email)):
        raise Invalid("This is not an e-mail address. It may stay empty.", field="email")
    return email


def open_session(app: Application, viewer: Viewer) -> str:
    """A new session's token; the database keeps only its hash."""
    token = secrets.token_urlsafe(32)
    with app.database.write() as session:
        session.execute(sa.delete(UserSession).where(col(UserSession.expires_at) < utc_now()))
        expires = utc_now() + SESSION_LENGTH
        session.add(UserSession(token_hash=token_hash(token), user_id=viewer.user_id, expires_at=expires))
    return token


def close_session(app: Application, token: str) -> None:
    """End the session; an unknown token is no error."""
    ended = token_hash(token)
    with app.database.write() as session:
        session.execute(sa.delete(UserSession).where(col(UserSession.token_hash) == ended))
        after_commit(session, lambda: session_ends.announce(app.redis, [ended]))


def viewer_of(app: Application, token: str) -> Viewer | None:
    """The viewer whose session this token is, or None."""
    if not token:
        return None
    with app.database.read() as session:
        user = session.exec(
            select(User)
            .join(UserSession, col(UserSession.user_id) == col(User.id))
            .where(UserSession.token_hash == token_hash(token), col(UserSession.expires_at) > utc_now())
        ).first()
        return _viewer(session, user) if user else None


def owns_frame(app: Application, viewer: Viewer, frame_id: int) -> bool:
    """Whether the frame exists and is the viewer's."""
    try:
        with app.database.read() as session:
            owned_frame(session, viewer.workspace_ids, frame_id)
    except NotFound:
        return False
    return True


def _viewer(session: Session, user: User) -> Viewer:
    ids = session.exec(select(Membership.workspace_id).where(Membership.user_id == user.id)).all()
    return Viewer(user.id, user.username, user.is_admin, user.workspace_id, tuple(ids))


def token_hash(token: str) -> str:
    """What the database keeps of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()
