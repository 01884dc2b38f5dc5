"""Short secrets at rest: encrypted with a key made from the installation's secret."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from frameapp.services.application import Application


def seal(app: Application, text: str) -> str:
    """``text``, encrypted and signed; safe in an address."""
    return _fernet(app).encrypt(text.encode()).decode()


def unseal(app: Application, token: str, *, max_age: int | None = None) -> str | None:
    """What ``seal`` was given; None where the token is not ours or older than ``max_age`` seconds."""
    try:
        return _fernet(app).decrypt(token.encode(), ttl=max_age).decode()
    except (InvalidToken, UnicodeError):
        return None


def _fernet(app: Application) -> Fernet:
    key = hashlib.sha256(b"credentials:" + app.settings.resolved_secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
