"""The form's state: what is saved is what was on the page, whatever happens during a slow check."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
import reflex as rx

from frameapp.core.design.recipe import Box, Layer
from frameapp.services import frames, images
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.services.checks import MOST_WAITING, TOO_MANY, CheckProgress
from frameapp.services.feeds import FeedSource, inspect
from frameapp.ui import while_wanted
from frameapp.ui.frame_form.image import NOT_ARRIVED, image_view
from frameapp.ui.frame_form.state import FrameFormState
from tests.outputs import add_frame
from tests.ui.conftest import SlowShop
from tests.ui.tab import Tab


class Form:
    """The form of Anna's frame "Sale", whose feed is the shop's ``one``; ``two`` is another one of it."""

    def __init__(self, app: Application, viewer: Viewer, tab: Tab, shop: SlowShop) -> None:
        self._app, self._viewer, self.tab, self.shop = app, viewer, tab, shop
        self.one, self.two = (shop.feed_url(0, name=name) for name in ("one", "two"))
        self.frame_id = add_frame(app, viewer, "Sale", address=self.one)

    async def open(self, frame_id: int) -> FrameFormState:
        """Open the form of a frame."""
        return await self.tab.open(f"/frame/{frame_id}/edit", FrameFormState.start_editing)

    def values(self, **typed: str) -> dict[str, str]:
        """The fields as the browser sends them."""
        return {"name": "Sale", "address": self.one, **typed}

    async def save(self, **typed: str) -> str:
        """Press the button; what it answers."""
        return str(await self.tab.send(FrameFormState.save, self.values(**typed)))

    def saved(self) -> tuple[str, str]:
        """The frame's name, and its feed's: one or two."""
        row = frames.get(self._app, self._viewer, self.frame_id)
        return row.name, {self.one: "one", self.two: "two"}[row.feed.address]

    def fetched(self) -> list[str]:
        """The feeds that were fetched, in turn."""
        return [Path(path.partition("?")[0]).stem for path, count in self.shop.requests.items() for _ in range(count)]


@pytest.fixture
def form(app: Application, anna: Viewer, tab: Tab, shop: SlowShop) -> Form:
    return Form(app, anna, tab, shop)


@pytest.fixture
async def state(form: Form) -> FrameFormState:
    """The form as it opens."""
    return await form.open(form.frame_id)


async def test_a_check_of_an_address_that_is_no_longer_there_is_dropped(state: FrameFormState, form: Form) -> None:
    form.shop.gate.clear()
    async with form.tab.sending(FrameFormState.check_feed) as checking:
        await form.shop.asked()
        assert state.checking
        await form.tab.send(FrameFormState.note_address, form.two)
        assert not state.checking
        await checking  # it ends without the feed
    assert (state.checked, state.checking) == (False, False)
    form.shop.gate.set()
    await form.save(address=form.two)
    assert (form.fetched(), form.saved()) == (["one", "two"], ("Sale", "two"))


async def test_a_later_check_replaces_the_one_under_way(state: FrameFormState, form: Form) -> None:
    form.shop.gate.clear()
    async with form.tab.sending(FrameFormState.check_feed) as checking:
        await form.shop.asked()
        await form.tab.send(FrameFormState.note_address, form.two)
        async with form.tab.sending(FrameFormState.check_feed) as later:
            await checking
            assert state.checking
            form.shop.gate.set()
            await later
    assert (state.checking, state.checked, state.feed.products) == (False, True, "3 products")


async def test_a_check_of_the_present_address_is_kept_and_not_repeated(state: FrameFormState, form: Form) -> None:
    await form.tab.send(FrameFormState.note_address, form.two)
    await form.tab.send(FrameFormState.check_feed)
    assert (state.checked, state.feed.products) == (True, "3 products")
    await form.save(address=form.two)
    assert (form.fetched().count("two"), form.saved()) == (1, ("Sale", "two"))


async def test_another_frame_opened_during_the_check_is_left_alone(
    app: Application, anna: Viewer, state: FrameFormState, form: Form
) -> None:
    other = add_frame(app, anna, "Other", address=form.one)
    form.shop.gate.clear()
    async with form.tab.sending(FrameFormState.save, form.values(address=form.two)) as first:
        await form.shop.asked()
        await form.open(other)
        second_form = form.values(name="Other", address=form.two)
        async with form.tab.sending(FrameFormState.save, second_form) as second:
            assert "redirect" not in str(await first)
            assert (state.editing_id, state.saving, form.saved()) == (other, True, ("Sale", "one"))
            form.shop.gate.set()
            await second
    assert (frames.get(app, anna, other).feed.address, state.saving) == (form.two, False)


async def test_what_is_typed_during_the_check_is_not_saved(state: FrameFormState, form: Form) -> None:
    form.shop.gate.clear()
    async with form.tab.sending(FrameFormState.save, form.values(address=form.two)) as saving:
        await form.shop.asked()
        await form.tab.send(FrameFormState.note_name, "Other")
        await form.tab.send(FrameFormState.note_address, form.one)
        form.shop.gate.set()
        await saving
    assert form.saved() == ("Sale", "two")


async def test_a_new_name_fetches_nothing_and_leads_to_the_frame(state: FrameFormState, form: Form) -> None:
    assert f"/frame_detail/{form.frame_id}" in await form.save(name="Winter")
    assert (form.fetched(), form.saved()) == ([], ("Winter", "one"))


@pytest.mark.parametrize("field", ["feed_username", "feed_password", "user_agent"])
async def test_other_credentials_are_checked(state: FrameFormState, form: Form, field: str) -> None:
    await form.save(**{field: "changed"})
    assert form.fetched() == ["one"]


async def test_a_refused_user_agent_unfolds_its_field(state: FrameFormState, form: Form) -> None:
    assert not state.wrong_in_advanced
    await form.save(name="Winter", user_agent="\N{SNOWMAN}")
    assert state.wrong_in_advanced
    assert (form.fetched(), form.saved()) == ([], ("Sale", "one"))


async def test_a_save_that_was_cancelled_saves_nothing_and_leaves_the_form(state: FrameFormState, form: Form) -> None:
    form.shop.gate.clear()
    async with form.tab.sending(FrameFormState.save, form.values(name="Winter", address=form.two)) as saving:
        await form.shop.asked()
        assert state.reading
        await form.tab.send(FrameFormState.cancel_saving)
        assert "redirect" not in str(await saving)
    assert form.saved() == ("Sale", "one")
    assert (state.name, state.address, state.saving, state.reading) == ("Winter", form.two, False, False)


async def test_a_save_whose_tab_is_closed_is_saved_without_its_check(
    state: FrameFormState, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(while_wanted, "GONE_SECONDS", 0.0)  # the clock's part
    form.shop.gate.clear()
    async with form.tab.sending(FrameFormState.save, form.values(address=form.two)) as saving:
        await form.shop.asked()
        await form.tab.close()
        await saving
    assert (form.saved(), state.saving) == (("Sale", "two"), False)


@pytest.mark.parametrize(("busy", "field"), [("check", "address"), ("save", "form")])
async def test_too_many_checks_are_a_sentence(
    app: Application, anna: Viewer, state: FrameFormState, form: Form, busy: str, field: str
) -> None:
    form.shop.gate.clear()
    one = FeedSource(form.one)
    others = [asyncio.create_task(inspect(app, anna, one, CheckProgress())) for _ in range(1 + MOST_WAITING)]
    await form.shop.asked()
    if busy == "check":
        await form.tab.send(FrameFormState.check_feed)
    else:
        await form.save(address=form.two)
    for other in others:
        other.cancel()
    await asyncio.wait(others)
    assert state.errors == {field: TOO_MANY}
    assert (form.saved(), state.checking, state.saving) == (("Sale", "one"), False, False)


@pytest.mark.parametrize(
    ("wrong", "element"),
    [({"name": " "}, "name"), ({"address": ""}, "address"), ({"user_agent": "\N{SNOWMAN}"}, "user_agent")],
)
async def test_the_first_refused_field_gets_the_focus(
    state: FrameFormState, form: Form, wrong: dict[str, str], element: str
) -> None:
    assert f"ref_{element}" in await form.save(**wrong)
    assert form.saved() == ("Sale", "one")


async def test_what_was_saved_while_the_connection_was_lost_leads_on(state: FrameFormState, form: Form) -> None:
    await form.save(name="Winter")
    answers = str(await form.tab.reconnect(FrameFormState.start_editing))
    assert f"/frame_detail/{form.frame_id}" in answers


async def test_an_upload_that_ends_without_an_image_is_told(tab: Tab, state: FrameFormState) -> None:
    await tab.send(FrameFormState.expect_image, 0)
    assert not state.uploading  # the browser refused what was dropped
    await tab.send(FrameFormState.expect_image, 1)
    await tab.send(FrameFormState.note_sending, True)
    assert (state.uploading, state.errors) == (True, {})
    await tab.send(FrameFormState.note_sending, False)
    assert (state.uploading, state.errors) == (False, {"image": NOT_ARRIVED})


async def test_an_upload_that_is_faster_than_its_announcement_keeps_its_answer(tab: Tab, state: FrameFormState) -> None:
    await tab.send(FrameFormState.upload, [rx.UploadFile(io.BytesIO(b"text"), path=Path("frame.png"))])
    refusal = state.errors["image"]
    assert refusal != NOT_ARRIVED
    await tab.send(FrameFormState.expect_image, 1)
    await tab.send(FrameFormState.note_sending, False)
    assert (state.uploading, state.errors) == (False, {"image": refusal})


@pytest.mark.parametrize(
    ("window", "layer", "sentence"),
    [
        (Box(10, 10, 80, 80), Layer.ABOVE, "We found a transparent window: the product goes behind the frame image."),
        (Box(10, 10, 80, 80), Layer.BELOW, "We found a plain area for the product: it goes over the frame image."),
        (
            None,
            Layer.BELOW,
            "No clear window was found. The product starts in the middle; you can move it on the next page.",
        ),
    ],
)
def test_the_form_says_what_place_was_found(window: Box | None, layer: Layer, sentence: str) -> None:
    assert image_view(images.Draft("d" * 64, 100, 100, "png", 1000, window, layer)).window == sentence
