"""So many at once and no more, whatever the threads do."""

import threading
from concurrent.futures import ThreadPoolExecutor

from core.engine.effects import Token
from core.engine.tokens import Tokens


def test_never_more_hold_a_token_than_there_are() -> None:
    tokens = Tokens({Token.TRANSFER: 2})
    stop, guard = threading.Event(), threading.Lock()
    two_at_once = threading.Barrier(2)
    holding: list[int] = [0]
    most: list[int] = [0]

    def transfer(number: int) -> None:
        assert tokens.take(Token.TRANSFER, stop, lambda: None)
        with guard:
            holding[0] += 1
            most[0] = max(most[0], holding[0])
        two_at_once.wait(60)
        with guard:
            holding[0] -= 1
        tokens.give(Token.TRANSFER)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(transfer, range(6)))
    assert most == [2]


def test_a_token_that_no_number_is_given_for_is_free() -> None:
    tokens = Tokens({})
    for _ in range(100):
        assert tokens.take(Token.TRANSFER, threading.Event(), lambda: None)
    tokens.give(Token.TRANSFER)


def test_whoever_waits_leaves_without_a_token_when_the_flag_is_raised() -> None:
    tokens, stop = Tokens({Token.TRANSFER: 1}), threading.Event()
    assert tokens.take(Token.TRANSFER, stop, lambda: None)
    assert not tokens.take(Token.TRANSFER, stop, stop.set)
    tokens.give(Token.TRANSFER)
    assert tokens.take(Token.TRANSFER, threading.Event(), lambda: None)
