"""secret set, list, forget."""

import sys

import click

from core.app import secrets
from core.cli.answering import Answer, Options, command
from core.model.secret import Credential, Secret


@click.group()
def secret() -> None:
    """Keep credentials in the vault; configuration files only name them."""


@secret.command("set")
@click.argument("reference", metavar="REF")
@click.option("--username", required=True, help="The account, like DOMAIN\\name.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@command("secret set")
def set_secret(options: Options, reference: str, username: str, password_stdin: bool) -> Answer:
    """Put a credential in as REF. The password is asked for and never shown."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    secrets.put(reference, Credential(username, Secret(password)))
    return Answer({"reference": reference}, f'the vault has "{reference}"')


@secret.command("list")
@command("secret list")
def list_secrets(options: Options) -> Answer:
    """Show the names of what is in the vault."""
    names = secrets.names()
    return Answer({"references": list(names)}, "\n".join(names) or "the vault is empty")


@secret.command("forget")
@click.argument("reference", metavar="REF")
@command("secret forget")
def forget_secret(options: Options, reference: str) -> Answer:
    """Take REF out of the vault."""
    secrets.forget(reference)
    return Answer({"reference": reference}, f'the vault has no "{reference}" any more')
