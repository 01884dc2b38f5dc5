"""An administrator who reads what is another user's."""

from dataclasses import replace

from frameapp.db.administration import frames as table
from frameapp.db.paging import Asked as Asked  # pages take it from here
from frameapp.errors import NotFound
from frameapp.models import User
from frameapp.services.application import Application
from frameapp.services.viewer import Viewer, require_administrator


def reading(app: Application, viewer: Viewer, frame_id: int) -> tuple[Viewer, User]:
    """The administrator as one who may read this frame, and whose it is. Raises NotFound."""
    require_administrator(viewer)
    with app.database.read() as session:
        owner = table.owner_of(session, frame_id)
    if owner is None:
        raise NotFound
    return replace(viewer, workspace_ids=(owner.workspace_id,)), owner
