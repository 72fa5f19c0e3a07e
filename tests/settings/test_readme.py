"""The examples that operators copy from."""

import re
from pathlib import Path

import pytest

from core.settings.workspace import FILES
from tests.settings import samples

_README = Path(__file__).parents[2] / "config" / "README.md"
EXAMPLES = re.findall(r"```json (\S+)\n(.*?)```", _README.read_text(encoding="utf-8"), re.DOTALL)


def test_the_examples_together_are_a_configuration_without_faults() -> None:
    files = {f"config/{name}": text.encode() for name, text in EXAMPLES}
    assert len(files) == len(EXAMPLES) == 3
    assert samples.faults({**files}) == []
    assert samples.read({**files}).notes == ()


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_explained(name: str) -> None:
    assert f"`{name.removeprefix('config/')}`" in _README.read_text(encoding="utf-8")
