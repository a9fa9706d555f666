"""A dead server is left alone for a while, then tried by one question."""

from rag.breaker import Breaker


class Clock:
    """Time that a test moves on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def failing(clock: Clock, times: int) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(times):
        breaker.failed()
    return breaker


def test_two_failures_change_nothing() -> None:
    assert failing(Clock(), 2).allows()


def test_the_third_failure_closes_for_ten_seconds() -> None:
    clock = Clock()
    breaker = failing(clock, 3)
    assert not breaker.allows()
    clock.now = 9.9
    assert not breaker.allows()
    clock.now = 10.0
    assert breaker.allows()


def test_after_the_pause_one_question_tries_and_the_others_wait() -> None:
    clock = Clock()
    breaker = failing(clock, 3)
    clock.now = 10.0
    assert [breaker.allows() for _ in range(3)] == [True, False, False]


def test_a_failed_trial_waits_twice_as_long_up_to_five_minutes() -> None:
    clock = Clock()
    breaker = failing(clock, 4)
    clock.now = 19.9
    assert not breaker.allows()
    for _ in range(20):
        breaker.failed()
    clock.now += 300.0
    assert breaker.allows()


def test_one_success_opens_again() -> None:
    breaker = failing(Clock(), 5)
    breaker.worked()
    assert breaker.allows()
    breaker.failed()
    assert breaker.allows()


def test_a_trial_that_nobody_waits_for_lets_the_next_question_try() -> None:
    clock = Clock()
    breaker = failing(clock, 3)
    clock.now = 10.0
    assert breaker.allows()
    breaker.left()
    assert [breaker.allows() for _ in range(2)] == [True, False]


def test_leaving_a_question_that_was_no_trial_shortens_no_pause() -> None:
    breaker = failing(Clock(), 3)
    breaker.left()
    assert not breaker.allows()


def test_a_server_that_names_a_time_is_left_alone_until_then() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.failed(at_least=30.0)
    clock.now = 29.0
    assert not breaker.allows()
    clock.now = 30.0
    assert breaker.allows()
