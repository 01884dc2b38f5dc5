"""The settings, read from the environment and a ``.env`` file, checked once at start."""

from __future__ import annotations

import importlib.metadata
import ipaddress
import os
import secrets
import tempfile
import tomllib
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from frameapp.errors import SettingsError

DATABASES = {"sqlite", "postgres", "postgresql"}
STORES = {"s3", "s3a", "gs", "az", "azure", "adl", "abfs", "abfss", "https", "file", "memory"}
NEAREST = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (all addresses, and the one this machine takes of them)
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


@lru_cache
def version() -> str:
    """The application's version: of the checkout's pyproject.toml, or of the package where pip installed it."""
    file = Path(__file__).parents[1] / "pyproject.toml"
    if not file.is_file():
        return importlib.metadata.version("frameapp")
    return str(tomllib.loads(file.read_text("utf-8"))["project"]["version"])


class Settings(BaseSettings):
    """Every setting of the application. Environment names carry the prefix ``FRAMEAPP_``."""

    model_config = SettingsConfigDict(env_prefix="FRAMEAPP_", env_file=".env", extra="ignore")

    env: Literal["development", "production"] = Field(
        "development", description="`production` rejects unsafe values at start."
    )
    data_dir: Path = Field(Path("data"), description="The folder of the database, the embedded Redis and the pictures.")
    database_url: str = Field("", description="PostgreSQL address. Unset: SQLite in the data folder.")
    redis_url: str = Field("", description="Redis address. Unset: an embedded Redis in the data folder.")
    storage_url: str = Field("", description="A bucket such as `s3://name/prefix`. Unset: a folder in the data folder.")
    secret: str = Field(
        "",
        description="At least 32 characters; encrypts feed credentials and signs. "
        "Unset: one is made and kept in the data folder.",
    )
    host: str = Field("127.0.0.1", description="The address the web server listens on. `0.0.0.0`: on all of them.")
    port: int = Field(3000, ge=1, le=65535, description="The port of the web server.")
    public_url: str = Field("", description="The address users reach it at. Unset: `http://localhost:PORT`.")
    registration: Literal["", "open", "invitation", "closed"] = Field(
        "",
        description="Who may register until an administrator sets it: `open`, `invitation` or `closed`. "
        "Unset: `open`; in production `closed` after the first account.",
    )
    audit_days: int = Field(180, ge=1, description="How many days the audit log keeps.")
    workers: int = Field(0, ge=0, le=256, description="Worker processes. 0: one per core.")
    fetch_allow: str = Field("", description="Private networks that may be fetched from, as `127.0.0.0/8,10.1.0.0/16`.")
    trusted_proxies: str = Field(
        "", description="Networks of the proxies whose X-Forwarded-For is believed, as `10.1.0.0/16`."
    )
    cache_mb: int = Field(2048, ge=0, description="Size of the cache of source pictures and thumbnails, in MB.")
    user_agent: str = Field(
        "Frameapp/1.0 (+catalogue pictures)", description="User-Agent of feed and picture requests."
    )

    @field_validator("fetch_allow", "trusted_proxies")
    @classmethod
    def _networks_parse(cls, value: str) -> str:
        _networks(value)
        return value

    @field_validator("host")
    @classmethod
    def _host_is_an_address(cls, value: str) -> str:
        try:
            return str(ipaddress.ip_address(value.strip("[]")))
        except ValueError:
            raise ValueError(
                "must be an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them"
            ) from None

    @field_validator("public_url")
    @classmethod
    def _public_url_is_an_origin(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc):
            raise ValueError("must look like https://frames.example.com")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database_is_known(cls, value: str) -> str:
        _scheme_of(value, DATABASES, "sqlite:///path or postgresql://user:password@host/name")
        try:
            make_url(value or "sqlite://")
        except (ArgumentError, ValueError):
            raise ValueError("must look like postgresql://user:password@host/name") from None
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_is_known(cls, value: str) -> str:
        return _scheme_of(value, {"redis", "rediss", "unix"}, "redis://host:6379/0")

    @field_validator("storage_url")
    @classmethod
    def _storage_is_known(cls, value: str) -> str:
        return _scheme_of(value, STORES, "s3://bucket/prefix")

    @model_validator(mode="after")
    def _production_is_strict(self) -> Settings:
        if self.secret and len(self.secret) < 32:
            raise ValueError("FRAMEAPP_SECRET needs at least 32 characters")
        if self.env == "production":
            for name in ("secret", "public_url"):
                if not getattr(self, name):
                    raise ValueError(f"FRAMEAPP_{name.upper()} must be set in production")
            if _can_be_guessed(self.secret):
                raise ValueError("FRAMEAPP_SECRET can be guessed; create one with: openssl rand -base64 48")
        return self

    @property
    def data_path(self) -> Path:
        """The data folder, absolute."""
        return self.data_dir.expanduser().resolve()

    @property
    def resolved_database_url(self) -> str:
        """The SQLAlchemy address of the database."""
        url = self.database_url or f"sqlite:///{self.data_path / 'frameapp.db'}"
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    @property
    def embedded_redis(self) -> bool:
        """Whether the application starts a Redis of its own."""
        return not self.redis_url

    @property
    def redis_socket(self) -> Path:
        """The unix socket of the embedded Redis (short: a socket path is limited to ~100 bytes)."""
        path = self.data_path / "redis" / "redis.sock"
        if len(str(path)) < 100:
            return path
        import hashlib
        import tempfile

        digest = hashlib.sha256(str(path).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"frameapp-{os.getuid()}-{digest}.sock"

    @property
    def resolved_redis_url(self) -> str:
        """The address redis-py and Dramatiq connect to."""
        return self.redis_url or f"unix://{self.redis_socket}"

    @property
    def resolved_public_url(self) -> str:
        """The origin that users reach the application at, without a trailing slash."""
        host = "localhost" if self.nearest_host in NEAREST.values() else self.nearest_host
        return self.public_url or origin_of(host, self.port)

    @property
    def nearest_host(self) -> str:
        """The address at which this machine reaches its own web server."""
        return NEAREST.get(self.host, self.host)

    @property
    def worker_count(self) -> int:
        """How many worker processes to start."""
        return self.workers or os.cpu_count() or 1

    @cached_property
    def fetch_networks(self) -> tuple[IPNetwork, ...]:
        """The private networks that the fetcher may reach."""
        return _networks(self.fetch_allow)

    @cached_property
    def proxy_networks(self) -> tuple[IPNetwork, ...]:
        """The networks of the proxies that stand before the web server."""
        return _networks(self.trusted_proxies)

    @cached_property
    def resolved_secret(self) -> str:
        """The secret; where none is set, the one kept in the data folder (made on first use)."""
        if self.secret:
            return self.secret
        path = self.data_path / "secret"
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        return path.read_text().strip()


def origin_of(host: str, port: int) -> str:
    """The origin of a web server at an address or name."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _write_once(path: Path, text: str) -> None:
    """Make the file with that text, whole or not at all; another process's, made meanwhile, stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f"{path.name}-") as file:  # for its owner only
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)


def _can_be_guessed(secret: str) -> bool:
    """Whether it repeats itself or is made of words: 128 random bits take 10 to the 38 guesses, this 10 to the 18."""
    from zxcvbn import zxcvbn

    return bool(zxcvbn(secret[:72])["guesses_log10"] < 18)


def _networks(text: str) -> tuple[IPNetwork, ...]:
    parts = filter(None, (part.strip() for part in text.split(",")))
    return tuple(ipaddress.ip_network(part, strict=False) for part in parts)


def _scheme_of(value: str, schemes: set[str], example: str) -> str:
    if value and value.partition("://")[0].partition("+")[0] not in schemes:
        raise ValueError(f"must look like {example}")
    return value


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The process's settings. Raises SettingsError with one sentence per wrong value."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = "_".join(str(part) for part in problem["loc"]).upper()
            text = problem["msg"].removeprefix("Value error, ")
            lines.append(f"FRAMEAPP_{name}: {text}." if name else f"{text}.")
        raise SettingsError(" ".join(lines)) from None
