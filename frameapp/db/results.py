"""Results: written and counted in one transaction, where they are still ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from frameapp.db.clock import clock
from frameapp.db.work import (
    LEAST_SECONDS,
    Batch,
    Claim,
    charge,
    end_if_complete,
    lock_products,
    locked_active,
    outputs,
    products,
    still_held,
    touch,
)
from frameapp.models import OutputState, Run

ERRORS_KEPT = 5
HALF = 4  # pictures after which what was known of a run's pace counts half


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendered picture that is stored under ``key``."""

    key: str
    input_digest: str
    width: int
    height: int
    size_bytes: int
    format: str


@dataclass(frozen=True, slots=True)
class Source:
    """What was learned of a product's source picture at ``image_link``."""

    product_ref: int
    image_link: str
    etag: str
    last_modified: str
    digest: str
    width: int = 0
    height: int = 0
    traits: str | None = None  # None: not decoded, what is known stays


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a claim: a picture, a reason, or (neither) the picture that is there already."""

    claim: Claim
    picture: Picture | None = None
    reason: str = ""
    source: Source | None = None
    seconds: float = 0.0  # that the renderer was at it

    @property
    def unchanged(self) -> bool:
        """Whether the picture that is there was right."""
        return self.picture is None and not self.reason


def record(session: Session, batch: Batch, results: Sequence[Result], *, idle: float = 0.0) -> Run | None:
    """Write the results that are still ours and count them in the same transaction; ends the run with the last one.

    The workspace is charged their seconds of rendering, and ``idle``: those that the worker waited for hosts.
    Returns the run with its new totals; None where the run is over or none of the claims is held any more.
    """
    run = locked_active(session, batch.run_id)
    if run is None:
        return None
    held = still_held(session, run.id, [result.claim for result in results])
    ours = [result for result in results if result.claim.output_id in held]
    if not ours:
        return None
    now = clock(session)
    _write_outputs(session, ours, now)
    if learned := [result.source for result in ours if result.source]:
        lock_products(session, batch.feed_id)
        _write_sources(session, learned)
    failures = [result for result in ours if result.reason]
    run.rendered += sum(1 for result in ours if result.picture)
    run.unchanged += sum(1 for result in ours if result.unchanged)
    run.failed += len(failures)
    if any(result.picture for result in ours):
        run.waiting = ""  # what is stored was waited for
    run.current_product_id = ours[-1].claim.product_id
    if failures:
        fresh = [[result.claim.product_id, result.reason] for result in failures]
        run.errors = [*run.errors, *fresh][-ERRORS_KEPT:]
    _learn_pace(run, [result.seconds for result in ours if result.seconds])
    touch(run, now)
    end_if_complete(run, now)
    charge(session, batch, idle + sum(max(LEAST_SECONDS, result.seconds) for result in ours), len(ours))
    return run


def _learn_pace(run: Run, seconds: Sequence[float]) -> None:
    """Keep how long a picture of the run renders; the last ones count most."""
    if seconds:
        kept = 0.5 ** (len(seconds) / HALF) if run.picture_seconds else 0.0
        run.picture_seconds = kept * run.picture_seconds + (1 - kept) * sum(seconds) / len(seconds)


_SAVE_PICTURE = (
    sa.update(outputs)
    .where(outputs.c.id == sa.bindparam("output"))
    .values(
        state=OutputState.DONE,
        reason="",
        lease_until=None,
        key=sa.bindparam("new_key"),
        input_digest=sa.bindparam("new_input"),
        width=sa.bindparam("new_width"),
        height=sa.bindparam("new_height"),
        size_bytes=sa.bindparam("new_size"),
        format=sa.bindparam("new_format"),
        rendered_at=sa.bindparam("now"),
        updated_at=sa.bindparam("now"),
    )
)
_SAVE_FAILURE = (
    sa.update(outputs)
    .where(outputs.c.id == sa.bindparam("output"))
    .values(
        state=OutputState.FAILED, reason=sa.bindparam("new_reason"), lease_until=None, updated_at=sa.bindparam("now")
    )
)
_SAVE_SOURCE = (
    sa.update(products)
    .where(products.c.id == sa.bindparam("product"), products.c.image_link == sa.bindparam("link"))
    .values(
        source_etag=sa.bindparam("etag"),
        source_last_modified=sa.bindparam("last_modified"),
        source_digest=sa.bindparam("digest"),
    )
)
_SAVE_FACTS = _SAVE_SOURCE.values(
    source_width=sa.bindparam("facts_width"),
    source_height=sa.bindparam("facts_height"),
    source_traits=sa.bindparam("facts_traits"),
)


def _write_outputs(session: Session, results: Sequence[Result], now: datetime) -> None:
    connection = session.connection()
    if unchanged := [result.claim.output_id for result in results if result.unchanged]:
        statement = sa.update(outputs).where(outputs.c.id.in_(unchanged))
        connection.execute(statement.values(state=OutputState.DONE, reason="", lease_until=None, updated_at=now))
    pictures = [
        {
            "output": result.claim.output_id,
            "new_key": picture.key,
            "new_input": picture.input_digest,
            "new_width": picture.width,
            "new_height": picture.height,
            "new_size": picture.size_bytes,
            "new_format": picture.format,
            "now": now,
        }
        for result in results
        if (picture := result.picture)
    ]
    if pictures:
        connection.execute(_SAVE_PICTURE, pictures)
    failures = [
        {"output": result.claim.output_id, "new_reason": result.reason, "now": now}
        for result in results
        if result.reason
    ]
    if failures:
        connection.execute(_SAVE_FAILURE, failures)


def _write_sources(session: Session, sources: Sequence[Source]) -> None:
    plain = [_source_values(source) for source in sources if source.traits is None]
    decoded = [
        _source_values(source)
        | {"facts_width": source.width, "facts_height": source.height, "facts_traits": source.traits}
        for source in sources
        if source.traits is not None
    ]
    if plain:
        session.connection().execute(_SAVE_SOURCE, plain)
    if decoded:
        session.connection().execute(_SAVE_FACTS, decoded)


def _source_values(source: Source) -> dict[str, Any]:
    return {
        "product": source.product_ref,
        "link": source.image_link,
        "etag": source.etag,
        "last_modified": source.last_modified,
        "digest": source.digest,
    }
