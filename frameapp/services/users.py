"""What administrators do with accounts, and what a user may do with their own."""

from sqlmodel import Session, select

from frameapp.db import usage
from frameapp.db.deletions import among
from frameapp.db.installation import lock_accounts, other_administrators
from frameapp.db.usage import Usage
from frameapp.errors import Conflict, NotFound
from frameapp.models import User, utc_now
from frameapp.services import audit, deletions, sessions
from frameapp.services.application import Application
from frameapp.services.names import username_key
from frameapp.services.viewer import Viewer, require_administrator

LAST_ADMINISTRATOR = "{} is the last administrator. Make another user an administrator first."
BEING_DELETED = "{} is being deleted and cannot be activated."


def deactivate(app: Application, viewer: Viewer, user_id: int) -> None:
    """Let the user sign in no longer; all their sessions end at once. Raises NotFound, or Conflict for the last
    administrator.
    """
    require_administrator(viewer)
    with app.database.write() as session:
        _deactivate(app, session, viewer, user_id)


def activate(app: Application, viewer: Viewer, user_id: int) -> None:
    """Let the user sign in again. Raises NotFound, or Conflict where the account is being deleted."""
    require_administrator(viewer)
    with app.database.write() as session:
        user = _user(session, user_id)
        if among(session, [user_id]):
            raise Conflict(BEING_DELETED.format(user.username))
        user.deactivated_at = None
        audit.record(session, audit.Action.ACTIVATED, viewer=viewer, subject=user.username)


def set_administrator(app: Application, viewer: Viewer, user_id: int, *, is_admin: bool) -> None:
    """Make the user an administrator, or no longer one. Raises NotFound, or Conflict for the last one."""
    require_administrator(viewer)
    action = audit.Action.ADMINISTRATOR_MADE if is_admin else audit.Action.ADMINISTRATOR_UNMADE
    with app.database.write() as session:
        lock_accounts(session)
        user = _user(session, user_id)
        if not is_admin:
            _keep_an_administrator(session, user)
        user.is_admin = is_admin
        audit.record(session, action, viewer=viewer, subject=user.username)


def promote(app: Application, username: str) -> bool:
    """Make the account of this name an administrator, from the command line; whether there is one."""
    with app.database.write() as session:
        user = session.exec(select(User).where(User.username_key == username_key(username))).first()
        if user is not None:
            user.is_admin = True
            audit.record(session, audit.Action.ADMINISTRATOR_MADE, actor="command line", subject=user.username)
    return user is not None


def delete(app: Application, viewer: Viewer, user_id: int) -> None:
    """Deactivate the account for good; a worker then deletes it with everything in its workspace. Raises NotFound, or
    Conflict for the last administrator.
    """
    require_administrator(viewer)
    _delete(app, viewer, user_id)


def holdings(app: Application, viewer: Viewer) -> Usage:
    """What the viewer has, and would lose with the account."""
    with app.database.read() as session:
        return usage.of_workspaces(session, [viewer.workspace_id])[viewer.workspace_id]


def delete_own(app: Application, viewer: Viewer) -> None:
    """The same of the viewer's own account; ``accounts.confirm`` comes first. Raises Conflict."""
    _delete(app, viewer, viewer.user_id)


def _deactivate(app: Application, session: Session, viewer: Viewer, user_id: int) -> User:
    lock_accounts(session)
    user = _user(session, user_id)
    _keep_an_administrator(session, user)
    if user.deactivated_at is None:
        user.deactivated_at = utc_now()
        audit.record(session, audit.Action.DEACTIVATED, viewer=viewer, subject=user.username)
    sessions.end_sessions(app, session, user_id)
    return user


def _delete(app: Application, viewer: Viewer, user_id: int) -> None:
    with app.database.write() as session:
        deletions.ask(app, session, _deactivate(app, session, viewer, user_id), by=viewer)


def _keep_an_administrator(session: Session, user: User) -> None:
    if user.is_admin and not other_administrators(session, user.id):
        raise Conflict(LAST_ADMINISTRATOR.format(user.username))


def _user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound
    return user
