"""The Dispatcher port on this PC: a bounded pool of threads, a host each."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from core.engine.performing import AbandonedError
from core.model.failure import Failure
from core.model.state import TargetState
from core.ports import Ending

Work = Callable[[str], tuple[TargetState, Failure | None]]


class LocalPool:
    """Works on as many hosts at once as it has slots."""

    def __init__(self, work: Work, slots: int) -> None:
        self._work = work
        self._threads = ThreadPoolExecutor(slots, thread_name_prefix="host")
        self._working: dict[Future[tuple[TargetState, Failure | None]], str] = {}
        self._woken = threading.Event()

    def enqueue(self, host: str) -> None:
        self._working[self._threads.submit(self._work, host)] = host

    def cancel(self, host: str) -> bool:
        found = next((future for future, name in self._working.items() if name == host), None)
        if found is None or not found.cancel():
            return False
        del self._working[found]
        return True

    def ended(self, patience: float) -> Sequence[Ending]:
        if not self._working:
            self._woken.wait(patience)
            return ()
        done, _ = wait(self._working, timeout=patience, return_when=FIRST_COMPLETED)
        return [_ending(self._working.pop(future), future) for future in done]

    def close(self) -> None:
        self._threads.shutdown()


def _ending(host: str, future: Future[tuple[TargetState, Failure | None]]) -> Ending:
    try:
        state, failure = future.result()
    except AbandonedError:
        return Ending(host)
    except Exception as bug:
        return Ending(host, trouble=bug)
    return Ending(host, state, failure)
