"""Frames: made of an image and a feed, changed, copied, deleted with all that is theirs, and nobody else's."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image
from sqlmodel import col, select

from frameapp.core.design.recipe import Box, Fit, Layer, Recipe, first_placement
from frameapp.core.feeds import FeedReport
from frameapp.core.keys import picture_prefix
from frameapp.core.sample import sample_frame_image
from frameapp.db import feeds as feed_rows
from frameapp.db.feeds import SeenProduct
from frameapp.errors import Invalid, NotFound
from frameapp.models import Feed, Frame, Output, OutputState, Product, Run, RunKind, RunState, utc_now
from frameapp.services import cards, feeds, frames, images, sweeping
from frameapp.services.accounts import Viewer, register
from frameapp.services.application import Application
from frameapp.services.feeds import FeedCheck, FeedSource
from frameapp.services.images import Draft
from tests.conftest import AttackFigure
from tests.runs import add_run

PASSWORD = "correct horse battery"
SOURCE = FeedSource("https://shop.example.com/feed.xml")
BROKEN = FeedCheck(SOURCE, FeedReport(), "The feed's host does not answer.")


@pytest.fixture
def anna(app: Application) -> Viewer:
    return register(app, "anna", PASSWORD)


@pytest.fixture
def bert(app: Application) -> Viewer:
    return register(app, "bert", PASSWORD)


def many_pixels(count: int) -> bytes:
    """A PNG of a few kilobytes with so many pixels."""
    buffer = io.BytesIO()
    Image.new("1", (1000, count // 1000)).save(buffer, "PNG")
    return buffer.getvalue()


def plain_image(width: int = 300, height: int = 200, colour: str = "white", file_format: str = "PNG") -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (width, height), colour)
    picture.paste("black", (0, 0, width // 3, height))
    picture.save(out, file_format)
    return out.getvalue()


def make(app: Application, viewer: Viewer, name: str = "Summer sale", source: FeedSource = SOURCE) -> int:
    draft = images.keep_draft(app, viewer, plain_image())
    return frames.create(app, viewer, name=name, image=draft, source=source, found=None)


def add_output(app: Application, frame_id: int, number: int = 1, *, state: OutputState = OutputState.DONE) -> str:
    with app.database.write() as session:
        frame = session.get_one(Frame, frame_id)
        product = Product(feed_id=frame.feed_id, product_key=f"k{number}", product_id=f"SKU {number}")
        session.add(product)
        session.flush()
        key = f"{picture_prefix(frame.secret)}{number}.jpg" if state == OutputState.DONE else ""
        session.add(
            Output(
                frame_id=frame_id,
                product_ref=product.id,
                product_id=product.product_id,
                position=number,
                state=state,
                key=key,
            )
        )
    if key:
        app.storage.put(key, b"picture")
    return key


def recipe_of(app: Application, frame_id: int) -> Recipe:
    with app.database.read() as session:
        return Recipe.from_json(session.get_one(Frame, frame_id).recipe)


def test_a_frame_is_made_of_an_image_and_a_feed(app: Application, anna: Viewer) -> None:
    data = plain_image()
    draft = images.keep_draft(app, anna, data)
    assert (draft.width, draft.height, draft.format) == (300, 200, "png")
    frame_id = frames.create(app, anna, name="  Summer \n sale ", image=draft, source=SOURCE, found=None)
    row = frames.get(app, anna, frame_id)
    assert (row.name, row.image_width, row.image_height, row.placed) == ("Summer sale", 300, 200, False)
    assert row.feed.address == SOURCE.address
    assert images.frame_image(app, anna, frame_id, draft.digest) == data
    assert list(app.storage.keys("private/drafts/")) == []


@pytest.mark.attack
def test_anothers_uploads_evict_no_draft(
    app: Application, anna: Viewer, bert: Viewer, attack_figure: AttackFigure
) -> None:
    draft = images.keep_draft(app, anna, plain_image())
    for number in range(images.MOST_DRAFTS + 3):
        images.keep_draft(app, bert, plain_image(100 + number))
    kept = len(list(app.storage.keys(f"{images.DRAFTS}{bert.workspace_id}/")))
    sweeping.trim_cache(replace(app, settings=app.settings.model_copy(update={"cache_mb": 0})))
    sweeping.collect_garbage(app, utc_now() + images.DRAFT_LIFE - timedelta(minutes=1))
    assert images.draft_image(app, anna, draft.digest)
    sweeping.collect_garbage(app, utc_now() + images.DRAFT_LIFE + timedelta(minutes=1))
    assert list(app.storage.keys(images.DRAFTS)) == []
    figure, held = f"draft kept, {kept} of theirs", kept == images.MOST_DRAFTS
    attack_figure("18 uploads of another user beside a draft", figure, "draft kept, 10", held=held)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_the_image_is_checked_by_its_bytes(app: Application, anna: Viewer, file_format: str) -> None:
    assert images.keep_draft(app, anna, plain_image(file_format=file_format)).format == file_format.lower()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        plain_image(file_format="GIF"),
        plain_image()[:200],
        bytes(20_000_001),
        many_pixels(41_000_000),
    ],
    ids=["empty", "text", "svg", "gif", "truncated", "too-large", "41-megapixels"],
)
def test_what_is_no_frame_image_is_refused_with_a_sentence(app: Application, anna: Viewer, data: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        images.keep_draft(app, anna, data)
    assert caught.value.field == "image"
    assert str(caught.value).endswith(".")
    assert list(app.storage.keys("private/drafts/")) == []


def test_a_transparent_window_is_the_first_placement(app: Application, anna: Viewer) -> None:
    draft = images.keep_draft(app, anna, sample_frame_image())
    assert draft.window is not None
    frame_id = frames.create(app, anna, name="Summer", image=draft, source=SOURCE, found=None)
    recipe = recipe_of(app, frame_id)
    assert recipe.box == draft.window
    assert recipe.layer is Layer.ABOVE


def test_without_a_window_the_product_is_centred(app: Application, anna: Viewer) -> None:
    draft = Draft("0" * 64, 1000, 500, "png", 1, None)
    assert frames.first_recipe(draft).box == first_placement(1000, 500)


def test_what_a_form_lacks_is_told_field_by_field() -> None:
    wrong = frames.refusals("  ", False, FeedSource("not an address"))
    assert set(wrong) == {"name", "image", "address"}
    assert frames.refusals("Summer", True, SOURCE) == {}


def test_a_draft_of_somebody_else_makes_no_frame(app: Application, anna: Viewer, bert: Viewer) -> None:
    draft = images.keep_draft(app, anna, plain_image())
    with pytest.raises(NotFound):
        images.draft_image(app, bert, draft.digest)
    with pytest.raises(Invalid):
        frames.create(app, bert, name="Mine", image=draft, source=SOURCE, found=None)


def test_another_image_takes_the_placement_back_and_the_old_file_goes(app: Application, anna: Viewer) -> None:
    frame_id = make(app, anna)
    old = frames.get(app, anna, frame_id)
    with app.database.write() as session:
        frame = session.get_one(Frame, frame_id)
        frame.placed = True
        frame.recipe = replace(recipe_of(app, frame_id), box=Box(1, 2, 30, 40), fit=Fit.COVER).to_json()
        session.add(frame)
    draft = images.keep_draft(app, anna, plain_image(900, 600, "red"))
    frames.update(app, anna, frame_id, name="Winter sale", image=draft, source=SOURCE, found=None)
    row = frames.get(app, anna, frame_id)
    assert (row.name, row.image_width, row.placed) == ("Winter sale", 900, False)
    assert recipe_of(app, frame_id).fit is Fit.COVER  # the rest of the recipe stays
    assert recipe_of(app, frame_id).box.width > 40
    with pytest.raises(NotFound):
        images.frame_image(app, anna, frame_id, old.image_digest)
    assert len(list(app.storage.keys("private/frames/"))) == 1


def test_the_same_image_again_keeps_the_placement(app: Application, anna: Viewer) -> None:
    frame_id = make(app, anna)
    with app.database.write() as session:
        frame = session.get_one(Frame, frame_id)
        frame.placed = True
        session.add(frame)
    draft = images.keep_draft(app, anna, plain_image())
    frames.update(app, anna, frame_id, name="Same", image=draft, source=SOURCE, found=None)
    assert frames.get(app, anna, frame_id).placed
    assert images.frame_image(app, anna, frame_id, draft.digest)


def test_frames_with_the_same_feed_share_it_until_one_changes(app: Application, anna: Viewer, bert: Viewer) -> None:
    first, second, other = make(app, anna), make(app, anna), make(app, bert)
    feed_of = {f: frames.get(app, v, f).feed.feed_id for f, v in ((first, anna), (second, anna), (other, bert))}
    assert feed_of[first] == feed_of[second] != feed_of[other]
    moved = FeedSource("https://shop.example.com/other.xml", "user", "secret")
    frames.update(app, anna, second, name="Second", image=None, source=moved, found=None)
    assert frames.get(app, anna, first).feed.address == SOURCE.address
    assert frames.get(app, anna, second).feed.address == moved.address
    assert frames.get(app, anna, second).feed.has_credentials


def test_a_feed_used_once_is_changed_in_place(app: Application, anna: Viewer) -> None:
    frame_id = make(app, anna)
    before = frames.get(app, anna, frame_id).feed.feed_id
    moved = FeedSource("https://shop.example.com/other.xml")
    frames.update(app, anna, frame_id, name="Moved", image=None, source=moved, found=None)
    assert frames.get(app, anna, frame_id).feed.feed_id == before


def test_the_products_of_another_address_are_not_mixed_with_the_old_ones(app: Application, anna: Viewer) -> None:
    frame_id = make(app, anna)
    feed_id = frames.get(app, anna, frame_id).feed.feed_id
    add_output(app, frame_id)
    with app.database.write() as session:
        session.add(Product(feed_id=feed_id, product_key="plain", product_id="plain"))
        (named,) = session.exec(select(Output.product_ref)).all()
        key = session.get_one(Product, named).product_key
    again = SeenProduct(key, "again", "Again", "https://shop.example.com/again.jpg", 0)
    new = SeenProduct("new", "new", "New", "", 1)
    frames.update(app, anna, frame_id, name="Same", image=None, source=SOURCE, found=None)
    assert products_of(app) == {key: True, "plain": True}
    moved = FeedSource("https://shop.example.com/other.xml")
    frames.update(app, anna, frame_id, name="Moved", image=None, source=moved, found=None)
    assert products_of(app) == {key: False}
    with app.database.write() as session:
        feed_rows.add_missing_products(session, feed_id, [again, new])
    assert products_of(app) == {key: True, "new": True}


def products_of(app: Application) -> dict[str, bool]:
    """Whether each product is in its feed at present, by key."""
    with app.database.read() as session:
        return {product.product_key: product.retired_at is None for product in session.exec(select(Product))}


def test_credentials_are_encrypted_at_rest(app: Application, anna: Viewer) -> None:
    frame_id = make(app, anna, source=FeedSource(SOURCE.address, "shop", "open sesame"))
    with app.database.read() as session:
        feed = session.exec(select(Feed)).one()
    assert "sesame" not in feed.credentials
    assert feeds.feed_credentials(app, feed) == ("shop", "open sesame")
    assert frames.get(app, anna, frame_id).feed.username == "shop"


def test_a_saved_password_goes_to_the_same_host_only(app: Application, anna: Viewer) -> None:
    frame_id = make(app, anna, source=FeedSource(SOURCE.address, "shop", "open sesame"))
    feed_id = frames.get(app, anna, frame_id).feed.feed_id

    def password(address: str, username: str = "shop", typed: str = "") -> str:
        source = FeedSource(address, username, typed)
        return feeds.with_saved_password(app, anna, feed_id, source).password

    assert password("https://shop.example.com/second.xml") == "open sesame"
    assert password("https://shop.example.com/second.xml", typed="new") == "new"
    assert password("https://evil.example/feed.xml") == ""
    assert password("http://shop.example.com/feed.xml") == ""
    assert password(SOURCE.address, "another") == ""


def test_a_copy_has_the_placement_and_no_outputs(app: Application, anna: Viewer) -> None:
    frame_id = make(app, anna)
    add_output(app, frame_id)
    copy = frames.duplicate(app, anna, frame_id)
    row = frames.get(app, anna, copy)
    assert row.name == "Summer sale (copy)"
    assert row.feed.feed_id == frames.get(app, anna, frame_id).feed.feed_id
    assert recipe_of(app, copy) == recipe_of(app, frame_id)
    assert frames.deletion(app, anna, copy).outputs == 0
    frames.delete(app, anna, frame_id)
    assert images.frame_image(app, anna, copy, row.image_digest)  # the file is the copy's as well


def test_deleting_takes_everything_and_leaves_no_file(
    app: Application, anna: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "DELETE_BATCH", 2)
    frame_id, kept = make(app, anna), make(app, anna, "Other", FeedSource("https://shop.example.com/2.xml"))
    for number in range(5):
        add_output(app, frame_id, number)
    kept_picture = add_output(app, kept)
    add_run(app, frame_id, RunState.RUNNING, total=9, rendered=5)
    assert frames.deletion(app, anna, frame_id) == frames.Deletion("Summer sale", 5, running=True, published=False)
    frames.delete(app, anna, frame_id)
    with pytest.raises(NotFound):
        frames.get(app, anna, frame_id)
    assert list(app.storage.keys("public/")) == [kept_picture]
    with app.database.read() as session:
        assert [feed.address for feed in session.exec(select(Feed))] == ["https://shop.example.com/2.xml"]
        assert len(session.exec(select(Product)).all()) == 1
        assert session.exec(select(Run).where(col(Run.frame_id) == frame_id)).all() == []
    frames.delete(app, anna, kept)
    assert list(app.storage.keys("public/")) == []
    assert list(app.storage.keys("private/")) == []


def test_a_shared_feed_survives_one_of_its_frames(app: Application, anna: Viewer) -> None:
    first, second = make(app, anna), make(app, anna, "Second")
    frames.delete(app, anna, first)
    assert frames.get(app, anna, second).feed.address == SOURCE.address


def test_others_get_not_found_everywhere(app: Application, anna: Viewer, bert: Viewer) -> None:
    frame_id = make(app, anna)
    row = frames.get(app, anna, frame_id)
    for reach in (
        lambda: frames.get(app, bert, frame_id),
        lambda: frames.update(app, bert, frame_id, name="Mine", image=None, source=SOURCE, found=None),
        lambda: frames.duplicate(app, bert, frame_id),
        lambda: frames.deletion(app, bert, frame_id),
        lambda: frames.delete(app, bert, frame_id),
        lambda: images.frame_image(app, bert, frame_id, row.image_digest),
        lambda: feeds.with_saved_password(app, bert, row.feed.feed_id, SOURCE),
    ):
        with pytest.raises(NotFound):
            reach()
    assert cards.page(app, bert).cards == ()
    assert frames.get(app, anna, frame_id).name == "Summer sale"


def test_the_sample_is_a_frame_with_sixty_products(app: Application, anna: Viewer) -> None:
    frame_id = frames.create_sample(app, anna)
    row = frames.get(app, anna, frame_id)
    assert (row.name, row.feed.products, row.feed.error) == ("Sample frame", 60, "")
    assert recipe_of(app, frame_id).layer is Layer.ABOVE
    with app.database.read() as session:
        products = session.exec(select(Product).where(Product.feed_id == row.feed.feed_id)).all()
    assert len(products) == 60
    second = frames.get(app, anna, frames.create_sample(app, anna))
    assert second.name == "Sample frame 2"
    assert second.feed.feed_id == row.feed.feed_id


def test_a_card_says_what_state_its_frame_is_in(app: Application, anna: Viewer) -> None:
    frame_id = make(app, anna)
    card = cards.card(app, anna, frame_id)
    assert (card.state, card.products, card.run_id) == ("Draft", None, None)
    assert card.thumbnail.endswith("/thumb")
    with app.database.write() as session:
        frame = session.get_one(Frame, frame_id)
        frame.placed = True
        session.add(frame)
    run_id = add_run(app, frame_id, RunState.RUNNING, total=4, rendered=1)
    card = cards.card(app, anna, frame_id)
    assert (card.state, card.processed, card.total, card.products) == ("Running", 1, 4, 4)
    with app.database.write() as session:
        run = session.get_one(Run, run_id)
        run.state, run.rendered, run.unchanged, run.ended_at = RunState.DONE, 3, 1, utc_now()
        session.add(run)
    key = add_output(app, frame_id)
    card = cards.card(app, anna, frame_id)
    assert (card.state, card.ok, card.total) == ("Ready", 4, 4)
    assert card.thumbnail.startswith("/files/thumb/")
    assert card.thumbnail.endswith(key.rpartition("/")[2])


def test_a_retry_does_not_change_how_many_products_a_card_tells(app: Application, anna: Viewer) -> None:
    frame_id = frames.create_sample(app, anna)
    run_id = add_run(app, frame_id, RunState.DONE, total=4, failed=4)
    with app.database.write() as session:
        session.get_one(Run, run_id).kind = RunKind.RETRY
    assert cards.card(app, anna, frame_id).products == 60


def test_what_failed_before_stays_told_after_a_run_over_others(app: Application, anna: Viewer) -> None:
    frame_id = make(app, anna)
    with app.database.write() as session:
        session.get_one(Frame, frame_id).placed = True
    run_id = add_run(app, frame_id, RunState.DONE, total=1, rendered=1)
    with app.database.write() as session:
        session.get_one(Run, run_id).kind = RunKind.RETRY
    add_output(app, frame_id, 1)
    add_output(app, frame_id, 2, state=OutputState.FAILED)
    add_output(app, frame_id, 3, state=OutputState.FAILED)
    card = cards.card(app, anna, frame_id)
    assert (card.state, card.attention) == ("Needs attention", "2 products failed.")
    assert (card.failed_outputs, card.retried) == (2, True)


@pytest.mark.parametrize(
    ("state", "failed", "sentence"),
    [
        (RunState.DONE, 1, "1 product failed."),
        (RunState.FAILED, 0, "The last run failed."),
        (RunState.CANCELLED, 0, "The last run was cancelled."),
    ],
)
def test_what_needs_attention_says_why(
    app: Application, anna: Viewer, state: RunState, failed: int, sentence: str
) -> None:
    frame_id = make(app, anna)
    with app.database.write() as session:
        frame = session.get_one(Frame, frame_id)
        frame.placed = True
        session.add(frame)
    add_run(app, frame_id, state, total=2, rendered=1, failed=failed)
    add_output(app, frame_id)
    if failed:
        add_output(app, frame_id, 2, state=OutputState.FAILED)
    card = cards.card(app, anna, frame_id)
    assert (card.state, card.attention) == ("Needs attention", sentence)


def test_a_feed_that_is_down_can_be_saved(app: Application, anna: Viewer) -> None:
    draft = images.keep_draft(app, anna, plain_image())
    frame_id = frames.create(app, anna, name="Summer", image=draft, source=SOURCE, found=BROKEN)
    card = cards.card(app, anna, frame_id)
    assert (card.state, card.attention) == ("Needs attention", BROKEN.error)
