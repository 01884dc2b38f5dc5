"""Links that work once: for a new password, or for an account of one's own. Only their tokens' hashes are kept."""

import ipaddress
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.adapters.passwords import hash_password
from frameapp.errors import Invalid, NotFound
from frameapp.models import LinkKind, OneTimeLink, User, utc_now
from frameapp.services import attempts, audit, sessions
from frameapp.services.application import Application
from frameapp.services.names import check_new_password, username_key
from frameapp.services.sessions import token_hash
from frameapp.services.viewer import Viewer, require_administrator, viewer_for

LIFE = {LinkKind.PASSWORD: timedelta(hours=24), LinkKind.INVITATION: timedelta(days=7)}
PAGES = {LinkKind.PASSWORD: "set-password?token", LinkKind.INVITATION: "register?invitation"}
ONLY_HERE = (
    "This link opens only on the machine that runs Frameapp: set FRAMEAPP_PUBLIC_URL to the address that users open, "
    "restart, and create a new link."
)
UNUSABLE = "This link has been used or has expired. Ask an administrator for a new one."


def address(app: Application, kind: LinkKind, token: str) -> str:
    """The link of this token."""
    return f"{app.settings.resolved_public_url}/{PAGES[kind]}={token}"


def warning(app: Application) -> str:
    """What is wrong with links of this installation: its address is one that no other machine reaches. Else empty."""
    host = urlsplit(app.settings.resolved_public_url).hostname or ""
    try:
        return ONLY_HERE if ipaddress.ip_address(host).is_loopback else ""
    except ValueError:
        return ONLY_HERE if host == "localhost" or host.endswith(".localhost") else ""


def add(session: Session, kind: LinkKind, user_id: int | None = None) -> str:
    """The token of a new link; it is shown once and kept nowhere. Links that have ended are removed."""
    session.execute(sa.delete(OneTimeLink).where(col(OneTimeLink.expires_at) < utc_now()))
    token = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(kind=kind, token_hash=token_hash(token), user_id=user_id, expires_at=utc_now() + LIFE[kind])
    )
    return token


def usable(session: Session, kind: LinkKind, token: str, *, use: bool = False) -> OneTimeLink | None:
    """The link of this token where it still works; ``use``: this transaction uses it up, and nobody else's does."""
    now = utc_now()
    works = (
        col(OneTimeLink.token_hash) == token_hash(token),
        col(OneTimeLink.kind) == kind,
        col(OneTimeLink.used_at).is_(None),
        col(OneTimeLink.expires_at) > now,
    )
    if use and not session.execute(sa.update(OneTimeLink).where(*works).values(used_at=now)).rowcount:  # type: ignore[attr-defined]
        return None
    wanted = works[:2] if use else works
    return session.exec(select(OneTimeLink).where(*wanted)).first()


def password_link(app: Application, viewer: Viewer, user_id: int) -> str:
    """The token of a link that sets this user's password; earlier ones end. Raises NotFound for non-administrators."""
    require_administrator(viewer)
    with app.database.write() as session:
        user = session.get(User, user_id)
        if user is None:
            raise NotFound
        return _password_link(session, user, viewer=viewer)


def password_link_for(app: Application, username: str) -> str:
    """The same from the command line. Raises Invalid where there is no such user."""
    with app.database.write() as session:
        user = session.exec(select(User).where(User.username_key == username_key(username))).first()
        if user is None:
            raise Invalid(f"There is no user named {username}.", field="username")
        return _password_link(session, user, actor="command line")


def owner(app: Application, token: str) -> str:
    """The name of the user whose password the link sets; empty where it no longer works."""
    with app.database.read() as session:
        link = usable(session, LinkKind.PASSWORD, token)
        user = session.get(User, link.user_id) if link else None
        return user.username if user else ""


def set_password(app: Application, token: str, password: str, *, address: str) -> Viewer:
    """Set the password by a link, used up by it, and end all sessions. Raises Invalid, or TooManyAttempts."""
    place = attempts.place_of(address)
    attempts.check(app, attempts.LINK_OF_ADDRESS, place)
    username = owner(app, token)
    if not username:
        attempts.note(app, attempts.LINK_OF_ADDRESS, place)
        with app.database.write() as session:
            audit.record(session, audit.Action.PASSWORD_REFUSED, address=address, detail=UNUSABLE)
        raise Invalid(UNUSABLE)
    check_new_password(password, username)
    hashed = hash_password(password)
    with app.database.write() as session:
        link = usable(session, LinkKind.PASSWORD, token, use=True)
        user = session.get(User, link.user_id) if link else None
        if user is None:
            raise Invalid(UNUSABLE)
        user.password_hash = hashed
        sessions.end_sessions(app, session, user.id)
        viewer = viewer_for(session, user, address=address)
        audit.record(
            session, audit.Action.PASSWORD_CHANGED, viewer=viewer, subject=user.username, detail="by a one-time link"
        )
    return viewer


def _password_link(session: Session, user: User, *, viewer: Viewer | None = None, actor: str = "") -> str:
    mine = sa.and_(col(OneTimeLink.user_id) == user.id, col(OneTimeLink.kind) == LinkKind.PASSWORD)
    session.execute(sa.delete(OneTimeLink).where(mine))
    audit.record(session, audit.Action.PASSWORD_LINK, viewer=viewer, actor=actor, subject=user.username)
    return add(session, LinkKind.PASSWORD, user.id)
