"""The recipe being edited: its values, its history, and what every control of the property panel does."""

import time
from dataclasses import replace
from typing import Any

import reflex as rx

from frameapp.core.design.recipe import Anchor, Box, Encoder, Fit, Layer, Recipe
from frameapp.core.render import formats
from frameapp.services.previews import LONGEST_PREVIEW
from frameapp.ui.payloads import chosen
from frameapp.ui.placement import client
from frameapp.ui.placement.moves import Sheet, box_of, number_of, settled, typed_number, with_number
from frameapp.ui.words import pixels

HISTORY = 200  # steps that can be undone
TOGETHER = 0.8  # seconds in which steps of one kind are undone as one
NEAR = 3  # screen pixels within which a dropped box settles on a centre
RECIPE_VARS = (
    *("x", "y", "w", "h", "fit", "anchor", "layer", "padding", "trim"),
    *("format", "quality", "output_width", "output_height"),
)


class EditingState(rx.State, mixin=True):
    """The recipe's values as vars of their own, so that the page re-renders little."""

    width: int = 1  # of the frame image
    height: int = 1

    x: int = 0
    y: int = 0
    w: int = 1
    h: int = 1
    fit: str = Fit.CONTAIN.value
    anchor: str = Anchor.CENTER.value
    layer: str = Layer.BELOW.value
    padding: str = ""
    trim: bool = False
    format: str = formats.JPEG.name
    quality: int = 88
    output_width: int = 0
    output_height: int = 0

    locked: bool = False
    can_undo: bool = False
    can_redo: bool = False
    dirty: bool = False
    result_error: str = ""

    _past: list[dict[str, Any]] = []
    _future: list[dict[str, Any]] = []
    _saved: dict[str, Any] = {}
    _last_kind: str = ""
    _last_at: float = 0.0

    @rx.event
    async def drop_box(self, rectangle: dict[str, float], scale: float) -> Any:
        """The pointer let the box go; near a centre of the frame image it settles there."""
        box = settled(box_of(rectangle), self._sheet(), near=NEAR / max(scale, 0.02))
        return self._change(replace(self._recipe(), box=box))

    @rx.event
    async def resize_box(self, rectangle: dict[str, float]) -> Any:
        """The pointer let a handle go."""
        return self._change(replace(self._recipe(), box=box_of(rectangle)))

    @rx.event
    async def nudge_box(self, x: float, y: float) -> Any:
        """An arrow key moved the box there."""
        box = Box(round(x), round(y), self.w, self.h)
        return self._change(replace(self._recipe(), box=box), together="nudge", quiet=True)

    @rx.event
    async def stretch_box(self, dx: float, dy: float) -> Any:
        """An arrow key with Alt made the box that much wider or higher."""
        field, number = ("w", self.w + round(dx)) if dx else ("h", self.h + round(dy))
        return self._change(with_number(self._recipe(), self._sheet(), field, number), together="stretch")

    @rx.event
    async def center_box(self, axis: str) -> Any:
        """Centre the box ``horizontally``, ``vertically`` or on ``both`` axes."""
        x = (self.width - self.w) // 2 if axis != "vertically" else self.x
        y = (self.height - self.h) // 2 if axis != "horizontally" else self.y
        return self._change(replace(self._recipe(), box=Box(x, y, self.w, self.h)))

    @rx.event
    async def fill_frame(self) -> Any:
        """Make the box as large as the frame image."""
        return self._change(replace(self._recipe(), box=Box(0, 0, self.width, self.height)))

    @rx.event
    async def toggle_lock(self) -> None:
        """Keep the box's proportions, or not."""
        self.locked = not self.locked

    @rx.event
    async def commit_field(self, field: str, text: str) -> Any:
        """A number field was left: take its number. One that changes nothing leaves the browser's box alone."""
        number = typed_number(text)
        changed = with_number(self._recipe(), self._sheet(), field, number) if number is not None else self._recipe()
        if changed == self._recipe():
            return self._drop(field)
        return [*self._change(changed, together=field if field == "quality" else ""), *self._drop(field)]

    @rx.event
    async def key_in_field(self, field: str, key: str, text: str, shift: bool) -> Any:
        """Enter commits a number field; Up and Down step it by 1, with Shift by 10.

        Without a typed ``text`` they step what is here: a held key is faster than the field shows its steps.
        """
        number = typed_number(text) if text else number_of(self._recipe(), self._sheet(), field)
        if number is None:
            return [*self._change(self._recipe()), *self._drop(field)]
        if key != "Enter":
            number += (10 if shift else 1) * (1 if key == "ArrowUp" else -1)
        together = "" if key == "Enter" else f"step {field}"
        return [
            *self._change(with_number(self._recipe(), self._sheet(), field, number), together=together),
            *self._drop(field),
        ]

    @rx.event
    async def drop_draft(self, field: str) -> Any:
        """Escape: the number stays what it was."""
        return self._drop(field)

    @rx.event
    async def set_fit(self, value: str) -> Any:
        """Contain, cover or stretch."""
        return self._change(replace(self._recipe(), fit=chosen(Fit, value)))

    @rx.event
    async def set_anchor(self, value: str) -> Any:
        """One of the nine points."""
        return self._change(replace(self._recipe(), anchor=chosen(Anchor, value)))

    @rx.event
    async def set_layer(self, value: str | list[str]) -> Any:
        """The frame image above or below the product."""
        return self._change(replace(self._recipe(), layer=chosen(Layer, value)))

    @rx.event
    async def set_padding(self, value: str) -> Any:
        """A colour as ``#rrggbb``, or empty for none."""
        value = value.strip().lower()
        if value and not value.startswith("#"):
            value = f"#{value}"
        if value and (len(value) != 7 or not all(c in "0123456789abcdef" for c in value[1:])):
            return rx.toast.error("Enter a colour as # and six hexadecimal digits, such as #ffffff.")
        return self._change(replace(self._recipe(), padding=value), together="padding")

    @rx.event
    async def set_trim(self, value: bool) -> Any:
        """Cut white borders off the product, or not."""
        return self._change(replace(self._recipe(), trim=value))

    @rx.event
    async def set_format(self, value: str | list[str]) -> Any:
        """One of the output formats."""
        encoder = Encoder(chosen(formats.output, value), self.quality)
        return self._change(replace(self._recipe(), encoder=encoder))

    @rx.event
    async def original_size(self) -> Any:
        """The output has the frame image's size."""
        return self._change(replace(self._recipe(), output_width=0, output_height=0))

    @rx.event
    async def undo(self) -> Any:
        """One step back."""
        return self._travel(self._past, self._future)

    @rx.event
    async def redo(self) -> Any:
        """One step forth."""
        return self._travel(self._future, self._past)

    @rx.var
    def has_alpha(self) -> bool:
        """Whether the output may be transparent."""
        return formats.output(self.format).alpha

    @rx.var
    def has_quality(self) -> bool:
        """Whether the output's format has a quality."""
        return formats.output(self.format).has_quality

    @rx.var
    def final_width(self) -> int:
        """The output's width in pixels."""
        return self.output_width or self.width

    @rx.var
    def final_height(self) -> int:
        """The output's height in pixels."""
        return self.output_height or self.height

    @rx.var
    def box_words(self) -> str:
        """Where the box lies, for those who do not see it."""
        off = {"horizontally": 2 * self.x + self.w - self.width, "vertically": 2 * self.y + self.h - self.height}
        centred = [axis for axis, twice in off.items() if abs(twice) <= 1]
        where = f", centred {' and '.join(centred)}" if centred else ""
        return f"Box at {self.x}, {self.y}, {self.w} wide, {self.h} high{where}."

    @rx.var
    def frame_size(self) -> str:
        """The frame image's width and height."""
        return pixels(self.width, self.height)

    @rx.var
    def result_note(self) -> str:
        """How the result on show stands to the one of a run."""
        if max(self.final_width, self.final_height) <= LONGEST_PREVIEW:
            return "Exactly what a run creates for this product."
        return f"What a run creates for this product, shown at {LONGEST_PREVIEW:,} px."

    @rx.var
    def final_size(self) -> str:
        """The output's width and height."""
        return pixels(self.final_width, self.final_height)

    def _recipe(self) -> Recipe:
        return Recipe(
            box=Box(self.x, self.y, self.w, self.h),
            fit=Fit(self.fit),
            anchor=Anchor(self.anchor),
            layer=Layer(self.layer),
            padding=self.padding,
            trim=self.trim,
            encoder=Encoder(formats.output(self.format), self.quality),
            output_width=self.output_width,
            output_height=self.output_height,
        )

    def _show(self, recipe: Recipe) -> None:
        box = recipe.box
        self.x, self.y, self.w, self.h = box.x, box.y, box.width, box.height
        self.fit, self.anchor, self.layer = recipe.fit.value, recipe.anchor.value, recipe.layer.value
        self.padding, self.trim = recipe.padding, recipe.trim
        self.format, self.quality = recipe.encoder.format.name, recipe.encoder.quality
        self.output_width, self.output_height = recipe.output_width, recipe.output_height
        self.result_error = ""

    def _change(self, recipe: Recipe, *, together: str = "", quiet: bool = False) -> list[Any]:
        """Take the recipe as one step of the history; the browser's box follows unless it is there (``quiet``)."""
        asked, recipe = recipe.box, recipe.inside(self.width, self.height)
        before, now = self._recipe(), time.monotonic()
        if recipe != before:
            if not (together and together == self._last_kind and now - self._last_at < TOGETHER):
                self._past = [*self._past, before.to_json()][-HISTORY:]
            self._future = []
            self._show(recipe)
            self._marks()
        self._last_kind, self._last_at = together, now
        if quiet and recipe.box == asked:
            return []
        return client.show_box(self.x, self.y, self.w, self.h)

    def _travel(self, source: list[dict[str, Any]], target: list[dict[str, Any]]) -> Any:
        if not source:
            return None
        recipe = Recipe.from_json(dict(source[-1]))
        target.append(self._recipe().to_json())
        source.pop()
        self._last_kind = ""
        self._show(recipe)
        self._marks()
        return client.show_box(self.x, self.y, self.w, self.h)

    def _marks(self) -> None:
        self.can_undo, self.can_redo = bool(self._past), bool(self._future)
        self.dirty = self._recipe().to_json() != self._saved

    def _drop(self, field: str) -> list[Any]:
        return [client.drafts[field].push(None)] if field in client.drafts else []

    def _sheet(self) -> Sheet:
        return Sheet(self.width, self.height, self.locked)
