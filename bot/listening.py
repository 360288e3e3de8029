"""A port of this program's own: taken before anything says that it listens."""

import socket
from typing import Final

from bot.settings import SettingsError

TAKEN: Final = "cannot be listened on: choose another port, or stop what uses it"
"""The remedy for a port."""


def listening(setting: str, address: str, port: int) -> socket.socket:
    """Listen at an address, IPv4 or IPv6; ``setting`` is the port's, such as ``CONSOLE_PORT``.

    Raises:
        SettingsError: it cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family)
    except OSError:
        raise SettingsError(setting, TAKEN) from None
