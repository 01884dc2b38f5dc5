"""The viewer: the user on whose behalf a service works."""

from dataclasses import dataclass

from sqlmodel import Session, select

from frameapp.errors import NotFound
from frameapp.models import Membership, User


@dataclass(frozen=True, slots=True)
class Viewer:
    """A user, asking from ``address``. Every query filters by ``workspace_ids``; new rows go to ``workspace_id``."""

    user_id: int
    username: str
    is_admin: bool
    workspace_id: int
    workspace_ids: tuple[int, ...]
    address: str = ""


def require_administrator(viewer: Viewer) -> None:
    """Raise NotFound for other users."""
    if not viewer.is_admin:
        raise NotFound


def viewer_for(session: Session, user: User, *, address: str = "") -> Viewer:
    """The user as a viewer, who asks from ``address``."""
    ids = session.exec(select(Membership.workspace_id).where(Membership.user_id == user.id)).all()
    return Viewer(user.id, user.username, user.is_admin, user.workspace_id, tuple(ids), address)
