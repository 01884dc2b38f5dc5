"""The command line: ``python -m frameapp COMMAND``."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (before any import that needs it)
    sys.exit("Frameapp needs Python 3.11 or newer.")

import argparse
import importlib
import io
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from frameapp.errors import FrameappError, StartError
from frameapp.settings import Settings, get_settings, version


def serve(settings: Settings) -> int:
    """everything on this machine, on one port; Ctrl-C ends it"""
    from frameapp.jobs import supervisor

    supervisor.serve(settings)
    return 0


def supervise(settings: Settings) -> int:
    """everything but web, until the standard input ends (for `reflex run`)"""
    from frameapp.jobs import supervisor

    supervisor.supervise(settings)
    return 0


def web(settings: Settings) -> int:
    """only the web server"""
    from frameapp.jobs import pages, supervisor
    from frameapp.jobs.data_folder import prepare_data_folder

    prepare_data_folder(settings)
    (settings.data_path / "storage" / "public").mkdir(parents=True, exist_ok=True)  # mounted by nginx's container
    pages.provide(settings, alone=False, before_building=lambda: supervisor.say(supervisor.BUILDING))
    command = supervisor.web_command(settings)
    os.chdir(supervisor.ROOT)
    os.execv(command[0], command)  # noqa: S606


def worker(settings: Settings) -> int:
    """only the workers, one per core"""
    from frameapp.jobs import supervisor

    running = supervisor.Supervisor(settings, logs=False)
    for number in range(1, settings.worker_count + 1):
        running.add(f"worker-{number}", supervisor.worker_command)
    running.run()
    return 0


def scheduler(settings: Settings) -> int:
    """only the scheduler"""
    from frameapp.jobs import scheduler as loop
    from frameapp.services.application import application

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    loop.run(application(), stop)
    return 0


def build(settings: Settings) -> int:
    """build the pages"""
    from frameapp.jobs import pages

    pages.build()
    return 0


COMMANDS: dict[str, Callable[[Settings], int]] = {
    "serve": serve,
    "web": web,
    "worker": worker,
    "scheduler": scheduler,
    "build": build,
    "supervise": supervise,
}


# What these write is for others to read: the built pages, rendered pictures.
FOR_OTHERS = {"build", "render", "inspect"}
# What works where pip installed the package alone; the others need the checkout's pages, migrations and assets.
ALONE = {"render", "inspect"}
CHECKOUT = Path(__file__).resolve().parents[1] / "rxconfig.py"
# Modules with ``add_arguments(parser)`` and ``run(settings, options)``; only the chosen one is loaded.
MODULES = {
    "migrate": "migrate the database to the latest revision",
    "create-admin": "create an administrator",
    "reset-password": "print a link for setting a user's new password",
    "render": "render a feed into a folder, on all cores, without a server",
    "inspect": "report what a feed contains and what is missing",
    "fonts": "download the face for Chinese, Japanese and Korean into the data folder",
    "doctor": "check settings, database, Redis, storage, rendering and pages",
}


class Parser(argparse.ArgumentParser):
    """Reports what is wrong with the arguments in one sentence, without the whole usage."""

    def error(self, message: str) -> NoReturn:
        """End with exit status 2."""
        self.exit(2, f"{message[:1].upper()}{message[1:]}; see {self.prog} --help.\n")


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns its exit status: 2 for what the user must fix, reported in one sentence."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # product ids are in any alphabet, terminals are not
    installed = Path(sys.argv[0]).name == "frameapp"
    parser = Parser(
        prog="frameapp" if installed else "python -m frameapp", description="Frames for catalogue pictures."
    )
    parser.add_argument("--version", action="version", version=f"Frameapp {version()}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, function in COMMANDS.items():
        subparsers.add_parser(name, help=function.__doc__)
    for name, text in MODULES.items():
        subparser = subparsers.add_parser(name, help=text, description=text)
        if arguments[:1] == [name]:
            module_of(name).add_arguments(subparser)
    options = parser.parse_args(arguments)
    before = os.umask(0o077)
    if options.command in FOR_OTHERS:
        os.umask(before)
    try:
        if options.command not in ALONE and not CHECKOUT.is_file():
            raise StartError("This command needs a checkout of Frameapp: its pages and migrations are there.")
        if options.command in MODULES:
            return int(module_of(options.command).run(get_settings(), options))
        return COMMANDS[options.command](get_settings())
    except FrameappError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:  # before the command took over the signal
        return 130
    finally:
        os.umask(before)


def module_of(name: str) -> ModuleType:
    """The module of a command."""
    return importlib.import_module(f"frameapp.commands.{name.replace('-', '_')}")


if __name__ == "__main__":
    sys.exit(main())
