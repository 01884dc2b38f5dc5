"""The badge that says a frame's, a run's or an output's state."""

import reflex as rx

from frameapp.ui.theme import STATE_COLOURS


def state_badge(state: str | rx.Var, *, size: str = "1") -> rx.Component:
    """``state`` is one of theme.STATE_COLOURS' words, in the case they have there or in lower case."""
    pairs = [pair for word, colour in STATE_COLOURS.items() for pair in ((word, colour), (word.lower(), colour))]
    colour = rx.match(state, *pairs, "gray")
    label = rx.match(state, *[(word.lower(), word) for word in STATE_COLOURS], state)
    return rx.badge(
        rx.el.span(
            width="6px",
            height="6px",
            border_radius="999px",
            background="var(--accent-9)",
            flex="none",
            aria_hidden="true",
        ),
        label,
        color_scheme=colour,
        variant="soft",
        high_contrast=True,  # the plain one misses 4.5 : 1
        size=size,
        radius="full",
        white_space="nowrap",
    )
