"""Limits of a user: frames, products and storage. None by default; administrators set them, services hold to them."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from frameapp.db import usage
from frameapp.db.installation import installation
from frameapp.db.usage import Limits as Limits  # pages take it from here
from frameapp.db.usage import Usage
from frameapp.errors import Invalid, LimitReached, NotFound
from frameapp.models import User
from frameapp.services import audit
from frameapp.services.application import Application
from frameapp.services.viewer import Viewer, require_administrator

MB = 1_000_000
LARGEST = 2_000_000_000  # what any limit may be
NEAR = 0.8  # of a limit: from here on the user is warned
ASK = "or ask an administrator for more"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a user stands to one limit; storage in bytes."""

    noun: str
    used: int
    limit: int

    @property
    def near(self) -> bool:
        """Whether it is time to say so."""
        return self.used >= NEAR * self.limit

    @property
    def reached(self) -> bool:
        """Whether nothing more is left."""
        return self.used >= self.limit


def standings(app: Application, viewer: Viewer) -> list[Standing]:
    """How the viewer stands to each limit there is."""
    with app.database.read() as session:
        limits = usage.limits_of(session, viewer.workspace_id)
        if limits == Limits():
            return []
        return _standings(_used(session, viewer.workspace_id), limits)


def refuse_frame(session: Session, workspace_id: int) -> None:
    """Raises LimitReached where the workspace may not have another frame. Call it in the transaction that adds it."""
    limit = usage.limits_of(session, workspace_id).frames
    if limit is None:
        return
    usage.lock_workspace(session, workspace_id)
    used = _used(session, workspace_id).frames
    if used >= limit:
        raise LimitReached(f"You have {used:,} of {limit:,} frames. Delete one, {ASK}.")


def refuse_products(session: Session, workspace_id: int) -> None:
    """Raises LimitReached where the workspace has more products than it may, the present transaction's included."""
    limit = usage.limits_of(session, workspace_id).products
    if limit is None:
        return
    usage.lock_workspace(session, workspace_id)
    if _used(session, workspace_id).products > limit:
        raise LimitReached(
            f"This feed would exceed your limit of {limit:,} products, so the run stopped. "
            f"Your existing outputs are kept. Use a smaller feed, delete other frames, {ASK}; then run again."
        )


def storage_reached(session: Session, workspace_id: int) -> str:
    """The sentence that says so where the workspace's pictures fill what they may; else empty."""
    limit = usage.limits_of(session, workspace_id).storage_mb
    if limit is None or _used(session, workspace_id).storage_bytes < limit * MB:
        return ""
    return f"You have reached your storage limit of {limit:,} MB. Delete outputs or frames, {ASK}; then run again."


def defaults(app: Application) -> Limits:
    """The limits of every user who has none of their own; 0 as None is no limit."""
    with app.database.read() as session:
        row = installation(session)
        return Limits(row.max_frames, row.max_products, row.max_storage_mb)


def set_defaults(app: Application, viewer: Viewer, wanted: Limits) -> None:
    """Set them. Raises NotFound unless the viewer is an administrator."""
    require_administrator(viewer)
    with app.database.write() as session:
        row = installation(session)
        _put(row, wanted)
        session.add(row)
        audit.record(session, audit.Action.LIMITED, viewer=viewer, detail=_in_words(wanted, "none"))


def set_own(app: Application, viewer: Viewer, user_id: int, wanted: Limits) -> None:
    """Give a user limits of their own: None is the default's, 0 no limit. Raises NotFound."""
    require_administrator(viewer)
    with app.database.write() as session:
        user = session.get(User, user_id, with_for_update=True)
        if user is None:
            raise NotFound
        _put(user, wanted)
        words = _in_words(wanted, "default")
        audit.record(session, audit.Action.ACCOUNT_LIMITED, viewer=viewer, subject=user.username, detail=words)


def _put(row: Any, wanted: Limits) -> None:
    for value in (wanted.frames, wanted.products, wanted.storage_mb):
        if value is not None and not 0 <= value <= LARGEST:
            raise Invalid(f"A limit is a whole number up to {LARGEST:,}.")
    row.max_frames, row.max_products, row.max_storage_mb = wanted.frames, wanted.products, wanted.storage_mb


def _in_words(wanted: Limits, unset: str) -> str:
    pairs = (("frames", wanted.frames), ("products", wanted.products), ("storage MB", wanted.storage_mb))
    return ", ".join(f"{noun}: {unset if value is None else value or 'none'}" for noun, value in pairs)


def _used(session: Session, workspace_id: int) -> Usage:
    return usage.of_workspaces(session, [workspace_id])[workspace_id]


def _standings(used: Usage, limits: Limits) -> list[Standing]:
    pairs = [
        ("frames", used.frames, limits.frames),
        ("products", used.products, limits.products),
        ("storage", used.storage_bytes, None if limits.storage_mb is None else limits.storage_mb * MB),
    ]
    return [Standing(noun, count, limit) for noun, count, limit in pairs if limit is not None]
