"""Steps as documents hold them: thousands of hosts share a few recipes, so that a large plan stays small."""

from dataclasses import dataclass, replace

from core.model.step import OsUpdateStep, PatchStep, RebootStep, Step


@dataclass(frozen=True, slots=True)
class StepDocument:
    """A step of one host: the recipe by its place in the plan's list, and what is the host's own."""

    order: int
    recipe: int
    instances: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()


def referring(step: Step, recipes: dict[Step, int]) -> StepDocument:
    """Recipes are steps without a place in an order, without instances and updates. New ones are added."""
    match step:
        case PatchStep():
            recipe: Step = replace(step, order=0, instances=())
            return StepDocument(step.order, recipes.setdefault(recipe, len(recipes)), instances=step.instances)
        case OsUpdateStep():
            recipe = replace(step, order=0, updates=())
            return StepDocument(step.order, recipes.setdefault(recipe, len(recipes)), updates=step.updates)
        case RebootStep():
            return StepDocument(step.order, recipes.setdefault(replace(step, order=0), len(recipes)))


def resolved(step: StepDocument, recipes: tuple[Step, ...]) -> Step:
    """Raises ValueError if there is no such recipe."""
    if not 0 <= step.recipe < len(recipes):
        raise ValueError(f"step {step.order} refers to recipe {step.recipe}, and there are {len(recipes)}")
    match recipes[step.recipe]:
        case PatchStep() as recipe:
            return replace(recipe, order=step.order, instances=step.instances)
        case OsUpdateStep() as recipe:
            return replace(recipe, order=step.order, updates=step.updates)
        case RebootStep() as recipe:
            return replace(recipe, order=step.order)
