"""Accounts and their sessions."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.adapters.passwords import hash_password, verify_password
from frameapp.errors import Invalid
from frameapp.models import Membership, Role, User, UserSession, Workspace, utc_now
from frameapp.services.application import Application

SESSION_LENGTH = timedelta(days=30)


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
    username = username.strip()
    with app.database.write() as session:
        key = username.casefold()
        if session.exec(select(User.id).where(User.username_key == key)).first():
            raise Invalid("This username is taken.", field="username")
        workspace = Workspace(name=username)
        session.add(workspace)
        session.flush()
        user = User(
            username=username,
            username_key=key,
            email=email.strip(),
            password_hash=hash_password(password),
            is_admin=is_admin,
            workspace_id=workspace.id,
        )
        session.add(user)
        session.flush()
        session.add(Membership(workspace_id=workspace.id, user_id=user.id, role=Role.OWNER))
        session.flush()
        return _viewer(session, user)


def check_password(app: Application, username: str, password: str) -> Viewer:
    """The viewer that this name and password belong to. Raises Invalid, the same for both mistakes."""
    with app.database.read() as session:
        user = session.exec(select(User).where(User.username_key == username.strip().casefold())).first()
        if not verify_password(password, user.password_hash if user else None) or user is None:
            raise Invalid("The username or the password is wrong.")
        return _viewer(session, user)


def open_session(app: Application, viewer: Viewer) -> str:
    """A new session's token; the database keeps only its hash."""
    token = secrets.token_urlsafe(32)
    with app.database.write() as session:
        session.execute(sa.delete(UserSession).where(col(UserSession.expires_at) < utc_now()))
        expires = utc_now() + SESSION_LENGTH
        session.add(UserSession(token_hash=_hash_token(token), user_id=viewer.user_id, expires_at=expires))
    return token


def close_session(app: Application, token: str) -> None:
    """End the session; an unknown token is no error."""
    with app.database.write() as session:
        session.execute(sa.delete(UserSession).where(col(UserSession.token_hash) == _hash_token(token)))


def viewer_of(app: Application, token: str) -> Viewer | None:
    """The viewer whose session this token is, or None."""
    if not token:
        return None
    with app.database.read() as session:
        user = session.exec(
            select(User)
            .join(UserSession, col(UserSession.user_id) == col(User.id))
            .where(UserSession.token_hash == _hash_token(token), col(UserSession.expires_at) > utc_now())
        ).first()
        return _viewer(session, user) if user else None


def _viewer(session: Session, user: User) -> Viewer:
    ids = session.exec(select(Membership.workspace_id).where(Membership.user_id == user.id)).all()
    return Viewer(user.id, user.username, user.is_admin, user.workspace_id, tuple(ids))


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
