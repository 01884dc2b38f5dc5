"""Publishing the built pages into a data folder that other servers share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from frameapp.jobs import pages
from frameapp.settings import Settings

SCRIPT = "build/client/assets/entry.js"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An empty data folder beside a small build."""
    web = tmp_path / "web"
    (web / SCRIPT).parent.mkdir(parents=True)
    (web / SCRIPT).write_bytes(b"ws://" + pages.PLACEHOLDER)
    (web / "frameapp.stamp").write_text("0123456789abcdef0123")
    monkeypatch.setattr(pages, "WEB", web)
    monkeypatch.setattr(pages, "STAMP", web / "frameapp.stamp")
    return Settings(data_dir=tmp_path / "data", port=4321, _env_file=None)  # type: ignore[call-arg]


def test_one_that_was_killed_meanwhile_stops_no_later_one(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:  # every process of a container has the same id, so this one stands for two
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            pages.publish(settings, alone=False)
    assert list((settings.data_path / "pages").iterdir())
    pages.publish(settings, alone=False)
    assert (pages.published(settings) / SCRIPT).read_bytes() == b"ws://localhost:4321"


def test_a_full_disk_is_told_and_leaves_nothing_behind(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space left"):
            pages.publish(settings, alone=False)
    assert not list((settings.data_path / "pages").iterdir())


def test_the_faster_server_wins(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def late(draft: Path, target: Path) -> None:
        shutil.copytree(draft, target)
        rename(draft, target)

    monkeypatch.setattr(Path, "rename", late)
    pages.publish(settings, alone=False)
    current = pages.published(settings).with_name("current")
    assert set(current.parent.iterdir()) == {pages.published(settings), current}
    assert current.resolve() == pages.published(settings)


@pytest.mark.parametrize(
    ("public_url", "address"),
    [
        ("", "ws://localhost:4321"),
        ("http://frames.test", "ws://localhost:80"),
        ("https://frames.test", "ws://localhost:443"),
        ("https://frames.test:443", "ws://localhost:443"),
        ("https://frames.test:8443", "wss://frames.test:8443"),
        ("https://[2001:db8::7]:8443", "wss://[2001:db8::7]:8443"),
    ],
)
def test_the_copy_knows_where_its_backend_is(settings: Settings, public_url: str, address: str) -> None:
    settings = settings.model_copy(update={"public_url": public_url})
    pages.publish(settings, alone=False)
    copy = pages.published(settings)
    assert (copy / SCRIPT).read_bytes() == address.encode()
    assert copy.parent == settings.data_path / "pages"


def test_a_new_build_becomes_the_current_one_and_the_old_one_goes(settings: Settings) -> None:
    pages.publish(settings, alone=True)
    old = pages.published(settings)
    pages.STAMP.write_text("another build of pages")
    pages.publish(settings, alone=True)
    current = old.with_name("current")
    assert set(current.parent.iterdir()) == {pages.published(settings), current}
    assert current.resolve() == pages.published(settings) != old
