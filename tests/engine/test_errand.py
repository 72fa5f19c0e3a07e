"""What a walk may know of its host."""

from dataclasses import replace
from datetime import date

from core.model.build import Build
from core.model.host import host_named
from core.model.policy import Pin, SqlRules
from core.model.selection import Selection
from core.model.verdict import LeftOut, Needs
from tests.engine.scripted import BEFORE, errand, facts


def test_a_pin_for_a_tag_holds_for_the_host_that_carries_it() -> None:
    pin = Pin(Build.parse(BEFORE), "the vendor has not released it", date(2027, 1, 1), Selection(tags=("frozen",)))
    plain = errand()
    pinned = replace(plain, policy=replace(plain.policy, sql=SqlRules(min_age_cu_days=0, pins=(pin,))))
    (free,) = pinned.judged(facts()).verdicts
    (held,) = replace(pinned, known_as=replace(host_named("SQL01"), tags=("frozen",))).judged(facts()).verdicts
    assert isinstance(free, Needs)
    assert isinstance(held, LeftOut)
    assert held.code == "pinned"
