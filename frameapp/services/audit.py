"""The audit log: who did what, when and from where. Each event is written in the transaction of the act itself."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from frameapp.db import audit
from frameapp.db.paging import FIRST, Asked
from frameapp.db.paging import Page as Page  # pages take it from here
from frameapp.models import AuditEvent, utc_now
from frameapp.services.application import Application
from frameapp.services.viewer import Viewer, require_administrator


class Action(StrEnum):
    """What is recorded. The value is what the log keeps; ``LABELS`` has the words for people."""

    SIGNED_IN = "session.opened"
    SIGN_IN_FAILED = "session.refused"
    SIGNED_OUT = "session.closed"
    SESSIONS_ENDED = "session.ended"
    REGISTERED = "account.registered"
    PASSWORD_CHANGED = "account.password"  # noqa: S105  (a name)
    PASSWORD_REFUSED = "account.password_refused"  # noqa: S105
    PASSWORD_LINK = "account.password_link"  # noqa: S105
    EMAIL_CHANGED = "account.email"
    DEACTIVATED = "account.deactivated"
    ACTIVATED = "account.activated"
    ADMINISTRATOR_MADE = "account.administrator"
    ADMINISTRATOR_UNMADE = "account.no_administrator"
    ACCOUNT_LIMITED = "account.limits"
    DELETION_ASKED = "account.deletion"
    ACCOUNT_DELETED = "account.deleted"
    INVITATION = "registration.invitation"
    REGISTRATION = "registration.mode"
    LIMITED = "installation.limits"
    FRAME_DELETED = "frame.deleted"
    OUTPUTS_DELETED = "outputs.deleted"
    RUN_CANCELLED = "run.cancelled"
    PUBLISHED = "feed.published"
    UNPUBLISHED = "feed.unpublished"


LABELS: dict[Action, str] = {
    Action.SIGNED_IN: "Signed in",
    Action.SIGN_IN_FAILED: "Sign-in failed",
    Action.SIGNED_OUT: "Signed out",
    Action.SESSIONS_ENDED: "Sessions ended",
    Action.REGISTERED: "Account created",
    Action.PASSWORD_CHANGED: "Password changed",
    Action.PASSWORD_REFUSED: "New password refused",
    Action.PASSWORD_LINK: "Password link created",
    Action.EMAIL_CHANGED: "E-mail changed",
    Action.DEACTIVATED: "Account deactivated",
    Action.ACTIVATED: "Account activated",
    Action.ADMINISTRATOR_MADE: "Made administrator",
    Action.ADMINISTRATOR_UNMADE: "No longer administrator",
    Action.ACCOUNT_LIMITED: "Account's limits changed",
    Action.DELETION_ASKED: "Account deletion requested",
    Action.ACCOUNT_DELETED: "Account deleted",
    Action.INVITATION: "Invitation link created",
    Action.REGISTRATION: "Registration changed",
    Action.LIMITED: "Default limits changed",
    Action.FRAME_DELETED: "Frame deleted",
    Action.OUTPUTS_DELETED: "Outputs deleted",
    Action.RUN_CANCELLED: "Run cancelled",
    Action.PUBLISHED: "Published",
    Action.UNPUBLISHED: "Publishing stopped",
}


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One event of the log."""

    id: int
    at: datetime
    actor: str
    action: str
    label: str
    subject: str
    address: str
    detail: str


def record(
    session: Session,
    action: Action,
    *,
    viewer: Viewer | None = None,
    actor: str = "",
    subject: str = "",
    address: str = "",
    detail: str = "",
) -> None:
    """Add an event to the transaction. Without a ``viewer``, ``actor`` and ``address`` say who and from where."""
    session.add(
        AuditEvent(
            actor_id=viewer.user_id if viewer else None,
            actor=(viewer.username if viewer else actor)[:200],
            action=action,
            subject=subject[:500],
            address=(address or (viewer.address if viewer else ""))[:100],
            detail=detail[:500],
        )
    )


def page(app: Application, viewer: Viewer, asked: Asked = FIRST) -> Page[AuditRow]:
    """One page of events, newest first. Raises NotFound unless the viewer is an administrator."""
    require_administrator(viewer)
    with app.database.read() as session:
        found = audit.page(session, asked)
    return replace(found, rows=[_row(row[0]) for row in found.rows])


def forget_old(app: Application) -> int:
    """Remove what is older than FRAMEAPP_AUDIT_DAYS, in short transactions; how many events went."""
    limit = utc_now() - timedelta(days=app.settings.audit_days)
    gone = 0
    while True:
        with app.database.write() as session:
            count = audit.delete_before(session, limit)
        gone += count
        if count < audit.DELETE_SLICE:
            return gone


def _row(event: AuditEvent) -> AuditRow:
    known = event.action in set(Action)
    return AuditRow(
        id=event.id,
        at=event.at,
        actor=event.actor,
        action=event.action,
        label=LABELS[Action(event.action)] if known else event.action,
        subject=event.subject,
        address=event.address,
        detail=event.detail,
    )
