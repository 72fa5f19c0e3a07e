"""python -m bench [NAME...]: a JSON line a figure on stdout, a table on stderr, exit 1 if one does not hold."""

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Sequence
from typing import cast

import bench
from bench.figure import Asking, Bench, Figure

_NO_BENCHES = frozenset({"__main__", "figure"})


def known_benches() -> tuple[str, ...]:
    """A new module in this package is a new bench. What a bench needs besides begins with an underscore."""
    names = (module.name for module in pkgutil.iter_modules(bench.__path__))
    return tuple(sorted(name for name in names if name not in _NO_BENCHES and not name.startswith("_")))


def main(arguments: Sequence[str]) -> int:
    given = _parser().parse_args(arguments)
    known = known_benches()
    strangers = [name for name in given.names if name not in known]
    if strangers:
        print(f"bench: there is no {', '.join(strangers)}; known are {', '.join(known)}", file=sys.stderr)
        return 2
    asking = Asking(given.quick, given.seed, given.count)
    measured = [(name, figure) for name in given.names or known for figure in _measured(name, asking)]
    _show_table(measured)
    return 0 if all(figure.holds for _, figure in measured) else 1


def _measured(name: str, asking: Asking) -> list[Figure]:
    """Each line is out as soon as it is known."""
    module = cast("Bench", importlib.import_module(f"bench.{name}"))
    figures: list[Figure] = []
    for figure in module.measure(asking):
        print(json.dumps(figure.document(name)), flush=True)
        figures.append(figure)
    return figures


def _show_table(measured: list[tuple[str, Figure]]) -> None:
    rows = [("bench", "figure", "value", "unit", "limit", "holds")]
    rows += [
        (name, one.figure, f"{one.value:g}", one.unit, _limit(one), "yes" if one.holds else "NO")
        for name, one in measured
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), file=sys.stderr)


def _limit(figure: Figure) -> str:
    if figure.limit is None:
        return "-"
    return f"{'>=' if figure.at_least else '<='} {figure.limit:g}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one or more of {', '.join(known_benches())}; default all"
    )
    parser.add_argument("--quick", action="store_true", help="measure less, for a look")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="where random input begins")
    parser.add_argument("--count", type=_at_least_one, metavar="N", help="how many (simulate: schedules)")
    return parser


def _at_least_one(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return count


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
