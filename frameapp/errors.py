"""The one tree of errors.

FrameappError                 anything of ours; ``str(error)`` is a sentence for the user
├── SettingsError             a setting is missing, malformed or unsafe
├── StartError                a process cannot start: port taken, folder not writable
├── NotFound                  it does not exist, or it is not the viewer's: the same answer
├── Conflict                  it cannot be done in the present state
│   └── LimitReached          the user has as much as they may
├── Invalid                   a field's value is refused; ``field`` names it
│   ├── TemplateError         a template text is refused; ``position`` says where (core/values/template.py)
│   └── ConditionError        a condition is refused; ``path`` says where (core/values/condition_json.py)
├── SignInRequired            no valid session
├── TooManyAttempts           sign-ins failed too often; ``minutes`` says for how long
├── TooBusy                   the server has as much of this work as it takes; trying again in a moment helps
├── FeedError                 the feed as a whole cannot be read
├── PictureError              one picture cannot be decoded or rendered
│   └── TookTooLong           it was not done in its time, which may be the machine's fault
└── FetchError                an address could not be fetched
    ├── AddressRefused        the address leads where the fetcher must not go
    ├── FetchTimeout
    ├── TooLarge
    └── BadStatus             ``status`` holds the HTTP status
"""


class FrameappError(Exception):
    """The base of all our errors. ``str(error)`` says what happened and what to do."""


class SettingsError(FrameappError):
    """A setting is missing, malformed or unsafe for production."""


class StartError(FrameappError):
    """A process cannot start."""


class NotFound(FrameappError):
    """What was asked for does not exist or belongs to another user."""

    def __init__(self, message: str = "There is nothing here, or it is not yours.") -> None:
        super().__init__(message)


class Conflict(FrameappError):
    """The action does not fit the present state."""


class LimitReached(Conflict):
    """The user has as much as they may have."""


class Invalid(FrameappError):
    """A value is refused; ``field`` names the form's field, empty for the form."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class SignInRequired(FrameappError):
    """There is no valid session."""

    def __init__(self, message: str = "Please sign in.") -> None:
        super().__init__(message)


class TooManyAttempts(FrameappError):
    """Sign-ins failed too often; ``minutes`` is how long to wait. ``is_first``: no earlier attempt was refused."""

    def __init__(self, minutes: int, *, is_first: bool = False) -> None:
        super().__init__(f"Too many attempts. Try again in {minutes} {'minute' if minutes == 1 else 'minutes'}.")
        self.minutes = minutes
        self.is_first = is_first


class TooBusy(FrameappError):
    """The server has as much of this work as it takes."""


class FeedError(FrameappError):
    """The feed as a whole cannot be read."""


NO_PICTURE = "This product has no picture in the feed."


class PictureError(FrameappError):
    """One picture cannot be decoded or rendered."""


class TookTooLong(PictureError):
    """One picture was not done in its time: the picture's fault, or that of a machine that was stopped or starved."""


class FetchError(FrameappError):
    """An address could not be fetched."""


class AddressRefused(FetchError):
    """The address is malformed or leads to a network that is not allowed."""


class FetchTimeout(FetchError):
    """The host did not answer, or not fast enough."""


class TooLarge(FetchError):
    """The answer is larger than the limit."""


class BadStatus(FetchError):
    """The host answered with a status that is no success."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status
