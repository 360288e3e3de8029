"""``tests.serve_process``, for which telegram.test is this machine while a file says so."""

import os
import socket
import sys
from pathlib import Path
from typing import Any

from tests.serve_process import main

HOST = "telegram.test"
UP = "NAMES_ARE_KNOWN"
"""Variable of the environment with the file that is there while names are found."""
ASKED = ".asked"
"""Ending of a file that is made when a name was not found."""

_ask = socket.getaddrinfo


def ask(host: Any, *others: Any, **named: Any) -> Any:
    if host not in {HOST, HOST.encode()}:
        return _ask(host, *others, **named)
    if not Path(os.environ[UP]).exists():
        Path(f"{os.environ[UP]}{ASKED}").touch()
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    return _ask("127.0.0.1", *others, **named)


if __name__ == "__main__":
    socket.getaddrinfo = ask  # type: ignore[assignment]
    sys.exit(main())
