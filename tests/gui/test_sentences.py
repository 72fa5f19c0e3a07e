"""What somebody asked of a run reads alike in the window, on the command line, in record and reports."""

from __future__ import annotations

import json

import pytest

from core.cli.telling import sentence_of
from core.evidence.folding import fold
from core.model.events import Event, RequestTaken
from core.model.requests import Action
from core.store.journal import read_line, write_line
from gui.sentences import run_words
from tests.samples import STARTED, entries

_SAID = {
    Action.WITHDRAW: "root asked to withdraw SQL01 (quarter's end): accepted; so be it",
    Action.STOP: "root asked to stop after the current steps (quarter's end): accepted; so be it",
    Action.PAUSE: "root asked to pause the run (quarter's end): accepted; so be it",
    Action.RESUME: "root asked to resume the run (quarter's end): accepted; so be it",
    Action.NOTE: "root asked to write a note about SQL01 (quarter's end): accepted; so be it",
    Action.REVERIFY: "root asked to verify SQL01 again (quarter's end): accepted; so be it",
    Action.DIAGNOSE: "root asked to fetch the logs of SQL01 (quarter's end): accepted; so be it",
    Action.UNBLOCK: "root asked to unblock SQL01 (quarter's end): accepted; so be it",
    Action.UNLOCK: "root asked to clear the lock of SQL01 (quarter's end): accepted; so be it",
}
_OF_THE_RUN = (Action.STOP, Action.PAUSE, Action.RESUME)


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize("action", Action)
def test_a_request_is_one_sentence_wherever_it_is_read(action: Action, accepted: bool) -> None:
    host = None if action in _OF_THE_RUN else "SQL01"
    taken = RequestTaken(1, action, "root", "quarter's end", accepted, "so be it", host)
    said = _SAID[action] if accepted else _SAID[action].replace("accepted", "refused")
    asked = entries([Event(STARTED), Event(taken)])
    line = json.loads(write_line(asked[1], ""))
    assert run_words(taken) == said
    assert sentence_of(line["event"], line["target"], line["data"]) == said
    # A note that was taken is told with its host.
    assert fold(asked).requests == (() if accepted and action is Action.NOTE else (said,))


def test_a_request_in_a_journal_that_names_no_host_is_told_without() -> None:
    taken = RequestTaken(1, "withdraw", "root", "quarter's end", True, "SQL01 is taken out of the run", "SQL01")
    document = json.loads(write_line(entries([Event(STARTED), Event(taken)])[1], ""))
    del document["data"]["host"]
    told = "root asked to withdraw a host (quarter's end): accepted; SQL01 is taken out of the run"
    read = read_line(json.dumps(document)).event.body
    assert isinstance(read, RequestTaken)
    assert run_words(read) == told
    assert sentence_of("request_taken", None, document["data"]) == told
