"""What counts as caught, as escaped and as a false alarm."""

from eval.faults import FAULTS
from eval.golden import Case, load
from eval.mutants import Tried, as_dict, as_text, chosen, judge
from eval.run import Result, assess
from tests.unit.test_eval_faults import GIVEN, REFUSED, TEXTS


def results(count: int, answer: object, seconds: float = 0.1) -> list[Result]:
    assert answer in (GIVEN, REFUSED)
    given = GIVEN if answer == GIVEN else REFUSED
    cases = [Case(str(i), str(i), (), "list", "en", "dev", True, (("Wuzhen",),), (), ()) for i in range(count)]
    return [assess(case, given, seconds, TEXTS.get) for case in cases]


def test_a_fault_is_caught_by_the_measure_that_should_see_it() -> None:
    tried = judge("declines", "", "falsely_declined", results(10, GIVEN), results(10, REFUSED))
    assert (tried.before, tried.after, tried.passed) == (0.0, 1.0, True)
    assert "facts" in tried.flagged


def test_a_fault_that_only_another_measure_sees_escapes() -> None:
    assert not judge("declines", "", "verbatim", results(10, GIVEN), results(10, REFUSED)).passed


def test_the_sound_system_is_not_flagged() -> None:
    tried = judge("sound", "", "", results(10, GIVEN, 0.1), results(10, GIVEN, 0.2))
    assert (tried.flagged, tried.passed) == ((), True)


def test_three_times_as_long_is_slow() -> None:
    tried = judge("slow", "", "seconds_p50", results(10, GIVEN, 0.1), results(10, GIVEN, 0.31))
    assert tried.passed
    assert not judge("sound", "", "", results(10, GIVEN, 0.1), results(10, GIVEN, 0.31)).passed


def test_the_questions_are_a_fixed_part_with_all_of_a_fault_s_own() -> None:
    cases = load()
    own = next(fault for fault in FAULTS if fault.categories == ("injection",))
    kept = chosen(cases, 2, [own])
    assert kept == chosen(list(reversed(cases)), 2, [own])
    assert {case.category for case in kept} == {case.category for case in cases}
    injections = [case for case in kept if case.category == "injection"]
    assert len(injections) == sum(case.category == "injection" for case in cases)
    assert sum(case.category == "single_fact" and case.language == "en" for case in kept) == 2


def test_the_last_line_counts_the_caught() -> None:
    tried = [
        Tried("sound", "", "", 9, None, None, ()),
        Tried("one", "", "mrr", 9, 1.0, 0.1, ("mrr",)),
        Tried("two", "", "mrr", 9, 1.0, 1.0, ("facts",)),
    ]
    assert as_text(tried).splitlines()[-1] == "caught 1 / seeded 2"
    assert [line.split()[0] for line in as_text(tried).splitlines()] == ["sound", "caught", "ESCAPED", "caught"]
    assert (as_dict(tried)["caught"], as_dict(tried)["seeded"], as_dict(tried)["false_alarms"]) == (1, 2, 0)


def test_a_flag_on_the_sound_system_is_a_false_alarm() -> None:
    tried = [Tried("sound", "", "", 9, None, None, ("mrr",))]
    assert as_text(tried).startswith("FALSE ALARM")
    assert as_dict(tried)["false_alarms"] == 1
