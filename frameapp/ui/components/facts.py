"""Names with their values, one below the other."""

import reflex as rx


def facts(*items: rx.Component) -> rx.Component:
    """A list of ``fact``; on narrow screens a value stands below its name."""
    return rx.data_list.root(
        *items, orientation=rx.breakpoints(initial="vertical", sm="horizontal"), size="2", class_name="facts"
    )


def fact(name: str | rx.Var[str], value: str | rx.Var | rx.Component) -> rx.Component:
    """A name and its value, which may have several lines."""
    return rx.data_list.item(
        rx.data_list.label(name, min_width="160px", overflow_wrap="anywhere"),
        rx.data_list.value(value, white_space="pre-line", overflow_wrap="anywhere"),
    )


def facts_card(*items: rx.Component) -> rx.Component:
    """``facts`` in a card of their own."""
    return rx.card(facts(*items), size="2")


def web_value(text: rx.Var[str], address: rx.Var[str]) -> rx.Component:
    """The text, as a link to an address elsewhere where there is one."""
    link = rx.link(text, href=address, is_external=True, rel="noopener noreferrer", size="2")
    return rx.cond(address != "", link, text)
