"""Sessions: signed-in browsers, whose they are, and their end."""

import hashlib
import logging
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from frameapp.adapters import session_ends
from frameapp.db.engine import after_commit
from frameapp.errors import Invalid
from frameapp.models import User, UserSession, utc_now
from frameapp.services import audit
from frameapp.services.application import Application
from frameapp.services.viewer import Viewer, viewer_for

logger = logging.getLogger(__name__)

SESSION_LENGTH = timedelta(days=30)
USED_STEP = timedelta(minutes=1)  # a session's last use is noted this often
LONGEST_AGENT = 300
DEACTIVATED = "This account is deactivated. Ask an administrator."


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A signed-in browser; ``present`` is the one that asks."""

    id: int
    user_agent: str
    address: str
    last_used_at: datetime
    present: bool


def open_session(app: Application, viewer: Viewer, *, user_agent: str = "") -> str:
    """A new session's token; the database keeps only its hash. Raises Invalid where the account was deactivated."""
    token = secrets.token_urlsafe(32)
    with app.database.write() as session:
        session.execute(sa.delete(UserSession).where(col(UserSession.expires_at) < utc_now()))
        # Locked, so that a deactivation comes before it, or finds it.
        user = session.get(User, viewer.user_id, with_for_update=True, populate_existing=True)
        if user is None or user.deactivated_at is not None:
            raise Invalid(DEACTIVATED)
        session.add(
            UserSession(
                token_hash=token_hash(token),
                user_id=viewer.user_id,
                user_agent=user_agent[:LONGEST_AGENT],
                address=viewer.address,
                expires_at=utc_now() + SESSION_LENGTH,
            )
        )
        audit.record(session, audit.Action.SIGNED_IN, viewer=viewer, detail=user_agent[:LONGEST_AGENT])
    return token


def close_session(app: Application, token: str, *, address: str = "") -> None:
    """End the session; an unknown token is no error."""
    ended = token_hash(token)
    viewer = viewer_of(app, token, address=address)
    with app.database.write() as session:
        session.execute(sa.delete(UserSession).where(col(UserSession.token_hash) == ended))
        if viewer is not None:
            audit.record(session, audit.Action.SIGNED_OUT, viewer=viewer)
        after_commit(session, lambda: session_ends.announce(app.redis, [ended]))


def end_sessions(app: Application, session: Session, user_id: int, *, only: Sequence[int] = (), keep: str = "") -> int:
    """End the user's sessions (``only`` those with these ids, all but the one whose token has the hash ``keep``) in
    this transaction, and close their pages and sockets after it; how many.
    """
    query = select(UserSession).where(UserSession.user_id == user_id, UserSession.token_hash != keep)
    if only:
        query = query.where(col(UserSession.id).in_(only))
    ended = session.exec(query).all()
    for row in ended:
        session.delete(row)
    hashes = [row.token_hash for row in ended]
    after_commit(session, lambda: session_ends.announce(app.redis, hashes))
    return len(ended)


def viewer_of(app: Application, token: str, *, address: str = "") -> Viewer | None:
    """The viewer whose session this token is, asking from ``address``, or None."""
    if not token:
        return None
    with app.database.read() as session:
        found = session.exec(
            select(User, UserSession)
            .join(UserSession, col(UserSession.user_id) == col(User.id))
            .where(
                UserSession.token_hash == token_hash(token),
                col(UserSession.expires_at) > utc_now(),
                col(User.deactivated_at).is_(None),
            )
        ).first()
        viewer = viewer_for(session, found[0], address=address) if found else None
    if found and utc_now() - found[1].last_used_at > USED_STEP:
        _note_use(app, found[1].id)
    return viewer


def of(app: Application, viewer: Viewer, token: str) -> list[SessionRow]:
    """The viewer's sessions, the one of ``token`` first, then the last used ones."""
    query = select(UserSession).where(UserSession.user_id == viewer.user_id, col(UserSession.expires_at) > utc_now())
    with app.database.read() as session:
        rows = session.exec(query.order_by(col(UserSession.last_used_at).desc()).limit(200)).all()
    found = [
        SessionRow(row.id, row.user_agent, row.address, row.last_used_at, row.token_hash == token_hash(token))
        for row in rows
    ]
    return sorted(found, key=lambda row: not row.present)


def end(app: Application, viewer: Viewer, session_id: int) -> int:
    """End one of the viewer's sessions; how many ended: none where it is gone or somebody else's."""
    return _end(app, viewer, only=(session_id,))


def end_others(app: Application, viewer: Viewer, token: str) -> int:
    """End all of the viewer's sessions but the one of ``token``; how many."""
    return _end(app, viewer, keep=token_hash(token))


def _end(app: Application, viewer: Viewer, *, only: tuple[int, ...] = (), keep: str = "") -> int:
    with app.database.write() as session:
        count = end_sessions(app, session, viewer.user_id, only=only, keep=keep)
        if count:
            audit.record(session, audit.Action.SESSIONS_ENDED, viewer=viewer, detail=f"{count}")
    return count


def token_hash(token: str) -> str:
    """What the database keeps of a session's or link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


_notes = ThreadPoolExecutor(1, thread_name_prefix="last-use")
_noting: set[int] = set()


def _note_use(app: Application, session_id: int) -> None:
    """Write when the session was last used, beside what asks: a database that is slow now holds up no page."""
    if session_id not in _noting:
        _noting.add(session_id)
        _notes.submit(_write_use, app, session_id)


def _write_use(app: Application, session_id: int) -> None:
    now = utc_now()
    stale = sa.and_(col(UserSession.id) == session_id, col(UserSession.last_used_at) < now - USED_STEP)
    try:
        with app.database.write() as session:
            session.execute(sa.update(UserSession).where(stale).values(last_used_at=now))
    except (SQLAlchemyError, OSError) as error:
        logger.warning("The last use of a session was not noted: %s", error)
    finally:
        _noting.discard(session_id)
