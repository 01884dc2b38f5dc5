"""make an administrator: of the account with this name, or a new one, whose password is asked for"""

import argparse
import getpass
import sys

from frameapp.db.migrate import migrate
from frameapp.errors import Invalid
from frameapp.services import accounts, users
from frameapp.services.application import application
from frameapp.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("username", nargs="?", default="", help="prompted for if not given")
    parser.add_argument("--email", default="", help="optional")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Make the account, or make the one there is an administrator. Raises Invalid with a sentence where the name or the
    password is refused.
    """
    settings.data_path.mkdir(parents=True, exist_ok=True)
    migrate(settings.resolved_database_url)
    username = options.username or ask("Username: ")
    if not users.promote(application(), username):
        accounts.register(application(), username, ask_password(), email=options.email, is_admin=True)
    sys.stdout.write(f"{username} is now an administrator. Sign in at {settings.resolved_public_url}/login\n")
    return 0


def ask(prompt: str) -> str:
    """A line from the person at the terminal; from the standard input where there is no terminal."""
    if sys.stdin.isatty():
        return input(prompt).strip()
    return sys.stdin.readline().rstrip("\r\n")


def ask_password() -> str:
    """The password, asked for twice at a terminal. Raises Invalid where both differ."""
    if not sys.stdin.isatty():
        return ask("")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Password again: ") != password:
        raise Invalid("The two passwords differ.", field="password")
    return password
