"""What holds for the whole installation."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from frameapp.models import Installation, User

_ACCOUNTS_LOCK = 727284  # an advisory lock's name


def lock_accounts(session: Session) -> None:
    """Lock the accounts until the commit: the first one, the last administrator. On SQLite every write does."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_ACCOUNTS_LOCK)))


def installation(session: Session) -> Installation:
    """The installation's row; one that is not saved yet where nothing was ever set."""
    return session.get(Installation, 1) or Installation(id=1)


def has_accounts(session: Session) -> bool:
    """Whether there is any account."""
    return session.exec(select(User.id).limit(1)).first() is not None


def other_administrators(session: Session, user_id: int) -> bool:
    """Whether an administrator is left who can sign in, without this user."""
    query = select(User.id).where(
        col(User.is_admin).is_(True), col(User.deactivated_at).is_(None), col(User.id) != user_id
    )
    return session.exec(query.limit(1)).first() is not None
