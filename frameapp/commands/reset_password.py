"""print a link for setting a user's new password; it works once, for 24 hours"""

import argparse
import sys

from frameapp.services import links
from frameapp.services.application import application
from frameapp.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("username", help="the user with the forgotten password")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print the link. Raises Invalid where there is no such user."""
    token = links.password_link_for(application(), options.username)
    sys.stdout.write(f"{settings.resolved_public_url}/set-password?token={token}\n")
    return 0
