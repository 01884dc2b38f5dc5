"""The administration's pages: importing them is what adds them (rx.page)."""

from frameapp.ui.admin import audit as audit
from frameapp.ui.admin import frame as frame
from frameapp.ui.admin import frames as frames
from frameapp.ui.admin import overview as overview
from frameapp.ui.admin import registration as registration
from frameapp.ui.admin import runs as runs
from frameapp.ui.admin import settings as settings
from frameapp.ui.admin import users as users
