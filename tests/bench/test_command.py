"""The bench command: what it prints, and how it exits."""

import json
from collections.abc import Iterator

import pytest

from bench import simulate
from bench.__main__ import known_benches, main
from bench.figure import Asking, Figure


def test_an_unknown_bench_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "plann"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"bench: there is no plann; known are {', '.join(known_benches())}\n"


def test_each_figure_is_a_line_of_json_and_a_row_of_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--count", "2", "--seed", "5"]) == 0
    said = capsys.readouterr()
    documents = [json.loads(line) for line in said.out.splitlines()]
    assert documents[0] == {
        "bench": "simulate",
        "figure": "schedules that break an invariant",
        "value": 0,
        "unit": "schedules",
        "limit": 0,
        "holds": True,
    }
    assert len(said.err.splitlines()) == len(documents) + 1


def test_a_figure_that_does_not_hold_is_an_exit_of_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(asking: Asking) -> Iterator[Figure]:
        yield Figure("good", 1, "s", limit=2)
        yield Figure("bad", 3, "s", limit=2)

    monkeypatch.setattr(simulate, "measure", measure)
    assert main(["simulate"]) == 1
    assert [json.loads(line)["holds"] for line in capsys.readouterr().out.splitlines()] == [True, False]


@pytest.mark.parametrize(("value", "holds"), [(1.9, False), (2, True), (3, True)])
def test_a_limit_may_be_a_floor(value: float, holds: bool) -> None:
    assert Figure("speed", value, "1/s", limit=2, at_least=True).holds is holds


def test_a_count_below_one_is_refused() -> None:
    with pytest.raises(SystemExit) as refused:
        main(["simulate", "--count", "0"])
    assert refused.value.code == 2
