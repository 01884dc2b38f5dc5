"""print a link for setting a user's new password; it works once, for 24 hours"""

import argparse
import sys

from frameapp.models import LinkKind
from frameapp.services import links
from frameapp.services.application import application
from frameapp.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("username", help="the user with the forgotten password")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print the link. Raises Invalid where there is no such user."""
    app = application()
    token = links.password_link_for(app, options.username)
    sys.stdout.write(f"{links.address(app, LinkKind.PASSWORD, token)}\n")
    if warning := links.warning(app):
        sys.stderr.write(f"{warning}\n")
    return 0
