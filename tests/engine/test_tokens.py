"""So many at once and no more, whatever the threads do."""

import threading
from concurrent.futures import ThreadPoolExecutor

from core.engine.effects import Token
from core.engine.tokens import Purse, Tokens


def test_never_more_hold_a_token_than_there_are() -> None:
    tokens = Tokens(Purse({Token.TRANSFER: 2}))
    stop, guard = threading.Event(), threading.Lock()
    two_at_once = threading.Barrier(2)
    holding: list[int] = [0]
    most: list[int] = [0]

    def transfer(number: int) -> None:
        assert tokens.take(Token.TRANSFER, str(number), stop, lambda: None)
        with guard:
            holding[0] += 1
            most[0] = max(most[0], holding[0])
        two_at_once.wait(60)
        with guard:
            holding[0] -= 1
        tokens.give(Token.TRANSFER, str(number))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(transfer, range(6)))
    assert most == [2]


def test_a_token_that_no_number_is_given_for_is_free() -> None:
    tokens = Tokens(Purse({}))
    for number in range(100):
        assert tokens.take(Token.TRANSFER, str(number), threading.Event(), lambda: None)
    tokens.give(Token.TRANSFER, "a")


def test_whoever_waits_leaves_without_a_token_when_the_flag_is_raised() -> None:
    tokens, stop = Tokens(Purse({Token.TRANSFER: 1})), threading.Event()
    assert tokens.take(Token.TRANSFER, "a", stop, lambda: None)
    assert not tokens.take(Token.TRANSFER, "b", stop, stop.set)
    tokens.give(Token.TRANSFER, "a")
    assert tokens.take(Token.TRANSFER, "b", threading.Event(), lambda: None)


def test_whoever_asks_twice_has_it_once() -> None:
    purse = Purse({Token.REBOOT: 1})
    assert purse.take(Token.REBOOT, "a")
    assert purse.take(Token.REBOOT, "a")
    purse.give(Token.REBOOT, "a")
    assert purse.take(Token.REBOOT, "b")


def test_what_an_earlier_process_may_still_be_doing_keeps_its_token() -> None:
    purse = Purse({Token.REBOOT: 1}, {Token.REBOOT: frozenset("a")})
    assert not purse.take(Token.REBOOT, "b")
    assert purse.take(Token.REBOOT, "a")
    purse.give(Token.REBOOT, "a")
    assert purse.take(Token.REBOOT, "b")


def test_a_walk_that_is_over_leaves_no_token_behind() -> None:
    tokens = Tokens(Purse({Token.REBOOT: 1, Token.TRANSFER: 1}))
    for token in Token:
        assert tokens.take(token, "a", threading.Event(), lambda: None)
    tokens.give_all("a")
    for token in Token:
        assert tokens.take(token, "b", threading.Event(), lambda: None)
