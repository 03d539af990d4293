"""Launches newcomers without pause in a process that will be killed: ``python -m tests.support.mortal ADDRESS ROUNDS``.

Prints what it was told before each death, as JSON: for every answered launch its reference and the person's number.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from dataclasses import replace

from providers.kit.lti import claims as names
from providers.kit.simulator import PEOPLE
from tests.support.launching import Launching, launching

_NEWCOMERS_A_ROUND = 1000


def _live(world: Launching, round_number: int, out: int) -> None:
    """Launch newcomers, each into a class of their own; write a line only after the answer has come."""
    for number in range(_NEWCOMERS_A_ROUND):
        person = replace(PEOPLE["sam"], id=(round_number + 1) * _NEWCOMERS_A_ROUND + number)
        place = {names.CONTEXT: {"id": f"class-{person.id}"}, names.RESOURCE_LINK: {"id": f"link-{person.id}"}}
        outcome = world.launch(person, put=place)
        os.write(out, f"{outcome.code} {outcome.ref} {person.id}\n".encode())


def _one_round(world: Launching, round_number: int) -> list[str]:
    """Fork, wait for the first answer and a random moment more, then kill; return the lines that came."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _live(world, round_number, writer)
        os._exit(0)
    os.close(writer)
    select.select([reader], [], [], 30)
    time.sleep(random.uniform(0, 0.03))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as told:
        return told.read().decode().splitlines()


def main(address: str, rounds: int) -> None:
    """Live and die so many times."""
    with launching(address) as world:
        assert world.launch().code == "accepted"
        world.store.close()  # connections do not survive a fork
        print(json.dumps([_one_round(world, number) for number in range(rounds)]))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
