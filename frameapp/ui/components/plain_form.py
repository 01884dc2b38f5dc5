"""A form that the browser posts itself: for what must end in a full page load, such as signing in."""

import reflex as rx


class PlainForm(rx.el.Div):
    """``<form action=... method=...>`` with its native behaviour; Reflex's own forms prevent it."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]
    target: rx.Var[str]


plain_form = PlainForm.create
