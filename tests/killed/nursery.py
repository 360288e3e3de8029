"""Starts processes of ``tests.serve_process`` in moments: a child has all imports already.

``python -m tests.killed.nursery`` reads a line of JSON for each deed, and answers with a number:
{"start": environment, "log": path} with the process id, {"wait": id} with the exit status.
"""

import json
import os
import random
import sys
from pathlib import Path

from bot.telegram import app, delivery, pace
from tests.killed.echo import Echo
from tests.serve_process import main

PATIENCE = 1.5
"""Seconds the process waits for Telegram; in truth ten."""


def start(environment: dict[str, str], log: str) -> int:
    """Fork; the child serves as its environment says, and never returns."""
    if child := os.fork():
        return child
    os.environ.clear()
    os.environ.update(environment)
    random.seed()
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(out, stream)
    status = 70
    try:
        status = main(Echo())
    finally:
        sys.stdout.flush()
        os._exit(status)


def run() -> None:
    """Do what is asked for, until nobody asks any more."""
    app.SECONDS = PATIENCE
    delivery.FIRST_SECONDS, delivery.LONGEST_SECONDS = 0.05, 0.5
    pace.CHAT = pace.GROUP = (1000, 1.0)
    while line := sys.stdin.readline():
        asked = json.loads(line)
        if "start" in asked:
            answer = start(asked["start"], str(Path(asked["log"])))
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(asked["wait"], 0)[1])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    run()
