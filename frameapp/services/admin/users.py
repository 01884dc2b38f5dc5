"""The list of users, and what each has."""

from dataclasses import dataclass
from datetime import datetime

from frameapp.db import usage
from frameapp.db.administration import users as table
from frameapp.db.administration.users import UserFilter as UserFilter
from frameapp.db.administration.users import UserSort as UserSort
from frameapp.db.deletions import among
from frameapp.db.paging import FIRST, Asked, Page
from frameapp.db.usage import Limits, Usage
from frameapp.errors import NotFound
from frameapp.models import User
from frameapp.services.application import Application
from frameapp.services.viewer import Viewer, require_administrator


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user; ``limits`` are the user's own, where None is that of the installation and 0 lifts it."""

    user_id: int
    username: str
    email: str
    is_admin: bool
    created_at: datetime
    deactivated_at: datetime | None
    deleting: bool
    usage: Usage
    limits: Limits


@dataclass(frozen=True)
class UserPage(Page[UserRow]):
    """One page; ``counts`` are by filter, "" for all that match the search."""

    counts: dict[str, int]


def page(app: Application, viewer: Viewer, asked: Asked = FIRST) -> UserPage:
    """One page of users. Raises NotFound unless the viewer is an administrator."""
    require_administrator(viewer)
    with app.database.read() as session:
        found = table.users(session, asked)
        people = [row[0] for row in found.rows]
        used = usage.of_workspaces(session, [user.workspace_id for user in people])
        doomed = among(session, [user.id for user in people])
        rows = [_row(user, used[user.workspace_id], user.id in doomed) for user in people]
        return UserPage(rows, found.next_key, found.previous_key, table.counts(session, asked.search))


def get(app: Application, viewer: Viewer, user_id: int) -> UserRow:
    """One user. Raises NotFound."""
    require_administrator(viewer)
    with app.database.read() as session:
        user = session.get(User, user_id)
        if user is None:
            raise NotFound
        used = usage.of_workspaces(session, [user.workspace_id])[user.workspace_id]
        return _row(user, used, bool(among(session, [user_id])))


def _row(user: User, used: Usage, deleting: bool) -> UserRow:
    return UserRow(
        user.id,
        user.username,
        user.email,
        user.is_admin,
        user.created_at,
        user.deactivated_at,
        deleting,
        used,
        Limits(user.max_frames, user.max_products, user.max_storage_mb),
    )
