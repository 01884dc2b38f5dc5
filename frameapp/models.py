"""The SQLModel tables. Every owned row reaches its workspace directly or through its parent.

Text that the wild supplies (product ids) is never a key or a file name: ``product_key`` is its SHA-256.
Times are time zone aware UTC.
"""

import unicodedata
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
import sqlalchemy.dialects.postgresql
from pydantic import TypeAdapter
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from frameapp.core.feeds import FeedReport, PlanReport
from frameapp.core.progress import ACTIVE_RUN_STATES as ACTIVE_RUN_STATES
from frameapp.core.progress import RunKind as RunKind
from frameapp.core.progress import RunState as RunState

PRODUCT_SORT_LENGTH = 100
# What outputs are sorted by: the database computes it. An id of any length would not fit into an index.
PRODUCT_SORT = f"lower(substr(product_id, 1, {PRODUCT_SORT_LENGTH}))"


def utc_now() -> datetime:
    """The present moment, time zone aware."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone, so it is put back on reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# JSON, as JSONB on PostgreSQL.
JsonColumn = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


class JsonOf(TypeDecorator[Any]):
    """A dataclass as JSON; what older rows lack has its default, and what else they have is left out."""

    impl = JsonColumn
    cache_ok = True

    def __init__(self, kind: type) -> None:
        super().__init__()
        self.kind = kind
        self._values = TypeAdapter[Any](kind)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return self._values.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        return self._values.validate_python(value)


def name_key(name: str) -> str:
    """What names are found and sorted by: without regard to case and form, in any script (SQLite folds ASCII only)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _name_key(context: Any) -> str:
    return name_key(context.get_current_parameters()["name"])


def moment(*, nullable: bool = False, index: bool = False) -> Any:
    """A column for a moment; a non-nullable one defaults to now."""
    if nullable:
        return Field(default=None, sa_type=UtcDateTime, nullable=True, index=index)
    return Field(default_factory=utc_now, sa_type=UtcDateTime, nullable=False, index=index)


def parent(target: str, *, nullable: bool = False, index: bool = True, ondelete: Any = "CASCADE") -> Any:
    """A foreign key that goes with its parent."""
    if nullable:
        return Field(default=None, foreign_key=target, nullable=True, index=index, ondelete=ondelete)
    return Field(foreign_key=target, nullable=False, index=index, ondelete=ondelete)


class Role(StrEnum):
    """What a member may do in a workspace."""

    OWNER = "owner"
    MEMBER = "member"


class FeedKind(StrEnum):
    """Where a feed's bytes come from."""

    ADDRESS = "address"
    UPLOAD = "upload"
    SAMPLE = "sample"


class OutputState(StrEnum):
    """The states of an output."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class GenerationState(StrEnum):
    """The states of a generation: being made, published or replaced since, or given up."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class Registration(StrEnum):
    """Registration: open to anyone, by invitation link, or closed."""

    OPEN = "open"
    INVITATION = "invitation"
    CLOSED = "closed"


class LinkKind(StrEnum):
    """What a one-time link is good for: a new password for an account, or an account of one's own."""

    PASSWORD = "password"  # noqa: S105  (a word, not a password)
    INVITATION = "invitation"


class Workspace(SQLModel, table=True):
    """What frames and feeds belong to, personal to a user. The one with the fewest ``served_seconds`` goes first."""

    id: int = Field(default=None, primary_key=True)
    served_seconds: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})


class User(SQLModel, table=True):
    """An account. ``username_key`` is the case-folded name and unique, ``username_look`` what look-alikes share.

    A deactivated account has no sessions and gets none. A limit that is None is that of the installation.
    """

    __tablename__: ClassVar[str] = "account"

    id: int = Field(default=None, primary_key=True)
    username: str
    username_key: str = Field(unique=True, index=True)
    username_look: str = Field(default="", index=True)
    email: str = ""
    password_hash: str
    is_admin: bool = False
    deactivated_at: datetime | None = moment(nullable=True)
    max_frames: int | None = None
    max_products: int | None = None
    max_storage_mb: int | None = None
    workspace_id: int = parent("workspace.id", ondelete="RESTRICT")
    created_at: datetime = moment()


class AccountDeletion(SQLModel, table=True):
    """An account that a worker is deleting under a lease, as a plan is made; the row goes with the account.

    ``id`` is the account's. ``actor_id``, ``actor`` and ``address`` are of the user who asked, for the audit log.
    """

    __tablename__: ClassVar[str] = "account_deletion"

    id: int = Field(foreign_key="account.id", primary_key=True, ondelete="CASCADE")
    actor_id: int
    actor: str
    address: str = ""
    attempt: int = 0
    stalled: int = 0
    lease_until: datetime | None = moment(nullable=True)


class Membership(SQLModel, table=True):
    """Who may reach a workspace."""

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    user_id: int = Field(foreign_key="account.id", primary_key=True, index=True, ondelete="CASCADE")
    role: str = Role.OWNER


class UserSession(SQLModel, table=True):
    """A signed-in browser. Only the SHA-256 of its token is kept.

    ``user_agent`` and ``address`` are those of the sign-in; ``last_used_at`` is right to a minute or so.
    """

    __tablename__: ClassVar[str] = "user_session"

    id: int = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, index=True)
    user_id: int = parent("account.id")
    user_agent: str = ""
    address: str = ""
    last_used_at: datetime = moment()
    expires_at: datetime = Field(sa_type=UtcDateTime, nullable=False, index=True)


class OneTimeLink(SQLModel, table=True):
    """A link that works once until ``expires_at``: to set the password of ``user_id``, or an invitation."""

    __tablename__: ClassVar[str] = "one_time_link"

    id: int = Field(default=None, primary_key=True)
    kind: str
    token_hash: str = Field(unique=True, index=True)
    user_id: int | None = parent("account.id", nullable=True)
    expires_at: datetime = Field(sa_type=UtcDateTime, nullable=False)
    used_at: datetime | None = moment(nullable=True)


class Installation(SQLModel, table=True):
    """What administrators set for the whole installation: one row, id 1, made when something is first set.

    ``registration`` is empty while FRAMEAPP_REGISTRATION decides. Limits are per user; None is none.
    """

    id: int = Field(default=1, primary_key=True)
    registration: str = ""
    max_frames: int | None = None
    max_products: int | None = None
    max_storage_mb: int | None = None


class AuditEvent(SQLModel, table=True):
    """Who did what, when and from where. ``actor`` and ``subject`` are names as they were then.

    ``action`` is a name such as ``session.opened``; ``detail`` a short text for the reader.
    """

    __tablename__: ClassVar[str] = "audit_event"
    __table_args__ = (sa.Index("ix_audit_event_action", "action", "id"),)

    id: int = Field(default=None, primary_key=True)
    at: datetime = moment(index=True)
    actor_id: int | None = parent("account.id", nullable=True, ondelete="SET NULL")
    actor: str = ""
    action: str
    subject: str = Field(default="", sa_type=sa.Text)
    address: str = ""
    detail: str = Field(default="", sa_type=sa.Text)


class Feed(SQLModel, table=True):
    """A product catalogue that several frames of a workspace may share.

    ``report`` is what the last check found; ``error`` is the sentence of
    a check that failed. ``credentials`` is encrypted. ``copy_key`` is the stored copy of the last feed that a run
    read to its end, with the charset and the validators it came with: a host that answers "not modified" means this
    copy. ``products`` is how many its plans found, the present one included.
    """

    # The second column spares sums of products the wide rows.
    __table_args__ = (sa.Index("ix_feed_workspace_id", "workspace_id", "products"),)

    id: int = Field(default=None, primary_key=True)
    workspace_id: int = parent("workspace.id", index=False)
    kind: str = FeedKind.ADDRESS
    address: str = Field(default="", sa_type=sa.Text)
    upload_key: str = ""
    credentials: str = Field(default="", sa_type=sa.Text)
    user_agent: str = ""
    checked_at: datetime | None = moment(nullable=True)
    report: FeedReport = Field(default_factory=FeedReport, sa_type=JsonOf(FeedReport))
    error: str = Field(default="", sa_type=sa.Text)
    copy_key: str = ""
    copy_etag: str = Field(default="", sa_type=sa.Text)
    copy_last_modified: str = ""
    copy_charset: str = Field(default="", sa_column_kwargs={"server_default": ""})
    products: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Frame(SQLModel, table=True):
    """The user's project. ``secret`` keys the addresses of its pictures; ``recipe`` is what a new run snapshots.

    ``placed`` is false until the user saved a placement for the present frame image. ``name_key`` is set by itself in a
    new row; a changed name brings its own.
    """

    __table_args__ = (
        sa.Index("ix_frame_workspace_updated", "workspace_id", "updated_at", "id"),
        sa.Index("ix_frame_workspace_name", "workspace_id", "name_key", "id"),
        {"sqlite_autoincrement": True},  # an id is never given out twice
    )

    id: int = Field(default=None, primary_key=True)
    workspace_id: int = parent("workspace.id", index=False)
    feed_id: int = parent("feed.id", ondelete="RESTRICT")
    name: str
    name_key: str = Field(
        default=None, sa_column=sa.Column(sa.String(), nullable=False, default=_name_key, server_default="")
    )
    secret: str
    image_key: str
    image_digest: str
    image_width: int
    image_height: int
    recipe: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
    placed: bool = False
    created_at: datetime = moment()
    updated_at: datetime = moment()


class Product(SQLModel, table=True):
    """One item of a feed. Validators and ``source_*`` speak of the present ``image_link``."""

    __table_args__ = (
        sa.UniqueConstraint("feed_id", "product_key"),
        sa.Index("ix_product_feed_seen", "feed_id", "seen_at"),
        sa.Index("ix_product_feed_position", "feed_id", "position", "id"),
    )

    id: int = Field(default=None, primary_key=True)
    feed_id: int = parent("feed.id", index=False)
    product_key: str
    product_id: str = Field(sa_type=sa.Text)
    position: int = 0
    title: str = Field(default="", sa_type=sa.Text)
    image_link: str = Field(default="", sa_type=sa.Text)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
    source_etag: str = Field(default="", sa_type=sa.Text)
    source_last_modified: str = ""
    source_digest: str = ""
    source_width: int = 0
    source_height: int = 0
    source_traits: str = ""  # space-separated: transparent, cmyk, rotated
    seen_at: datetime = moment()
    retired_at: datetime | None = moment(nullable=True)


class ProductOverride(SQLModel, table=True):
    """What the user set for one product of one frame. Survives refreshes."""

    __tablename__: ClassVar[str] = "product_override"
    __table_args__ = (sa.UniqueConstraint("frame_id", "product_ref"),)

    id: int = Field(default=None, primary_key=True)
    frame_id: int = parent("frame.id", index=False)
    product_ref: int = parent("product.id")
    exclude: bool = False
    nudge_x: int = 0
    nudge_y: int = 0
    scale: float = 1.0


class Run(SQLModel, table=True):
    """One pass over the feed.

    ``total = rendered + unchanged + failed + cancelled + pending``; pending is the difference. ``total`` is "so
    far" until ``planned_at`` is set. ``version`` grows with each commit that changes what progress shows, and
    ``changed_at`` is that commit's time. ``errors`` are the last failures (product id, reason), ``pace`` the last
    seconds' samples of time, rendered and processed. ``served_at`` is the last claim. ``warnings`` counts what was
    skipped and has the ``notes`` on the feed. ``waiting`` is the sentence of what an active run waits for (storage that
    is full), empty while it moves. ``picture_seconds`` is how long one of its last pictures rendered, 0 before the
    first.
    """

    __table_args__ = (
        sa.Index(
            "uq_run_active_frame",
            "frame_id",
            unique=True,
            sqlite_where=sa.text("state IN ('queued','planning','running')"),
            postgresql_where=sa.text("state IN ('queued','planning','running')"),
        ),
        sa.Index("ix_run_state", "state", "id"),
        sa.Index("ix_run_workspace", "workspace_id", "id"),
        sa.Index("ix_run_workspace_state", "workspace_id", "state", "id"),
        sa.Index("ix_run_frame", "frame_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(default=None, primary_key=True)
    workspace_id: int = parent("workspace.id", index=False)
    frame_id: int = parent("frame.id", index=False)
    kind: str = RunKind.FULL
    state: str = RunState.QUEUED
    reason: str = Field(default="", sa_type=sa.Text)
    recipe: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
    image_key: str = ""
    image_digest: str = ""
    total: int = 0
    rendered: int = 0
    unchanged: int = 0
    failed: int = 0
    cancelled: int = 0
    warnings: PlanReport = Field(default_factory=PlanReport, sa_type=JsonOf(PlanReport))
    current_product_id: str = Field(default="", sa_type=sa.Text)
    errors: list[Any] = Field(default_factory=list, sa_type=JsonColumn)
    pace: list[Any] = Field(default_factory=list, sa_type=JsonColumn)
    waiting: str = Field(default="", sa_type=sa.Text, sa_column_kwargs={"server_default": ""})
    picture_seconds: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})
    version: int = 0
    changed_at: datetime = moment()
    served_at: datetime | None = moment(nullable=True)
    feed_key: str = ""  # the fetched feed in private storage while planning
    feed_etag: str = Field(default="", sa_type=sa.Text)
    feed_last_modified: str = ""
    feed_charset: str = Field(default="", sa_column_kwargs={"server_default": ""})  # as its host names it
    plan_cursor: int = 0  # entries whose slice is committed
    plan_attempt: int = 0
    # planners that took over without a slice since the last one; a finished slice sets it back
    plan_stalled: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    plan_lease_until: datetime | None = moment(nullable=True)
    created_at: datetime = moment()
    started_at: datetime | None = moment(nullable=True)
    planned_at: datetime | None = moment(nullable=True)
    ended_at: datetime | None = moment(nullable=True)

    @property
    def processed(self) -> int:
        """How many products have their result."""
        return self.rendered + self.unchanged + self.failed + self.cancelled

    @property
    def pending(self) -> int:
        """How many planned products still wait for theirs."""
        return self.total - self.processed


class Output(SQLModel, table=True):
    """The rendered picture of one product of one frame, or the reason why there is none.

    Unique by frame, product, picture slot and variant. ``key`` is the last good picture and stays while a new one is
    pending. A claim adds one to ``attempt`` and sets ``lease_until``; only the holder of that attempt may finish it.
    ``lone`` rows are claimed singly, and ``lone_attempts`` counts those claims. The database computes ``product_sort``.
    """

    __table_args__ = (
        sa.UniqueConstraint("frame_id", "product_ref", "slot", "variant"),
        sa.Index("ix_output_run_state", "run_id", "state", "lease_until"),
        sa.Index("ix_output_frame_position", "frame_id", "position", "id"),
        sa.Index("ix_output_frame_state", "frame_id", "state", "position", "id"),
        sa.Index("ix_output_frame_updated", "frame_id", "updated_at", "id"),
        sa.Index("ix_output_frame_product", "frame_id", "product_sort", "id"),
        sa.Index("ix_output_frame_key", "frame_id", "key"),
        sa.Index("ix_output_lease", "lease_until"),
    )

    id: int = Field(default=None, primary_key=True)
    frame_id: int = parent("frame.id", index=False)
    product_ref: int = parent("product.id")
    run_id: int | None = parent("run.id", nullable=True, index=False, ondelete="SET NULL")
    slot: str = "image_link"
    variant: str = "default"
    product_id: str = Field(sa_type=sa.Text)
    product_sort: str = Field(default=None, sa_column=sa.Column(sa.Text, sa.Computed(PRODUCT_SORT, persisted=True)))
    position: int = 0
    state: str = OutputState.PENDING
    reason: str = Field(default="", sa_type=sa.Text)
    attempt: int = 0
    lease_until: datetime | None = moment(nullable=True)
    lone: bool = False
    lone_attempts: int = 0
    input_digest: str = ""
    key: str = ""
    width: int = 0
    height: int = 0
    size_bytes: int = 0
    format: str = ""
    rendered_at: datetime | None = moment(nullable=True)
    updated_at: datetime = moment()


class FrameUsage(SQLModel, table=True):
    """How many outputs of a frame are in each state, and the bytes of their pictures.

    The database keeps it by triggers (migration 0005), so it is exact in every transaction; nothing else writes it.
    """

    __tablename__: ClassVar[str] = "frame_usage"

    frame_id: int = Field(foreign_key="frame.id", primary_key=True, ondelete="CASCADE")
    workspace_id: int = parent("workspace.id")
    pending: int = 0
    done: int = 0
    failed: int = 0
    cancelled: int = 0
    storage_bytes: int = Field(default=0, sa_type=sa.BigInteger)


class StorageUsage(SQLModel, table=True):
    """What the storage held of one kind of objects when it was last listed."""

    __tablename__: ClassVar[str] = "storage_usage"

    kind: str = Field(primary_key=True)
    objects: int = 0
    size_bytes: int = Field(default=0, sa_type=sa.BigInteger)
    counted_at: datetime = moment()


class Generation(SQLModel, table=True):
    """What an approved run published: a manifest object and a published feed in storage.

    A pending one is made by a worker under a lease, as a plan is. The ``active`` one is what the published feed's
    address gives; ``token`` is that address's secret part, the same for all of a frame. ``entries`` counts the feed's
    products, ``framed`` those with a new picture, whose addresses begin with ``base_url``. ``charset`` is set where
    nothing in the feed declares its encoding.
    """

    __table_args__ = (
        sa.Index(
            "uq_generation_pending",
            "frame_id",
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        ),
        sa.Index(
            "uq_generation_active",
            "frame_id",
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    frame_id: int = parent("frame.id")
    run_id: int | None = parent("run.id", nullable=True, ondelete="SET NULL")
    state: str = GenerationState.PENDING
    reason: str = Field(default="", sa_type=sa.Text)
    token: str = Field(index=True)
    base_url: str = Field(default="", sa_type=sa.Text)
    manifest_key: str = ""
    feed_key: str = ""
    format: str = ""
    charset: str = Field(default="", sa_column_kwargs={"server_default": ""})
    entries: int = 0
    framed: int = 0
    active: bool = False
    attempt: int = 0
    stalled: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    lease_until: datetime | None = moment(nullable=True)
    published_at: datetime | None = moment(nullable=True)


class Process(SQLModel, table=True):
    """A process of the installation, on any machine, that said lately that it is alive, and what it does."""

    id: str = Field(primary_key=True)  # made anew at each start
    kind: str
    host: str
    pid: int
    doing: str = Field(default="", sa_type=sa.Text)
    started_at: datetime = moment()
    seen_at: datetime = moment(index=True)


class Lease(SQLModel, table=True):
    """Who leads what (the scheduler), and until when."""

    name: str = Field(primary_key=True)
    holder: str
    until: datetime = Field(sa_type=UtcDateTime, nullable=False)
