"""The container files against the published Compose schema and hadolint's rules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
COMPOSE_FILES = ("compose.yaml", "compose.dev.yaml")


def loaded(name: str) -> dict[str, Any]:
    return YAML(typ="safe").load(ROOT / name)  # type: ignore[no-any-return]


def told(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_compose_files_are_as_their_specification_has_it() -> None:
    told(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", *COMPOSE_FILES)


def test_hadolint_has_nothing_to_say_of_the_dockerfile() -> None:
    assert told(str(Path(sys.executable).with_name("hadolint")), "Dockerfile") == ""


def test_developing_is_on_the_same_database_and_redis_as_production() -> None:
    for service in ("postgres", "redis"):
        production, development = (loaded(name)["services"][service] for name in COMPOSE_FILES)
        for key in ("image", "healthcheck", "volumes"):
            assert development[key] == production[key]


def test_nginx_reads_what_the_application_made_and_is_believed_by_it() -> None:
    compose = loaded("compose.yaml")
    nginx, web = compose["services"]["nginx"], compose["services"]["web"]
    image = (ROOT / "Dockerfile").read_text()
    assert "--uid 10001 --gid 10001" in image
    assert nginx["user"] == "10001:10001"
    address = nginx["networks"]["front"]["ipv4_address"]
    assert web["environment"]["FRAMEAPP_TRUSTED_PROXIES"].startswith(f"{address},")
    assert nginx["profiles"] == ["production"]
    assert [port.partition(":-")[2].partition("}")[0] for port in web["ports"]] == ["127.0.0.1"]
