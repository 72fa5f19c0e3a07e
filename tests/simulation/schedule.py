"""A schedule: everything that chance decides about one simulated run, drawn from a seed and shrinkable."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from core.practice.spec.fault import FaultSpec
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.os_update import OsUpdateSpec
from core.practice.spec.server import ServerSpec
from core.practice.sql_updates import SQL_UPDATES

Death = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Kill:
    """The process dies around one effect, counted over the whole run, and another takes over later."""

    effect: int
    death: Death
    pause: float
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the run, so many seconds after its start. A pause ends after a while, so that the run can.

    Mended: somebody has patched and restarted the host by hand before it is verified again.
    """

    at: float
    action: Literal["withdraw", "stop", "interrupt", "pause", "note", "unblock", "reverify"]
    host: int = 0
    lasts: float = 0.0
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Limiting:
    """What the plan allows at once, and when. The window begins so many minutes after the run, or before it."""

    reboots: int = 1
    stagger: int = 0
    soak: int = 0
    failures: int | None = None
    tenants: int = 1
    per_tenant: int | None = None
    domains: int = 0
    partners: bool = False
    window: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """How bad the network is: the chances, per question, of each kind of loss."""

    request_lost: float = 0.0
    answer_lost: float = 0.0
    cut: float = 0.0
    cut_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Schedule:
    seed: int
    servers: tuple[ServerSpec, ...]
    workers: int = 2
    canaries: int = 0
    reboots: bool = True
    line: Line = Line()
    kills: tuple[Kill, ...] = ()
    asked: tuple[Asked, ...] = ()
    foreign_claims: frozenset[str] = frozenset()
    expires_after: float | None = None
    timeout_seconds: int = 1500
    unsigned_packages: bool = False
    limiting: Limiting = Limiting()
    takes_back: bool = False
    # Whether hosts restart only while their window is open, and how long people there are told before.
    in_window: bool = False
    notice: int = 5
    # Whether Agents and the application are stopped before the first step.
    stops: bool = False


def draw(seed: int) -> Schedule:
    chance = Random(f"schedule/{seed}")
    servers = tuple(_server(chance, number) for number in range(1, chance.randint(1, 4) + 1))
    servers = tuple(_with_others(one, Random(f"others/{seed}/{one.name}")) for one in servers)
    takes_back = Random(f"undo/{seed}").random() < 0.6
    if takes_back:
        servers = tuple(_worse_after(one, Random(f"worse/{seed}/{one.name}")) for one in servers)
    calm = chance.random() < 0.3
    drawn = Schedule(
        seed=seed,
        servers=servers,
        workers=chance.randint(1, 3),
        canaries=chance.choice((0, 0, 1)),
        reboots=chance.random() < 0.85,
        line=Line() if calm else _line(chance),
        kills=tuple(_kills(chance)),
        asked=tuple(_asked(chance, len(servers))),
        foreign_claims=frozenset(one.name for one in servers if chance.random() < 0.04),
        expires_after=chance.uniform(0, 4000) if chance.random() < 0.1 else None,
        timeout_seconds=chance.choice((600, 900, 1500)),
        unsigned_packages=chance.random() < 0.03,
        limiting=_limiting(chance),
        takes_back=takes_back,
    )
    drawn = replace(drawn, stops=Random(f"services/{seed}").random() < 0.3)
    return _restarting(drawn, Random(f"window/{seed}"))


def _restarting(schedule: Schedule, chance: Random) -> Schedule:
    """Some hosts take longer than the window has, and somebody changes his mind while they wait for the next."""
    notice = chance.choice((5, 5, 600))
    if not schedule.reboots or chance.random() < 0.8:
        return replace(schedule, notice=notice)
    asked = schedule.asked
    if chance.random() < 0.4:
        asked += (Asked(chance.uniform(1000, 60_000), "withdraw", chance.randrange(len(schedule.servers))),)
    late = FaultSpec(when="install", kind="late_success", seconds=chance.choice((600, 1500)))
    servers = tuple(
        one.model_copy(update={"faults": (*one.faults, late)}) if chance.random() < 0.5 else one
        for one in schedule.servers
    )
    window = (chance.choice((-60, -60, 0)), chance.choice((90, 120)))
    limiting = replace(schedule.limiting, window=schedule.limiting.window or window)
    return replace(schedule, servers=servers, asked=asked, limiting=limiting, in_window=True, notice=notice)


def smaller(schedule: Schedule) -> Iterator[Schedule]:
    """Schedules with one thing less, the biggest cuts first."""
    servers = schedule.servers
    if len(servers) > 1:
        for number in range(len(servers)):
            yield replace(schedule, servers=(*servers[:number], *servers[number + 1 :]))
    calmer = (
        replace(schedule, kills=()),
        replace(schedule, asked=()),
        replace(schedule, line=Line()),
        replace(schedule, limiting=Limiting()),
        replace(schedule, takes_back=False),
        replace(schedule, stops=False),
        replace(schedule, in_window=False, notice=5),
        replace(schedule, foreign_claims=frozenset()),
    )
    yield from (one for one in calmer if one != schedule)
    for number in range(len(schedule.kills)):
        yield replace(schedule, kills=(*schedule.kills[:number], *schedule.kills[number + 1 :]))
    for number in range(len(schedule.asked)):
        yield replace(schedule, asked=(*schedule.asked[:number], *schedule.asked[number + 1 :]))
    for number, server in enumerate(servers):
        for place in range(len(server.faults)):
            faults = (*server.faults[:place], *server.faults[place + 1 :])
            fewer = server.model_copy(update={"faults": faults})
            yield replace(schedule, servers=(*servers[:number], fewer, *servers[number + 1 :]))


def _server(chance: Random, number: int) -> ServerSpec:
    families = chance.choice((("2019",), ("2019",), ("2022",), ("2019", "2022")))
    ready = chance.random() < 0.1
    instances = tuple(
        InstanceSpec(
            name="MSSQLSERVER" if place == 0 else f"I{family}",
            build=SQL_UPDATES[family].target if ready else SQL_UPDATES[family].before,
        )
        for place, family in enumerate(families)
    )
    others = Random(f"updates/{chance.random()}")
    calm = ServerSpec(name=f"SQL{number:02}", instances=instances, os_updates=tuple(_updates(others)))
    faults = (*_faults(chance), *_update_faults(others))
    return calm.model_copy(update={"faults": tuple(one for one in faults if calm.why_never(one.kind) is None)})


def _updates(chance: Random) -> Iterator[OsUpdateSpec]:
    """Four in ten hosts miss some, and one in four of these a servicing stack, after which more is offered."""
    if chance.random() < 0.6:
        return
    if chance.random() < 0.25:
        yield OsUpdateSpec(kb="5040000", title="Servicing stack", servicing_stack=True, reboot="never", size_mb=10)
        yield OsUpdateSpec(kb="5040001", title="Offered later", needs_stack=True, size_mb=10)
    for number in range(chance.randint(1, 3)):
        reboot: Literal["never", "always", "can"] = chance.choice(("never", "always", "can"))
        size = chance.randint(1, 800)
        if number:
            yield OsUpdateSpec(kb=f"50410{number:02}", title=f"Update {number}", reboot=reboot, size_mb=size)
        else:
            title, permanent = "Cumulative update", size % 8 == 0
            yield OsUpdateSpec(
                kb="5041000", title=title, reboot=reboot, size_mb=size, revision=9000, permanent=permanent
            )


def _update_faults(chance: Random) -> Iterator[FaultSpec]:
    if chance.random() < 0.4:
        yield FaultSpec(when="install", kind=chance.choice(("superseded", "wua_loop", "installer_crash")))


def _with_others(server: ServerSpec, chance: Random) -> ServerSpec:
    """Applications that must work, and others who install something, each with troubles of their own."""
    faults: list[FaultSpec] = []
    update: dict[str, object] = {}
    if chance.random() < 0.4:
        update = {"applications": ("Payroll",), "tags": ("payroll",)}
        if chance.random() < 0.3:
            faults.append(FaultSpec(when=chance.choice(("assess", "verify")), kind="application_down"))
    if chance.random() < 0.15:
        faults.append(FaultSpec(when="assess", kind="other_installer", seconds=chance.choice((60, 600, 7200))))
    if chance.random() < 0.15:
        faults.append(FaultSpec(when="install", kind="installer_exit", code=1618, times=chance.randint(1, 6)))
    if chance.random() < 0.15:
        faults.append(FaultSpec(when="verify", kind="logs_denied", times=chance.randint(1, 4)))
    return server.model_copy(update=update | {"faults": (*server.faults, *faults)})


def _worse_after(server: ServerSpec, chance: Random) -> ServerSpec:
    """An update that an application does not survive, nor work by hand after it; lines that break on the way back."""
    if chance.random() < 0.6:
        return server
    faults = [FaultSpec(when="verify", kind="application_down", times=chance.choice((1, 2, 3)))]
    if chance.random() < 0.15:
        faults.append(FaultSpec(when="verify", kind="removal_fails"))
    if chance.random() < 0.3:
        faults.append(FaultSpec(when="install", kind="drop_network", after_percent=chance.randint(0, 100), times=2))
    update = {"applications": ("Payroll",), "tags": ("payroll",), "faults": (*server.faults, *faults)}
    return server.model_copy(update=update)


def _faults(chance: Random) -> Iterator[FaultSpec]:
    if chance.random() < 0.25:
        percent, times = chance.randint(0, 100), chance.randint(1, 3)
        yield FaultSpec(when="install", kind="drop_network", after_percent=percent, times=times)
    if chance.random() < 0.1:
        yield FaultSpec(when="connect", kind="refuse", times=chance.randint(1, 3))
    if chance.random() < 0.35:
        match chance.choice(("installer_exit", "exit_ok_build_unchanged", "job_lost", "installer_hang")):
            case "installer_exit":
                yield FaultSpec(
                    when="install", kind="installer_exit", code=chance.choice((1603, 1618, -2067919934, 1648))
                )
            case "exit_ok_build_unchanged":
                yield FaultSpec(when="install", kind="exit_ok_build_unchanged")
            case "job_lost":
                yield FaultSpec(when="install", kind="job_lost", after_percent=chance.randint(0, 100))
            case _:
                yield FaultSpec(when="install", kind="installer_hang")


def _limiting(chance: Random) -> Limiting:
    if chance.random() < 0.3:
        return Limiting()
    return Limiting(
        reboots=chance.choice((1, 1, 2)),
        stagger=chance.choice((0, 0, 240)),
        soak=chance.choice((0, 0, 1200)),
        failures=chance.choice((None, None, 0, 1)),
        tenants=chance.choice((1, 2)),
        per_tenant=chance.choice((None, 1)),
        domains=chance.choice((0, 0, 1, 2)),
        partners=chance.random() < 0.3,
        window=(chance.choice((-60, 0, 60)), chance.choice((90, 180, 480))) if chance.random() < 0.25 else None,
    )


def _line(chance: Random) -> Line:
    return Line(
        request_lost=chance.choice((0.0, 0.01, 0.05)),
        answer_lost=chance.choice((0.0, 0.01, 0.05)),
        cut=chance.choice((0.0, 0.003, 0.01)),
        cut_seconds=chance.choice((20.0, 120.0, 900.0)),
    )


def _kills(chance: Random) -> Iterator[Kill]:
    """Most schedules have a kill or two; early effects are denser in decisions than late ones."""
    effect = 0
    for _ in range(chance.choice((0, 0, 1, 1, 2, 4))):
        effect += chance.choice((chance.randint(1, 25), chance.randint(1, 150)))
        pause = chance.choice((3.0, 60.0, 900.0, 4 * 3600.0))
        yield Kill(effect, chance.choice(("before", "after")), pause, chance.random() < 0.2)


def _asked(chance: Random, hosts: int) -> Iterator[Asked]:
    if chance.random() < 0.25:
        yield Asked(chance.uniform(0, 4000), "withdraw", chance.randrange(hosts))
    if chance.random() < 0.15:
        yield Asked(chance.uniform(0, 4000), "stop")
    if chance.random() < 0.05:
        yield Asked(chance.uniform(0, 4000), "interrupt")
    if chance.random() < 0.2:
        yield Asked(chance.uniform(0, 4000), "pause", lasts=chance.choice((30.0, 600.0, 3 * 3600.0)))
    if chance.random() < 0.1:
        yield Asked(chance.uniform(0, 8000), chance.choice(("note", "unblock")), chance.randrange(hosts))
    while chance.random() < 0.35:
        mended = chance.random() < 0.5
        yield Asked(chance.uniform(600, 6000), "reverify", chance.randrange(hosts), mended=mended)
