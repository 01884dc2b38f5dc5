"""The viewer: the user on whose behalf a service works."""

from dataclasses import dataclass

from frameapp.errors import NotFound


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
