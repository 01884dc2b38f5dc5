"""What administrators do with accounts, and what a user may do with their own."""

from __future__ import annotations

import contextlib
import functools

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.db import usage
from frameapp.db.engine import after_commit
from frameapp.db.installation import lock_accounts, other_administrators
from frameapp.db.usage import Usage
from frameapp.errors import Conflict, NotFound
from frameapp.models import Feed, Frame, Membership, Product, User, Workspace, utc_now
from frameapp.services import accounts, audit, feeds, frames, images
from frameapp.services.application import Application
from frameapp.services.names import username_key
from frameapp.services.viewer import Viewer, require_administrator

LAST_ADMINISTRATOR = "{} is the last administrator. Make another user an administrator first."
DELETE_BATCH = 5_000


def deactivate(app: Application, viewer: Viewer, user_id: int) -> None:
    """Let the user sign in no longer; all their sessions end at once. Raises NotFound, or Conflict for the last
    administrator.
    """
    require_administrator(viewer)
    _deactivate(app, viewer, user_id)


def activate(app: Application, viewer: Viewer, user_id: int) -> None:
    """Let the user sign in again. Raises NotFound."""
    require_administrator(viewer)
    with app.database.write() as session:
        user = _user(session, user_id)
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
    """Make the account of this name an administrator, as whoever sits at the machine may; whether there is one."""
    with app.database.write() as session:
        user = session.exec(select(User).where(User.username_key == username_key(username))).first()
        if user is not None:
            user.is_admin = True
            audit.record(session, audit.Action.ADMINISTRATOR_MADE, actor="command line", subject=user.username)
    return user is not None


def delete(app: Application, viewer: Viewer, user_id: int) -> None:
    """Delete the account with everything in its workspace. Raises NotFound, or Conflict for the last administrator.

    It is deactivated first, and its frames go one by one in short transactions. Cut short, it is repeated.
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


def _deactivate(app: Application, viewer: Viewer, user_id: int) -> User:
    with app.database.write() as session:
        lock_accounts(session)
        user = _user(session, user_id)
        _keep_an_administrator(session, user)
        if user.deactivated_at is None:
            user.deactivated_at = utc_now()
            audit.record(session, audit.Action.DEACTIVATED, viewer=viewer, subject=user.username)
        accounts.end_sessions(app, session, user_id)
    return user


def _delete(app: Application, viewer: Viewer, user_id: int) -> None:
    user = _deactivate(app, viewer, user_id)
    with app.database.read() as session:
        owner = accounts.viewer_for(session, user)
        members = select(Membership.user_id).where(Membership.workspace_id == user.workspace_id)
        alone = set(session.exec(members)) <= {user_id}
    if alone:
        _empty_workspace(app, owner, by=viewer)
    with app.database.write() as session:
        user = _user(session, user_id)
        workspace = session.get_one(Workspace, user.workspace_id)
        audit.record(session, audit.Action.ACCOUNT_DELETED, viewer=viewer, subject=user.username)
        session.flush()
        session.delete(user)
        session.flush()
        if alone:
            session.delete(workspace)
            after_commit(session, functools.partial(images.forget_workspace, app, workspace.id))


def _empty_workspace(app: Application, owner: Viewer, *, by: Viewer) -> None:
    mine = col(Frame.workspace_id) == owner.workspace_id
    while True:
        with app.database.read() as session:
            frame_ids = session.exec(select(Frame.id).where(mine).limit(100)).all()
        if not frame_ids:
            break
        for frame_id in frame_ids:
            with contextlib.suppress(NotFound):  # somebody else deletes it, or the account, at the same moment
                frames.delete(app, owner, frame_id, by=by)
    while True:  # feeds that no frame was left with
        with app.database.write() as session:
            left = select(Feed).where(Feed.workspace_id == owner.workspace_id).limit(1)
            feed = session.exec(left.with_for_update()).first()
            if feed is None:
                return
            _delete_feed_part(app, session, feed)


def _delete_feed_part(app: Application, session: Session, feed: Feed) -> None:
    some = sa.select(col(Product.id)).where(col(Product.feed_id) == feed.id).limit(DELETE_BATCH)
    ids = session.scalars(some).all()
    session.execute(sa.delete(Product).where(col(Product.id).in_(ids)))
    if len(ids) < DELETE_BATCH:
        session.delete(feed)
        after_commit(session, functools.partial(app.storage.delete_prefix, feeds.copies_prefix(feed)))


def _keep_an_administrator(session: Session, user: User) -> None:
    if user.is_admin and not other_administrators(session, user.id):
        raise Conflict(LAST_ADMINISTRATOR.format(user.username))


def _user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound
    return user
