"""A user's own sessions: where they are signed in, and the end of that."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from frameapp.models import UserSession, utc_now
from frameapp.services import accounts, audit
from frameapp.services.accounts import token_hash
from frameapp.services.application import Application
from frameapp.services.viewer import Viewer


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A signed-in browser; ``present`` is the one that asks."""

    id: int
    user_agent: str
    address: str
    last_used_at: datetime
    present: bool


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
        count = accounts.end_sessions(app, session, viewer.user_id, only=only, keep=keep)
        if count:
            audit.record(session, audit.Action.SESSIONS_ENDED, viewer=viewer, detail=f"{count}")
    return count
