"""Where the focus goes when a dialogue closes. Radix gives it back to a trigger only, and loses it where none is."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex.vars.function import ArgsFunctionOperation

CONTENT_ID = "content"  # of what the shell holds


def focus_first(selectors: Sequence[str | rx.Var[str]], *, reveal: bool = False) -> Any:
    """Give a lost focus to the first element of these selectors, else to the content; ``reveal`` scrolls to it."""
    wanted = (*selectors, f"#{CONTENT_ID}")
    found = " ?? ".join(f"document.querySelector({rx.Var.create(selector)})" for selector in wanted)
    lost = "document.activeElement === document.body"
    how = rx.Var.create({"preventScroll": not reveal})
    return rx.call_function(ArgsFunctionOperation.create((), rx.Var(f"({lost} ? {found} : null)?.focus({how})")))
