"""download the face for Chinese, Japanese and Korean into the data folder"""

from __future__ import annotations

import argparse
import sys

from frameapp.adapters.font_files import PUBLISHED, fetch_fonts
from frameapp.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the files come from."""
    parser.add_argument("--from", dest="address", default=PUBLISHED, metavar="URL",
        help="the folder that has them, a mirror of the one that publishes them")  # fmt: skip


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Fetch what is missing. Raises FetchError."""
    for path in fetch_fonts(settings.data_path / "fonts", options.address):
        sys.stdout.write(f"{path}\n")
    return 0
