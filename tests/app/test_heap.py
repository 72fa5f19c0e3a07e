"""All threads share one heap where the C library lets them."""

import sys

import pytest

from core.app import heap


@pytest.mark.skipif(sys.platform != "linux", reason="heaps of the GNU C library")
def test_the_c_library_takes_it() -> None:
    assert heap.share_heap()


@pytest.mark.parametrize("trouble", [OSError, AttributeError])
def test_another_library_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]) -> None:
    def refused(_: object) -> None:
        raise trouble

    monkeypatch.setattr("core.app.heap.ctypes.CDLL", refused)
    assert not heap.share_heap()
