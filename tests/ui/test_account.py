"""The account page: its long work holds up nobody's sign-in."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from frameapp.services import accounts, users
from frameapp.services.accounts import Viewer
from frameapp.ui import session
from frameapp.ui.account import state as module
from frameapp.ui.account.state import AccountState
from tests.ui.background import InBackground

ANNA = Viewer(1, "anna", False, 1, (1,), "192.0.2.1")


async def test_an_account_is_deleted_beside_the_threads_that_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: dict[str, str] = {}

    async def anna(_: object) -> Viewer:
        return ANNA

    def confirm(_: object, viewer: Viewer, password: str) -> None:
        threads[f"confirmed {viewer.username} {password}"] = threading.current_thread().name.partition("_")[0]

    def delete_own(_: object, viewer: Viewer) -> None:
        threads[f"deleted {viewer.username}"] = threading.current_thread().name.partition("_")[0]

    monkeypatch.setattr(session, "find_viewer", anna)
    monkeypatch.setattr(module, "application", lambda: None)
    monkeypatch.setattr(accounts, "confirm", confirm)
    monkeypatch.setattr(users, "delete_own", delete_own)
    state: Any = AccountState(_reflex_internal_init=True)
    events = [event async for event in AccountState.delete.fn(InBackground(state), {"own_password": "secret"})]
    assert threads == {"confirmed anna secret": "hashing", "deleted anna": "long"}
    assert "/login" in str(events)
