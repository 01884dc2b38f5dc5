"""The command line."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from frameapp.__main__ import main
from frameapp.services import accounts, links
from frameapp.services.application import application, using
from frameapp.settings import get_settings, version

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FRAMEAPP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FRAMEAPP_DATABASE_URL", database_url)
    with using(None):
        yield
        application().database.dispose()


def test_an_administrator_is_made(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse battery\n"))
    assert main(["create-admin", "boss"]) == 0
    assert "boss is now an administrator" in capsys.readouterr().out
    assert accounts.check_password(application(), "boss", "correct horse battery").is_admin


def test_a_password_link_is_printed_alone_and_warned_about(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse battery\n"))
    assert main(["create-admin", "boss"]) == 0
    capsys.readouterr()
    assert main(["reset-password", "Boss"]) == 0
    printed = capsys.readouterr()
    place, _, token = printed.out.strip().partition("?token=")
    assert (place, links.owner(application(), token)) == ("http://localhost:3000/set-password", "boss")
    assert printed.err == f"{links.ONLY_HERE}\n"
    monkeypatch.setenv("FRAMEAPP_PUBLIC_URL", "https://frames.example.com")
    get_settings.cache_clear()
    with using(None):
        assert main(["reset-password", "boss"]) == 0
        application().database.dispose()
    printed = capsys.readouterr()
    assert printed.out.startswith("https://frames.example.com/set-password?token=")
    assert printed.err == ""
    assert main(["reset-password", "nobody"]) == 2


def test_a_weak_password_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert main(["create-admin", "boss"]) == 2
    said = capsys.readouterr().err
    assert "at least 8 characters" in said
    assert said.count("\n") == 1


def test_the_doctor_finds_an_empty_installation_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 7
    assert all(line.startswith("ok ") for line in lines)
    assert lines[0].startswith(f"ok      Frameapp: {version()} on Python 3.")


def test_the_version_is_the_projects(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert re.fullmatch(r"Frameapp \d+\.\d+\.\d+\n", told)
    released = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert released[:1] in ([], [version()]), "the newest section of the changelog is this version's"


def test_the_doctor_tells_what_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRAMEAPP_REDIS_URL", "redis://127.0.0.1:1/0")
    assert main(["doctor"]) == 1
    assert "failed  Redis: it does not answer; check FRAMEAPP_REDIS_URL." in capsys.readouterr().out


def test_a_wrong_setting_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FRAMEAPP_ENV", "production")
    assert main(["doctor"]) == 2
    assert capsys.readouterr().err.startswith("FRAMEAPP_SECRET must be set in production")
    monkeypatch.delenv("FRAMEAPP_ENV")


def test_no_command_but_the_page_build_loads_reflex() -> None:
    script = (
        "import sys\n"
        "from frameapp.__main__ import main, module_of, MODULES\n"
        "for name in MODULES: module_of(name)\n"
        "import frameapp.jobs.supervisor, frameapp.jobs.scheduler\n"
        "sys.exit('reflex' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=os.environ, check=False).returncode == 0
