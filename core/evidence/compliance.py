"""Derives compliance from fresh facts, the verdicts on them, and the last run's part in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from core.catalog.statements import kb_of
from core.model.block import PatchBlock
from core.model.build import Build
from core.model.compliance import Compliance, ComplianceState, PatchLevel
from core.model.count import counted
from core.model.facts import Facts, UpdateAnswer
from core.model.history import Visit
from core.model.host import Host
from core.model.state import TargetState
from core.model.unanswered import Unanswered
from core.model.verdict import HostVerdict, LeftOut, Needs, UpToDate, Verdict

_S = ComplianceState
_WORST_FIRST = (_S.FAILED, _S.UNKNOWN, _S.BLOCKED, _S.PENDING, _S.DEFERRED, _S.COMPLIANT)

# What policy holds back on purpose.
_HELD_BACK = frozenset({"pinned", "too_young", "excluded_kb", "no_previous", "sql_disabled"})
# What somebody must mend before there is a way.
_TO_BE_MENDED = frozenset({"unsupported", "withdrawn", "branch_crossing", "below_min_build", "service_pack_first"})
# Not counted: nobody wants anything of these.
_NO_CONCERN = frozenset({"disabled_target", "no_instance"})

# What the last run left, where something is still to be done.
_LEFT_BY_RUN: dict[TargetState, tuple[ComplianceState, str]] = {
    TargetState.FAILED: (_S.FAILED, "the last run failed"),
    TargetState.PARTIAL: (_S.FAILED, "the last run failed after a step had succeeded"),
    TargetState.BLOCKED: (_S.BLOCKED, "the last run held it"),
    TargetState.DEFERRED: (_S.DEFERRED, "the last run put it off"),
    TargetState.UNKNOWN: (_S.UNKNOWN, "nobody could tell how the last run ended"),
}
_AT_WORK = frozenset({TargetState.PENDING, TargetState.IN_PROGRESS, TargetState.OVERDUE})


Titles = Callable[[Build], str | None]


def _untitled(_build: Build) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Judged:
    """Facts, and what the rules of today say of them."""

    facts: Facts
    verdict: HostVerdict
    # Whether policy wants updates of the operating system at all.
    wants_updates: bool = False
    # What people call a build.
    title: Titles = _untitled


@dataclass(frozen=True, slots=True)
class Past:
    """What runs did to the host, as far as it counts here, and the last try to look at it, where that failed."""

    last: Visit | None = None
    patched_at: datetime | None = None
    # Open: nobody has looked at the host and said so since a run may have hurt it.
    block: PatchBlock | None = None
    unblocked_at: datetime | None = None
    unanswered: Unanswered | None = None


Reason = tuple[ComplianceState, str]
# A time in the words of whoever reads it.
Moment = Callable[[datetime], str]


def in_utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def compliance_of(
    host: Host, judged: Judged | None, past: Past, not_before: datetime, moment: Moment = in_utc
) -> Compliance:
    """The worst that is known. Facts before not_before prove nothing any more."""
    reasons = list(_reasons(judged, past, not_before, moment))
    state = next(one for one in _WORST_FIRST if any(reason[0] is one for reason in reasons))
    place = host.place
    return Compliance(
        host=host.name,
        tenant=place.tenant,
        client=place.client,
        site=place.site,
        state=state,
        why="; ".join(dict.fromkeys(_why(state, reasons, past, moment))),
        os=None if judged is None else judged.facts.os.caption,
        levels=() if judged is None else tuple(_levels(judged)),
        pending=() if judged is None else tuple(_pending(judged.verdict)),
        assessed_at=None if judged is None else judged.facts.collected_at,
        patched_at=past.patched_at,
        run_id=None if past.last is None else past.last.run_id,
        unanswered=past.unanswered,
    )


def _why(state: ComplianceState, reasons: list[Reason], past: Past, moment: Moment) -> Iterator[str]:
    """A patch-block is told even of a host that stands worse: somebody has to clear it. So is a look that failed."""
    told = [why for one, why in reasons if one is state]
    yield from told if past.block is None else _with_block(told, past.block, moment)
    if past.unanswered is not None:
        yield _unanswered(past.unanswered, moment)


def _blocked(block: PatchBlock, moment: Moment) -> str:
    return f"patch-blocked since {moment(block.blocked_at)} until somebody unblocks it: {block.detail}"


def _with_block(told: list[str], block: PatchBlock, moment: Moment) -> Iterator[str]:
    """What hurt the host is said once, also where the run that left it blocked, or the next one, says it too."""
    blocked = _blocked(block, moment)
    if blocked in told:
        yield from (one for one in told if one == blocked or not block.detail or block.detail not in one)
        return
    yield from told
    known = bool(block.detail) and any(block.detail in one for one in told)
    yield blocked.removesuffix(f": {block.detail}") if known else blocked


def _unanswered(one: Unanswered, moment: Moment) -> str:
    return f"could not be assessed at {moment(one.at)}: {one.failure}"


def _reasons(judged: Judged | None, past: Past, not_before: datetime, moment: Moment) -> Iterator[Reason]:
    visit = past.last
    if past.block is not None:
        yield _S.BLOCKED, _blocked(past.block, moment)
    if visit is not None and visit.state in _AT_WORK:
        yield _S.PENDING, "a run has it in hand"
    if judged is None:
        never = "nothing is known of it: it was never assessed"
        yield _S.UNKNOWN, never if past.unanswered is None else _unanswered(past.unanswered, moment)
        return
    taken = judged.facts.collected_at
    if taken < not_before:
        yield _S.UNKNOWN, f"it was last assessed at {moment(taken)}: too long ago to tell"
    open_work = tuple(_open_work(judged))
    yield from open_work
    if judged.wants_updates and not _updates_known(judged.facts):
        yield _S.UNKNOWN, "what its operating system lacks is not known; assess it"
    if visit is not None and not _cleared(visit, past):
        yield from _of_visit(visit, judged.facts, still_due=any(state is _S.PENDING for state, _ in open_work))
    yield _S.COMPLIANT, "all that policy wants is there"


def _cleared(visit: Visit, past: Past) -> bool:
    """A host that a run left out because it was blocked, and that somebody has unblocked since."""
    if visit.state is not TargetState.BLOCKED or past.block is not None:
        return False
    ended, unblocked = visit.ended_at, past.unblocked_at
    return ended is not None and unblocked is not None and unblocked > ended


def _of_visit(visit: Visit, facts: Facts, *, still_due: bool) -> Iterator[Reason]:
    """An assessment that came after the run and finds nothing due is the better witness."""
    looked_at_since = visit.ended_at is not None and facts.collected_at > visit.ended_at
    if visit.state in _LEFT_BY_RUN and (still_due or not looked_at_since):
        state, words = _LEFT_BY_RUN[visit.state]
        yield state, words if visit.error is None else f"{words}: {visit.error}"
    if visit.state is TargetState.AWAITING_REBOOT and not _restarted_since(visit, facts):
        yield _S.PENDING, "patched, and the restart is left to the operator"


def _updates_known(facts: Facts) -> bool:
    return isinstance(facts.update_witness, UpdateAnswer) and facts.update_witness.complete


def _restarted_since(visit: Visit, facts: Facts) -> bool:
    return visit.ended_at is not None and facts.boot.booted_at > visit.ended_at


def _open_work(judged: Judged) -> Iterator[Reason]:
    verdict = judged.verdict
    for one in sorted(verdict.verdicts, key=_gravity):
        yield from _of_verdict(one, judged.title)
    due = bool(verdict.needs or verdict.wanted)
    if verdict.wanted:
        yield _S.PENDING, f"due for the operating system: {counted(len(verdict.wanted), 'update')}"
    if due:
        yield from ((_S.BLOCKED, one.reason) for one in verdict.obstacles)


def _gravity(verdict: Verdict) -> bool:
    """A build that Microsoft has taken back is told before all else: a long line is cut at its end."""
    return not (isinstance(verdict, LeftOut) and verdict.code == "withdrawn")


def _of_verdict(verdict: Verdict, title: Titles) -> Iterator[Reason]:
    match verdict:
        case Needs(instance=instance, current=current, mapping=mapping):
            wanted = mapping.target_build
            yield _S.PENDING, f"{instance} is at {_named(current, title)} and is to be at {_named(wanted, title)}"
        case LeftOut(code=code) if code in _NO_CONCERN:
            return
        case LeftOut(instance=instance, code=code, reason=reason):
            yield _left_out(code), f"{instance or 'the host'}: {reason}"
        case UpToDate():
            return


def _named(build: Build, title: Titles) -> str:
    name = title(build)
    return str(build) if name is None else f"{name} ({build})"


def _left_out(code: str) -> ComplianceState:
    """What no rule knows is not called well."""
    if code in _HELD_BACK:
        return _S.DEFERRED
    return _S.BLOCKED if code in _TO_BE_MENDED else _S.UNKNOWN


def _levels(judged: Judged) -> Iterator[PatchLevel]:
    verdict, title = judged.verdict, judged.title
    targets = {one.instance: one.mapping.target_build for one in verdict.needs}
    targets |= {one.instance: one.target for one in verdict.verdicts if isinstance(one, UpToDate)}
    for one in judged.facts.instances:
        current, target = one.patch_level, targets.get(one.name)
        wanted = (None, None) if target is None else (str(target), title(target))
        yield PatchLevel(one.name, str(current), wanted[0], title(current), wanted[1])


def _pending(verdict: HostVerdict) -> Iterator[str]:
    for need in verdict.needs:
        kbs = (f"KB{kb}" for one in need.files if (kb := kb_of(one.file)) is not None)
        told = (str(need.mapping.description or need.mapping.target_build), *kbs)
        yield f"{need.instance}: {', '.join(dict.fromkeys(told))}"
    for update in verdict.wanted:
        yield f"KB{update.kb}: {update.title}" if update.kb else update.title
