"""The form's state: what is saved is what was on the page, whatever happens during a slow check."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import reflex as rx

from frameapp.core.design.recipe import Box, Layer
from frameapp.errors import Invalid, TooBusy
from frameapp.services import feeds, frames, images
from frameapp.services.accounts import Viewer
from frameapp.services.feeds import FeedCheck, FeedSource
from frameapp.ui import session
from frameapp.ui.frame_form import feed as form_feed
from frameapp.ui.frame_form import image as form_image
from frameapp.ui.frame_form import state as form
from frameapp.ui.frame_form.image import NOT_ARRIVED, image_view
from frameapp.ui.frame_form.state import FrameFormState
from tests.ui.background import InBackground

ANNA = Viewer(1, "anna", False, 1, (1,))
ONE, TWO = "https://shop.example.com/one.xml", "https://shop.example.com/two.xml"


class Services:
    """Stands for the services: notes what is fetched and saved; ``meanwhile`` is called during a fetch."""

    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.saved: list[tuple[int, str, str]] = []
        self.meanwhile: Any = lambda: None

    async def inspect(self, _app: object, _viewer: Viewer, source: FeedSource, _progress: object) -> FeedCheck:
        self.fetched.append(source.address)
        self.meanwhile()
        return FeedCheck(source, {"entries": 3, "format": "atom"}, "")

    async def pictures(self, *_: object) -> list[bytes | None]:
        return []

    def update(self, _app: object, _viewer: Viewer, frame_id: int, **values: Any) -> None:
        self.saved.append((frame_id, values["name"], values["source"].address))


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Services:
    made = Services()

    async def viewer(_: object) -> Viewer:
        return ANNA

    for module in (form, form_feed, form_image):
        monkeypatch.setattr(session, "find_viewer", viewer)
        monkeypatch.setattr(module, "application", lambda: None)
    monkeypatch.setattr(feeds, "inspect", made.inspect)
    monkeypatch.setattr(feeds, "pictures", made.pictures)
    monkeypatch.setattr(feeds, "with_saved_password", lambda _app, _viewer, _feed_id, source: source)
    monkeypatch.setattr(frames, "update", made.update)
    return made


@pytest.fixture
def state() -> FrameFormState:
    """The form of frame 7, whose feed is ONE."""
    made = FrameFormState(_reflex_internal_init=True)
    open_frame(made, 7)
    return made


def open_frame(state: FrameFormState, frame_id: int) -> None:
    state._empty()
    state.editing_id, state._feed_id, state.name, state.address = frame_id, 5, "Sale", ONE
    state._saved = state._source()


async def save(state: FrameFormState, **form: str) -> str:
    values = {"name": state.name, "address": state.address, **form}
    return str([event async for event in FrameFormState.save.fn(InBackground(state), values)])


async def check(state: FrameFormState) -> None:
    await FrameFormState.check_feed.fn(InBackground(state))


async def test_a_check_of_an_address_that_is_no_longer_there_is_dropped(
    state: FrameFormState, services: Services
) -> None:
    def type_on() -> None:
        state.address = TWO

    services.meanwhile = type_on
    await check(state)
    assert (state.checked, state._found, state.checking) == (False, None, False)
    services.meanwhile = lambda: None
    await save(state)
    assert services.fetched == [ONE, TWO]
    assert services.saved == [(7, "Sale", TWO)]


async def test_a_check_of_the_present_address_is_kept_and_not_repeated(
    state: FrameFormState, services: Services
) -> None:
    state.address = TWO
    await check(state)
    assert (state.checked, state.feed.products) == (True, "3 products")
    await save(state)
    assert services.fetched == [TWO]


async def test_another_frame_opened_during_the_check_is_left_alone(state: FrameFormState, services: Services) -> None:
    def go_on() -> None:
        open_frame(state, 8)
        state.saving = True

    services.meanwhile = go_on
    assert "redirect" not in await save(state, address=TWO)
    assert services.saved == []
    assert (state.editing_id, state.address, state.saving) == (8, ONE, True)


async def test_what_is_typed_during_the_check_is_not_saved(state: FrameFormState, services: Services) -> None:
    def type_on() -> None:
        state.name, state.address = "Other", ONE

    services.meanwhile = type_on
    await save(state, address=TWO)
    assert services.saved == [(7, "Sale", TWO)]


async def test_a_new_name_fetches_nothing_and_leads_to_the_frame(state: FrameFormState, services: Services) -> None:
    assert "/frame_detail/7" in await save(state, name="Winter")
    assert services.fetched == []
    assert services.saved == [(7, "Winter", ONE)]


@pytest.mark.parametrize("field", ["feed_username", "feed_password", "user_agent"])
async def test_other_credentials_are_checked(state: FrameFormState, services: Services, field: str) -> None:
    await save(state, **{field: "changed"})
    assert services.fetched == [ONE]


async def test_a_refused_user_agent_unfolds_its_field(state: FrameFormState, services: Services) -> None:
    assert not state.wrong_in_advanced
    await save(state, user_agent="\N{SNOWMAN}")
    assert state.wrong_in_advanced
    assert (services.fetched, services.saved) == ([], [])


async def test_a_save_that_was_cancelled_saves_nothing_and_leaves_the_form(
    state: FrameFormState, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cancelled(_app: object, _viewer: Viewer, source: FeedSource, _: object) -> FeedCheck:
        assert state.reading
        await FrameFormState.cancel_saving.fn(state)
        return FeedCheck(source, {"entries": 3, "format": "atom"}, "")

    monkeypatch.setattr(feeds, "inspect", cancelled)
    assert "redirect" not in await save(state, name="Winter", address=TWO)
    assert services.saved == []
    assert (state.name, state.address, state.saving, state.reading) == ("Winter", TWO, False, False)


async def test_a_save_whose_tab_is_closed_is_saved_without_its_check(
    state: FrameFormState, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def closed(_: object, work: Any, **__: object) -> None:
        work.close()

    monkeypatch.setattr(form_feed, "while_wanted", closed)
    await save(state, address=TWO)
    assert services.saved == [(7, "Sale", TWO)]
    assert (services.fetched, state.saving) == ([], False)


async def test_a_check_is_no_longer_wanted_when_another_address_is_typed_or_another_check_begins(
    state: FrameFormState, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []

    async def watched(_: object, work: Any, *, wanted: Any, look: Any) -> None:
        seen.append(wanted())
        look()
        if len(seen) == 1:
            await FrameFormState.note_address.fn(state, TWO)
            seen.append(wanted())
            assert not state.checking
            await check(state)  # of the new address
            seen.append(wanted())
        work.close()

    monkeypatch.setattr(form_feed, "while_wanted", watched)
    await check(state)
    assert seen == [True, False, True, False]
    assert (state.checking, state.checked, services.fetched) == (False, False, [])


@pytest.mark.parametrize(
    ("busy", "field"), [(check, "address"), (lambda state: save(state, address=TWO), "form")], ids=["check", "save"]
)
async def test_too_many_checks_are_a_sentence(
    state: FrameFormState, services: Services, monkeypatch: pytest.MonkeyPatch, busy: Any, field: str
) -> None:
    async def inspect(*_: object) -> FeedCheck:
        raise TooBusy("Too many.")

    monkeypatch.setattr(feeds, "inspect", inspect)
    await busy(state)
    assert state.errors == {field: "Too many."}
    assert services.saved == []
    assert (state.checking, state.saving) == (False, False)


@pytest.mark.parametrize(
    ("wrong", "element"),
    [({"name": " "}, "name"), ({"address": ""}, "address"), ({"user_agent": "\N{SNOWMAN}"}, "user_agent")],
)
async def test_the_first_refused_field_gets_the_focus(
    state: FrameFormState, services: Services, wrong: dict[str, str], element: str
) -> None:
    assert f"ref_{element}" in await save(state, **wrong)
    assert services.saved == []


async def test_what_was_saved_while_the_connection_was_lost_leads_on(state: FrameFormState, services: Services) -> None:
    await save(state, name="Winter")
    state._resumes = True
    assert "/frame_detail/7" in str(state._undelivered())


async def test_an_upload_that_ends_without_an_image_is_told(state: FrameFormState, services: Services) -> None:
    await FrameFormState.expect_image.fn(state, 0)
    assert not state.uploading  # the browser refused what was dropped
    await FrameFormState.expect_image.fn(state, 1)
    await FrameFormState.note_sending.fn(state, True)
    assert (state.uploading, state.errors) == (True, {})
    await FrameFormState.note_sending.fn(state, False)
    assert (state.uploading, state.errors) == (False, {"image": NOT_ARRIVED})


async def test_an_upload_that_is_faster_than_its_announcement_keeps_its_answer(
    state: FrameFormState, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise Invalid("No picture.", field="image")

    monkeypatch.setattr(images, "take_draft", refuse)
    file = rx.UploadFile(io.BytesIO(b"text"), path=Path("frame.png"))
    await FrameFormState.upload.fn(state, [file])
    await FrameFormState.expect_image.fn(state, 1)
    await FrameFormState.note_sending.fn(state, False)
    assert (state.uploading, state.errors) == (False, {"image": "No picture."})


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
