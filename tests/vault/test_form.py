"""The form in which credentials are kept."""

import pytest
from pydantic import ValidationError

from core.vault.form import Kept


def test_what_is_kept_never_shows() -> None:
    kept = Kept(username="sa", password="pa55")
    assert "pa55" not in f"{kept} {kept!r} {kept.credential}"


def test_a_fault_in_the_form_does_not_show_it_either() -> None:
    with pytest.raises(ValidationError) as refused:
        Kept.model_validate_json('{"username": "sa", "password": 5, "old": "pa55"}')
    assert "pa55" not in str(refused.value)
