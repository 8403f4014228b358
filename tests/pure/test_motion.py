"""How a step comes about: the order of events, read from the motion of frames."""

from __future__ import annotations

from typing import Any

import pytest

import cnn_engine as engine
from cnn_engine.trace import Trace

from .framing import frame, given

INPUT, KERNEL = [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [0, -1]]
DENSE = [{"weight": [[1, 2], [3, 4]], "activation": "relu"}, {"weight": [[1, -1]], "bias": [5]}]

CONVOLVED = ["window", "kernel", "products", "rows", "sums", "output", "sentence"]
CARRIED = ["window", "sums", "output", "sentence"]
PHASES: dict[str, tuple[Trace, int, list[str]]] = {  # of a step of each operation, in the order of time
    "a convolution": (engine.trace_conv2d(INPUT, KERNEL, [10], padding=1), 5, CONVOLVED),
    "a convolution of channels": (engine.trace_conv2d([INPUT, INPUT], [[KERNEL, KERNEL]]), 1, CONVOLVED),
    "max pooling": (engine.trace_max_pool2d(INPUT, 2), 0, ["window", "products", "sums", "output", "sentence"]),
    "average pooling": (
        engine.trace_avg_pool2d(INPUT, 2),
        0,
        ["window", "products", "rows", "sums", "output", "sentence"],
    ),
    "a dense layer": (engine.trace_dense([1, 1], DENSE), 2, ["window", "products", "sums", "output", "sentence"]),
    "an activation": (engine.trace_relu([[1, -2], [3, 4]]), 1, CARRIED),
    "softmax": (engine.trace_cross_entropy([1, -1], 0), 2, CARRIED),
    "flattening": (engine.trace_flatten([[1, -2], [3, 4]]), 1, CARRIED),
    "a transposed convolution": (
        engine.trace_conv_transpose2d(INPUT, KERNEL, [10]),
        1,
        ["window", "kernel", "products", "sums", "output", "sentence"],
    ),
}


def motion(scripts: Any, shown: Any, *, slow: bool = False) -> list[dict[str, Any]]:
    return list(scripts.call("motion.js", "motionOf", shown, slow))


def arrivals(moved: list[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    """What comes into sight, of these kinds, in the order of time."""
    return [one for one in moved if one["from"] is None and one["what"]["kind"] in kinds]


def end(one: dict[str, Any]) -> float:
    return float(one["start"] + one["duration"])


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize(("trace", "index", "phases"), PHASES.values(), ids=PHASES)
def test_the_phases_of_a_step_follow_each_other(scripts, trace, index, phases, slow):
    moved = motion(scripts, frame(scripts, trace, index), slow=slow)
    assert list(dict.fromkeys(one["phase"] for one in moved)) == phases
    latest = [max(end(one) for one in moved if one["phase"] == phase) for phase in phases]
    first = [min(one["start"] for one in moved if one["phase"] == phase) for phase in phases]
    assert first[1:] == pytest.approx(latest[:-1])
    assert first[0] == 0
    assert latest[-1] == pytest.approx(4000 if slow else 600)
    assert [one["what"]["kind"] for one in moved][-1] == "sentence"


@pytest.mark.parametrize(("trace", "index", "phases"), PHASES.values(), ids=PHASES)
def test_the_answer_is_not_there_before_it_is_brought(scripts, trace, index, phases):
    shown = frame(scripts, trace, index)
    moved = motion(scripts, shown)
    (result,) = arrivals(moved, "result")
    (cell,) = arrivals(moved, "cell")
    (sentence,) = arrivals(moved, "sentence")
    brought = [one for one in moved if one["from"] and one["to"] == result["what"]]
    landed = [one for one in moved if one["from"] and one["to"] == cell["what"]]
    assert brought
    assert [one["what"] for one in landed] == [result["what"]]
    assert max(map(end, brought)) <= result["start"] + 1e-9
    assert end(result) <= landed[0]["start"] + 1e-9
    assert end(landed[0]) <= cell["start"] + 1e-9
    assert end(cell) <= sentence["start"] + 1e-9
    grid = next(grid for panel in shown["panels"] for grid in panel["grids"] if grid["id"] == cell["what"]["grid"])
    position = cell["what"]["row"] * grid["cols"] + cell["what"]["col"]
    assert grid["values"][position] == shown["card"]["result"]


def test_slowly_each_pair_meets_before_the_next_one_sets_out(scripts):
    shown = frame(scripts, engine.trace_conv2d(INPUT, KERNEL), 3)
    moved = motion(scripts, shown, slow=True)
    terms = arrivals(moved, "term")
    assert [(one["what"]["row"], one["what"]["col"]) for one in terms] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    sides = [[term["what"] | {"side": side} for side in ("left", "right")] for term in terms]
    met = [[one for one in moved if one["from"] and one["to"] in pair] for pair in sides]
    assert [[(one["what"]["grid"], one["what"]["row"], one["what"]["col"]) for one in pair] for pair in met] == [
        [("input-0", 1, 1), ("kernel-0", 0, 0)],
        [("input-0", 1, 2), ("kernel-0", 0, 1)],
        [("input-0", 2, 1), ("kernel-0", 1, 0)],
        [("input-0", 2, 2), ("kernel-0", 1, 1)],
    ]
    for pair, term, following in zip(met, terms, [*met[1:], []], strict=True):
        assert {end(one) for one in pair} == {term["start"]}
        assert all(end(term) <= one["start"] + 1e-9 for one in following)


def test_otherwise_rows_come_together_and_many_products_come_without_flying(scripts):
    few = motion(scripts, frame(scripts, engine.trace_conv2d(INPUT, KERNEL), 0))
    assert [one["start"] for one in arrivals(few, "term")][0::2] == [one["start"] for one in arrivals(few, "term")][
        1::2
    ]
    wide = [[1] * 8] * 8
    many = motion(scripts, frame(scripts, engine.trace_conv2d(wide, [[1] * 7] * 7), 0))
    assert [one["what"] for one in arrivals(many, "terms")] == [
        {"kind": "terms", "block": 0, "row": i} for i in range(7)
    ]
    assert not [one for one in many if one["phase"] == "products" and one["from"] and one["what"]["kind"] != "grid"]


def test_the_kernel_lies_on_the_window_while_the_pairs_meet(scripts):
    moved = motion(scripts, frame(scripts, engine.trace_conv2d(INPUT, KERNEL), 1))
    down, lying = [one for one in moved if one["what"]["kind"] == "grid"]
    over = {"row": 0, "col": 1, "height": 2, "width": 2, "rowStep": 1, "colStep": 1}
    assert down["from"] == {"kind": "grid", "grid": "kernel-0"}
    assert down["to"] == lying["from"] == lying["to"] == {"kind": "window", "grid": "input-0", "region": over}
    assert end(down) == lying["start"]
    assert end(lying) == pytest.approx(max(end(one) for one in moved if one["phase"] == "products"))


def test_the_largest_alone_becomes_the_result_of_max_pooling(scripts):
    moved = motion(scripts, frame(scripts, engine.trace_max_pool2d(INPUT, 2, stride=1), 0))
    brought = [one["what"] for one in moved if one["from"] and one["to"] == {"kind": "result"}]
    assert brought == [{"kind": "term", "block": 0, "row": 1, "col": 1}]
    (choice,) = arrivals(moved, "choice")
    assert max(end(one) for one in arrivals(moved, "term")) <= choice["start"] + 1e-9  # it is not marked before


def test_what_is_scattered_flies_to_the_cells_that_it_is_added_to_and_nothing_that_is_cut_off(scripts):
    trace = engine.trace_conv_transpose2d([[1, 2], [3, 4]], [[1, 2], [3, 4]], padding=((1, 0), (0, 0)), mode="scatter")
    shown = frame(scripts, trace, 1)
    shown["panels"][2]["grids"][0]["before"] = {"region": None, "values": [0] * 6}
    moved = motion(scripts, shown)
    flown = [
        (one["what"]["row"], one["to"]["row"], one["to"]["col"])
        for one in moved
        if one["from"] and one["to"]["kind"] == "cell"
    ]
    assert flown == [(1, 0, 1), (1, 0, 2)]
    assert [(one["what"]["row"], one["what"]["col"]) for one in arrivals(moved, "cell")] == [(0, 1), (0, 2)]


def compared(scripts: Any, traces: list[Trace], index: int) -> Any:
    """The frame of two traces on one clock."""
    (one, first), (two, second) = (given(trace, min(index, len(trace) - 1)) for trace in traces)
    pair = {**one, "total": max(map(len, traces)), "one": one, "two": two, "names": ["Left", "Right"]}
    return scripts.call(
        "frames/pair.js", "compareFrame", pair, {**first, "index": index, "one": first, "two": second}, {}
    )


def test_of_two_settings_each_has_its_kernel_laid_down_and_its_own_sum_landed(scripts):
    traces = [engine.trace_conv2d(INPUT, KERNEL), engine.trace_conv2d(INPUT, KERNEL, padding=1)]
    moved = compared(scripts, traces, 1)["motion"]
    assert [one["to"]["grid"] for one in moved if one["phase"] == "kernel"] == ["input-0", "b-input-0"]
    landed = [(one["what"]["block"], one["to"]["grid"]) for one in moved if one["phase"] == "output" and one["from"]]
    assert landed == [(0, "output-0"), (1, "b-output-0")]


def test_where_one_of_two_is_done_its_last_number_stays(scripts):
    traces = [engine.trace_conv2d(INPUT, KERNEL), engine.trace_conv2d(INPUT, KERNEL, padding=1)]
    moved = compared(scripts, traces, 9)["motion"]
    assert [one["what"]["grid"] for one in arrivals(moved, "cell")] == ["b-output-0"]
