"""Handlers of the administration: whoever is no administrator gets nothing from any of them, whatever a state says."""

from __future__ import annotations

import inspect

import pytest
import reflex as rx
import sqlalchemy as sa

from frameapp.errors import Invalid, NotFound
from frameapp.models import utc_now
from frameapp.services import deletions, users
from frameapp.services.accounts import register
from frameapp.services.admin import overview
from frameapp.services.admin.overview import Figures, Pulse
from frameapp.services.application import Application
from frameapp.services.audit import LABELS, Action, AuditRow
from frameapp.services.limits import Limits, Standing
from frameapp.services.viewer import Viewer
from frameapp.services.worker_context import WorkerContext
from frameapp.ui.admin import list_state, overview_state
from frameapp.ui.admin.audit_state import AuditState, event_view
from frameapp.ui.admin.frame_state import AdminFrameState
from frameapp.ui.admin.frames_state import AdminFramesState
from frameapp.ui.admin.overview_state import OverviewState, pulse_tiles, sum_tiles
from frameapp.ui.admin.registration_state import RegistrationState
from frameapp.ui.admin.runs_state import AdminRunsState
from frameapp.ui.admin.settings_state import SettingsState
from frameapp.ui.admin.users_state import UsersState, limits_of_form
from frameapp.ui.limits import warning_of
from frameapp.ui.session import require_admin
from tests.ui.conftest import PASSWORD
from tests.ui.tab import Tab

STATES = [
    AdminFrameState,
    AdminFramesState,
    AdminRunsState,
    AuditState,
    OverviewState,
    RegistrationState,
    SettingsState,
    UsersState,
]
# They change nothing but what is shown: a dialogue closes, a tab opens.
HARMLESS = {"setvar", "set_asking", "close_link", "close_limits", "show_tab"}
VALUES = {"user_id": 1, "run_id": 1, "is_admin": True, "form": {}, "text": "x", "word": "", "sort": "name"}


def handlers() -> list[tuple[type[rx.State], str]]:
    found = [(state, name) for state in STATES for name in sorted(state.event_handlers)]
    return [(state, name) for state, name in found if name not in HARMLESS]


@pytest.mark.parametrize(("kind", "name"), handlers(), ids=lambda value: getattr(value, "__name__", value))
async def test_nobody_else_gets_anything(
    kind: type[rx.State], name: str, app: Application, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview_state, "PULSE_SECONDS", 0)  # the clock's part of what follows
    monkeypatch.setattr(list_state, "REFRESH_SECONDS", 0)
    written: list[str] = []

    def look(connection: object, cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("SELECT", "PRAGMA", "BEGIN")):
            written.append(statement)

    sa.event.listen(app.database.engine, "before_cursor_execute", look)
    state = await tab.state(kind)
    before = {field: value for field, value in state.dict()[state.get_full_name()].items() if field != "not_found"}
    handler = state.event_handlers[name]
    arguments = list(inspect.signature(handler.fn).parameters)[1:]
    await tab.send(handler, *(VALUES.get(argument, "next") for argument in arguments))
    assert state.not_found, f"{kind.__name__}.{name} does not say that there is nothing here"
    assert written == []
    after = state.dict()[state.get_full_name()]
    shown = {field: value for field, value in after.items() if field in before and "rx_state" not in field}
    typed = {"search", "chosen", "sort", "owner", "narrowed", "load_error", "deleting", "limits_error"}
    changed = {field for field, value in shown.items() if value != before[field]}
    assert changed <= typed | {f"{name}_rx_state_" for name in typed}, changed


async def test_an_administrator_is_whom_the_session_says(tab: Tab, boss: Viewer) -> None:
    state = await tab.state(OverviewState)
    with pytest.raises(NotFound):
        await require_admin(state)
    await tab.sign_in(boss)
    assert (await require_admin(state)).username == "boss"


@pytest.mark.parametrize("name", ["deactivate", "make_link", "open_limits", "ask_delete", "delete"])
async def test_a_user_who_is_gone_leaves_the_list_on_show(
    name: str, app: Application, boss: Viewer, anna: Viewer, tab: Tab
) -> None:
    """Another administrator has deleted the account; the page said that there was nothing at its own address."""
    other = register(app, "bert", PASSWORD)
    await tab.sign_in(boss)
    state = await tab.open("/admin/users", UsersState.load)
    await tab.send(UsersState.ask_delete, other.user_id)
    users.delete(app, boss, other.user_id)
    worker = WorkerContext(app)
    await deletions.delete(worker, other.user_id)
    await worker.close()
    if name != "delete":
        await tab.send(UsersState.set_asking, False)
    answers = await tab.send(state.event_handlers[name], *([] if name == "delete" else [other.user_id]))
    assert "This user no longer exists." in str(answers[-1])
    assert [row.username for row in state.rows] == ["anna", "boss"]
    assert not state.not_found
    assert not state.asking


def test_limits_are_read_as_typed() -> None:
    assert limits_of_form({"max_frames": " 1,200 ", "max_products": "0"}) == Limits(1200, 0, None)
    for text in ("-1", "ten", "1.5", "²", "9" * 12):
        with pytest.raises(Invalid, match="A limit is a whole number"):
            limits_of_form({"max_frames": text})


def test_the_warning_names_what_is_near() -> None:
    assert warning_of([Standing("frames", 3, 20)]) == ""
    sentence = warning_of([Standing("frames", 18, 20), Standing("storage", 10, 500_000_000)])
    assert sentence.startswith("You are close to a limit: you have 18 of 20 frames. Delete")
    assert "reached a limit" in warning_of([Standing("storage", 500_000_000, 500_000_000)])


def test_the_overview_in_words() -> None:
    figures = Figures(12, 1, 2, overview.Usage(9, 1200, 3, 800, 4, 0, 10_000_000), [], 2_500_000)
    assert [(tile.name, tile.value, tile.more) for tile in sum_tiles(figures)] == [
        ("Users", "12", "2 administrators · 1 deactivated"),
        ("Frames", "9", "1,200 products"),
        ("Outputs", "800", "4 failed · 3 pending"),
        ("Storage", "Not counted yet", "Database 2.5 MB"),
    ]
    tiles = pulse_tiles(Pulse(1, 2, 640, 48.26, 130.0, [], []))
    assert [(tile.value, tile.more) for tile in tiles] == [
        ("1", "640 products remaining"),
        ("2", "Oldest: 2 min 10 s"),
        ("48.3", "Over all active runs"),
        ("0", "0 busy"),
    ]


@pytest.mark.parametrize(
    ("action", "detail", "shown"),
    [
        (
            Action.SIGNED_IN,
            "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Windows",
        ),
        (Action.SIGNED_IN, "", ""),
        (Action.REGISTERED, "administrator", "Administrator"),
    ],
)
def test_an_event_is_told_in_words(action: Action, detail: str, shown: str) -> None:
    view = event_view(AuditRow(1, utc_now(), "anna", action, LABELS[action], "", "192.0.2.1", detail))
    assert (view.label, view.detail) == (LABELS[action], shown)
