"""What can go wrong between Moi and the channel, by what one can do about it."""

# ruff: noqa: N818  (callers read `except Blocked`; every name here is an error already)

from __future__ import annotations


class ConnectorError(Exception):
    """A call to the Bot Connector did not succeed.

    `status` is the HTTP status if there was one, `code` the reason the channel named, and `wait` the seconds after
    which the channel said to try again.
    """

    def __init__(
        self, what: str, *, status: int | None = None, code: str = "", wait: float | None = None
    ) -> None:
        super().__init__(what)
        self.status = status
        self.code = code
        self.wait = wait


class Blocked(ConnectorError):
    """The colleague has blocked Moi; do not send again until they write."""


class NotInstalled(ConnectorError):
    """Moi is not in this conversation, or is switched off for the organisation."""


class Gone(ConnectorError):
    """The conversation or the message no longer exists."""


class Throttled(ConnectorError):
    """The channel had no room, also not after the retries; nothing landed, try later."""


class TooFast(Throttled):
    """Moi itself held it back, because Teams would have no room; `wait` is when there is."""


class Unavailable(ConnectorError):
    """The channel could not be reached or was down, also after the retries; try later."""


class Uncertain(ConnectorError):
    """The call was sent but its answer was lost: it may have landed, so sending again may double it."""


class Refused(ConnectorError):
    """The channel does not accept this call; sending the same again will not help."""


class NoToken(Refused):
    """The authority refuses the application id or its password."""
