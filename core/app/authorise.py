"""Authorise: binds who, why and until when to a plan's digest."""

from datetime import datetime

from core.app import composition
from core.app.lookup import the_plan
from core.app.workspace import Workspace
from core.model.authorisation import Authorisation
from core.model.fault import Fault, RefusedError
from core.model.plan import Plan
from core.planning.planner import digest_of
from core.store import plans as plan_store
from core.store.database import Database


def authorise(
    workspace: Workspace, reference: str, reason: str, change: str | None, expires_at: datetime | None
) -> Authorisation:
    clock = composition.SystemClock()
    now = clock.now()
    if not reason.strip():
        raise RefusedError((Fault("reason", "empty", "say why; the journal and every report name it"),))
    if expires_at is not None and expires_at <= now:
        raise RefusedError((Fault("expiry", "past", "the time lies in the past", found=expires_at.isoformat()),))
    with composition.open_database(workspace) as database:
        plan = the_plan(database, reference)
        granted = Authorisation(
            id=composition.fresh_id(clock),
            plan_id=plan.id,
            plan_digest=digest_of(plan),
            granted_by=composition.identity().operator,
            granted_at=now,
            reason=reason.strip(),
            change=change,
            expires_at=expires_at,
        )
        plan_store.keep_authorisation(database, granted)
    return granted


def authorised_twin(workspace: Workspace, plan: Plan) -> Plan | None:
    """The newest plan of exactly this content that may be carried out now."""
    with composition.open_database(workspace) as database:
        now = composition.SystemClock().now()
        return next(
            (one for one in plan_store.with_digest(database, plan.digest) if _allowed(database, one, now)), None
        )


def _allowed(database: Database, plan: Plan, now: datetime) -> bool:
    return any(one.covers(plan.digest, now) for one in plan_store.authorisations_of(database, plan.id))


def valid_authorisation(database: Database, plan: Plan, now: datetime) -> Authorisation:
    """The newest that covers exactly this plan, now. Raises RefusedError when there is none."""
    content = digest_of(plan)
    if content != plan.digest:
        message = "the stored plan is not the one that was made; make a new one"
        raise RefusedError((Fault(f"plan {plan.id}", "digest", message, found=content, expected=plan.digest),))
    granted = plan_store.authorisations_of(database, plan.id)
    valid = next((one for one in granted if one.covers(content, now)), None)
    if valid is None:
        message = (
            "its authorisation has expired; authorise it again"
            if granted
            else "it is not authorised; authorise it, with a reason"
        )
        raise RefusedError((Fault(f"plan {plan.id}", "not_authorised", message),))
    return valid
