"""Settings: every one documented, unsafe ones refused."""

from __future__ import annotations

import argparse
import io
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from frameapp.commands import create_admin
from frameapp.db.migrate import migrate
from frameapp.errors import SettingsError, StartError
from frameapp.services.application import application, using
from frameapp.settings import Settings, get_settings
from tests.conftest import AttackFigure

ROOT = Path(__file__).resolve().parents[1]
NAMES = [f"FRAMEAPP_{name.upper()}" for name in Settings.model_fields]


@pytest.mark.parametrize("document", ["README.md", ".env.example"])
def test_every_setting_is_documented(document: str) -> None:
    text = (ROOT / document).read_text()
    assert [name for name in NAMES if name not in text] == []


def test_no_document_names_a_setting_that_is_not() -> None:
    import re

    for document in ("README.md", ".env.example", "compose.yaml", "Dockerfile"):
        found = set(re.findall(r"FRAMEAPP_[A-Z_]+", (ROOT / document).read_text()))
        assert found <= {*NAMES}, document


def settings_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **values: str) -> Settings:
    monkeypatch.chdir(tmp_path)  # no .env of the developer's
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in values.items():
        monkeypatch.setenv(f"FRAMEAPP_{name}", value)
    get_settings.cache_clear()
    return get_settings()


def test_production_refuses_to_start_without_a_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="FRAMEAPP_SECRET must be set"):
        settings_from(monkeypatch, tmp_path, ENV="production", PUBLIC_URL="https://frames.example.com")


def test_a_short_secret_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="at least 32 characters"):
        settings_from(monkeypatch, tmp_path, SECRET="short")


@pytest.mark.attack
def test_production_refuses_a_secret_that_can_be_guessed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, attack_figure: AttackFigure
) -> None:
    public = {"ENV": "production", "PUBLIC_URL": "https://frames.example.com"}
    weak = ("a" * 40, "0123456789" * 4, "password" * 5, "qwertyuiopasdfghjklzxcvbnmqwertyuiop")
    refused = 0
    for secret in weak:
        with pytest.raises(SettingsError, match="FRAMEAPP_SECRET can be guessed"):
            settings_from(monkeypatch, tmp_path, SECRET=secret, **public)
        refused += 1
    for secret in (secrets.token_urlsafe(48), secrets.token_hex(16)):
        assert settings_from(monkeypatch, tmp_path, SECRET=secret, **public).secret == secret
    figure, held = f"{refused} of {len(weak)} refused", refused == len(weak)
    attack_figure("18 secrets of one letter, a row of keys or words", figure, "all", held=held)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "x"),
        ("FETCH_ALLOW", "10.1"),
        ("TRUSTED_PROXIES", "proxy"),
        ("PUBLIC_URL", "frames.example.com"),
        ("ENV", "live"),
        ("DATABASE_URL", "mysql://host/name"),
        ("DATABASE_URL", "frameapp.db"),
        ("DATABASE_URL", "postgresql://user@host:port/name"),
        ("REDIS_URL", "localhost:6379"),
        ("STORAGE_URL", "/srv/pictures"),
    ],
)
def test_a_malformed_value_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"FRAMEAPP_{name}"):
        settings_from(monkeypatch, tmp_path, **{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql+psycopg://user:secret@host/name"),
        ("DATABASE_URL", "sqlite:////srv/frameapp.db"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("STORAGE_URL", "s3://bucket/prefix"),
    ],
)
def test_a_usual_address_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str) -> None:
    assert getattr(settings_from(monkeypatch, tmp_path, **{name: value}), name.lower()) == value


def test_a_database_that_does_not_answer_is_a_sentence() -> None:
    with pytest.raises(StartError, match="FRAMEAPP_DATABASE_URL"):
        migrate("postgresql+psycopg://nobody@127.0.0.1:1/nothing")


def test_an_administrator_is_made_in_a_folder_that_was_not_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    settings = settings_from(monkeypatch, tmp_path, DATA_DIR=str(tmp_path / "data"))
    with using(None):
        assert create_admin.run(settings, argparse.Namespace(username="boss", email="")) == 0
        application().database.dispose()


def test_an_env_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FRAMEAPP_PORT=4321\n")
    settings = settings_from(monkeypatch, tmp_path)
    assert settings.resolved_public_url == "http://localhost:4321"


def test_the_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = Settings(data_dir=tmp_path, _env_file=None).resolved_secret  # type: ignore[call-arg]
    assert Settings(data_dir=tmp_path, _env_file=None).resolved_secret == first  # type: ignore[call-arg]
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


def test_processes_that_begin_together_share_one_secret(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def ask(_: int) -> str:
        settings = Settings(data_dir=tmp_path, _env_file=None)  # type: ignore[call-arg]
        together.wait()
        return settings.resolved_secret

    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(ask, range(8)))
    assert len(found) == 1
    assert len(found.pop()) >= 32
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]
