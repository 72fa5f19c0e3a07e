"""Updates of the system in simulation: what is offered only after others were installed is told, and not taken."""

from core.model.state import TargetState
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.os_update import OsUpdateSpec
from core.practice.spec.server import ServerSpec
from core.practice.sql_updates import SQL_UPDATES
from tests.simulation.books import story as story_of
from tests.simulation.invariants import violations
from tests.simulation.schedule import Schedule
from tests.simulation.scheduler import simulate

_STACK = OsUpdateSpec(kb="5040000", title="Servicing stack", servicing_stack=True, reboot="never", size_mb=10)
_LATER = OsUpdateSpec(kb="5040001", title="Offered later", needs_stack=True, size_mb=10)


def test_what_is_offered_only_after_the_stack_is_told_and_never_installed() -> None:
    current = (InstanceSpec(build=SQL_UPDATES["2019"].target),)
    story = simulate(Schedule(1, (ServerSpec(name="SQL01", instances=current, os_updates=(_STACK, _LATER)),)))
    (target,) = story_of(story.lines).targets
    assert (violations(story), target.state) == ((), TargetState.SUCCESS)
    assert [one.kb for one in story.world.machines["SQL01"].updates.installed] == ["5040000"]
    assert "offered only now and not installed, for nobody has authorised it: KB5040001; plan again" in target.warnings
