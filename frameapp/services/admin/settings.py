"""The settings in force: each with its value, secrets hidden, and where it comes from."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values

from frameapp.services import registration
from frameapp.services.application import Application
from frameapp.services.viewer import Viewer, require_administrator
from frameapp.settings import Settings

HIDDEN = "•" * 8
SECRETS = {"secret"}
RESOLVED = {  # what an unset one comes to
    "database_url": "resolved_database_url",
    "redis_url": "resolved_redis_url",
    "public_url": "resolved_public_url",
    "data_dir": "data_path",
    "workers": "worker_count",
}


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting; ``source`` is ``environment``, ``.env``, ``default``, or ``page`` where an administrator set it."""

    name: str
    value: str
    source: str
    description: str


def in_force(app: Application, viewer: Viewer) -> list[SettingRow]:
    """Every setting of this web process. Raises NotFound unless the viewer is an administrator."""
    require_administrator(viewer)
    rows = {
        name: SettingRow(
            f"FRAMEAPP_{name.upper()}", shown(app.settings, name), source_of(name), field.description or ""
        )
        for name, field in Settings.model_fields.items()
    }
    source = "page" if registration.is_overridden(app) else rows["registration"].source
    rows["registration"] = replace(rows["registration"], value=registration.mode(app).value, source=source)
    return list(rows.values())


def source_of(name: str) -> str:
    """Where the setting was read."""
    wanted = f"FRAMEAPP_{name}".upper()
    if wanted in {key.upper() for key in os.environ}:
        return "environment"
    if Path(".env").is_file() and wanted in {key.upper() for key in dotenv_values(".env")}:
        return ".env"
    return "default"


def shown(settings: Settings, name: str) -> str:
    """The value in force; nothing secret of it."""
    value: Any = getattr(settings, RESOLVED.get(name, name))
    if name in SECRETS:
        return HIDDEN if value else "Kept in the data folder"
    if name.endswith("_url"):
        return without_password(str(value)) if value else "Not set"
    return "Not set" if value == "" else str(value)


def without_password(address: str) -> str:
    """The address, its password hidden, and the values of its query, which may be keys."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    user = parts.netloc.rpartition("@")[0].partition(":")[0]
    netloc = f"{user}:{HIDDEN}@{host}" if ":" in parts.netloc.rpartition("@")[0] else parts.netloc
    query = "&".join(f"{pair.partition('=')[0]}={HIDDEN}" for pair in parts.query.split("&") if pair)
    return f"{parts.scheme}://{netloc}{parts.path}" + (f"?{query}" if query else "")
