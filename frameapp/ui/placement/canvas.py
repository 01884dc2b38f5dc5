"""The canvas: frame image, product and box at any scale, with guides and zoom."""

from typing import Any

import reflex as rx

from frameapp.ui.components import layout
from frameapp.ui.components.canvas import WheelArea, clamped, movable_box
from frameapp.ui.components.reporting_image import reporting_image
from frameapp.ui.placement import client
from frameapp.ui.placement.client import box, live, moving, result_shown, side, zoom
from frameapp.ui.placement.fields import tool_button
from frameapp.ui.placement.pull import grasp, pulled, shown_size
from frameapp.ui.placement.state import PlacementState as State

# CSS object-position of each anchor.
POSITIONS = (
    ("top-left", "0% 0%"),
    ("top", "50% 0%"),
    ("top-right", "100% 0%"),
    ("left", "0% 50%"),
    ("right", "100% 50%"),
    ("bottom-left", "0% 100%"),
    ("bottom", "50% 100%"),
    ("bottom-right", "100% 100%"),
)
STEPS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)


def _scale() -> rx.Var:
    return client.scale(State.width, State.height)


def _px(value: Any) -> rx.Var:
    return value.to(str) + "px"


def view_area() -> rx.Component:
    """The canvas area: the stage while editing, the rendered truth while looking at the result."""
    return rx.box(
        rx.window_event_listener(on_resize=lambda w, h: client.measure()),
        WheelArea.create(
            rx.cond(State.showing_result, result_stage(), edit_stage()),
            class_name="placement-view",
            id=client.VIEW_ID,
            on_mount=client.measure(),
            onwheel=lambda delta: zoom.set_value(wheeled(delta)),
        ),
        zoom_bar(),
        rx.box(rx.cond(State.can_undo | State.can_redo, State.box_words, ""), class_name="only-heard", role="status"),
        class_name="placement-canvas",
    )


def edit_stage() -> rx.Component:
    """The frame image with the product in its box, scaled as a whole."""
    scaled = {"width": _px(State.width), "height": _px(State.height), "transform": "scale(" + _scale().to(str) + ")"}
    return rx.box(
        rx.box(
            rx.cond(State.layer == "below", _frame_image()),
            _product(),
            rx.cond(State.layer == "above", _frame_image()),
            _guides(),
            _box(),
            class_name="placement-stage",
            style=scaled,
        ),
        class_name="placement-sheet checkered",
        style={
            "width": _px(State.width.to(float) * _scale()),
            "height": _px(State.height.to(float) * _scale()),
            "--scale": _scale().to(str),
        },
    )


def result_stage() -> rx.Component:
    """The picture that a run would make, at the canvas's scale."""
    return rx.box(
        result_picture(),
        class_name="placement-sheet checkered",
        style={"width": _px(State.width.to(float) * _scale()), "height": _px(State.height.to(float) * _scale())},
    )


def result_picture() -> rx.Component:
    """The rendered product; the last one stays until the new one is there."""
    return rx.fragment(
        rx.cond(
            State.result_url != "",
            reporting_image(
                src=State.result_url,
                alt="Result: " + State.product["product_id"],
                class_name="placement-result",
                on_load=result_shown.set,
                on_error=State.explain_result,
                data_fresh=rx.cond(result_shown.value == State.result_url, "true", "false"),
            ),
        ),
        rx.cond(
            State.product["ref"] == 0,
            rx.cond(State.cards_loading, rx.fragment(), _trouble("No product to show.")),
            rx.cond(
                (State.product_error != "") & ~State.product_ready,
                _trouble("The result needs the product's picture."),
                rx.cond(
                    State.result_error != "",
                    _trouble(State.result_error, again_button(), role="alert"),
                    rx.cond(
                        ~State.product_ready | (result_shown.value != State.result_url),
                        rx.box(rx.spinner(size="1"), class_name="placement-busy"),
                    ),
                ),
            ),
        ),
    )


def again_button() -> rx.Component:
    """Asks anew for the product's picture and the result."""
    return rx.button("Try again", size="1", variant="surface", color_scheme="gray", on_click=State.try_again)


def _trouble(sentence: Any, *actions: rx.Component, **props: Any) -> rx.Component:
    return rx.box(rx.text(sentence, size="2"), *actions, class_name="placement-trouble", **props)


def _frame_image() -> rx.Component:
    return rx.el.img(src=State.image_url, alt="", class_name="placement-frame-image", draggable=False)


def _product() -> rx.Component:
    """What the box holds, under or over the frame image; it follows the box without the server."""
    position = rx.match(State.anchor, *POSITIONS, "50% 50%")
    fit = rx.match(State.fit, ("contain", "contain"), ("cover", "cover"), "fill")
    filled = (State.layer == "above") & ~State.has_alpha  # a render does so: it has no transparency
    picture = reporting_image(
        src=State.source_url,
        alt="",
        draggable=False,
        on_error=State.explain_source,
        style={"objectFit": fit, "objectPosition": position},
    )
    return rx.box(
        rx.cond(State.source_url != "", picture),
        class_name="placement-product",
        style={
            "left": _px(side(live, "x")),
            "top": _px(side(live, "y")),
            "width": _px(side(live, "w")),
            "height": _px(side(live, "h")),
            "background": rx.cond(State.padding != "", State.padding, rx.cond(filled, "white", "transparent")),
        },
    )


def _box() -> rx.Component:
    return movable_box(
        rx.cond(
            State.product_error != "",
            _instead_of_picture(rx.icon("image-off")),
            rx.cond(
                State.product_ready | (State.product["ref"] == 0),
                rx.fragment(),
                _instead_of_picture(rx.spinner(size="3"), class_name="placement-awaited"),
            ),
        ),
        position=rx.Var.create({"x": side(box, "x"), "y": side(box, "y")}),
        size=rx.Var.create({"width": side(box, "w"), "height": side(box, "h")}),
        scale=_scale(),
        resize_handle_wrapper_class="placement-outline",
        resize_handle_wrapper_style=rx.Var.create(shown_size()),
        class_name="placement-box",
        custom_attrs={
            "role": "application",
            "aria-roledescription": "movable box",
            "aria-label": "Product box. Arrow keys move it, with Alt they resize it, by 1 pixel; with Shift by 10.",
            "data-testid": "product-box",
        },
        on_drag=[live.set, moving.set_value("pointer")],
        on_drag_stop=lambda to: [
            box.set_value(to),
            live.set_value(to),
            moving.set_value(""),
            State.drop_box(to, _scale()),
        ],
        on_resize_start=grasp,
        on_resize=lambda to: [live.set_value(_kept(to)), moving.set_value("pointer")],
        on_resize_stop=lambda to: [
            live.set_value(_kept(to)),
            State.resize_box(_kept(to)),
            box.set_value(_kept(to)),
            moving.set_value(""),
        ],
        on_key_down=_moved_by_key,
        on_blur=moving.set_value(""),
    )


def _instead_of_picture(sign: rx.Component, class_name: str = "") -> rx.Component:
    return rx.box(sign, class_name=f"placement-no-picture {class_name}", style=shown_size())


def _kept(to: rx.Var[dict[str, int]]) -> rx.Var[dict[str, int]]:
    """What is kept of a pull to that rectangle."""
    return rx.cond(State.locked, pulled(to, State.width, State.height), to)


def _moved_by_key(key: rx.Var, shift: rx.Var, alt: rx.Var) -> list[Any]:
    """An arrow moves the box in the browser at once; with Alt the server resizes it, which knows the lock."""
    step = rx.cond(shift, 10, 1).to(int)
    dx = rx.match(key, ("ArrowLeft", -1), ("ArrowRight", 1), 0).to(int) * step
    dy = rx.match(key, ("ArrowUp", -1), ("ArrowDown", 1), 0).to(int) * step
    x = clamped(side(box, "x") + rx.cond(alt, 0, dx).to(int), 0, State.width - side(box, "w"))
    y = clamped(side(box, "y") + rx.cond(alt, 0, dy).to(int), 0, State.height - side(box, "h"))
    to = {"x": x, "y": y, "w": side(box, "w"), "h": side(box, "h")}
    is_arrow = (dx != 0) | (dy != 0)
    return [
        rx.cond(
            is_arrow,
            rx.cond(
                alt, State.stretch_box(dx, dy), State.nudge_box(x, y).debounce(50)
            ),  # a held key moves in one event
            rx.noop(),
        ),
        moving.set_value(rx.cond(is_arrow, "keys", moving.value)),
        live.set_value(rx.Var.create(to)),
        box.set_value(rx.Var.create(to)),
    ]


def _guides() -> rx.Component:
    """Lines that light up while the box is at a centre or an edge of the frame image.

    A dropped box settles on a near centre; keys do not snap, so they can reach the exact place.
    """
    x, y, w, h = (side(live, name) for name in ("x", "y", "w", "h"))
    near = rx.cond(moving.value == "keys", 0.5, 3.0 / _scale()).to(float)
    off_x = (x + w / 2 - State.width / 2).to(float)
    off_y = (y + h / 2 - State.height / 2).to(float)

    def guide(lit: Any, name: str) -> rx.Component:
        return rx.box(class_name=f"guide guide-{name}", data_lit=rx.cond((moving.value != "") & lit, "true", "false"))

    return rx.fragment(
        guide((off_x <= near) & (off_x >= -near), "center-x"),
        guide((off_y <= near) & (off_y >= -near), "center-y"),
        guide(x == 0, "left"),
        guide(y == 0, "top"),
        guide(x + w == State.width, "right"),
        guide(y + h == State.height, "bottom"),
    )


def zoom_bar() -> rx.Component:
    """Edit or Result, and the scale of the canvas."""
    return rx.flex(
        rx.segmented_control.root(
            rx.segmented_control.item("Edit", value="edit"),
            rx.segmented_control.item("Result", value="result"),
            value=rx.cond(State.showing_result, "result", "edit"),
            on_change=State.set_showing_result,
            size="1",
            custom_attrs={"aria-label": "Edit or Result (Space)"},
        ),
        layout.row(
            tool_button("zoom-out", "Zoom out (\N{MINUS SIGN})", zoom.set_value(smaller())),
            rx.text(
                rx.Var("Math.round").to(rx.vars.FunctionVar).call(_scale() * 100).to(str) + " %",
                size="1",
                class_name="zoom-value",
            ),
            tool_button("zoom-in", "Zoom in (+)", zoom.set_value(larger())),
            rx.el.button("Fit", class_name="text-button", on_click=zoom.set_value(0.0)),
            rx.el.button("100 %", class_name="text-button", on_click=zoom.set_value(1.0)),
            gap="1",
        ),
        class_name="placement-zoom",
    )


def wheeled(delta: rx.Var) -> rx.Var:
    """The scale after the wheel turned by that many pixels: a mouse's notch is a fifth, a pinch follows the fingers."""
    factor = rx.Var("Math.exp").to(rx.vars.FunctionVar).call(clamped(delta, -20, 20) * -0.01).to(float)
    return rx.cond(delta == 0, zoom.value, clamped(_scale() * factor, STEPS[0], STEPS[-1])).to(float)


def smaller() -> rx.Var:
    """The next smaller scale."""
    return _next_step(reversed(STEPS), lambda step, now: step < now - 0.001, STEPS[0])


def larger() -> rx.Var:
    """The next larger scale."""
    return _next_step(STEPS, lambda step, now: step > now + 0.001, STEPS[-1])


def _next_step(steps: Any, suits: Any, last: float) -> rx.Var:
    """The first of the steps that suits the present scale, as one expression."""
    chosen: Any = rx.Var.create(last)
    for step in reversed(list(steps)):
        chosen = rx.cond(suits(rx.Var.create(step), _scale()), step, chosen)
    return chosen.to(float)
