"""The form in which every vault keeps a credential."""

from pydantic import BaseModel, ConfigDict

from core.model.secret import Credential, Secret


class Kept(BaseModel):
    """An account and its password, as JSON. It never says what it holds."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    username: str
    password: str

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    @property
    def credential(self) -> Credential:
        return Credential(self.username, Secret(self.password))

    @classmethod
    def of(cls, credential: Credential) -> "Kept":
        return cls(username=credential.username, password=credential.password.reveal())
