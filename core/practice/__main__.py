"""The fleet's own process: python -m core.practice FOLDER, where FOLDER holds scenario, credentials and root key."""

import asyncio
import asyncio.sslproto
import json
import os
import signal
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.model.secret import Credential, Secret
from core.practice.control import Control
from core.practice.fleet import Fleet
from core.practice.handover import AUTHORITY, LEDGER, READY, ROOT_KEY, SCENARIO, SQL_ACCOUNT, WINDOWS_ACCOUNT
from core.practice.ledger import Ledger
from core.practice.spec.scenario import Scenario

# What asyncio keeps ready for each TLS connection: a quarter of a megabyte is too much for a thousand hosts.
_TLS_BUFFER_BYTES = 32 * 1024


def main(folder: Path, credentials: Path) -> None:
    asyncio.sslproto.SSLProtocol.max_size = _TLS_BUFFER_BYTES
    asyncio.run(_serve(folder, credentials))


async def _serve(folder: Path, credentials: Path) -> None:
    scenario = Scenario.model_validate_json((folder / SCENARIO).read_bytes())
    root = Ed25519PublicKey.from_public_bytes((folder / ROOT_KEY).read_bytes())
    accounts = json.loads(credentials.read_text(encoding="utf-8"))
    windows, sql = (_account(accounts[name]) for name in (WINDOWS_ACCOUNT, SQL_ACCOUNT))
    ledger = Ledger(folder / LEDGER)
    fleet = Fleet(scenario, ledger, root, (windows, sql), folder)
    fleet.authority.write(folder / AUTHORITY)
    stopping = asyncio.Event()
    _on_signals(stopping)
    await fleet.start()
    control = await Control(fleet, stopping.set).listen(folder)
    _say_ready(folder, fleet, control)
    try:
        await stopping.wait()
    finally:
        (folder / READY).unlink(missing_ok=True)
        await fleet.stop()
        ledger.close()


def _on_signals(stopping: asyncio.Event) -> None:
    if sys.platform != "win32":
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)


def _say_ready(folder: Path, fleet: Fleet, control: str) -> None:
    hosts = [
        {
            "name": station.machine.name,
            "address": station.address,
            "remoting_port": station.remoting_port,
            "sql_ports": station.sql_ports,
            "spec": station.machine.spec.model_dump(mode="json"),
        }
        for station in fleet.stations
    ]
    new = folder / (READY + ".new")
    new.write_text(json.dumps({"control": control, "process": os.getpid(), "hosts": hosts}), encoding="utf-8")
    new.replace(folder / READY)


def _account(document: dict[str, str]) -> Credential:
    return Credential(document["username"], Secret(document["password"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
