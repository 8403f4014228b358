"""Who has a slot, who is next, who gives way, and how long the others wait: of runs as they are at one moment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cnn_server.runs.record import Run
from cnn_server.runs.slots import RunLimits, Slots, standings
from cnn_server.runs.waiting import Waiting, queue_of, rounded, seconds_left

NOW = 10_000.0
LIMITS = RunLimits(at_once=2, per_client=4, lease=6.0, unwatched=30.0, firsts=60)


def a_run(name: str, owner: str = "ada", *, held: bool = False, seen: float = 0.0, **other: Any) -> Run:
    """A run that somebody looked at so many seconds ago; in the order of their names."""
    created = NOW - 1000 + int(name.strip("abcdefghijklmnopqrstuvwxyz") or 0)
    run = Run(name, owner, created, {}, {"total_steps": 1000, "steps_per_epoch": 10}, visited=NOW - seen)
    if held:
        run.state, run.worker, run.lease, run.taken = "running", "worker", NOW + 5, created
    for key, value in other.items():
        setattr(run, key, value)
    return run


def order(*runs: Run, limits: RunLimits = LIMITS) -> list[str]:
    return [run.id for run in Slots(runs, limits, NOW).queue]


def next_of(*runs: Run, limits: RunLimits = LIMITS) -> str | None:
    run = Slots(runs, limits, NOW).next()
    return None if run is None else run.id


def giving_way(*runs: Run, limits: RunLimits = LIMITS) -> str | None:
    run = Slots(runs, limits, NOW).giving_way()
    return None if run is None else run.id


def test_everybodys_first_run_goes_before_anybodys_second():
    runs = [a_run("1"), a_run("2"), a_run("3"), a_run("4", "bob"), a_run("5", "eve"), a_run("6", "bob")]
    assert order(*runs) == ["1", "4", "5", "2", "6", "3"]
    assert order(a_run("0", held=True), *runs) == ["4", "5", "1", "6", "2", "3"]


def test_a_second_run_gives_its_slot_to_another_persons_first():
    both = [a_run("1", held=True), a_run("2", held=True)]
    assert giving_way(*both, a_run("3")) is None  # ada's own third waits for her others
    assert giving_way(*both, a_run("3"), a_run("4", "bob")) == "2"
    after = [a_run("1", held=True), a_run("4", "bob", held=True), a_run("2"), a_run("3")]
    assert giving_way(*after) is None  # and so nothing goes back and forth
    assert giving_way(a_run("1", held=True), a_run("4", "bob")) is None  # there is room for both
    assert next_of(a_run("1", held=True), a_run("3"), a_run("4", "bob")) == "4"


@pytest.mark.parametrize("pace", [None, 0.1, 20.0])
def test_a_run_that_nobody_watches_gives_its_slot_away_whatever_its_pace(pace):
    kept = a_run("1", held=True, seen=29.0, steps_per_second=pace)
    left = a_run("2", "bob", held=True, seen=31.0, steps_per_second=pace)
    waits = a_run("3", "eve")
    assert giving_way(kept, left) is None  # nobody waits
    assert giving_way(kept, left, waits) == "2"
    assert giving_way(kept, left, waits, limits=replace(LIMITS, unwatched=60.0)) is None
    left.visited = NOW
    assert giving_way(kept, left, waits) is None


def test_it_has_its_slot_again_when_somebody_looks():
    held = [a_run("3", "eve", held=True, seen=40.0), a_run("4", "bob", held=True, seen=5.0)]
    back = a_run("1", seen=40.0)
    assert order(back, a_run("5", "kim"), a_run("2", "kit", seen=40.0)) == ["5", "1", "2"]
    assert giving_way(*held, back) == "3"  # neither is watched: they take turns
    back.visited = NOW
    assert giving_way(*held, back) == "3"
    assert order(a_run("5", "kim"), back) == ["1", "5"]


def test_runs_that_nobody_watches_take_turns():
    held = [a_run("1", held=True, seen=99.0), a_run("2", "bob", held=True, seen=99.0)]
    waits = [a_run("3", "eve", seen=99.0, taken=NOW - 200), a_run("4", "kim", seen=99.0, taken=NOW - 300)]
    held[0].taken, held[1].taken = NOW - 40, NOW - 50
    assert order(*waits) == ["4", "3"]
    assert giving_way(*held, *waits) == "2"
    held[1].taken = NOW - 20
    assert giving_way(*held, *waits) == "1"
    held[0].taken = NOW - 20
    assert giving_way(*held, *waits) is None


def test_a_paused_run_keeps_its_slot_for_a_while_even_if_it_is_watched():
    held = [a_run("1", held=True), a_run("2", "bob", held=True, state="paused", commanded=NOW - 29)]
    waits = a_run("3", "eve", seen=99.0)
    assert giving_way(*held, waits) is None
    held[1].commanded = NOW - 31
    assert giving_way(*held, waits) == "2"
    held[1].pending = [{"command": "step"}]
    assert giving_way(*held, waits) is None


def test_a_person_has_no_more_than_their_share_and_what_they_watch_goes_first():
    limits = replace(LIMITS, at_once=9, per_client=2)
    held = [a_run("1", held=True), a_run("2", held=True, seen=99.0)]
    assert next_of(*held, a_run("3"), limits=limits) is None
    assert giving_way(*held, a_run("3"), limits=limits) == "2"
    held[1].visited = NOW
    assert giving_way(*held, a_run("3"), limits=limits) is None
    assert next_of(*held, a_run("3"), a_run("4", "bob"), limits=limits) == "4"


def test_one_address_has_at_most_sixty_first_slots():
    crowd = [a_run(str(number), f"pupil{number}", address="school") for number in range(62)]
    later = [a_run("90", "ada", address="home"), a_run("91", "ada", address="home"), a_run("92", "bob")]
    found = standings([*crowd, *later], LIMITS, NOW)
    assert [found[run.id].level for run in crowd] == [0] * 60 + [1, 1]
    assert [found[run.id].level for run in later] == [0, 1, 0]
    assert order(*crowd, *later)[59:64] == ["59", "90", "92", "60", "61"]


def test_a_run_that_lost_its_worker_is_the_first_to_be_taken():
    lost = a_run("9", "bob", held=True, lease=NOW - 1)
    assert next_of(a_run("1", held=True), a_run("2", "eve", held=True), lost, a_run("3", "kim")) == "9"


# ---- memory


def by_size(most: int):
    """Whether a run fits: its name begins with its size."""
    size = lambda run: int(run.id[0])  # noqa: E731
    return lambda run, held: sum(map(size, held)) + size(run) <= most


def giving_memory(*runs: Run, most: int) -> str | None:
    slots = Slots(runs, replace(LIMITS, at_once=9), NOW, by_size(most))
    assert slots.next() is None
    run = slots.giving_way()
    return None if run is None else run.id


def test_a_run_that_does_not_fit_lets_smaller_ones_pass():
    runs = [a_run("5", held=True), a_run("4", "bob"), a_run("1", "eve")]
    assert Slots(runs, LIMITS, NOW, by_size(6)).next() is runs[2]


def test_memory_is_given_way_for_as_slots_are():
    both = [a_run("3", held=True), a_run("4", held=True)]
    assert giving_memory(*both, a_run("2", "bob"), most=7) == "4"  # ada's second
    assert giving_memory(*both, a_run("2"), most=7) is None
    left = [a_run("3", held=True, seen=99.0), a_run("4", "eve", held=True)]
    assert giving_memory(*left, a_run("2", "bob"), most=7) == "3"
    assert giving_memory(*left, a_run("5", "bob"), most=7) is None  # that would not be enough


def test_of_those_that_could_give_way_one_that_is_enough_does():
    held = [a_run("11", held=True, seen=99.0), a_run("41", "eve", held=True, seen=99.0), a_run("2", "kim", held=True)]
    held[0].taken, held[1].taken = NOW - 50, NOW - 5
    assert giving_memory(*held, a_run("3", "bob"), most=7) == "41"
    assert giving_memory(*held, a_run("5", "bob"), most=7) == "11"  # and then the other one


def test_the_memory_that_several_give_up_is_for_the_run_that_they_give_it_up_for():
    """Those that gave way wait behind it, and do not take back what they gave."""
    runs = [a_run(f"2{number}", "eve" * number, held=True, seen=99.0, taken=NOW - 50) for number in (1, 2, 3)]
    large = a_run("6", "bob")
    limits = replace(LIMITS, at_once=9)
    for _ in range(3):
        slots = Slots([*runs, large], limits, NOW, by_size(7))
        assert slots.next() is None
        given = slots.giving_way()
        assert given in runs
        given.state, given.worker, given.lease = "queued", None, 0.0
    assert Slots([*runs, large], limits, NOW, by_size(7)).next() is large


# ---- how long it takes


def test_the_queue_goes_through_the_slots_as_they_come_free():
    held = [
        a_run("1", held=True, steps_per_second=10.0, speed=10.0, step=600),  # 40 s
        a_run("2", "bob", held=True, steps_per_second=None, speed=5.0, step=500),  # 100 s
    ]
    waits = [a_run(str(3 + n), f"pupil{n}", steps_per_second=20.0) for n in range(4)]  # 50 s each
    found = queue_of([*held, *waits], LIMITS, NOW)
    # free at 40 and 100; then those who began at 40 and 90 are done at 90 and 140
    assert [found[run.id] for run in waits] == [Waiting(1, 40), Waiting(2, 90), Waiting(3, 100), Waiting(4, 140)]


def test_how_long_is_not_said_where_it_is_not_known():
    held = [a_run("1", held=True, speed=10.0, step=700), a_run("2", "bob", held=True, steps_per_second=None)]
    found = queue_of([*held, a_run("3", "eve"), a_run("4", "kim")], LIMITS, NOW)
    assert found == {"3": Waiting(1, 30), "4": Waiting(2, None)}  # nobody knows yet how fast bob's and eve's are


def test_a_slot_that_is_given_away_is_counted_on():
    paused = a_run("1", held=True, state="paused", commanded=NOW - 10)
    left = a_run("2", "bob", held=True, seen=99.0, steps_per_second=0.1)
    found = queue_of([paused, left, a_run("3", "eve"), a_run("4", "kim")], LIMITS, NOW)
    assert found == {"3": Waiting(1, 0), "4": Waiting(2, 20)}


def test_a_persons_own_runs_are_waited_for():
    limits = replace(LIMITS, at_once=9, per_client=1)
    held = a_run("1", held=True, speed=10.0, step=500)
    assert queue_of([held, a_run("2"), a_run("3", "bob")], limits, NOW) == {"3": Waiting(1, 0), "2": Waiting(2, 50)}


@pytest.mark.parametrize(
    ("other", "seconds"),
    [
        ({"speed": 20.0}, 50.0),
        ({"speed": 20.0, "steps_per_second": 10.0}, 100.0),
        ({"speed": 5.0, "steps_per_second": 10.0}, 200.0),  # a machine that does not keep up
        ({"steps_per_second": 10.0, "step": 900}, 10.0),
        ({"steps_per_second": 10.0, "slow_motion": True}, 1600.0),  # four phases of 0.4 s
        ({}, float("inf")),
    ],
)
def test_seconds_left(other, seconds):
    assert seconds_left(a_run("1", **other)) == pytest.approx(seconds)


@pytest.mark.parametrize(("seconds", "shown"), [(0.0, 0), (0.1, 10), (171.0, 180), (180.0, 180), (181.0, 240)])
def test_no_more_is_said_than_is_known(seconds, shown):
    assert rounded(seconds) == shown
