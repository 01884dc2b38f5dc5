"""The container files against the published Compose schema and hadolint's rules."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from starlette.routing import Route

from frameapp.web import accounts

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


def test_what_nginx_reads_is_mounted() -> None:
    text = "".join(file.read_text() for file in (ROOT / "nginx").iterdir())
    named = set(re.findall(r"(/etc/nginx/[\w./-]*\w|/srv/frameapp/[\w./-]*\w)", text)) - {"/etc/nginx/mime.types"}
    nginx = loaded("compose.yaml")["services"]["nginx"]
    targets = [volume["target"] if isinstance(volume, dict) else volume.split(":")[-2] for volume in nginx["volumes"]]
    targets += [config["target"] for config in nginx["configs"]]
    named.remove("/srv/frameapp/storage")  # the root of /public/
    named.add("/srv/frameapp/storage/public")
    assert {
        path for path in named if not any(path == target or path.startswith(f"{target}/") for target in targets)
    } == set()
    assert {target for target in targets if not any(path.startswith(target) for path in named)} == set()


def test_nginx_limits_every_form_that_costs_a_hashing() -> None:
    found = re.search(r'"~(\S+ \S+)" \$binary_remote_addr', (ROOT / "nginx" / "nginx.conf").read_text())
    assert found
    forms = {route.path for route in accounts.routes if isinstance(route, Route) and "POST" in (route.methods or ())}
    assert {form for form in forms if not re.match(found[1], f"POST {form}")} == {"/logout"}
