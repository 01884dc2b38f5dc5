"""Long work that pages ask for: feed checks, slow hosts and large previews hold up nobody else."""

from __future__ import annotations

import statistics
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from sqlmodel import select

from frameapp.core.sample import sample_picture
from frameapp.models import Feed, Frame, Product
from frameapp.services import frames, placements
from frameapp.services.accounts import Viewer
from frameapp.services.checks import MOST_WAITING, TOO_MANY
from frameapp.services.previews import encode_recipe
from tests.attacks.conftest import Target
from tests.attacks.test_strangers import full_name
from tests.conftest import AttackFigure
from tests.e2e.events import Caller, calling

LINES, ALL_LINES = 300_000, 2_000_000  # of the feed; all of them under `make attack`
LOOKS = 20
PAGE_MS = 300
PREVIEWS = 20
PREVIEW_MS = 1_000
SLOW_SECONDS = 8
SECONDS = 240  # what a busy machine may take; nobody waits so long where all is well


class Host:
    """Serves a large feed, a feed that drips and never ends, and pictures that come late."""

    def __init__(self, lines_of_feed: int) -> None:
        self.lines = lines_of_feed
        lines = (f"sku-{n},Product {n},,9.99 EUR,in stock\n" for n in range(lines_of_feed))
        self.large = ("id,title,image_link,price,availability\n" + "".join(lines)).encode()
        self.open = 0
        self.end = threading.Event()
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.open += 1
                try:
                    host.answer(self)
                except OSError:  # the other end has gone
                    pass
                finally:
                    host.open -= 1

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """The large feed, the endless one, or a late picture, by the path."""
        handler.send_response(200)
        handler.end_headers()
        if handler.path.startswith("/large"):
            handler.wfile.write(self.large)
        elif handler.path.startswith("/endless"):
            handler.wfile.write(b"id,title,image_link\n")
            while not self.end.wait(0.2):
                handler.wfile.write(b"sku,Product,/1.jpg\n" * 500)
        elif not self.end.wait(SLOW_SECONDS):
            handler.wfile.write(sample_picture(1))


@pytest.fixture(scope="module")
def host(full_attacks: bool) -> Iterator[Host]:
    made = Host(ALL_LINES if full_attacks else LINES)
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.end.set()
    made.server.shutdown()
    made.server.server_close()


def new_user(target: Target) -> tuple[Viewer, str]:
    return target.user(f"user-{uuid.uuid4().hex[:10]}")


def begin_check(caller: Caller, address: str) -> None:
    """What the form does when an address is typed and its button pressed."""
    caller.call(full_name("FrameFormState", "start_new"), "/add-frame", {})
    caller.call(full_name("FrameFormState", "note_address"), "/add-frame", {"text": address})
    caller.call(full_name("FrameFormState", "check_feed"), "/add-frame", {})


def outcome(caller: Caller, lines: int) -> str:
    """``read`` or ``refused``, as soon as the check says so."""
    while True:
        text = caller.answers(until="rx_state_", quiet=0)
        if f"{lines:,} products" in text:
            return "read"
        if TOO_MANY in text:
            return "refused"


def look(target: Target, cookie: str, ended: Callable[[], bool]) -> list[float]:
    """Milliseconds of each page, asked for one after the other until what goes on meanwhile has ended."""
    found = []
    with httpx.Client(base_url=target.url, trust_env=False, timeout=SECONDS) as client:
        while not ended():
            for path, headers in (("/login/", {}), ("/", {"Cookie": cookie}), ("/health", {})):
                began = time.monotonic()
                assert client.get(path, headers=headers).status_code == 200
                found.append(1000 * (time.monotonic() - began))
    return found


def p95(times: list[float]) -> float:
    """The time that 95 % of them take at most."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def readers(target: Target) -> int:
    """The processes that read feeds for the web."""
    return sum("frameapp.adapters.feed_child" in args for args in target.server.children().values())


def wait_until_nothing_is_left(target: Target, host: Host, seconds: float) -> float:
    """Wait for the end of all checks; how many seconds it took."""
    began = time.monotonic()
    while host.open or readers(target):
        assert time.monotonic() - began < seconds, f"{host.open} fetches, {readers(target)} readers are left"
        time.sleep(0.1)
    return time.monotonic() - began


@pytest.mark.attack
@pytest.mark.parametrize(("users", "each"), [(1, 6), (5, 4)])
def test_pages_answer_while_large_feeds_are_checked(
    target: Target, host: Host, attack_figure: AttackFigure, users: int, each: int
) -> None:
    _, bystander = new_user(target)
    with ExitStack() as stack:
        cookies = [new_user(target)[1] for _ in range(users)]
        callers = [stack.enter_context(calling(target.server.port, cookie)) for cookie in cookies for _ in range(each)]
        for number, caller in enumerate(callers):
            begin_check(caller, f"{host.url}/large/{number}.csv")
        pool = stack.enter_context(ThreadPoolExecutor(len(callers)))
        outcomes = [pool.submit(outcome, caller, host.lines) for caller in callers]
        times = look(target, bystander, lambda: sum(map(Future.done, outcomes)) >= max(users, each - 1))
        ended = [(number // each, future.result()) for number, future in enumerate(outcomes) if future.done()]
        for caller in callers:
            caller.leave()
    by_user = Counter(user for user, how in ended if how == "read")
    refused = sum(how == "refused" for _, how in ended)
    name, slow = f"1 {users * each} feed checks of {host.lines:,} lines by {users}", p95(times)
    attack_figure(name, f"{len(times)} pages meanwhile", f"{LOOKS}", held=len(times) >= LOOKS)
    attack_figure(name, f"pages p95 {slow:.0f} ms", f"{PAGE_MS} ms", held=slow <= PAGE_MS, clock=True)
    assert refused == max(0, each - 1 - MOST_WAITING) * users
    assert max(by_user.values()) - min(by_user[user] for user in range(users)) <= 1, "users are read in turn"


@pytest.mark.attack
def test_endless_checks_end_with_their_tabs(target: Target, host: Host, attack_figure: AttackFigure) -> None:
    users = [new_user(target) for _ in range(8)]
    with ExitStack() as stack:
        for number in range(32):
            caller = stack.enter_context(calling(target.server.port, users[number % 8][1]))
            begin_check(caller, f"{host.url}/endless/{number}.csv")
        while host.open < 8:
            time.sleep(0.1)
    seconds = wait_until_nothing_is_left(target, host, SECONDS)
    files = [link for link in map(_target_of, (target.web / "fd").iterdir()) if "(deleted)" in link]
    figure = f"all gone after {seconds:.1f} s"
    attack_figure("5 32 endless checks, tabs closed", figure, "10 s", held=seconds < 10, clock=True)
    assert not [link for link in files if "/tmp/#" in link]


def _target_of(link: object) -> str:
    try:
        return str(link.readlink())  # type: ignore[attr-defined]
    except OSError:
        return ""


@pytest.mark.attack
def test_slow_pictures_and_large_previews_hold_up_no_other_user(
    target: Target, host: Host, attack_figure: AttackFigure
) -> None:
    (heavy, heavy_cookie), (viewer, cookie) = new_user(target), new_user(target)
    mine = preview_of(target, viewer)
    large = [preview_of(target, heavy, longest=7_900) for _ in range(4)]
    slow = [f"/files/source/{ref}/thumb" for ref in slow_products(target, heavy, host, 48)]
    with (
        httpx.Client(base_url=target.url, headers={"Cookie": cookie}, trust_env=False, timeout=SECONDS) as client,
        ThreadPoolExecutor(64) as pool,
    ):
        client.get(mine)  # starts the render process
        end = threading.Event()
        given: list[int] = []
        took: list[float] = []

        def attack(path: str) -> None:
            with httpx.Client(base_url=target.url, headers={"Cookie": heavy_cookie}, trust_env=False) as attacker:
                while not end.is_set():
                    given.append(attacker.get(path, timeout=SECONDS).status_code)

        attacks = [pool.submit(attack, path) for path in (*slow, *large, *large)]
        while host.open < 6:
            time.sleep(0.1)
        given.clear()
        for _ in range(PREVIEWS):
            began = time.monotonic()
            assert client.get(mine).status_code == 200
            took.append(1000 * (time.monotonic() - began))
        meanwhile = given.count(200)
        end.set()
        host.end.set()
        for each in attacks:
            each.result(timeout=SECONDS)
    median, slow = statistics.median(took), p95(took)
    figure, held = f"median {median:.0f} ms, p95 {slow:.0f} ms", slow <= PREVIEW_MS
    attack_figure("16 another user's preview", figure, f"{PREVIEW_MS:,} ms", held=held, clock=True)
    bound = 4 * PREVIEWS  # where they are not given in turn, the first one comes after 56
    attack_figure(
        f"16 {PREVIEWS} previews of another user", f"{meanwhile} of the heavy one", f"{bound}", held=meanwhile <= bound
    )


def preview_of(target: Target, viewer: Viewer, *, longest: int = 0) -> str:
    """The address of a preview of a new sample frame."""
    frame_id = frames.create_sample(target.app, viewer)
    recipe = placements.open_placement(target.app, viewer, frame_id).recipe
    recipe = replace(recipe, output_width=longest, output_height=longest)
    with target.app.database.read() as session:
        frame = session.get_one(Frame, frame_id)
        ref = session.exec(select(Product.id).where(Product.feed_id == frame.feed_id)).first()
    return f"/files/preview/{frame_id}/{ref}?recipe={encode_recipe(recipe)}"


def slow_products(target: Target, viewer: Viewer, host: Host, count: int) -> list[int]:
    """The ids of products whose pictures come late."""
    with target.app.database.write() as session:
        feed = Feed(workspace_id=viewer.workspace_id, address=f"{host.url}/feed.csv")
        session.add(feed)
        session.flush()
        products = [
            Product(
                feed_id=feed.id, product_key=str(n), product_id=str(n), position=n, image_link=f"{host.url}/{n}.jpg"
            )
            for n in range(count)
        ]
        session.add_all(products)
        session.flush()
        return [product.id for product in products]
