"""The checks that steps refer to, said once in the plan."""

from core.model.plan import CheckRule

CHECKS = (
    CheckRule("machine", "the host is the machine that was planned, by its machine GUID"),
    CheckRule("space", "the system drive has the free space that the packages need"),
    CheckRule("pending_restart", "Windows waits for no restart that policy takes seriously"),
    CheckRule("build_before", "every instance is on the build that was planned from"),
    CheckRule("backup", "the databases were saved as lately as policy asks"),
    CheckRule("jobs", "no backup, CHECKDB or Agent job runs"),
    CheckRule("roles", "the host holds no role that must be moved away first"),
    CheckRule("build_after", "every instance is on the wanted build, by all witnesses that can speak"),
    CheckRule("services", "services that ran before run again"),
    CheckRule("databases", "databases that were online before are online again"),
    CheckRule("restarted", "a new boot, proven by two marks"),
    CheckRule("updates_gone", "the updates are no longer offered"),
)

BEFORE_PATCH = ("machine", "space", "pending_restart", "build_before", "backup", "jobs", "roles")
AFTER_PATCH = ("build_after", "services", "databases")
BEFORE_REBOOT = ("machine", "jobs", "roles")
AFTER_REBOOT = ("restarted", "services", "databases")
BEFORE_OS_UPDATE = ("machine", "space", "backup", "jobs", "roles")
AFTER_OS_UPDATE = ("updates_gone", "services", "databases")
