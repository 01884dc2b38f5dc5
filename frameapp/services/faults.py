"""Faults of the machine: no product's and no feed's. What one stopped waits and continues by itself."""

from obstore.exceptions import BaseError as StorageFault
from obstore.exceptions import PermissionDeniedError
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from frameapp.errors import StartError

FAULTS = (StorageFault, OSError, SQLAlchemyError, StartError)
PASSING = (StorageFault, OSError, OperationalError, InterfaceError, StartError)  # whatever the feed says

FULL = ("no space left", "disk is full", "storagefull", "quota")
CLOSED = ("read-only", "readonly", "permission denied", "access denied")


def waiting_for(fault: Exception) -> str:
    """What a run waits for, as ``Waiting for storage: the disk is full. …``; it reveals no path and no address."""
    text = str(fault).casefold()
    why = "it does not answer"
    if any(word in text for word in FULL):
        why = "the disk is full"
    elif isinstance(fault, PermissionDeniedError) or any(word in text for word in CLOSED):
        why = "it cannot be written"
    return f"Waiting for {_what(fault)}: {why}. The run continues by itself as soon as it can."


def _what(fault: Exception) -> str:
    if isinstance(fault, StorageFault):
        return "storage"
    return "the database" if isinstance(fault, SQLAlchemyError) else "the server"
