"""Options that choose hosts."""

import functools
from collections.abc import Callable
from typing import Any

import click

from core.model.selection import Selection


def selecting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a function the options, all repeatable, and hands them over as its selection."""

    @functools.wraps(function)
    def choose(
        servers: tuple[str, ...],
        tags: tuple[str, ...],
        tenants: tuple[str, ...],
        clients: tuple[str, ...],
        sites: tuple[str, ...],
        failed_in: tuple[str, ...],
        **arguments: Any,
    ) -> Any:
        return function(selection=Selection(servers, tags, tenants, clients, sites, failed_in), **arguments)

    chosen: Callable[..., Any] = choose
    for option in (
        click.option("--failed-in", multiple=True, metavar="RUN", help="Only hosts that failed in RUN."),
        click.option("--site", "sites", multiple=True, help="Only hosts at this site; repeat it for more."),
        click.option("--client", "clients", multiple=True, help="Only hosts of this client; repeat it for more."),
        click.option("--tenant", "tenants", multiple=True, help="Only hosts of this tenant; repeat it for more."),
        click.option("--tag", "tags", multiple=True, help="Only hosts with this tag; with several, those with all."),
        click.option("--server", "servers", multiple=True, help="Only this server; repeat it for more."),
    ):
        chosen = option(chosen)
    return chosen
