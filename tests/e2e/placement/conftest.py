"""The sample's placement page, whose box lies at the same place for each test."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from frameapp.services import accounts, frames
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from tests.e2e.conftest import PASSWORD, Site, new_name
from tests.e2e.placement.placing import open_sample, place, set_number, wait_for_result


@pytest.fixture(scope="package")
def sample(app: Application) -> tuple[Viewer, int]:
    """A user and the id of their sample's frame, for all tests that save nothing else than the fixture ``page`` has."""
    viewer = accounts.register(app, new_name(), PASSWORD)
    return viewer, frames.create_sample(app, viewer)


@pytest.fixture
def page(site: Site, app: Application, sample: tuple[Viewer, int]) -> Page:
    """The sample's placement page with a box of 400 x 300 pixels at (100, 120)."""
    page = open_sample(site, app, sample)
    wait_for_result(page)
    set_number(page, "Width", "400")
    set_number(page, "Height", "300")
    place(page)
    return page
