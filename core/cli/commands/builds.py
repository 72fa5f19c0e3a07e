"""builds: import the community's index, explain one build or KB."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from core.app.builds import Import, Shown, import_index
from core.app.builds import show as show_builds
from core.catalog.explaining import Explanation
from core.catalog.importing import Change
from core.cli.answering import Answer, Options, command
from core.model.count import counted
from core.model.document import to_document
from core.model.fault import Fault
from core.model.reference import Branch, Release

_SHOWN_CHANGES = 40
_VERSIONS = ("2008", "2012", "2014", "2016", "2017", "2019", "2022", "2025")

_BRANCHES: dict[Branch, str] = {
    Branch.RTM_SP: "the baseline itself: neither GDR nor CU was chosen yet",
    Branch.GDR: "GDR: security fixes only",
    Branch.CU: "CU: all fixes",
    Branch.SECURITY_ON_CU: "CU: a security update on top of a cumulative update",
    Branch.HOTFIX_ON_CU: "CU: a single hotfix on top of a cumulative update",
    Branch.AZURE_CONNECT: "Azure Connect Pack: features and their security fixes on SP3, a line of its own",
    Branch.PREVIEW: "a preview from before the release",
    Branch.AMBIGUOUS: "ambiguous: in this version GDR, hotfixes and CUs share their numbers",
}


@click.group()
def builds() -> None:
    """The build reference: which releases of SQL Server there are."""


@builds.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--since", type=click.Choice(_VERSIONS), help="Leave versions before this one out.")
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@click.option("--yes", is_flag=True, help="Take FILE even if it is older than the present reference.")
@command("builds import")
def import_(options: Options, file: Path, since: str | None, dry_run: bool, yes: bool) -> Answer:
    """Take the community's index (FILE, JSON) into config/build_reference.json, and show what that changes."""
    done = import_index(options.workspace, file, since, dry_run, yes)
    data = {
        "as_of": done.after.as_of.isoformat(),
        "before_as_of": None if done.before is None else done.before.as_of.isoformat(),
        "builds": len(done.after.releases),
        "older": done.is_older,
        "written": not dry_run,
        "changes": [_change_document(one) for one in done.changes],
        "warnings": list(done.warnings),
    }
    return Answer(data, _import_text(done, dry_run))


def _change_document(change: Change) -> dict[str, Any]:
    return {"kind": change.kind, "build": str(change.build), "details": list(change.details)}


def _import_text(done: Import, dry_run: bool) -> str:
    lines = [f"warning: {one}" for one in done.warnings]
    if done.before is not None and done.before.as_of != done.after.as_of:
        older = ", which is older" if done.is_older else ""
        lines.append(f"  as of    {done.before.as_of} -> {done.after.as_of}{older}")
    lines += [f"  {one.kind:<8} {one.build}: {'; '.join(one.details)}" for one in done.changes[:_SHOWN_CHANGES]]
    if len(done.changes) > _SHOWN_CHANGES:
        lines.append(f"  and {len(done.changes) - _SHOWN_CHANGES} more; --json lists all")
    kinds = Counter(one.kind for one in done.changes)
    counts = ", ".join(f"{kinds[kind]} {kind}" for kind in ("added", "changed", "removed"))
    lines.append(f"{counted(len(done.after.releases), 'build')} as of {done.after.as_of}: {counts}")
    if dry_run:
        lines.append("nothing was written (--dry-run)")
    return "\n".join(lines)


@builds.command()
@click.argument("asked", metavar="BUILD|KB")
@command("builds show")
def show(options: Options, asked: str) -> Answer:
    """Explain a build (15.0.4430 or 15.0.4430.1) or a KB (KB5054833). Exit 1 if the reference does not know it."""
    shown = show_builds(options.workspace, asked)
    data = {
        "asked": shown.asked,
        "kb": shown.kb,
        "reference_as_of": shown.reference_as_of.isoformat(),
        "as_of": shown.today.isoformat(),
        "builds": [to_document(one) for one in shown.explanations],
        "nearest": [to_document(one) for one in shown.nearest],
    }
    is_known = any(one.release is not None for one in shown.explanations)
    faults = () if is_known else (_unknown(shown),)
    return Answer(data, _show_text(shown), flawed=not is_known, faults=faults)


def _unknown(shown: Shown) -> Fault:
    message = f'the reference of {shown.reference_as_of} does not know it; "drydock builds import" takes in a newer one'
    return Fault("BUILD|KB", "unknown_build", message, found=shown.asked)


def _show_text(shown: Shown) -> str:
    blocks = ["\n".join(_explained(one, shown)) for one in shown.explanations]
    if shown.nearest:
        blocks.append("\n".join(["the nearest KBs that are known:", *(f"  {_with_kb(one)}" for one in shown.nearest)]))
    age = (shown.today - shown.reference_as_of).days
    return "\n\n".join(
        [*blocks, f"reference as of {shown.reference_as_of}" + (f", {counted(age, 'day')} old" if age > 0 else "")]
    )


def _explained(one: Explanation, shown: Shown) -> list[str]:
    lines = [_with_kb(one.release)] if one.release is not None else _where_it_lies(one)
    if one.release is None and one.baseline is None:
        return lines
    facts = [
        ("branch", _branch(one)),
        ("released", str(one.release.released or "the reference has no date") if one.release is not None else ""),
        ("support", _support(one)),
        ("withdrawn", _withdrawn(one)),
        ("contains", f"{counted(len(one.contains), 'older release')} of its branch" if one.contains else ""),
        ("replaced by", _with_kb(one.superseded_by[-1]) if one.superseded_by else ""),
        ("behind", _behind(one)),
        ("service pack", f"{_with_kb(one.newer_service_pack)} is newer" if one.newer_service_pack else ""),
        *(
            (f"newest {track.value.replace('_', ' ')}", _with_kb(newest))
            for track, newest in one.newest_by_track.items()
            if newest.branch is not Branch.RTM_SP
        ),
    ]
    return [*lines, *(f"  {name:<20} {words}" for name, words in facts if words)]


def _where_it_lies(one: Explanation) -> list[str]:
    family = f"SQL Server {one.build.family}" if one.build.family else "a product that is not known"
    lines = [f"{one.build} is {family}; this build is not in the reference"]
    if one.below is None and one.above is None:
        return [*lines, "  the reference holds no build of this version"]
    lines += [f"  {'next below':<20} {_with_kb(one.below)}"] if one.below is not None else []
    return lines + ([f"  {'next above':<20} {_with_kb(one.above)}"] if one.above is not None else [])


def _branch(one: Explanation) -> str:
    if one.release is not None or one.branch is not Branch.CU:
        return _BRANCHES[one.branch]
    return "CU by its number; whether a CU of its own or a fix on top of one, only the reference could say"


def _support(one: Explanation) -> str:
    source = one.release or one.baseline
    if source is None or source.support_ends is None:
        return "the reference has no date"
    name = one.baseline.level if one.baseline is not None else source.level
    if one.supported:
        return f"until {source.support_ends}"
    way_on = "a newer service pack is needed" if one.newer_service_pack else "only extended security updates since then"
    return f"ended on {source.support_ends} for SQL Server {source.family} {name}; {way_on}"


def _withdrawn(one: Explanation) -> str:
    if one.release is None or not one.release.withdrawn:
        return ""
    return "yes: Microsoft took it back, it is never a target"


def _behind(one: Explanation) -> str:
    match one.behind:
        case None:
            is_said_already = one.branch is Branch.PREVIEW or one.baseline is None
            return "" if is_said_already else "cannot be told: the branch is ambiguous"
        case behind if behind.updates == 0:
            return "nothing: the newest of its branch"
        case behind:
            months = "" if behind.months is None else f", {counted(behind.months, 'month')}"
            return f"{counted(behind.updates, 'release')} of its branch, {counted(behind.cus, 'CU')} among them{months}"


def _with_kb(release: Release) -> str:
    kbs = " ".join(f"KB{kb}" for kb in release.kbs)
    return f"{release}, {kbs}" if kbs else str(release)
