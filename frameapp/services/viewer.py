"""Who is asking."""

from dataclasses import dataclass

from frameapp.errors import NotFound


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking, and from where. Every query filters by ``workspace_ids``; new rows go to ``workspace_id``."""

    user_id: int
    username: str
    is_admin: bool
    workspace_id: int
    workspace_ids: tuple[int, ...]
    address: str = ""


def require_administrator(viewer: Viewer) -> None:
    """Raise NotFound for anybody else: there is nothing here for them."""
    if not viewer.is_admin:
        raise NotFound
