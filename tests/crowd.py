# ruff: noqa: E501, S608
"""Very many users with frames, runs and outputs, made by the database itself in seconds."""

from __future__ import annotations

import sqlalchemy as sa

from frameapp.db.engine import Database

FRAMES = 3  # of each user
RUNS = 4  # of each frame


def add_crowd(database: Database, *, users: int, outputs: int) -> None:
    """``users`` with three frames each; a tenth of the outputs are in the first frame, some of each state."""
    frames, now = users * FRAMES, "'2026-11-27 10:00:00.000000'" if database.is_sqlite else "now()"
    false, true = ("0", "1") if database.is_sqlite else ("false", "true")
    state = "CASE WHEN n % 20 = 0 THEN 'failed' WHEN n % 50 = 1 THEN 'pending' ELSE 'done' END"
    run = "CASE WHEN n % 50 = 0 THEN 'failed' WHEN n % 5003 = 1 THEN 'queued' ELSE 'done' END"
    frame_of = f"CASE WHEN n <= {outputs // 10} THEN 1 ELSE (CAST(n AS bigint) * 7919) % {frames} + 1 END"
    rows = {
        "workspace (id)": (users, "n"),
        "account (id, username, username_key, username_look, email, password_hash, is_admin, workspace_id, created_at)": (
            users,
            f"n, 'user' || n, 'user' || n, 'user' || n, 'user' || n || '@shop.example', 'x', {false}, n, {now}",
        ),
        "feed (id, workspace_id, kind, address, upload_key, credentials, user_agent, report, error,"
        " copy_key, copy_etag, copy_last_modified, products)": (
            users,
            "n, n, 'address', 'https://shop.example/' || n, '', '', '', '{}', '', '', '', '', n % 700",
        ),
        "frame (id, workspace_id, feed_id, name, name_key, secret, image_key, image_digest, image_width, image_height, recipe,"
        " placed, created_at, updated_at)": (
            frames,
            f"n, (n - 1) / {FRAMES} + 1, (n - 1) / {FRAMES} + 1, 'Frame ' || n, 'frame ' || n, 's', 'k', 'd', 1080, 1080, '{{}}',"
            f" {true}, {now}, {now}",
        ),
        "run (id, workspace_id, frame_id, kind, state, reason, recipe, image_key, image_digest, total, rendered,"
        " unchanged, failed, cancelled, warnings, current_product_id, errors, pace, version, changed_at, feed_key,"
        " feed_etag, feed_last_modified, plan_cursor, plan_attempt, created_at, started_at, planned_at, ended_at)": (
            frames * RUNS,
            f"n, ((n - 1) % {frames}) / {FRAMES} + 1, (n - 1) % {frames} + 1, 'full', {run}, '', '{{}}', '', '', 30, 30,"
            f" 0, 0, 0, '{{}}', '', '[]', '[]', 1, {now}, '', '', '', 0, 1, {now}, {now}, {now}, {now}",
        ),
        "product (id, feed_id, product_key, product_id, position, title, image_link, data, source_etag,"
        " source_last_modified, source_digest, source_width, source_height, source_traits, seen_at)": (
            1,
            f"n, 1, 'k', 'sku', 0, 't', '', '{{}}', '', '', '', 0, 0, '', {now}",
        ),
        "output (frame_id, product_ref, slot, variant, product_id, position, state, reason, attempt, lone,"
        " lone_attempts, input_digest, key, width, height, size_bytes, format, updated_at)": (
            outputs,
            f"{frame_of}, 1, 'image_link', 'v' || n, 'sku ' || n, n, {state}, '', 1, {false}, 0, '', 'public/' || n,"
            f" 1080, 1080, CASE WHEN n % 20 <> 0 AND n % 50 <> 1 THEN 90000 + n % 5000 ELSE 0 END, 'jpeg', {now}",
        ),
    }
    with database.write() as session:
        for into, (count, values) in rows.items():
            numbers = (
                f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s)"
                if database.is_sqlite
                else f"(SELECT n FROM generate_series(1, {count}) AS n)"
            )
            session.execute(sa.text(f"INSERT INTO {into} SELECT {values} FROM {numbers} AS numbers"))
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
