"""A live source beside sql_targets.json: what the file says counts, the source adds what the file does not name."""

from collections.abc import Iterable

from core.inventory.listing import Listing
from core.model.ids import folded
from core.settings.targets import Target


def added_by(listing: Listing, file: Iterable[Target]) -> tuple[Target, ...]:
    """Targets whose instance no target of the file names. A host that the file disables as a whole stays disabled."""
    named: dict[str, list[Target]] = {}
    for target in file:
        named.setdefault(target.host_key, []).append(target)
    return tuple(one.target for one in listing.rows if _is_new(one.target, named.get(one.target.host_key, [])))


def _is_new(target: Target, named: list[Target]) -> bool:
    if not named:
        return True
    if target.sql_instance is None or any(one.sql_instance is None and not one.enabled for one in named):
        return False
    return folded(target.sql_instance) not in {folded(one.sql_instance or "") for one in named}
