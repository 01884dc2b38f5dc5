"""The account page: its long work holds up nobody's sign-in."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from frameapp.errors import Invalid
from frameapp.services import accounts
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.ui.account.state import AccountState
from tests.ui.conftest import PASSWORD
from tests.ui.tab import Tab


async def test_the_deletion_of_an_account_is_asked_for_beside_the_threads_that_hash(
    app: Application, tab: Tab, anna: Viewer
) -> None:
    threads: set[str] = set()

    def look(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO account_deletion"):
            threads.add(threading.current_thread().name.partition("_")[0])

    sa.event.listen(app.database.engine, "before_cursor_execute", look)
    state = await tab.state(AccountState)
    await tab.send(AccountState.delete, {"own_password": "another one"})
    assert (set(state.errors), threads) == ({"own_password"}, set())
    assert "/login" in str(await tab.send(AccountState.delete, {"own_password": PASSWORD}))
    assert threads == {"asyncio"}
    with pytest.raises(Invalid, match="deactivated"):
        accounts.check_password(app, anna.username, PASSWORD)
