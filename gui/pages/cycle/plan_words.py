"""A plan in the words of whoever has to sign it: how much, when, what to know, and what is new since the last one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from core.app.review import Reviewed
from core.model.authorisation import Authorisation
from core.model.plan import Plan, PlannedWindow
from core.model.review import NOT_PATCHED, Weight
from gui.language import counted, tr
from gui.times import about, day_and_time
from gui.words import short_digest, short_id

# Hosts of one kind that are told by name in a line.
_NAMED = 5


def totals_in_words(plan: Plan) -> str:
    totals = plan.totals
    parts = [
        counted(totals.hosts, "1 host", "{n} hosts"),
        counted(totals.instances, "1 instance", "{n} instances"),
        counted(len(plan.waves), "1 wave", "{n} waves"),
        counted(totals.restarts, "1 restart", "{n} restarts"),
        tr("about {time} ({together} at a time)", time=about(totals.expected_seconds), together=_together(plan)),
    ]
    if totals.p90_seconds is not None:
        parts.append(tr("9 of 10 within {time}", time=about(totals.p90_seconds)))
    return "  ·  ".join(parts)


def _together(plan: Plan) -> str:
    hosts = counted(plan.totals.workers, "1 host", "{n} hosts")
    restarts = counted(plan.rules.pace.max_reboots, "1 restart", "{n} restarts")
    return f"{hosts}, {restarts}" if plan.restarts_wait else hosts


def digest_in_words() -> str:
    return tr(
        "The plan's fingerprint: it changes when anything in the plan changes. An authorisation holds for exactly this "
        "one."
    )


def estimate_in_words(plan: Plan) -> str:
    """How the times are reckoned, for whoever must say until when it takes."""
    known = sum(1 for target in plan.targets for step in target.steps if step.expectation.source.startswith("history"))
    steps = sum(len(target.steps) for target in plan.targets)
    parts = [
        tr(
            "How this is reckoned: each step takes what the same package, or a restart, took in earlier runs (the "
            "middle of those times), and the usual time where there was none."
        ),
        tr("{known} of {steps} steps here are known from earlier runs.", known=known, steps=steps),
        tr(
            "{hosts} at a time, wave after wave, with the pauses between waves; restarts that may not coincide wait "
            "for each other.",
            hosts=counted(plan.totals.workers, "1 host", "{n} hosts"),
        ),
    ]
    if plan.totals.p90_seconds is not None:
        parts.append(tr("The longer time holds if each step takes as long as 9 of 10 did."))
    return "\n".join(parts)


def windows_in_words(plan: Plan) -> str:
    """The first two by name; a plan with more says how many."""
    if not plan.windows:
        return tr("No maintenance window: it may run at any time")
    said = [_window_in_words(one) for one in plan.windows[:2]]
    more = len(plan.windows) - len(said)
    return "\n".join([*said, *([tr("and {n} windows more", n=more)] if more else [])])


def authorisation_in_words(granted: Authorisation) -> str:
    """By whom, for what, until when."""
    change = tr(", change {id}", id=granted.change) if granted.change else ""
    parts = [tr("Authorised by {who}{change}: {reason}", who=granted.granted_by, change=change, reason=granted.reason)]
    if granted.expires_at is not None:
        parts.append(tr("no host is begun after {time}", time=day_and_time(granted.expires_at)))
    parts.append(tr("digest {digest}", digest=short_digest(granted.plan_digest)))
    return "  ·  ".join(parts)


def _window_in_words(planned: PlannedWindow) -> str:
    window = planned.window
    zone = ZoneInfo(window.zone)
    opens = planned.opens_at.astimezone(zone).strftime("%a %Y-%m-%d %H:%M")
    closes = planned.closes_at.astimezone(zone).strftime("%H:%M")
    words = tr("Window {name}: {opens}–{closes} ({zone})", name=window.name, opens=opens, closes=closes,
               zone=window.zone)  # fmt: skip
    mine = planned.opens_at.astimezone().strftime("%a %H:%M")
    words += "" if mine == opens[:3] + opens[-6:] else "  ·  " + tr("{time} here", time=mine)
    if planned.last_safe_start is None:
        return words + "  ·  " + tr("the plan does not fit into it")
    latest = planned.last_safe_start.astimezone(zone).strftime("%H:%M")
    return words + "  ·  " + tr("last safe start {time}", time=latest)


def held_in_words(shown: Reviewed) -> str:
    """What forbids the plan, holds hosts or leaves some as they are, with their names."""
    told = (Weight.STOPS, Weight.HOLDS)
    found = [one for one in shown.review.findings if one.weight in told or one.code == NOT_PATCHED]
    parts = [f"{tr(one.title)}: {_first(one.hosts)}" if one.hosts else tr(one.title) for one in found]
    return "  ·  ".join(parts)


def _first(hosts: tuple[str, ...]) -> str:
    more = len(hosts) - _NAMED
    return ", ".join(hosts[:_NAMED]) + (tr(" and {n} more", n=more) if more > 0 else "")


def findings_in_words(shown: Reviewed) -> str:
    lines: list[str] = []
    for one in shown.review.findings:
        lines += [tr(one.title).capitalize() + (f"  ({len(one.hosts):,})" if one.hosts else "")]
        lines += [f"    {message}" for message in one.messages]
        told = {message.partition(": ")[0] for message in one.messages}
        others = [host for host in one.hosts if host not in told]
        named = ", ".join(others[:20]) + (" …" if len(others) > 20 else "")
        lines += [f"    {named}", ""] if others else [""]
    return "\n".join(lines) or tr("Nothing to warn of.")


def comparison_in_words(shown: Reviewed) -> str:
    since, last = shown.since_last, shown.last
    if since is None or last is None:
        return tr("There is no earlier plan.")
    if since.same_content:
        return tr("The last plan has the same content: {last}.", last=_last_in_words(shown, last))
    lines = [tr("Compared with the last plan: {last}.", last=_last_in_words(shown, last))]
    if since.inputs:
        names = ", ".join(tr("run history") if one == "history" else one for one in since.inputs)
        lines.append(tr("New since then: {names}", names=names))
    for title, change in (
        (tr("Hosts"), since.hosts),
        (tr("Steps"), since.steps),
        (tr("Waves"), since.waves),
        (tr("Packages"), since.packages),
        (tr("Rules"), since.rules),
        (tr("Windows"), since.windows),
        (tr("Not patched"), since.skipped),
        (tr("Warnings"), since.warnings),
    ):
        if change.gone or change.new:
            words = _short_hash if change is since.packages else str
            gone, new = map(words, change.gone), map(words, change.new)
            lines += ["", title, *(f"    − {one}" for one in gone), *(f"    + {one}" for one in new)]
    return "\n".join(lines)


def whole_names_in_words(shown: Reviewed) -> str:
    """What a comparison shortens: the last plan's id, and the hashes of packages that differ."""
    last = () if shown.last is None else (tr("The last plan is {id}", id=shown.last.id),)
    since = shown.since_last
    return "\n".join((*last, *(() if since is None else (*since.packages.gone, *since.packages.new))))


def _short_hash(package: str) -> str:
    """Of a package as a comparison names it."""
    name, _, found = package.rpartition(" ")
    return tr("{name}, SHA-256 {hash}…", name=name, hash=short_digest(found))


def _last_in_words(shown: Reviewed, last: Plan) -> str:
    """When it was made, by this computer's clock; its whole id is told on asking."""
    allowed = shown.last_allowed
    by = tr("authorised by nobody") if allowed is None else tr("authorised by {who}", who=allowed.granted_by)
    return tr("{id}, made {at}, {by}", id=short_id(last.id), at=day_and_time(last.made_at), by=by)
