"""What is fetched from hosts beside their walks, because somebody asked for it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from core.engine.errand import Errand
from core.engine.performing import AbandonedError

_AT_ONCE = 2


class Asides:
    """A few threads of their own: whoever wants a log does not wait for an installer."""

    def __init__(self, work: Callable[[Errand], None]) -> None:
        self._work = work
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="aside")
        self._going: set[Future[None]] = set()

    def begin(self, errand: Errand) -> None:
        self._going.add(self._threads.submit(self._work, errand))

    @property
    def busy(self) -> bool:
        return bool(self._going)

    def collect(self) -> BaseException | None:
        """Forgets those that are over. A bug in one is handed on; that one was abandoned is none."""
        over = {one for one in self._going if one.done()}
        self._going -= over
        troubles = (one.exception() for one in over)
        return next((one for one in troubles if one is not None and not isinstance(one, AbandonedError)), None)

    def close(self) -> None:
        self._threads.shutdown()
