"""gui."""

from __future__ import annotations

import subprocess
import sys

import click

from core.app.doctor import has_display
from core.cli.answering import Answer, Options, command
from core.model.fault import Fault, RefusedError


@click.command()
@click.option("--practise", is_flag=True, help="Start a fleet of imaginary servers, and open that.")
@command("gui")
def gui(options: Options, practise: bool) -> Answer:
    """Open the window; drydock-gui does the same without a console."""
    if not has_display():
        message = 'there is no display to open it on; every command works without, "drydock demo" goes through a cycle'
        raise RefusedError((Fault("gui", "no_display", message),))
    named = options.named_workspace
    arguments = [*(() if named is None else ("--workspace", str(named))), *(("--practise",) if practise else ())]
    # A process of its own: the core knows nothing of windows.
    code = subprocess.run([sys.executable, "-m", "gui", *arguments], check=False).returncode  # noqa: S603 - our own
    if code != 0:
        message = f"the window ended with {code}; what it said stands above"
        raise RefusedError((Fault("gui", "window_failed", message, found=str(code)),))
    return Answer({}, "")
