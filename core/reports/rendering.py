"""Renders a page: one file that fetches nothing, and runs nothing but the one script that its own policy names."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from core.model.size import size_in_words
from core.reports.aside import aside
from core.reports.words import (
    brief,
    check_words,
    clock,
    duration,
    ended,
    in_minutes,
    minute,
    outage_words,
    stamp,
    yours,
    zone_words,
)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("core.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    css, js = _shipped("report.css"), _shipped("report.js")
    environment.filters |= {"clock": clock, "zone_words": zone_words, "in_minutes": in_minutes, "brief": brief}
    environment.filters |= {
        "check_words": check_words,
        "stamp": stamp,
        "minute": minute,
        "ended": ended,
        "size": size_in_words,
    }
    environment.globals |= {"duration": duration, "yours": yours, "outage_words": outage_words}
    environment.globals |= {"css": Markup(css), "js": Markup(js), "csp": _policy(css, js)}  # noqa: S704 - our files
    return environment


def _shipped(name: str) -> str:
    return (files("core.reports") / "templates" / name).read_text(encoding="utf-8")


def _policy(css: str, js: str) -> str:
    """Even if something slipped through the escaping, a browser would not run it."""
    return (
        f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(js)}'; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def render(template: str, path: Path, **values: Any) -> None:
    """Replaces the file only when it is whole."""
    with aside(path) as new, new.open("w", encoding="utf-8", newline="\n") as file:
        # In pieces: the page of a large fleet need not be in memory whole.
        file.writelines(_environment().get_template(template).generate(**values))
