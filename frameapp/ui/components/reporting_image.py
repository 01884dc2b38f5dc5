"""An image that reports the address it has loaded, or failed to load."""

import reflex as rx


def _address(event: rx.Var) -> tuple[rx.Var[str]]:
    return (rx.Var('_event.target.getAttribute("src")').to(str),)


class ReportingImage(rx.el.Img):
    """Both events bring the address."""

    on_load: rx.EventHandler[_address]
    on_error: rx.EventHandler[_address]


reporting_image = ReportingImage.create
