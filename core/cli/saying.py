"""What is said on stdout and stderr. That nobody listens any more ends nothing: a run goes on, unheard."""

import errno
import os
import sys
from contextlib import suppress
from typing import TextIO

import click

_OF_A_FILE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_cut: list[OSError] = []


def say(text: str) -> None:
    """For programs and pipes: out at once, so that whoever reads the stream of a run sees it as it happens."""
    try:
        click.echo(text)
    except OSError as trouble:
        _cut.extend([trouble] if trouble.errno in _OF_A_FILE else [])
        _leave_unheard(sys.stdout)


def was_cut() -> bool:
    """Whether stdout is a file that did not take all that was said: whoever reads that later is to know."""
    return bool(_cut)


def tell(text: str) -> None:
    """For people: never on stdout."""
    try:
        click.echo(text, err=True)
    except OSError:
        _leave_unheard(sys.stderr)


def _leave_unheard(stream: TextIO) -> None:
    """What is written from now on, and what is left in the stream's buffer, goes nowhere."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
