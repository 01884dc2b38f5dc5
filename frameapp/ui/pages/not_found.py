"""The page for an address that leads nowhere."""

import reflex as rx

from frameapp.ui.components.messages import not_found
from frameapp.ui.shell import brand
from frameapp.ui.theme import page_title


@rx.page(route="404", title=page_title("Not found"))
def nowhere() -> rx.Component:
    return rx.el.main(rx.flex(brand(), not_found(), direction="column", align="center"), class_name="sign-in")
