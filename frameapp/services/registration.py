"""Registration: open to anyone, by invitation, or closed."""

from sqlmodel import Session

from frameapp.db.installation import has_accounts, installation
from frameapp.errors import Invalid
from frameapp.models import LinkKind, Registration
from frameapp.services import accounts, attempts, audit, links
from frameapp.services.application import Application
from frameapp.services.viewer import Viewer, require_administrator

CLOSED = "Registration is closed. Ask an administrator for an account."
INVITED = "You need an invitation to register. Ask an administrator for a link."
BAD_INVITATION = "This invitation has been used or has expired. Ask for a new one."


def mode(app: Application) -> Registration:
    """What holds now."""
    with app.database.read() as session:
        return _mode(app, session)


def is_first(app: Application) -> bool:
    """Whether there is no account yet: the one that is made then is the administrator's."""
    with app.database.read() as session:
        return not has_accounts(session)


def is_overridden(app: Application) -> bool:
    """Whether an administrator has set it, and not the environment or the default."""
    with app.database.read() as session:
        return bool(installation(session).registration)


def set_mode(app: Application, viewer: Viewer, wanted: Registration) -> None:
    """Set what holds from now on. Raises NotFound unless the viewer is an administrator."""
    require_administrator(viewer)
    with app.database.write() as session:
        row = installation(session)
        row.registration = wanted
        session.add(row)
        audit.record(session, audit.Action.REGISTRATION, viewer=viewer, detail=wanted)


def invite(app: Application, viewer: Viewer) -> str:
    """The token of a new invitation. Raises NotFound unless the viewer is an administrator."""
    require_administrator(viewer)
    with app.database.write() as session:
        token = links.add(session, LinkKind.INVITATION)
        audit.record(session, audit.Action.INVITATION, viewer=viewer)
    return token


def refusal(app: Application, invitation: str) -> str:
    """Why registration with this invitation (empty: without one) is refused; empty if it is allowed."""
    with app.database.read() as session:
        try:
            _admit(app, session, invitation, use=False)
        except Invalid as error:
            return str(error)
    return ""


def refuse_attempts(app: Application, invitation: str, *, address: str) -> None:
    """Count a registration from this address. Raises TooManyAttempts, TooBusy, or Invalid where registration is
    closed.
    """
    attempts.count(app, attempts.REGISTER_OF_ADDRESS, attempts.place_of(address))
    attempts.count_in_all(app)
    if sentence := refusal(app, invitation):
        raise Invalid(sentence)


def register(
    app: Application, username: str, password: str, *, email: str = "", invitation: str = "", address: str = ""
) -> Viewer:
    """Create an account if registration is allowed; ``refuse_attempts`` first. Raises Invalid with the field that is
    wrong.
    """

    def admit(session: Session) -> None:
        _admit(app, session, invitation, use=True)

    return accounts.register(app, username, password, email=email, admit=admit, address=address)


def _admit(app: Application, session: Session, invitation: str, *, use: bool) -> None:
    wanted = _mode(app, session)
    if wanted is Registration.CLOSED:
        raise Invalid(CLOSED)
    if wanted is Registration.INVITATION:
        if not invitation:
            raise Invalid(INVITED)
        if links.usable(session, LinkKind.INVITATION, invitation, use=use) is None:
            raise Invalid(BAD_INVITATION)


def _mode(app: Application, session: Session) -> Registration:
    """The administrators' word, else the setting, else: open in development and for the first account, then closed."""
    if chosen := installation(session).registration or app.settings.registration:
        return Registration(chosen)
    if app.settings.env == "production" and has_accounts(session):
        return Registration.CLOSED
    return Registration.OPEN
