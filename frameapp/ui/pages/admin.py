"""The administration's pages."""

import reflex as rx

from frameapp.ui.admin.audit import audit
from frameapp.ui.admin.audit_state import AuditState
from frameapp.ui.admin.frame import frame
from frameapp.ui.admin.frame_state import AdminFrameState
from frameapp.ui.admin.frames import frames
from frameapp.ui.admin.frames_state import AdminFramesState
from frameapp.ui.admin.overview import overview
from frameapp.ui.admin.overview_state import OverviewState
from frameapp.ui.admin.registration import registration
from frameapp.ui.admin.registration_state import RegistrationState
from frameapp.ui.admin.runs import runs
from frameapp.ui.admin.runs_state import AdminRunsState
from frameapp.ui.admin.settings import settings
from frameapp.ui.admin.settings_state import SettingsState
from frameapp.ui.admin.users import users
from frameapp.ui.admin.users_state import UsersState
from frameapp.ui.shell import signed_in_page


@signed_in_page("/admin", title="Admin", on_load=[OverviewState.load, OverviewState.follow])
def admin_overview() -> rx.Component:
    return overview()


@signed_in_page("/admin/users", title="Users", on_load=[UsersState.load, UsersState.follow])
def admin_users() -> rx.Component:
    return users()


@signed_in_page("/admin/frames", title="All frames", on_load=AdminFramesState.load)
def admin_frames() -> rx.Component:
    return frames()


@signed_in_page("/admin/frames/[frame_id]", title="Frame", on_load=AdminFrameState.load)
def admin_frame() -> rx.Component:
    return frame()


@signed_in_page("/admin/runs", title="All runs", on_load=[AdminRunsState.load, AdminRunsState.follow])
def admin_runs() -> rx.Component:
    return runs()


@signed_in_page("/admin/registration", title="Registration", on_load=RegistrationState.load)
def admin_registration() -> rx.Component:
    return registration()


@signed_in_page("/admin/settings", title="Settings", on_load=SettingsState.load)
def admin_settings() -> rx.Component:
    return settings()


@signed_in_page("/admin/audit", title="Audit log", on_load=AuditState.load)
def admin_audit() -> rx.Component:
    return audit()
