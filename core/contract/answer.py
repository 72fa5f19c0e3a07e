"""A script's answer: one JSON document, either a result or an error with a code."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from core.contract.foreign import tame, tame_all
from core.contract.message import Result
from core.contract.script import R, Script
from core.model.failure import Cause, Failure

RESULT_VERSION = 1
_LONGEST_MESSAGE = 2000


class ErrorPart(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str
    message: str


class _Right(BaseModel):
    model_config = ConfigDict(extra="forbid")

    ok: Literal[True]
    data: dict[str, Any]


class _Wrong(BaseModel):
    model_config = ConfigDict(extra="forbid")

    ok: Literal[False]
    error: ErrorPart


_ANSWER: TypeAdapter[_Right | _Wrong] = TypeAdapter(Annotated[_Right | _Wrong, Field(discriminator="ok")])

# The codes that scripts end with, and what they mean to the operator.
CODES: dict[str, tuple[Cause, str]] = {
    "claimed": (Cause.CLAIMED, "wait until the other run has ended, or ask its operator"),
    "not_claimed": (Cause.CLAIMED, "the claim was removed by hand; assess the host and start again"),
    "fenced": (Cause.CLAIMED, "this run was taken up elsewhere; this process must not go on"),
    "bad_claim": (Cause.CLAIMED, "see that no installer runs on the target, then remove the claim's file by hand"),
    "busy": (Cause.NO_ANSWER, "it is asked again"),
    "job_running": (Cause.INSTALLER, "an installer is still running; it is waited for, never killed"),
    "no_space": (Cause.NOT_ENOUGH_SPACE, "free some space on the system drive"),
    "bad_hash": (Cause.CORRUPT, "the file was changed on its way; it is not executed"),
    "bad_size": (Cause.CORRUPT, "the transfer was cut; it is tried again"),
    "package_busy": (Cause.PACKAGE, "an earlier transfer still holds the file; it is tried again"),
    "share_absent": (Cause.PACKAGE, "put the package on the share, laid out as in hotfixes, or mend transfer.share"),
    "share_denied": (Cause.PACKAGE, "let the computer accounts (Domain Computers) read share and folder"),
    "share_failed": (Cause.PACKAGE, "look at the share's server and the line between"),
    "share_other": (Cause.PACKAGE, "the share holds another file under this name; copy the package there again"),
    "no_package": (Cause.PACKAGE, "the package was removed from the target"),
    "no_os_package": (Cause.INSTALLER, "it may be gone already, or its servicing stack is part of it and stays"),
    "no_service": (Cause.SCRIPT, "look at the service's name on the target"),
    "search_lost": (Cause.JOB_LOST, "something ended Drydock's task on the target; search again"),
    "bad_update": (Cause.SCRIPT, "search the host again; the plan names an update that cannot be one"),
    "reboot_refused": (Cause.REBOOT, "look for a policy or a program that blocks restarts"),
    "bad_name": (Cause.SCRIPT, 'rename the package: letters, digits, ".", "_" and "-", then .exe'),
    "bad_file": (Cause.SCRIPT, "a file of Drydock's on the target was changed by somebody else; remove it"),
    "bad_folder": (Cause.SCRIPT, "look at who made it and what lies in it, then remove the folder on the target"),
    "execution_policy": (Cause.SCRIPT, "set the policy to RemoteSigned for this host, or leave it undefined"),
}


def read_answer(script: Script[Any, R], text: str) -> R | Failure:
    """The result, or a failure for an error and for anything that does not fit the contract."""
    try:
        answer = _ANSWER.validate_json(text)
    except ValidationError as wrong:
        return _not_understood(script, wrong)
    match answer:
        case _Wrong(error=error):
            cause, hint = CODES.get(error.code, (Cause.SCRIPT, ""))
            return Failure(cause, tame(error.message, _LONGEST_MESSAGE), hint)
        case _Right(data=data):
            version = data.get("schema_version")
            if type(version) is not int or version > RESULT_VERSION:
                return Failure(Cause.PROTOCOL, f"{script.words} answered in a form that this version does not know")
            try:
                return script.result.model_validate(tame_all(data, script.result.longest))
            except ValidationError as wrong:
                return _not_understood(script, wrong)


def write_result(result: Result) -> str:
    """The document that a target sends for a result; the practice fleet answers with it."""
    return _Right(ok=True, data=result.model_dump(mode="json")).model_dump_json()


def write_error(code: str, message: str) -> str:
    return _Wrong(ok=False, error=ErrorPart(code=code, message=message)).model_dump_json()


def _not_understood(script: Script[Any, Any], wrong: ValidationError) -> Failure:
    first = wrong.errors(include_input=False, include_url=False)[0]
    where = tame(".".join(str(part) for part in first["loc"]), 200)
    return Failure(Cause.PROTOCOL, f"{script.words} gave an answer that is not understood: {where}: {first['msg']}")
