"""Finds the mapping for an instance."""

from core.model.build import Build
from core.model.mapping import HotfixMapping, Mapping, Unsupported


def mapping_for(mapping: HotfixMapping, build: Build, edition: str) -> Mapping | Unsupported | None:
    """The mapping for this build and edition; one that names the edition wins over one for all."""
    for unsupported in mapping.unsupported:
        if unsupported.version_family == build.family:
            return unsupported
    fitting = [
        one
        for one in mapping.mappings
        if one.version_family == build.family
        and (one.edition_filter is None or one.edition_filter.casefold() in edition.casefold())
    ]
    fitting.sort(key=lambda one: one.edition_filter is None)
    return fitting[0] if fitting else None
