"""A class looks at its runs: each at its own, all at once, in as much memory as is set aside for that."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from cnn_server.runs import data_sets, looking
from cnn_server.runs.data_sets import data_bytes
from scripts.waiting import HANG

from .support import a_run

CLASS = 40
WIDE = [{"layer": "flatten"}, {"layer": "linear", "out_features": 400}, {"layer": "linear", "out_features": 10}]


@pytest.fixture
def service(make_app):
    return make_app().extensions["runs"]


@pytest.fixture
def made(monkeypatch) -> Counter[int]:
    """How often the network of each run was made, by its seed."""
    counts: Counter[int] = Counter()
    network_of = looking.network_of

    def noted(given, dataset):
        counts[given["seed"]] += 1
        return network_of(given, dataset)

    monkeypatch.setattr(looking, "network_of", noted)
    return counts


def runs_of_a_class(service, count: int = CLASS, **other) -> list:
    runs = [a_run(f"run{number}", f"pupil{number}", seed=number, **other) for number in range(count)]
    for run in runs:
        service.store().add(run)
    return runs


def look_at(service, runs) -> list[int]:
    """Each in a thread of its own, all at once: the bytes of each network."""
    barrier = threading.Barrier(len(runs))

    def look(run):
        barrier.wait(HANG)
        with service.looker.at(service.store(), run) as look:
            look.outputs("validation")
            return look.held()

    with ThreadPoolExecutor(len(runs)) as pool:
        return list(pool.map(look, runs))


def test_forty_people_who_look_at_their_own_runs_make_forty_networks(service, made):
    runs = runs_of_a_class(service)
    for _ in range(3):
        look_at(service, runs)
    assert made == dict.fromkeys(range(CLASS), 1)


def test_forty_people_who_look_at_one_run_make_one_network(service, made):
    (run,) = runs_of_a_class(service, 1)
    look_at(service, [run] * CLASS)
    assert made == {0: 1}


def test_nobody_waits_until_the_pictures_of_others_are_drawn(service, monkeypatch):
    """Each of these draws only once all others have begun to."""
    runs = runs_of_a_class(service, 8)
    together, judged_data = threading.Barrier(8), looking.judged_data

    def drawn(given):
        together.wait(HANG)
        return judged_data(given)

    monkeypatch.setattr(looking, "judged_data", drawn)
    look_at(service, runs)
    assert not together.broken


def test_a_data_set_that_all_of_a_class_have_is_drawn_once(service, monkeypatch):
    calls, load_dataset = [], data_sets.load_dataset

    def noted(name, **options):
        calls.append(name)
        return load_dataset(name, **options)

    monkeypatch.setattr(data_sets, "load_dataset", noted)
    monkeypatch.setattr(data_sets, "_datasets", data_sets._Datasets())
    own = {"dataset": "shapes", "dataset_options": {"validation": 300, "test": 20, "seed": 77}, "train_samples": None}
    runs = runs_of_a_class(service, 1, **own)
    calls.clear()
    look_at(service, runs * CLASS)
    assert calls == ["shapes"]


def test_large_sets_are_drawn_two_at_a_time(service, monkeypatch):
    now, most, load_dataset = [0], [0], data_sets.load_dataset
    lock = threading.Lock()

    def noted(name, **options):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        try:
            return load_dataset(name, **options)
        finally:
            with lock:
                now[0] -= 1

    monkeypatch.setattr(data_sets, "load_dataset", noted)
    options = [{"train": 1, "validation": 1200, "test": 2, "size": 32, "seed": seed} for seed in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda one: data_sets.dataset_of({"dataset": "shapes", "dataset_options": one}), options))
    assert 1 <= most[0] <= 2


def test_as_many_networks_are_kept_as_the_memory_for_them_allows(make_app, made):
    service = make_app(LOOKS_MEMORY=2).extensions["runs"]
    runs = runs_of_a_class(service, 12, architecture=WIDE)
    held = look_at(service, runs)
    data = data_bytes(looking.judged_data(runs[0].settings))
    fit = (2 * 2**20 - data) // max(held)
    assert 2 < fit < 10
    made.clear()
    for run in runs[-fit:]:
        with service.looker.at(service.store(), run):
            pass  # now these were looked at last
    made.clear()
    look_at(service, runs[-fit:])
    assert made == {}
    look_at(service, runs[:1])
    assert made == {0: 1}


def test_a_network_that_alone_is_more_than_that_is_kept(make_app, made):
    service = make_app(LOOKS_MEMORY=0).extensions["runs"]
    (run,) = runs_of_a_class(service, 1)
    for _ in range(3):
        look_at(service, [run])
    assert made == {0: 1}


def test_a_run_whose_network_cannot_be_made_leaves_nothing_behind(service, monkeypatch):
    (run,) = runs_of_a_class(service, 1)
    network_of = looking.network_of
    monkeypatch.setattr(looking, "network_of", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError), service.looker.at(service.store(), run):
        pass
    monkeypatch.setattr(looking, "network_of", network_of)
    with service.looker.at(service.store(), run) as look:
        assert look.step == 0
