"""Who may open which page and call which event: from Reflex's own tables, so that a new one cannot be forgotten."""

from __future__ import annotations

import inspect

from reflex_base.registry import RegisteredEventHandler

import frameapp.frameapp
from frameapp.ui.gate import NEVER, is_open
from tests.ui.test_events import states

# Arguments that name something of somebody's.
THINGS = {"frame_id", "output_id", "ref", "run_id", "session_id", "user_id"}
VALUES = {  # arguments that name nothing
    *("action", "address", "asking", "axis", "chosen", "codes", "count", "done", "dx", "dy", "field", "files", "form"),
    *("is_admin", "key", "mode", "open", "opened", "page", "rectangle", "replace_run", "scale", "sending", "shift"),
    *("size", "sort", "state", "step", "tab", "text", "value", "view", "where", "word", "x", "y"),
}
FOR_STRANGERS = {
    "State": {"hydrate", "hydrate_and_load", "set_is_hydrated"},
    "OnLoadInternalState": {"on_load_internal", "set_is_hydrated"},
    "FrontendEventExceptionState": {"handle_frontend_exception"},
    "SignInState": {"read_address", "take_focus", "toggle", "toggle_again"},
}


def table() -> dict[str, RegisteredEventHandler]:
    return frameapp.frameapp.app._registration_context.event_handlers


def test_every_argument_is_known_to_name_a_thing_or_not() -> None:
    found = {
        name
        for state in states()
        for event, handler in state.event_handlers.items()
        if event not in NEVER
        for name in list(inspect.signature(handler.fn).parameters)[1:]
    }
    assert found <= THINGS | VALUES, f"say whether {sorted(found - THINGS - VALUES)} name something of somebody's"


def test_what_strangers_may_call_is_listed() -> None:
    found: dict[str, set[str]] = {}
    for name, registered in table().items():
        if is_open(registered) and name.rpartition(".")[2] not in NEVER:
            found.setdefault(registered.states[0].__name__, set()).add(name.rpartition(".")[2])
    assert found == FOR_STRANGERS
