"""Writes output/Runs/<RunId>/ as the run goes. The journal is its only source."""

import hashlib
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from core.evidence.documents import (
    diagnostics_summary,
    diff_report,
    final_report,
    install_summary,
    regressions,
    validation,
)
from core.model.authorisation import Authorisation
from core.model.difference import Difference
from core.model.document import to_document
from core.model.facts import Facts
from core.model.ids import folder_name
from core.model.plan import Plan
from core.model.record import RunRecord
from core.runfolder.writing import replace_file

# The script whose answer the update catalog is made from.
_CATALOG_FROM = "search_updates"


class RunFolder:
    """The folder of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._guard = threading.Lock()

    @property
    def reports(self) -> Path:
        return self.path / "Reports"

    @property
    def written_reports(self) -> tuple[Path, ...]:
        """Those for people and for other programs, as far as they were written."""
        if not self.reports.is_dir():
            return ()
        files = sorted(self.reports.iterdir())
        return tuple(one for one in files if one.suffix in (".html", ".xlsx") or one.name == "run-report.json")

    @property
    def state(self) -> Path:
        return self.path / "State"

    def begin(self, run_id: str, plan: Plan, authorisation: Authorisation) -> None:
        for name in ("Logs", "Artifacts/Output", "Reports", "State", "Telemetry"):
            (self.path / name).mkdir(parents=True, exist_ok=True)
        head = {"schema_version": 1, "RunId": run_id, "PlanId": plan.id, "PlanDigest": plan.digest}
        self._write("run.json", head)
        self._write("plan.json", to_document(plan))
        self._write("authorisation.json", to_document(authorisation))

    def write_journal(self, lines: Iterable[str]) -> None:
        """Events.jsonl anew, as the journal has it: a crash may have cut the file short."""
        text = "".join(f"{line}\n" for line in lines)
        with self._guard:
            replace_file(self.path / "Logs" / "Events.jsonl", text)

    def journal_lines(self) -> Iterator[str]:
        """The copy of the journal as it is now, without a line that is not yet written to its end."""
        path = self.path / "Logs" / "Events.jsonl"
        size = path.stat().st_size if path.exists() else 0
        return self._lines(path, size)

    @staticmethod
    def _lines(path: Path, size: int) -> Iterator[str]:
        if size:
            with path.open("rb") as file:
                while file.tell() < size and (line := file.readline()).endswith(b"\n"):
                    yield line.decode("utf-8", "replace").removesuffix("\n")

    def append(self, lines: Iterable[str]) -> None:
        with self._guard, (self.path / "Logs" / "Events.jsonl").open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)

    def keep(self, text: str) -> str:
        """The Outputs port: the text as a file named by its hash."""
        key = self.key_of(text)
        path = self._output(key)
        if not path.exists():
            replace_file(path, text)
        return key

    @staticmethod
    def key_of(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    def kept(self, key: str) -> bytes | None:
        """What was kept under the hash, as it lies there now; None when nothing does."""
        try:
            return self._output(key).read_bytes()
        except FileNotFoundError:
            return None

    def _output(self, key: str) -> Path:
        return self.path / "Artifacts" / "Output" / f"{key}.txt"

    def keep_snapshot(self, moment: str, facts: Facts) -> None:
        self._write(_snapshot(moment, facts.host), to_document(facts))

    def has_snapshot(self, moment: str, host: str) -> bool:
        return (self.path / _snapshot(moment, host)).is_file()

    def keep_catalog(self, facts: Facts) -> None:
        """What the operating system offered before anything was done. "asked" is empty where nobody asked."""
        document = to_document(facts)
        told = {"RunId": self.path.name, "target": facts.host, "collectedUtc": document["collected_at"]}
        offered = {"asked": document["update_witness"], "updates": document["updates"]}
        self._write(
            f"Artifacts/UpdateCatalog/{folder_name(facts.host)}/catalog.json", {"schema_version": 1} | told | offered
        )

    def keep_raw(self, moment: str, host: str, answers: Mapping[str, str]) -> None:
        """Beside what was made of them; those of the update agent beside the catalog, as far as there is one."""
        for what, text in answers.items():
            place = PurePosixPath(_snapshot(moment, host)).parent
            if moment == "before" and what.startswith(_CATALOG_FROM):
                place = PurePosixPath("Artifacts/UpdateCatalog", folder_name(host))
            replace_file(self.path / place / "raw" / what, text)

    def append_installs(self, lines: Iterable[dict[str, Any]]) -> None:
        """As they come; at the end the file is written anew from the journal."""
        with self._guard, (self.path / "Logs" / "install-summary.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)

    def write_telemetry(self, traces: dict[str, Any]) -> None:
        self._write("Telemetry/traces.json", traces)

    def write_state(self, record: RunRecord) -> None:
        """State/state.json: where every target stands, for people and scripts that look into the folder."""
        targets = {one.host: {"state": one.state, "phase": one.phase} for one in record.targets}
        document = {"schema_version": 1, "RunId": record.run_id, "epoch": record.epoch, "targets": targets}
        self._write("State/state.json", document | {"outcome": record.outcome})

    def write_documents(self, record: RunRecord, plan: Plan) -> None:
        """All that is derived from the record."""
        installs = [line for target in record.targets for line in install_summary(target, plan)]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in installs)
        replace_file(self.path / "Logs" / "install-summary.jsonl", text)
        self._write("Reports/pre-validation.json", validation(record, "before"))
        self._write("Reports/post-validation.json", validation(record, "after"))
        self._write("Reports/final-report.json", final_report(record, plan))

    def write_differences(self, record: RunRecord, differences: Mapping[str, Sequence[Difference]]) -> None:
        self._write("Reports/diff-report.json", diff_report(record, differences))
        self._write("Reports/regressions.json", regressions(record, differences))
        for target in record.targets:
            summary = diagnostics_summary(record, target)
            if summary is not None:
                place = f"Artifacts/Diagnostics/LightDiag/{folder_name(target.host)}"
                self._write(f"{place}/diagnostics-summary.json", summary)

    def _write(self, name: str, document: Any) -> None:
        replace_file(self.path / name, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _snapshot(moment: str, host: str) -> str:
    kind, name = ("Baseline", "baseline") if moment == "before" else ("Snapshot", "snapshot")
    return f"Artifacts/{kind}/{folder_name(host)}/{name}.json"
