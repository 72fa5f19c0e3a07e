"""All that verdicts are made by, in one value: mapping, policy, reference and the day."""

from dataclasses import dataclass, field
from datetime import date

from core.model.build import Build
from core.model.facts import OsUpdate
from core.model.mapping import HotfixMapping
from core.model.policy import Policy
from core.model.reference import Reference
from core.model.verdict import Unwanted, UpdateVerdict
from core.policy.choosing import Choice, choose
from core.policy.updates import judge_update

NO_REFERENCE = Reference(as_of=date.min, releases=())


@dataclass(frozen=True, slots=True)
class Rules:
    """Choices are remembered: thousands of instances are on a few dozen builds and are offered the same updates."""

    mapping: HotfixMapping
    policy: Policy
    reference: Reference
    today: date
    # By KB, else by id or the name of the file: what somebody, and not policy, leaves out of one plan alone.
    left_out: frozenset[str] = frozenset()
    _made: dict[tuple[Build, str], Choice] = field(default_factory=dict, repr=False, compare=False)
    _judged: dict[OsUpdate, UpdateVerdict] = field(default_factory=dict, repr=False, compare=False)

    def verdict_of(self, update: OsUpdate) -> UpdateVerdict:
        """By itself: what is superseded only the others on a host can say."""
        verdict = self._judged.get(update)
        if verdict is None:
            verdict = self._judged[update] = self._verdict_of(update)
        return verdict

    def _verdict_of(self, update: OsUpdate) -> UpdateVerdict:
        if update.patch_id in self.left_out or update.kb in self.left_out:
            return Unwanted(update, "excluded_update", "it was left out when the plan was reviewed")
        return judge_update(update, self.policy.os, self.today)

    def choice(self, build: Build, edition: str) -> Choice:
        key = (build, edition)
        made = self._made.get(key)
        if made is None:
            sql, left_out = self.policy.sql, self.left_out
            made = choose(build, edition, self.mapping, sql, self.reference, self.today, left_out)
            self._made[key] = made
        return made
