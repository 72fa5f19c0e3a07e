"""Reads a list of servers from CSV, as Excel, asset databases and people write it."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.inventory.listing import Listed, Listing, listed, split_server, without_twins
from core.model.fault import Fault, RefusedError
from core.settings.wording import printable

_DELIMITERS = ";,\t|"

# Column names without case and punctuation, and the field of a target that is meant.
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "id": ("id", "targetid"),
    "name": ("name", "displayname", "title"),
    "server": ("server", "servername", "hostname", "host", "computer", "computername", "machine", "fqdn", "dnsname"),
    "instance": ("instance", "instancename", "sqlinstance", "sqlinstancename"),
    "port": ("port", "tcpport", "sqlport"),
    "auth": ("auth", "authentication"),
    "username": ("username", "user", "login"),
    "credential_ref": ("credentialref", "credential"),
    "os_credential_ref": ("oscredentialref", "oscredential"),
    "connect_timeout": ("connecttimeout",),
    "enabled": ("enabled", "active", "isactive"),
    "ip_address": ("ipaddress", "ip", "address", "ipv4"),
    "tags": ("tags", "tag", "labels"),
    "description": ("description", "comment", "comments", "notes", "remark"),
    "tenant": ("tenant", "organisation", "organization", "company"),
    "client": ("client", "customer"),
    "site": ("site", "location", "datacenter", "datacentre"),
    "os": ("os", "operatingsystem"),
    "criticality": ("criticality",),
    "owner": ("owner", "contact"),
    "service": ("service", "application", "app"),
    "group": ("group", "availabilitygroup", "ag", "cluster"),
    "failure_domain": ("failuredomain", "hypervisor", "storage"),
}
_FIELDS = {name: field for field, names in _SYNONYMS.items() for name in names}
_PASSWORDS = re.compile(r"passw|pwd|secret|kennwort")
_NUMBERS = {"port", "connect_timeout"}
_OF_METADATA = {"ip_address", "tags", "description"}
_YES, _NO = {"true", "yes", "y", "1", "x"}, {"false", "no", "n", "0"}


@dataclass(frozen=True, slots=True)
class _Columns:
    """The field of each column, None for one that means nothing to us."""

    fields: tuple[str | None, ...]
    has_header: bool


def read_csv(name: str, content: bytes) -> Listing:
    """Raises RefusedError with every fault of every row. The name is only for the faults."""
    text = _decoded(content)
    try:
        lines = list(_lines(text))
    except csv.Error as wrong:
        message = f"not CSV: {wrong}; a quote is not closed, or this is another kind of file"
        raise RefusedError((Fault(name, "not_csv", message),)) from None
    if not lines:
        raise RefusedError((Fault(name, "empty", "there is no row in the file; write one server in each"),))
    columns, notes = _columns(name, lines)
    faults: list[Fault] = []
    rows: list[Listed] = []
    for number, cells in lines[columns.has_header :]:
        row = _row(f"{name}: line {number}", columns, cells)
        if isinstance(row, Listed):
            rows.append(row)
        else:
            faults.extend(row)
    if faults:
        raise RefusedError(tuple(faults))
    return without_twins(rows, notes)


def _decoded(content: bytes) -> str:
    """Excel writes UTF-8, UTF-16 ("Unicode text") or the language's old code page."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with something in them, each with the line that it begins on."""
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r'"?sep=(.)"?\s*', first)
    delimiter = told.group(1) if told else _delimiter(text)
    reader = csv.reader(io.StringIO(rest if told else text, newline=""), delimiter=delimiter, strict=True)
    offset = 2 if told else 1
    begins = offset
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, [cell.strip() for cell in cells]
        begins = reader.line_num + offset


def _delimiter(text: str) -> str:
    """The one that splits the first line into the most columns; quoted ones do not count."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(_DELIMITERS, key=bare.count) if any(one in bare for one in _DELIMITERS) else ","


def _columns(name: str, lines: list[tuple[int, list[str]]]) -> tuple[_Columns, list[str]]:
    number, cells = lines[0]
    plain = [re.sub(r"[\W_]", "", cell.casefold()) for cell in cells]
    fields = [_FIELDS.get(cell) for cell in plain]
    secret = [cell for cell, bare in zip(cells, plain, strict=True) if _PASSWORDS.search(bare)]
    if secret:
        raise RefusedError((_secret_column(f"{name}: line {number}", secret[0]),))
    if not any(fields):
        return _positions(name, number, lines), []
    if "server" not in fields and "name" in fields:
        fields[fields.index("name")] = "server"
    where = f"{name}: line {number}"
    if "server" not in fields:
        message = 'no column names the server; call it "server"'
        raise RefusedError((Fault(where, "no_server_column", message, found=printable(", ".join(cells))[:200]),))
    twice = [cell for index, cell in enumerate(cells) if fields[index] and fields.index(fields[index]) != index]
    if twice:
        message = f'two columns mean the same; remove or rename "{printable(twice[0])}"'
        raise RefusedError((Fault(where, "repeated_column", message, found=printable(twice[0])),))
    unknown = [printable(cell) for cell, field in zip(cells, fields, strict=True) if field is None and cell]
    notes = [f"{where}: not taken over, because no field has this name: {', '.join(unknown)}"] if unknown else []
    return _Columns(tuple(fields), has_header=True), notes


def _secret_column(where: str, column: str) -> Fault:
    message = (
        "passwords are not imported, and should not stand in this file; put them into the vault and name them in a "
        'column "credential_ref"'
    )
    return Fault(where, "secret", message, found=printable(column))


def _positions(name: str, number: int, lines: list[tuple[int, list[str]]]) -> _Columns:
    """Without a header: server, then instance and port, or port alone."""
    widest = max(len(cells) for _, cells in lines)
    if widest > 3:
        message = (
            'there is no header, so the columns cannot be told apart; begin with a line like "server;instance;port"'
        )
        raise RefusedError((Fault(f"{name}: line {number}", "no_header", message),))
    ports = widest == 2 and all(cells[1].isdecimal() or not cells[1] for _, cells in lines if len(cells) > 1)
    return _Columns(("server", "port") if ports else ("server", "instance", "port")[:widest], has_header=False)


def _row(place: str, columns: _Columns, cells: list[str]) -> Listed | tuple[Fault, ...]:
    extra = [cell for cell in cells[len(columns.fields) :] if cell]
    if extra:
        message = (
            f"has {len(cells)} cells, but there are {len(columns.fields)} columns; "
            "a text that holds the delimiter stands in quotes"
        )
        return (Fault(place, "too_many_cells", message, found=printable(extra[0])[:80]),)
    said = {field: cell for field, cell in zip(columns.fields, cells, strict=False) if field and cell}
    if "server" not in said:
        return (Fault(f"{place}: server", "missing", "is empty; name the server, or remove the line"),)
    fields: dict[str, Any] = split_server(said.pop("server"))
    for field, cell in said.items():
        value = _value(field, cell)
        if field in _OF_METADATA:
            fields.setdefault("metadata", {})[field] = value
        elif field in fields and str(fields[field]).casefold() != str(value).casefold():
            message = f'the server\'s cell says "{fields[field]}", this one "{printable(cell)}"; correct one of them'
            return (Fault(f"{place}: {field}", "contradiction", message, found=printable(cell)),)
        else:
            fields.setdefault(field, value)
    return listed(place, fields)


def _value(field: str, cell: str) -> Any:
    if field in _NUMBERS:
        return int(cell) if re.fullmatch(r"\d{1,9}", cell, re.ASCII) else cell
    if field == "enabled":
        return True if cell.casefold() in _YES else False if cell.casefold() in _NO else cell
    if field == "tags":
        return list(dict.fromkeys(re.split(r"[\s,;|]+", cell.strip(",;| "))))
    if field in ("auth", "criticality"):
        return cell.casefold()
    return cell
