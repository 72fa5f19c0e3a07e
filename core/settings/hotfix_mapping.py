"""config/hotfix_mapping.json: document 5's schema with our optional keys."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import PureWindowsPath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from core.settings.phrases import BuildText, Family, Kb, Minutes, Sha256, like
from core.settings.reading import Section

_ONE_INSTANCE = r"InstanceName=[A-Za-z_#$][\w#$]{0,15}|InstanceID=[\w.]{1,64}"
_QUIET = rf"quiet|qs|IndicateProgress|SuppressPrivacyStatementNotice|AllInstances|{_ONE_INSTANCE}"
_INSTALL = re.compile(
    rf"/({_QUIET}|IAcceptSQLServerLicenseTerms|Action=Patch|ClusterPassive)", re.IGNORECASE | re.ASCII
)
_REMOVE = re.compile(rf"/({_QUIET}|Action=RemovePatch)", re.IGNORECASE | re.ASCII)
_NOT_IN_PATHS = re.compile(r'[<>"|?*\x00-\x1f]')

ExitCode = Annotated[int, Field(ge=-(2**31), le=2**32 - 1)]


# What a forbidden word was meant to be.
_SWITCHES = (
    *("/quiet", "/qs", "/IndicateProgress", "/SuppressPrivacyStatementNotice", "/AllInstances", "/InstanceName="),
    *("/InstanceID=", "/IAcceptSQLServerLicenseTerms", "/Action=Patch", "/ClusterPassive"),
)
FORBIDDEN = "forbidden_switch"


def _strange(words: Iterable[str], allowed: re.Pattern[str]) -> str:
    """What is not allowed, without values: they may be passwords or product keys."""
    strange = ", ".join(re.sub(r"[=:].*", "=…", word) for word in words if not allowed.fullmatch(word))
    return "".join(one if one.isprintable() else "?" for one in strange)


def allowed_only(parameters: str) -> str:
    """Without the words that are forbidden."""
    return " ".join(word for word in parameters.split() if _INSTALL.fullmatch(word))


def _meant(word: str) -> str | None:
    """The switch that this is a slip of, if it is one."""
    known = {re.sub(r"=.*", "=", one).casefold(): one for one in _SWITCHES}
    key = re.sub(r"[=:].*", "=", word).casefold()
    near = get_close_matches(key, known, n=1, cutoff=0.75)
    return known[near[0]] if near else None


def _installs_quietly(parameters: str) -> str:
    words = parameters.split()
    strange = _strange(words, _INSTALL)
    if strange:
        meant = [one for word in words if not _INSTALL.fullmatch(word) and (one := _meant(word)) is not None]
        hint = f"did you mean {' '.join(meant)}? " if meant else ""
        message = f"holds {strange}; {hint}only known switches of a quiet patch are allowed, no others and no values"
        raise PydanticCustomError(FORBIDDEN, "{message}", {"message": message, "expected": " ".join(meant) or None})
    return parameters


def _removes_quietly(parameters: str) -> str:
    strange = _strange(parameters.split(), _REMOVE)
    if strange:
        raise ValueError(f"holds {strange}; only known switches of /Action=RemovePatch are allowed")
    if "/action=removepatch" not in parameters.casefold().split():
        raise ValueError("must hold /Action=RemovePatch")
    return parameters


def _windows_path(path: str) -> str:
    windows = PureWindowsPath(path)
    if "://" in path:
        raise ValueError("must be a folder or a file, no web address; download the package first")
    if _NOT_IN_PATHS.search(path[2:] if windows.drive.endswith(":") else path) or "%" in path:
        raise ValueError('holds characters that no path of Windows has, or a variable; write it like "hotfixes\\2019"')
    if ".." in windows.parts:
        raise ValueError('must not go up with ".."; write the whole path, like "D:\\Patches\\2019"')
    if (windows.drive or windows.root) and not windows.is_absolute():
        raise ValueError('is neither whole nor relative; write "D:\\Patches", "\\\\server\\share" or "hotfixes\\2019"')
    return path


class FileSection(Section):
    """One installer. Path is a folder or the file itself, always written as a Windows path."""

    filename: Annotated[
        str, *like(r"^[A-Za-z0-9._-]{1,120}\.[eE][xX][eE]$", 'a file name like "SQLServer2019-KB5054833-x64.exe"')
    ]
    path: Annotated[str, AfterValidator(_windows_path), Field(min_length=1)]
    order: Annotated[int, Field(ge=1, le=1000)]
    required: bool = True
    """If a required file fails, the steps after it are not done."""
    parameters: Annotated[str, AfterValidator(_installs_quietly)]
    sha256: Sha256 | None = None
    size_bytes: Annotated[int, Field(gt=0)] | None = None
    kb: Kb | None = None
    timeout_minutes: Minutes | None = None
    """When the step is called overdue. Without one, the time of audit_config.json."""
    success_codes: tuple[ExitCode, ...] = ()
    """Exit codes that mean success besides the known ones."""
    reboot_codes: tuple[ExitCode, ...] = ()
    """Exit codes that mean success and a restart, besides the known ones."""
    remove_parameters: Annotated[str, AfterValidator(_removes_quietly)] | None = None
    """How this update is removed again."""

    def contradictions(self) -> Iterable[tuple[str, str]]:
        both = sorted(set(self.success_codes) & set(self.reboot_codes))
        if both:
            codes = ", ".join(map(str, both))
            yield "reboot_codes", f"{codes} stands in success_codes, too; a code means one thing"
        path = PureWindowsPath(self.path)
        if path.suffix.casefold() == ".exe" and path.name.casefold() != self.filename.casefold():
            message = f'names the file "{path.name}", but filename says "{self.filename}"; correct one of them'
            yield "path", message


class MappingSection(Section):
    version_family: Family
    edition_filter: str | None = None
    min_build: BuildText | None = None
    target_build: BuildText
    branch: Literal["gdr", "cu", "azure_connect"] | None = None
    """The branch that the target is on. Without one, the build reference says it."""
    description: str = ""
    files: Annotated[tuple[FileSection, ...], Field(min_length=1)]
    requires_restart: bool = True
    notes: str = ""


class UnsupportedSection(Section):
    version_family: Family
    message: str


class MappingFile(Section):
    schema_version: Literal[1]
    mappings: tuple[MappingSection, ...] = ()
    unsupported_versions: tuple[UnsupportedSection, ...] = ()

    def contradictions(self) -> Iterable[tuple[str, str]]:
        mapped = {one.version_family for one in self.mappings}
        for index, one in enumerate(self.unsupported_versions):
            if one.version_family in mapped:
                message = f"{one.version_family} has a mapping, too; remove it here, or remove the mapping"
                yield f"unsupported_versions[{index}].version_family", message
