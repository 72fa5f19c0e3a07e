"""Puts the real things behind the ports of a run's walks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.app import composition
from core.app.workspace import Workspace, hosts
from core.engine.errand import Errand, Patience
from core.engine.performing import Haulage, Performer
from core.engine.standing import Standing
from core.engine.tokens import Tokens
from core.model.fault import Fault, RefusedError
from core.model.host import Host
from core.model.plan import Plan
from core.model.record import RunRecord
from core.ports import Clock, Hear, Outputs, Show, Stop
from core.runfolder.diagnostics import DiagnosticsHistory
from core.runfolder.locks import DeviceLocks
from core.settings.audit_config import seconds
from core.settings.build_reference import reference_of
from core.settings.values import delivery_of, mapping_of, policy_of
from core.settings.workspace import Settings
from core.store import facts as fact_store
from core.store.database import Database
from core.store.facts import StoredFacts
from core.store.recorder import RunRecorder


class Equipment:
    """What the walks of one plan need. What is the same for all of them is made once: there may be a thousand.

    Raises RefusedError for hosts that the plan names and the targets no longer do.
    """

    def __init__(self, workspace: Workspace, settings: Settings, database: Database, plan: Plan, clock: Clock) -> None:
        self._workspace = workspace
        self._settings = settings
        self._database = database
        self._plan = plan
        self._clock = clock
        self._identity = composition.identity()
        self._policy = policy_of(settings.policy)
        self._mapping = mapping_of(settings.mapping)
        self._reference = reference_of(settings.reference)
        self._delivery = delivery_of(settings.audit.transfer, workspace.packages)
        self._signers = composition.trusted_signers(settings)
        timeouts = settings.audit.timeouts
        self._patience = Patience(seconds(timeouts.connection_loss), seconds(timeouts.sql_startup))
        self.hosts = {host.name: host for host in hosts(settings)}
        _refuse_strangers(plan, self.hosts)

    def errand(self, run_id: str, epoch: int, host: str, record: RunRecord) -> Errand:
        past, planned = record.target(host), self._plan.target(host)
        return Errand(
            run_id=run_id,
            epoch=epoch,
            console=self._identity.console,
            planned=planned,
            packages=self._plan.packages,
            policy=self._policy,
            mapping=self._mapping,
            trusted_signers=self._signers,
            patience=self._patience,
            past=past,
            standing=Standing(past),
            baseline=None if past.before is None else fact_store.load(self._database, past.before.digest),
            reference=self._reference,
            updates=self._plan.updates,
            delivery=self._delivery,
            rules=self._plan.rules,
            applications=self._plan.applications_of(host),
            windows=self._plan.windows_of(host),
            known_as=self.hosts.get(host),
            diagnosed_at=DiagnosticsHistory(self._workspace.locks, planned.place, host).newest,
        )

    def performers(
        self,
        recorder: RunRecorder,
        outputs: Outputs,
        run_id: str,
        tokens: Tokens,
        abandon: Stop,
        show: Show,
        hear: Hear | None = None,
    ) -> Callable[[str], Performer]:
        settings = self._settings
        secrets = composition.secrets_of(self._workspace, settings, tuple(self.hosts.values()))
        connect = composition.connect_with(secrets, abandon, hear)
        ask_sql = composition.ask_sql_with(secrets, settings, abandon, hear)
        places = {target.host: target.place for target in self._plan.targets}
        locks = DeviceLocks(self._workspace.locks, places, run_id, self._identity.operator, self._clock)
        facts = StoredFacts(self._database)
        haulage = Haulage(composition.push_with(secrets, abandon, settings.audit.transfer), tokens, show)
        probe = composition.probe_with(secrets, settings, abandon)
        search = seconds(settings.audit.timeouts.update_search)

        def performer(host: str) -> Performer:
            return Performer(
                self.hosts[host],
                connect,
                ask_sql,
                recorder,
                facts,
                outputs,
                locks,
                self._clock,
                abandon,
                haulage,
                probe,
                search,
            )

        return performer


def _refuse_strangers(plan: Plan, known: Mapping[str, Host]) -> None:
    strangers = [target.host for target in plan.targets if target.host not in known]
    if strangers:
        message = "the plan names it, the targets no longer do; plan again"
        raise RefusedError(tuple(Fault(f"plan {plan.id}: {name}", "unknown_host", message) for name in strangers))
