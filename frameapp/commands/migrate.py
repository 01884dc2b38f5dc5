"""migrate the database to the latest revision"""

import argparse

from frameapp.db import migrate as migrations
from frameapp.settings import Settings


def add_arguments(_: argparse.ArgumentParser) -> None:
    """It has none."""


def run(settings: Settings, _: argparse.Namespace) -> int:
    """Run every migration that the database lacks."""
    settings.data_path.mkdir(parents=True, exist_ok=True)
    migrations.migrate(settings.resolved_database_url)
    return 0
