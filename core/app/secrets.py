"""The vault, as people use it: names are shown, passwords never."""

from core.app import composition
from core.model.failure import Failure
from core.model.fault import Fault, RefusedError
from core.model.secret import Credential


def names() -> tuple[str, ...]:
    found = composition.vault().names()
    if isinstance(found, Failure):
        raise _refused("vault", found)
    return found


def put(reference: str, credential: Credential) -> None:
    if not reference.strip() or not credential.username.strip() or not credential.password.reveal():
        raise RefusedError((Fault(reference or "REF", "empty", "name, account and password must not be empty"),))
    failure = composition.vault().put(reference, credential)
    if failure is not None:
        raise _refused(reference, failure)


def forget(reference: str) -> None:
    failure = composition.vault().forget(reference)
    if failure is not None:
        raise _refused(reference, failure)


def _refused(where: str, failure: Failure) -> RefusedError:
    return RefusedError((Fault(where, failure.cause, str(failure)),))
