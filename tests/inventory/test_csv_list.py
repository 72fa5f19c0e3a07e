"""Lists of servers as CSV, as people and programs write it."""

from typing import Any

import pytest

from core.inventory.csv_list import read_csv
from core.model.fault import RefusedError

_ONE = [{"server": "SQL01", "instance": "PROD", "port": 1444}]

READ: dict[str, tuple[str | bytes, list[dict[str, Any]]]] = {
    "commas": ("server,instance,port\nSQL01,PROD,1444\n", _ONE),
    "semicolons": ("server;instance;port\nSQL01;PROD;1444\n", _ONE),
    "tabs": ("server\tinstance\tport\nSQL01\tPROD\t1444\n", _ONE),
    "bars": ("server|instance|port\nSQL01|PROD|1444\n", _ONE),
    "Excel's own line for the delimiter": ("sep=;\nserver;instance;port\nSQL01;PROD;1444\n", _ONE),
    "Windows' line ends": ("server,instance,port\r\nSQL01,PROD,1444\r\n", _ONE),
    "no line end": ("server,instance,port\nSQL01,PROD,1444", _ONE),
    "empty lines": ("\n\nserver,instance,port\n\nSQL01,PROD,1444\n;;\n".replace(";;", ",,"), _ONE),
    "a mark of UTF-8": (b"\xef\xbb\xbfserver,instance,port\nSQL01,PROD,1444", _ONE),
    "UTF-16": ("server\tinstance\tport\nSQL01\tPROD\t1444".encode("utf-16"), _ONE),
    "other names of columns": ("Host Name;SQL_Instance;TCP-Port\nSQL01;PROD;1444", _ONE),
    "name stands for server": ("Name;Instance;Port\nSQL01;PROD;1444", _ONE),
    "quoted cells": ('"server","instance","port"\n"SQL01","PROD","1444"', _ONE),
    "no header, three columns": ("SQL01;PROD;1444", _ONE),
    "no header, a port": ("SQL01;1444", [{"server": "SQL01", "port": 1444}]),
    "no header, an instance": ("SQL01;PROD", [{"server": "SQL01", "instance": "PROD"}]),
    "a plain list": ("SQL01\nSQL02\n", [{"server": "SQL01"}, {"server": "SQL02"}]),
    "instances in the server": ("server\nSQL01\\PROD\n", [{"server": "SQL01", "instance": "PROD"}]),
    "ports in the server": ('server,site\n"tcp:SQL01,1444",hq\n', [{"server": "SQL01", "port": 1444, "site": "hq"}]),
    "the server's own instance again": ("server;instance\nSQL01\\PROD;prod", [{"server": "SQL01", "instance": "PROD"}]),
    "empty cells say nothing": ("server;site;port\nSQL01;;", [{"server": "SQL01"}]),
    "short rows": ("server;site;port\nSQL01", [{"server": "SQL01"}]),
    "delimiters in quotes": (
        'server,description\nSQL01,"a, b"',
        [{"server": "SQL01", "metadata": {"description": "a, b"}}],
    ),
    "tags": ("server;tags\nSQL01;env=prod, x x", [{"server": "SQL01", "metadata": {"tags": ["env=prod", "x"]}}]),
    "yes and no": ("server;active\nA;Yes\nB;0", [{"server": "A", "enabled": True}, {"server": "B", "enabled": False}]),
    "umlauts of Windows": ("server;owner\nSQL01;Jörg".encode("cp1252"), [{"server": "SQL01", "owner": "Jörg"}]),
}

REFUSED: dict[str, tuple[str, list[str]]] = {
    "nothing": ("\n\n", ["l.csv: there is no row in the file; write one server in each"]),
    "a password": (
        "server;Password\nSQL01;hush",
        [
            (
                "l.csv: line 1: passwords are not imported, and should not stand in this file; put them into the vault "
                'and name them in a column "credential_ref"'
            )
        ],
    ),
    "no column for the server": ("site;port\nhq;1", ['l.csv: line 1: no column names the server; call it "server"']),
    "two columns for one thing": (
        "server;port;tcp port\nSQL01;1;2",
        ['l.csv: line 1: two columns mean the same; remove or rename "tcp port"'],
    ),
    "many columns without a header": (
        "SQL01;PROD;1444;hq",
        [
            (
                "l.csv: line 1: there is no header, so the columns cannot be told apart; "
                'begin with a line like "server;instance;port"'
            )
        ],
    ),
    "a quote that is not closed": (
        'server\n"SQL01\n',
        ["l.csv: not CSV: unexpected end of data; a quote is not closed, or this is another kind of file"],
    ),
    "every fault of every row": (
        "server;port;enabled;ip\nSQL01;abc;maybe;1.2.3\n;1;;\nSQL 02;70000;;\nA;1;yes;;x;y\n",
        [
            "l.csv: line 2: port: must be a whole number",
            "l.csv: line 2: enabled: must be true or false",
            'l.csv: line 2: metadata.ip_address: is no IP address; a name stands in "server"',
            "l.csv: line 3: server: is empty; name the server, or remove the line",
            'l.csv: line 4: server: must be a host name or an address, like "sql01", "sql01.example.com" or "10.0.0.5"',
            "l.csv: line 4: port: must be at most 65535",
            "l.csv: line 5: has 6 cells, but there are 4 columns; a text that holds the delimiter stands in quotes",
        ],
    ),
    "a row that contradicts itself": (
        "server;instance\nSQL01\\PROD;TEST",
        ['l.csv: line 2: instance: the server\'s cell says "PROD", this one "TEST"; correct one of them'],
    ),
    "lines are counted through quoted line ends": (
        'server,description\nSQL01,"a\nb"\n.,x\n',
        ['l.csv: line 4: server: must name a machine; for this PC write its host name, or "localhost"'],
    ),
}


@pytest.mark.parametrize(("content", "fields"), READ.values(), ids=READ.keys())
def test_a_list_is_read(content: str | bytes, fields: list[dict[str, Any]]) -> None:
    raw = content.encode() if isinstance(content, str) else content
    assert [row.fields for row in read_csv("l.csv", raw).rows] == fields


@pytest.mark.parametrize(("content", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_a_list_is_refused_with_every_fault(content: str, told: list[str]) -> None:
    with pytest.raises(RefusedError) as refused:
        read_csv("l.csv", content.encode())
    assert [str(fault) for fault in refused.value.faults] == told


def test_what_is_left_out_is_told() -> None:
    listing = read_csv("l.csv", b"server;rack\nSQL01;7\nSQL02;8\nSQL01;9\n")
    assert [row.fields["server"] for row in listing.rows] == ["SQL01", "SQL02"]
    assert listing.notes == (
        "l.csv: line 1: not taken over, because no field has this name: rack",
        "l.csv: line 4: the same as line 2, left out",
    )
