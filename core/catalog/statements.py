"""What the parts of a mapping say about the release that it installs, each read on its own."""

import re
from dataclasses import dataclass

from core.catalog.branches import has_service_packs, track_of
from core.catalog.reference import releases_with_kb
from core.model.build import Build
from core.model.mapping import HotfixFile
from core.model.reference import Branch, Reference, Release, Track

_PRODUCT = re.compile(r"(?<![a-z])sql[ _-]?(?:server)?[ _-]?(20[0-9]{2})(?:[ _-]?(R2))?(?![0-9])", re.IGNORECASE)
_KB = re.compile(r"(?<![a-z])kb[ _-]?([0-9]{6,8})(?![0-9])", re.IGNORECASE)
_SERVICE_PACK = re.compile(r"(?<![a-z])sp ?([0-9])(?![0-9])", re.IGNORECASE)
_BASELINE = re.compile(r"(?<![a-z])(sp ?[0-9]|rtm)(?![a-z0-9])", re.IGNORECASE)
_CU = re.compile(r"(?<![a-z])cu ?([0-9]{1,2})(?![0-9])", re.IGNORECASE)
_GDR = re.compile(r"(?<![a-z])gdr(?![a-z])", re.IGNORECASE)
_AZURE_CONNECT = re.compile(r"azure connect", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """Where it stands, its words, and what they say. What they leave open is None."""

    where: str
    found: str
    build: Build | None = None
    family: str | None = None
    kb: str | None = None
    kb_releases: tuple[Release, ...] = ()
    service_pack: str | None = None
    cu: str | None = None
    track: Track | None = None

    def wrong_about(self, release: Release) -> tuple[str, ...]:
        """What of this does not fit the release. A release without a level is one that the reference does not know."""
        level = release.level
        checks = {
            "build": self.build is not None and not self.build.is_same(release.build),
            "family": self.family is not None and self.family != release.family,
            "kb": self._is_wrong_kb(release),
            "service_pack": bool(level) and self.service_pack not in (None, baseline_in(level)),
            "cu": bool(level) and self.cu not in (None, cu_in(level)),
            "track": self._is_wrong_track(release),
        }
        return tuple(name for name, is_wrong in checks.items() if is_wrong)

    def _is_wrong_kb(self, release: Release) -> bool:
        if self.kb is None or self.kb in release.kbs:
            return False
        return bool(release.kbs or self.kb_releases)

    def _is_wrong_track(self, release: Release) -> bool:
        theirs = track_of(release.branch)
        return self.track is not None and release.branch is not Branch.RTM_SP and theirs not in (None, self.track)


def said_by_filename(reference: Reference, where: str, filename: str) -> Statement:
    kb = kb_in(filename)
    return Statement(
        where,
        filename,
        family=product_in(filename),
        kb=kb,
        kb_releases=releases_with_kb(reference, kb) if kb else (),
        service_pack=service_pack_in(filename),
    )


def said_by_kb(reference: Reference, where: str, kb: str) -> Statement:
    return Statement(where, kb, kb=kb, kb_releases=releases_with_kb(reference, kb))


def said_by_description(reference: Reference, where: str, text: str, family: str) -> Statement:
    """Words that name several CUs, service packs or KBs prove nothing about any of them."""
    cu, kb = _only(_CU, text), _only(_KB, text)
    is_gdr = bool(_GDR.search(text)) and not _CU.search(text)
    track = Track.AZURE_CONNECT if _AZURE_CONNECT.search(text) else Track.GDR if is_gdr else None
    return Statement(
        where,
        text,
        family=product_in(text),
        kb=kb,
        kb_releases=releases_with_kb(reference, kb) if kb else (),
        service_pack=baseline_in(text) if has_service_packs(family) else None,
        cu=f"CU{int(cu)}" if cu else None,
        track=track,
    )


def product_in(text: str) -> str | None:
    """The one version that the words name: "2019", "2008R2"."""
    found = {f"{year}{(r2 or '').upper()}" for year, r2 in _PRODUCT.findall(text)}
    return found.pop() if len(found) == 1 else None


def kb_in(text: str) -> str | None:
    return _only(_KB, text)


def kb_of(file: HotfixFile) -> str | None:
    """As the mapping says, else as its name does."""
    return file.kb or kb_in(file.filename)


def service_pack_in(text: str) -> str | None:
    found = _SERVICE_PACK.search(text)
    return f"SP{found[1]}" if found else None


def baseline_in(text: str) -> str | None:
    """The one baseline that the words name: "RTM", "SP3"."""
    found = {one.upper().replace(" ", "") for one in _BASELINE.findall(text)}
    return found.pop() if len(found) == 1 else None


def cu_in(text: str) -> str | None:
    found = _CU.search(text)
    return f"CU{int(found[1])}" if found else None


def corrected_filename(filename: str, release: Release) -> str:
    """The same name for the right product and KB."""
    name = _PRODUCT.sub(f"SQLServer{release.family}", filename)
    return _KB.sub(f"KB{release.kbs[0]}", name) if release.kbs else name


def _only(pattern: re.Pattern[str], text: str) -> str | None:
    found = set(pattern.findall(text))
    return str(found.pop()) if len(found) == 1 else None
