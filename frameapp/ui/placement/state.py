"""The placement page's state: what is opened, its result, and saving."""

import asyncio
from typing import Any

import reflex as rx

from frameapp.core.design.recipe import Recipe
from frameapp.errors import Conflict
from frameapp.services import placements, previews, runs
from frameapp.services.application import application
from frameapp.services.viewer import Viewer
from frameapp.ui.address import frame_of
from frameapp.ui.links import backend
from frameapp.ui.placement import client
from frameapp.ui.placement.editing import RECIPE_VARS, EditingState
from frameapp.ui.placement.products import ProductsState, problem_of
from frameapp.ui.session import PageState, acts, loads, require_viewer

IN_WINDOW = "The product box starts in the window found in the frame image."
NO_WINDOW = "No clear window was found in the frame image, so the product box starts in the middle."
NO_RESULT = "The result was created but did not reach your browser."
NO_SOURCE = "The canvas could not show this product's picture; the result is not affected."


class PlacementState(PageState, EditingState, ProductsState, rx.State):
    """One opened frame."""

    name: str = ""
    image_url: str = ""
    placed: bool = False
    proposal: str = ""  # where the box starts, until it is placed

    showing_result: bool = False
    saving: bool = False
    generating: bool = False
    asking: bool = False  # a run is active: cancel it and start anew?

    _digest: str = ""
    _left: dict[int, dict[str, Any]] = {}  # by frame id: what was not saved when its page was left

    @rx.var
    def page_title(self) -> str:
        """The browser's title."""
        return f"{self.name} · Frameapp" if self.name else "Placement · Frameapp"

    @rx.var(deps=[*RECIPE_VARS, "shown_id", "product", "product_ready", "attempt", "_digest"], auto_deps=False)
    def result_url(self) -> str:
        """The address of the rendered product; it changes exactly when the picture may."""
        if not self.product_ready or not self.product["ref"]:
            return ""
        text = previews.encode_recipe(self._recipe())
        query = f"recipe={text}&image={self._digest[:16]}" + (f"&attempt={self.attempt}" if self.attempt else "")
        return backend(f"/files/preview/{self.shown_id}/{self.product['ref']}?{query}")

    @rx.var
    def source_url(self) -> str:
        """The address of the picture that the canvas draws: the product's own, or it without its borders."""
        if not self.product_ready:
            return ""
        form = ("trimmed" if self.trim else "original") + (f"?attempt={self.attempt}" if self.attempt else "")
        return backend(f"/files/source/{self.product['ref']}/{form}")

    @rx.event
    @loads
    async def load(self, viewer: Viewer) -> Any:
        """Read the frame as the page opens. Changes that are not saved outlive a lost connection and another page."""
        frame_id = frame_of(self)
        kept = self._digest if self._resumes else ""
        if not kept:
            self._clear()
        found = await asyncio.to_thread(placements.open_placement, application(), viewer, frame_id)
        if kept == found.image_digest:
            self.name = found.name
            return self._unfinished()
        self._clear()
        self.shown_id, self.name, self.width, self.height = frame_id, found.name, found.width, found.height
        self._digest, self.placed = found.image_digest, found.placed
        self.proposal = IN_WINDOW if found.window else NO_WINDOW
        self.image_url = backend(f"/files/frame/{frame_id}/{found.image_digest}")
        self._show(found.recipe)
        self._saved = found.recipe.to_json()
        left = self._left.get(frame_id, {})
        if {**left, "recipe": None} == self._unsaved(None):  # else it was saved from elsewhere, or the image changed
            self._change(Recipe.from_json(dict(left["recipe"])))
        return [client.zoom.push(0.0), *client.show_box(self.x, self.y, self.w, self.h), PlacementState.load_products]

    def _clear(self) -> None:
        """Forget the page, but for what was not saved on it."""
        left = {frame_id: values for frame_id, values in self._left.items() if frame_id != self.shown_id}
        if self.dirty:
            left[self.shown_id] = self._unsaved(self._recipe().to_json())
        self.reset()
        self._left = left

    def _unsaved(self, recipe: dict[str, Any] | None) -> dict[str, Any]:
        return {"image": self._digest, "saved": self._saved, "recipe": recipe}

    @rx.event(background=True)
    @acts
    async def explain_result(self, address: str) -> None:
        """The preview of that address did not come: say why."""
        problem = await self._problem()
        async with self:
            if self.result_url == address:  # else another one is awaited
                self.result_error, self._spoilt = problem or NO_RESULT, bool(problem)

    @rx.event(background=True)
    @acts
    async def explain_source(self, address: str) -> None:
        """The product's picture of that address did not come: say why. What cannot be decoded has no result either."""
        problem = await self._problem()
        async with self:
            if self.source_url == address:
                self.product_error, self.product_ready = problem or NO_SOURCE, not problem
                self._spoilt = bool(problem)

    async def _problem(self) -> str:
        """Why the product on show cannot be rendered, or an empty text."""
        viewer = await require_viewer(self)
        async with self:
            frame_id, ref, recipe = self.shown_id, self.product["ref"], self._recipe()
        return await problem_of(previews.render(application(), viewer, frame_id, ref, recipe))

    @rx.event
    async def shortcut(self, action: str) -> Any:
        """A key that counts anywhere on the page."""
        if action == "undo":
            return self._travel(self._past, self._future)
        if action == "redo":
            return self._travel(self._future, self._past)
        if action == "toggle":
            self.showing_result = not self.showing_result
        elif action == "save":
            return PlacementState.save
        return None

    @rx.event
    async def set_showing_result(self, value: str | list[str]) -> None:
        """Edit or Result."""
        self.showing_result = value == "result"

    @rx.event
    @acts
    async def save(self) -> Any:
        """Keep the placement for the next run."""
        self.saving = True
        yield
        try:
            await self._keep()
        finally:
            self.saving = False
        yield rx.toast.success("Placement saved.", duration=3000)

    @rx.event
    @acts
    async def generate(self, viewer: Viewer, replace_run: bool = False) -> Any:
        """Keep the placement and run the feed; asks first where a run is active."""
        self.generating, self.asking = True, False
        yield
        try:
            await self._keep()
            await asyncio.to_thread(runs.start, application(), viewer, self.shown_id, replace=replace_run)
        except Conflict:
            self.asking = not replace_run
            if replace_run:
                raise
            return
        finally:
            self.generating = False
        yield rx.redirect(f"/frame_detail/{self.shown_id}")

    @rx.event
    async def set_asking(self, value: bool) -> None:
        """The question is open or closed."""
        self.asking = value

    def _unfinished(self) -> Any:
        """What loading the page had begun when the connection was lost, which ended it."""
        if self.cards_loading:
            return PlacementState.load_products
        self._coming = []
        waits = self.product["has_picture"] and not self.product_ready and not self.product_error
        return [*([PlacementState.prepare_product] if waits else []), PlacementState.prepare_cards]

    async def _keep(self) -> None:
        viewer = await require_viewer(self)
        recipe = self._recipe()
        kept = await asyncio.to_thread(placements.save_recipe, application(), viewer, self.shown_id, recipe)
        self._saved, self.placed = kept.to_json(), True
        self.dirty = self._recipe().to_json() != self._saved
