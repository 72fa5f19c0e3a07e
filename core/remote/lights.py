"""Looks from this PC whether a host is there: does it answer a ping, does something listen on a port."""

import os
import re
import shutil
import socket
import subprocess

from core.model.signs import Light

_KNOCK_SECONDS = 2.0
_PING_SECONDS = 5.0
_NO_WINDOW = 0x08000000
_TIMED = re.compile(r"[<=]\d+ ?m")


def knock(address: str, port: int) -> Light:
    try:
        with socket.create_connection((address, port), timeout=_KNOCK_SECONDS):
            return Light.ANSWERS
    except OSError:
        return Light.SILENT


def ping(address: str) -> Light:
    """By the system's own program: nobody else may send one without rights that an operator seldom has."""
    program = shutil.which("ping")
    if program is None or address.startswith("-"):
        return Light.UNKNOWN
    try:
        return _answer(program, address)
    except (OSError, subprocess.TimeoutExpired):
        return Light.UNKNOWN


def _answer(program: str, address: str) -> Light:
    windows = os.name == "nt"
    once = ("-n", "1", "-w", "1000") if windows else ("-c", "1", "-W", "1")
    done = subprocess.run(  # noqa: S603 - the system's program, and an address of the targets file
        (program, *once, address),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=_PING_SECONDS,
        creationflags=_NO_WINDOW if windows else 0,
        text=True,
        errors="replace",
        check=False,
    )
    return verdict(windows, done.returncode, done.stdout)


def verdict(windows: bool, code: int, said: str) -> Light:
    """Windows calls it a success, too, when a router says that the host is out of reach; only an answer has a time."""
    answered = code == 0 and (not windows or _TIMED.search(said) is not None)
    return Light.ANSWERS if answered else Light.SILENT
