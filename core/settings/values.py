"""From files to the frozen values that policy and planning work with."""

from datetime import time
from pathlib import Path

from core.model import application
from core.model.build import Build
from core.model.mapping import HotfixFile, HotfixMapping, Mapping, Unsupported
from core.model.policy import (
    BackupRules,
    DeskLimits,
    DiagnosticsRules,
    FailureBudget,
    JobRules,
    KbLists,
    MaintenanceWindow,
    OsRules,
    Pace,
    Pin,
    Policy,
    RetryRules,
    Scoped,
    ServiceRules,
    SqlRules,
    UndoRules,
)
from core.model.transfer import Delivery, Depot, Route
from core.settings import application_checks as checks
from core.settings.audit_config import AuditConfig, TransferSection, seconds
from core.settings.hotfix_mapping import FileSection, MappingFile, MappingSection
from core.settings.maintenance_windows import MaintenanceWindow as WindowSection
from core.settings.policy_file import DiagnosticsSection, OsUpdates, PolicyFile, SqlUpdates


def policy_of(file: PolicyFile) -> Policy:
    preflight, retries = file.preflight, file.retries
    backup, jobs = preflight.backup, preflight.running_jobs
    return Policy(
        name=file.name,
        reboot_mode=file.reboot.mode,
        space_factor=preflight.space_factor,
        ignored_pending_reboots=tuple(sorted(preflight.ignored_pending_reboots)),
        canary_hosts=file.canary.hosts,
        canary_tag=file.canary.tag,
        order=file.order,
        sql=_sql_rules(file.updates.sql),
        os=_os_rules(file.updates.os),
        pace=_pace(file),
        minimum_free_bytes=preflight.minimum_free_gb * 2**30,
        backups=BackupRules(backup.backup_evidence, backup.max_age_hours, backup.reason or ""),
        jobs=JobRules(jobs.kinds, round(jobs.wait_minutes * 60), jobs.ignored_jobs),
        windows=tuple(Scoped(_window(one), one.applies_to.selection()) for one in file.maintenance_windows),
        reboot_notice_seconds=file.reboot.notice_seconds,
        budget=FailureBudget(file.failure_budget.hosts, file.failure_budget.percent),
        retries=RetryRules(retries.attempts, max(1, round(retries.wait_minutes * 60)), retries.factor, retries.runs),
        application_checks=tuple(Scoped(_check(one), one.applies_to.selection()) for one in file.application_checks),
        undo=UndoRules(file.undo.on_regression),
        diagnostics=_diagnostics(file.diagnostics),
        services=ServiceRules(
            file.services.stop_agent,
            tuple(Scoped(one.name, one.applies_to.selection()) for one in file.services.stop),
        ),
    )


def desk_limits(audit: AuditConfig) -> DeskLimits:
    own = audit.concurrency
    return DeskLimits(own.max_concurrent_servers, own.max_per_tenant, own.stagger_seconds)


def _pace(file: PolicyFile) -> Pace:
    pace = file.concurrency
    return Pace(
        max_hosts=pace.max_hosts,
        max_reboots=pace.max_reboots,
        max_per_failure_domain=pace.max_per_failure_domain,
        stagger_seconds=pace.stagger_seconds,
        max_per_tenant=pace.max_per_tenant,
        soak_seconds=pace.soak_minutes * 60,
        soak_after_canaries_seconds=file.canary.soak_minutes * 60,
    )


def _check(section: checks.ApplicationCheck) -> application.ApplicationCheck:
    name, timeout, required = section.name, section.timeout_seconds, section.required
    match section:
        case checks.ProcessCheck():
            return application.ProcessCheck(name, timeout, required, section.process)
        case checks.ServiceCheck():
            return application.ServiceCheck(name, timeout, required, section.service)
        case checks.TcpCheck():
            return application.TcpCheck(name, timeout, required, section.port, section.host)
        case checks.HttpCheck():
            return application.HttpCheck(name, timeout, required, section.url, section.status, section.contains)
        case checks.SqlCheck():
            return application.SqlCheck(
                name, timeout, required, section.query, section.expect, section.instance, section.database
            )


def _diagnostics(section: DiagnosticsSection) -> DiagnosticsRules:
    return DiagnosticsRules(
        collect=section.collect,
        include=section.include,
        max_bytes=section.max_megabytes * 2**20,
        max_seconds=section.max_minutes * 60,
        rest_seconds=section.rest_hours * 3600,
        required=section.required,
    )


def _sql_rules(section: SqlUpdates) -> SqlRules:
    return SqlRules(
        enabled=section.enabled,
        branch=section.branch,
        target=section.target,
        min_age_cu_days=section.minimum_age_days.cu,
        min_age_security_days=section.minimum_age_days.security,
        kbs=KbLists(section.kbs.include, section.kbs.exclude),
        pins=tuple(
            Pin(Build.parse(one.max_build), one.reason, one.review_by, one.applies_to.selection())
            for one in section.pins
        ),
    )


def _os_rules(section: OsUpdates) -> OsRules:
    kbs = KbLists(section.kbs.include, section.kbs.exclude)
    return OsRules(
        enabled=section.enabled,
        service=section.service,
        classifications=section.classifications,
        severities=section.severities,
        min_age_days=section.minimum_age_days,
        kbs=kbs,
    )


def _window(section: WindowSection) -> MaintenanceWindow:
    return MaintenanceWindow(
        name=section.name,
        zone=section.zone,
        weekdays=section.weekdays,
        start=time.fromisoformat(section.start),
        minutes=section.duration_minutes,
    )


def delivery_of(section: TransferSection, packages: Path) -> Delivery:
    """The route over a share counts only where one is named."""
    depot = None if section.share is None else Depot(section.share, str(packages))
    routes = tuple(Route(one) for one in section.routes)
    if depot is None:
        routes = tuple(one for one in routes if one is not Route.SHARE)
    return Delivery(routes, depot, seconds(section.stall_minutes))


def mapping_of(file: MappingFile) -> HotfixMapping:
    return HotfixMapping(
        mappings=tuple(_mapping(section) for section in file.mappings),
        unsupported=tuple(Unsupported(one.version_family, one.message) for one in file.unsupported_versions),
    )


def _mapping(section: MappingSection) -> Mapping:
    return Mapping(
        version_family=section.version_family,
        edition_filter=section.edition_filter,
        min_build=None if section.min_build is None else Build.parse(section.min_build),
        target_build=Build.parse(section.target_build),
        description=section.description,
        files=tuple(_file(one) for one in sorted(section.files, key=lambda one: one.order)),
        requires_restart=section.requires_restart,
        branch=section.branch,
    )


def _file(section: FileSection) -> HotfixFile:
    return HotfixFile(
        filename=section.filename,
        path=section.path,
        order=section.order,
        required=section.required,
        parameters=tuple(section.parameters.split()),
        kb=section.kb,
        sha256=section.sha256,
        size_bytes=section.size_bytes,
        timeout_seconds=None if section.timeout_minutes is None else seconds(section.timeout_minutes),
        success_codes=section.success_codes,
        reboot_codes=section.reboot_codes,
        remove_parameters=tuple((section.remove_parameters or "").split()),
    )
