"""Practise: starts a fleet of imaginary servers and writes a workspace on which every command works unchanged."""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.app import composition
from core.app.detached import last_words, leave_running, start_detached, wait_until
from core.app.place import is_practice
from core.app.workspace import Workspace, make_workspace
from core.model.fault import Fault, RefusedError
from core.model.secret import Credential, Secret
from core.practice.handover import (
    AUTHORITY,
    LEDGER,
    LOG,
    READY,
    ROOT_KEY,
    SCENARIO,
    SHARE,
    SQL_ACCOUNT,
    WINDOWS_ACCOUNT,
)
from core.practice.packages import Content, write_package
from core.practice.spec import reading
from core.practice.spec.scenario import Generate, Scenario
from core.practice.sql_updates import SQL_UPDATES
from core.runfolder.locks import is_driven
from core.settings.names import AUDIT_CONFIG
from core.settings.workspace import MAPPING, POLICY, TARGETS
from core.vault.practice import FILE as CREDENTIALS
from core.vault.practice import write_credentials

_START_SECONDS = 60.0
# What a workspace keeps of hosts and of what was done to them.
_OF_A_FLEET = ("history.db", "history.db-wal", "history.db-shm", "Runs", "Reports", "State")
_STOP_SECONDS = 20.0
_ANSWER_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Practice:
    """A fleet that is ready."""

    hosts: int
    workspace: Path
    ledger: Path
    control: str
    process: int


def read_scenario(path: Path | None, servers: int) -> Scenario:
    """The file's scenario, or one with so many generated servers. Raises RefusedError with every fault."""
    if path is None:
        return Scenario(generate=Generate(count=servers))
    try:
        content = path.read_bytes()
    except OSError as trouble:
        message = f"the scenario cannot be read: {trouble.strerror}"
        raise RefusedError((Fault(str(path), "not_readable", message),)) from None
    found = reading.read_scenario(str(path), content, lambda named: Path(named).exists())
    if isinstance(found, tuple):
        raise RefusedError(found)
    return found


def start(path: Path, scenario: Scenario) -> Practice:
    """Starts the fleet's process and leaves it running. The workspace's configuration is written anew."""
    _refuse_real_workspace(path)
    workspace = make_workspace(path)
    folder = _folder(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_driven(workspace)
    if (folder / READY).exists():
        stop(workspace)
    _put_aside(workspace)
    _hand_over(workspace, folder, scenario)
    ready = _run_process(workspace, folder)
    _write_configuration(workspace, scenario, ready["hosts"])
    return Practice(len(ready["hosts"]), workspace.path, folder / LEDGER, ready["control"], ready["process"])


def stop(workspace: Workspace) -> bool:
    """Whether a fleet was there to be stopped."""
    ready = _folder(workspace) / READY
    control = _control_of(workspace)
    if control is None:
        return False
    try:
        tell(control, {"do": "stop"})
    except OSError:
        ready.unlink(missing_ok=True)
        return False
    wait_until(lambda: not ready.exists(), _STOP_SECONDS)
    return True


def is_running(workspace: Workspace) -> bool:
    """Whether a fleet answers here."""
    return state(workspace) is not None


def state(workspace: Workspace) -> tuple[dict[str, Any], ...] | None:
    """Each host as its fleet describes it; nothing where none answers."""
    control = _control_of(workspace)
    try:
        return None if control is None else tuple(tell(control, {"do": "state"})["hosts"])
    except (OSError, ValueError, KeyError):
        return None


def _control_of(workspace: Workspace) -> str | None:
    """Where the fleet that runs here listens; nothing where none said so, or somebody spoilt what it said."""
    try:
        control = json.loads((_folder(workspace) / READY).read_text(encoding="utf-8"))["control"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return control if isinstance(control, str) else None


def tell(control: str, command: dict[str, Any]) -> dict[str, Any]:
    """One command to a fleet's control socket, and its answer."""
    with _connected(control) as line:
        line.sendall(json.dumps(command).encode() + b"\n")
        with line.makefile("rb") as answers:
            answer: dict[str, Any] = json.loads(answers.readline() or b"{}")
    return answer


def ledger(workspace: Workspace) -> tuple[dict[str, Any], ...]:
    """The fleet's own account."""
    path = _folder(workspace) / LEDGER
    if not path.exists():
        message = "there is no practice fleet here; start one"
        raise RefusedError((Fault(str(path), "no_ledger", message),))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    # The fleet may be writing the last one at this moment.
    return tuple(json.loads(line) for line in lines if line.endswith("\n"))


def _folder(workspace: Workspace) -> Path:
    return workspace.output / "practice"


def _refuse_real_workspace(path: Path) -> None:
    """A workspace with real servers is never overwritten."""
    existing = path.expanduser() / AUDIT_CONFIG
    if not existing.exists():
        return
    if not is_practice(Workspace(path.expanduser())):
        message = "this workspace is not a practice one; choose an empty folder"
        raise RefusedError((Fault(str(existing), "not_practice", message),))


def _refuse_driven(workspace: Workspace) -> None:
    runs = workspace.output / "Runs"
    driven = [one.name for one in sorted(runs.glob("*")) if (one / "State").is_dir() and is_driven(one / "State")]
    if driven:
        message = "a run goes on with the fleet that is there; stop it, or let it end"
        raise RefusedError(tuple(Fault(f"run {name}", "driven", message) for name in driven))


def _put_aside(workspace: Workspace) -> None:
    """Other machines come under the same names: what was known of the old ones, and done to them, is not theirs."""
    present = [workspace.output / name for name in _OF_A_FLEET if (workspace.output / name).exists()]
    if not present:
        return
    earlier = workspace.output / "earlier" / f"{composition.SystemClock().now():%Y%m%d_%H%M%S_%f}"
    with _renaming_into(earlier):
        earlier.mkdir(parents=True)
        for path in present:
            path.rename(earlier / path.name)


@contextmanager
def _renaming_into(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as trouble:
        message = f"what an earlier fleet left cannot be put aside: {trouble.strerror}; close what uses it"
        raise RefusedError((Fault(str(folder), "not_writable", message),)) from None


def _hand_over(workspace: Workspace, folder: Path, scenario: Scenario) -> None:
    """Scenario, credentials and packages. The key that signs the packages is thrown away."""
    accounts = {
        WINDOWS_ACCOUNT: Credential("practice", Secret(secrets.token_urlsafe(18))),
        SQL_ACCOUNT: Credential("practice_sql", Secret(secrets.token_urlsafe(18))),
    }
    write_credentials(workspace.path / CREDENTIALS, accounts)
    shared = scenario.model_copy(update={"shares": {SHARE: str(workspace.path / "hotfixes"), **scenario.shares}})
    (folder / SCENARIO).write_text(shared.model_dump_json(indent=2), encoding="utf-8")
    (folder / LEDGER).unlink(missing_ok=True)
    root = Ed25519PrivateKey.generate()
    (folder / ROOT_KEY).write_bytes(root.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
    for update in SQL_UPDATES.values():
        package = write_package(Content(update.family, update.target, update.kb), root, scenario.seed)
        target = workspace.path / "hotfixes" / update.family / update.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(package)


def _run_process(workspace: Workspace, folder: Path) -> dict[str, Any]:
    ready = folder / READY
    ready.unlink(missing_ok=True)
    log = folder / LOG
    log.unlink(missing_ok=True)
    process = start_detached(["-m", "core.practice", str(folder), str(workspace.path / CREDENTIALS)], log, log)
    wait_until(lambda: ready.exists() or process.poll() is not None, _START_SECONDS)
    if not ready.exists():
        if process.poll() is None:
            process.kill()
        raise RefusedError((Fault(str(log), "no_fleet", f"the fleet did not start: {last_words(log)}"),))
    leave_running(process)
    document: dict[str, Any] = json.loads(ready.read_text(encoding="utf-8"))
    return document


def _write_configuration(workspace: Workspace, scenario: Scenario, hosts: list[dict[str, Any]]) -> None:
    audit = {
        "$schema": "schemas/audit_config.schema.json",
        "schema_version": 1,
        "organization": "Practice fleet",
        "practice": True,
        "concurrency": {"max_concurrent_servers": 3},
        "timeouts": _timeouts(scenario.time_scale),
        "remoting": {"credential_ref": WINDOWS_ACCOUNT},
        "transfer": {"routes": ["psrp"]},
    }
    common = {"timeout_seconds": 15, "encrypt_connection": False, "trust_server_certificate": False}
    targets = {
        "$schema": "schemas/sql_targets.schema.json",
        "targets": [target for host in hosts for target in _targets(host, _folder(workspace) / AUTHORITY)],
        "global_settings": common,
    }
    mapping = {
        "$schema": "schemas/hotfix_mapping.schema.json",
        "schema_version": 1,
        "mappings": [
            {
                "version_family": update.family,
                "min_build": update.minimum,
                "target_build": update.target,
                "description": update.title,
                "files": [
                    {
                        "filename": update.filename,
                        "path": f"hotfixes\\{update.family}",
                        "order": 1,
                        "kb": update.kb,
                        "parameters": "/quiet /IAcceptSQLServerLicenseTerms /Action=Patch /AllInstances",
                    }
                ],
                "requires_restart": True,
            }
            for update in SQL_UPDATES.values()
        ],
    }
    policy = json.loads((workspace.path / POLICY).read_text(encoding="utf-8"))
    _hurry(policy, scenario.time_scale)
    for name, document in ((AUDIT_CONFIG, audit), (TARGETS, targets), (MAPPING, mapping), (POLICY, policy)):
        (workspace.path / name).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _hurry(policy: dict[str, Any], time_scale: int) -> None:
    """Waits for the work of others pass as fast as that work does."""
    jobs, retries = policy["preflight"]["running_jobs"], policy["retries"]
    jobs["wait_minutes"] = max(0.05, jobs["wait_minutes"] / time_scale)
    retries["wait_minutes"] = max(0.01, retries["wait_minutes"] / time_scale)


def _timeouts(time_scale: int) -> dict[str, float]:
    """A real site's limits in the fleet's faster life, and never so short that a busy PC would break them."""
    real = {"step": (30, 1.0), "reboot": (30, 0.5), "connection_loss": (15, 0.5), "sql_startup": (10, 0.5)}
    return {name: max(shortest, minutes / time_scale) for name, (minutes, shortest) in real.items()}


def _targets(host: dict[str, Any], authority: Path) -> list[dict[str, Any]]:
    spec = host["spec"]
    remoting = {"transport": spec["transport"], "auth": spec["auth"], "port": host["remoting_port"]}
    if spec["transport"] == "https":
        remoting["ca_file"] = str(authority)
    common: dict[str, Any] = {
        "server": host["name"],
        "metadata": {"tags": spec["tags"], "ip_address": host["address"], "description": "an imaginary server"},
        "tenant": spec["tenant"],
        "client": spec["client"],
        "site": spec["site"],
        "os": spec["os"],
        "group": None if spec["group"] is None else spec["group"]["name"],
        "remoting": remoting,
    }
    if any(fault["kind"] == "dns" for fault in spec["faults"]):
        # A name that nobody can know, and no address beside it: the top-level domain is reserved for that.
        common |= {"server": f"{host['name']}.invalid", "metadata": common["metadata"] | {"ip_address": None}}
    instances = [
        {
            "id": f"{host['name']}-{name}".lower(),
            **common,
            "instance": name,
            "port": port,
            "auth": "sql",
            "credential_ref": SQL_ACCOUNT,
        }
        for name, port in host["sql_ports"].items()
    ]
    return instances or [{"id": host["name"].lower(), **common}]


def _connected(control: str) -> socket.socket:
    host, separator, port = control.rpartition(":")
    if separator and port.isdecimal() and not control.startswith("/"):
        return socket.create_connection((host, int(port)), timeout=_ANSWER_SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(_ANSWER_SECONDS)
    try:
        line.connect(control)
    except OSError:
        line.close()
        raise
    return line
