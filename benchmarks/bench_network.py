"""The whole timeline of a network as JSON, against a plain Python loop: `python -m benchmarks.bench_network`.

Both go forward and backward through convolution, ReLU, max pooling, flatten and a dense layer, and update every
parameter; both write every step with the same columns. The loop does what a first version would: a dictionary of lists
for each step, all encoded by `json`. The trace is taken and encoded an entry at a time, in pages as the server sends
them. Where its blocks of cells begin and end (`above_from` and the like) is left out: the loop has no use for it. Where
a step has fewer terms than another the loop writes those that there are, the trace zeros beside them. Every round has
weights and a sample of its own: what is kept from the one before is where terms come from, and that as JSON; no number.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks import machine, medians, table
from cnn_engine import trace_network
from cnn_engine.nn import Network
from cnn_server.encoding import column, dumps

PAGE = 512
RATE, TARGET = 0.1, 1
CASES = {"6 × 6, 2 filters, 3 classes": (6, 2, 3, 30), "28 × 28, 8 filters, 10 classes": (28, 8, 10, 3)}
Step = dict[str, Any]
Maps = list[list[list[float]]]


def network(side: int, filters: int, classes: int, seed: int = 0) -> tuple[list[Any], dict[str, Any], Any]:
    """Return an architecture, its parameters and a sample."""
    conv = {"layer": "conv2d", "out_channels": filters, "kernel_size": 3}
    pool = {"layer": "max_pool2d", "kernel_size": 2}
    linear = {"layer": "linear", "out_features": classes}
    architecture: list[Any] = [conv, "relu", pool, "flatten", linear]
    shape = (1, side, side)
    parameters = Network(architecture, input_shape=shape, seed=seed, dtype="float64").state()
    return architecture, parameters, np.random.default_rng(seed).random(shape)


def by_trace(architecture: list[Any], parameters: dict[str, Any], sample: Any) -> list[bytes]:
    """Every entry of the timeline as JSON, a page at a time."""
    trace, pages = trace_network(architecture, parameters, sample, TARGET), []
    for index, entry in enumerate(trace.timeline):
        part = trace.part(index)
        for start in range(0, entry.count, PAGE):
            columns = part.columns(start, min(start + PAGE, entry.count))
            page = {name: column(own) for name, own in columns.items() if not name.endswith(("_from", "_size"))}
            pages.append(dumps(page))
    return pages


# ---- the loop


def cells(maps: Maps) -> Iterator[tuple[int, int, int]]:
    """Every cell of some maps."""
    for c, plane in enumerate(maps):
        for i, line in enumerate(plane):
            for j in range(len(line)):
                yield c, i, j


def zeros(filters: int, rows: int, cols: int) -> Maps:
    """Return maps of zeros."""
    return [[[0.0] * cols for _ in range(rows)] for _ in range(filters)]


def convolved(x: list[list[float]], w: list[Any], b: list[float], steps: list[Step]) -> Maps:
    """Return the convolution, forward."""
    out = zeros(len(w), len(x) - 2, len(x[0]) - 2)
    for f, i, j in cells(out):
        window = [[[x[i + k][j + m] for m in range(3)] for k in range(3)]]
        products = [[[window[0][k][m] * w[f][0][k][m] for m in range(3)] for k in range(3)]]
        rows = [[sum(row) for row in products[0]]]
        total = sum(rows[0])
        out[f][i][j] = total + b[f]
        own = {"window": window, "products": products, "row_sums": rows, "channel_sums": [total], "bias": b[f]}
        steps.append({"output_cell": [f, i, j], "position": [i, j], **own, "output": out[f][i][j]})
    return out


def rectified(x: Maps, steps: list[Step]) -> Maps:
    """ReLU, forward."""
    out = zeros(len(x), len(x[0]), len(x[0][0]))
    for f, i, j in cells(out):
        out[f][i][j] = max(x[f][i][j], 0.0)
        steps.append({"output_cell": [f, i, j], "window": x[f][i][j], "output": out[f][i][j]})
    return out


def pooled(x: Maps, steps: list[Step]) -> tuple[Maps, dict[tuple[int, int, int], tuple[int, int]]]:
    """Max pooling, forward, and which cell won each window."""
    out, won = zeros(len(x), len(x[0]) // 2, len(x[0][0]) // 2), {}
    for f, i, j in cells(out):
        window = [[x[f][2 * i + k][2 * j + m] for m in range(2)] for k in range(2)]
        best = max(max(row) for row in window)
        won[f, i, j] = k, m = next((k, m) for k in range(2) for m in range(2) if window[k][m] == best)
        out[f][i][j] = best
        more = {"window": window, "inside": [[True] * 2] * 2, "selected": [k, m]}
        steps.append({"output_cell": [f, i, j], "position": [2 * i, 2 * j], **more, "output": best})
    return out, won


def dense(x: list[float], w: list[list[float]], b: list[float], steps: list[Step]) -> list[float]:
    """Return the dense layer, forward."""
    out = []
    for k, row in enumerate(w):
        products = [value * weight for value, weight in zip(x, row, strict=True)]
        total = sum(products)
        out.append(total + b[k])
        own = {"window": x, "products": products, "row_sums": [total], "bias": b[k]}
        steps.append({"output_cell": k, **own, "output": out[-1]})
    return out


def lost(logits: list[float], steps: list[Step]) -> list[float]:
    """Softmax and cross-entropy, forward; the shares."""
    most, total = max(logits), 0.0
    less = [value - most for value in logits]
    powers = [math.exp(value) for value in less]
    steps += [phase("subtract", k, [value, most], less[k]) for k, value in enumerate(logits)]
    steps += [phase("exponentiate", k, [value, 0.0], powers[k]) for k, value in enumerate(less)]
    for k, power in enumerate(powers):
        steps.append(phase("sum", k, [total, power], total + power))
        total += power
    shares = [power / total for power in powers]
    steps += [phase("divide", k, [power, total], shares[k]) for k, power in enumerate(powers)]
    log = math.log(total)
    steps.append(phase("log", TARGET, [total, 0.0], log))
    steps.append(phase("loss", TARGET, [log, less[TARGET]], log - less[TARGET]))
    return shares


def phase(name: str, cell: int, window: list[float], output: float) -> Step:
    """One step of the loss."""
    inside = [True, name not in ("exponentiate", "log")]
    return {"phase": name, "output_cell": cell, "window": window, "inside": inside, "output": output}


def summed(
    cell: Any, local: list[float], above: list[float], term_cells: Any, factor: str, each: int = 1, **more: Any
) -> Step:
    """One step of a gradient, with what its products have come to at the end of each row of so many, and why any is 0.

    What a local derivative of 0 means is `factor`; where a gate stops the gradient, it is the cause, whatever comes.
    """
    products = [one * other for one, other in zip(local, above, strict=True)]
    zero = [cause(*pair, factor, gated="gate" in more) for pair in zip(local, above, products, strict=True)]
    totals, total = [], 0.0
    for count, product in enumerate(products, 1):
        total += product
        if count % each == 0:
            totals.append(total)
    why = "" if total else zero[0] if len(set(zero)) == 1 else "cancel" if "" in zero else "several"
    own = {"inside": [True] * len(local), "local": local, "above": above, "term_cells": term_cells}
    own |= {"zero": zero, "why": why, **more}
    return {"output_cell": cell, **own, "products": products, "row_totals": totals, "output": total}


def cause(local: float, above: float, product: float, factor: str, *, gated: bool) -> str:
    """Return why a product is 0; nothing where it is not."""
    if product:
        return ""
    first, then = ((local, factor), (above, "above"))[:: 1 if gated else -1]
    return first[1] if not first[0] else then[1] if not then[0] else "tiny"


def backward(x: Any, found: dict[str, Any], w: Any, deep: Any, steps: list[Step]) -> list[list[float]]:
    """Return the way back; the gradients of the parameters, flat, in their own order."""
    shares, line, pool, won, relu = (found[name] for name in ("shares", "line", "pool", "won", "relu"))
    top = [share - (k == TARGET) for k, share in enumerate(shares)]
    for k, share in enumerate(shares):
        true = k == TARGET
        local, above = [share, -1.0 if true else 0.0], [1.0, 1.0 if true else 0.0]
        more = {"prediction": share, "truth": float(true), "inside": [True, true]}
        step = summed(k, local, above, [k, k if true else 0], "slope") | more
        for name in ("row_totals", "zero", "why"):  # of which the gradient of a loss has none
            del step[name]
        steps.append(step)
    cells_of_weight = [(k, n, g) for k, g in enumerate(top) for n in range(len(line))]
    dw = [summed([k, n], [line[n]], [g], [k], "value", local_cells=[n]) for k, n, g in cells_of_weight]
    db = [summed(k, [1.0], [g], [k], "value") for k, g in enumerate(top)]
    every = list(range(len(top)))
    columns = [
        summed(n, [row[n] for row in deep], top, every, "weight", len(top), local_cells=[[k, n] for k in every])
        for n in range(len(line))
    ]
    steps += [*dw, *db, *columns]
    size = len(pool[0]), len(pool[0][0])
    flat = zeros(len(pool), *size)
    for n, (f, i, j) in enumerate(cells(flat)):
        flat[f][i][j] = columns[n]["output"]
        steps.append(summed([f, i, j], [1.0], [flat[f][i][j]], [n], "slope"))
    spread = zeros(len(relu), len(relu[0]), len(relu[0][0]))
    for f, i, j in cells(spread):
        (top_row, left), (k, m) = (2 * (i // 2), 2 * (j // 2)), won[f, i // 2, j // 2]
        gate = (top_row + k, left + m) == (i, j)
        more = {"windows": [[top_row, left]], "winners": [[top_row + k, left + m]], "cell_tap": [i % 2, j % 2]}
        from_above = [flat[f][i // 2][j // 2]], [[f, i // 2, j // 2]]
        step = summed([f, i, j], [float(gate)], *from_above, "winner", gate=[gate], **more)
        spread[f][i][j] = step["output"]
        steps.append(step)
    gated = zeros(len(relu), len(relu[0]), len(relu[0][0]))
    for f, i, j in cells(gated):
        gate, here = relu[f][i][j] > 0, [[f, i, j]]
        step = summed([f, i, j], [float(gate)], [spread[f][i][j]], here, "gate", local_cells=here, gate=[gate])
        gated[f][i][j] = step["output"]
        steps.append(step)
    kernels, biases = of_convolution(x, w, gated, steps)
    return [kernels, biases, [step["output"] for step in dw], [step["output"] for step in db]]


def of_convolution(x: list[list[float]], w: Any, above: Maps, steps: list[Step]) -> tuple[list[float], list[float]]:
    """Return the gradients of the convolution by its kernels, biases and input."""
    cells = [(i, j) for i in range(len(above[0])) for j in range(len(above[0][0]))]
    dw, db = [], []
    for f, plane in enumerate(above):
        flat = [plane[i][j] for i, j in cells]
        here = [[f, i, j] for i, j in cells]
        for k in range(3):
            for m in range(3):
                read = [[0, i + k, j + m] for i, j in cells]
                local = [x[i + k][j + m] for i, j in cells]
                dw.append(summed([f, 0, k, m], local, flat, here, "value", len(plane[0]), local_cells=read))
        db.append(summed(f, [1.0] * len(flat), flat, here, "value", len(plane[0])))
    steps += [*dw, *db]
    rows, cols = len(above[0]), len(above[0][0])
    for i in range(len(x)):
        for j in range(len(x[0])):
            taps = [
                (f, k, m)
                for f in range(len(w))
                for k in range(3)
                for m in range(3)
                if 0 <= i - k < rows and 0 <= j - m < cols
            ]
            local, back = [w[f][0][k][m] for f, k, m in taps], [above[f][i - k][j - m] for f, k, m in taps]
            here, read = [[f, i - k, j - m] for f, k, m in taps], [[f, 0, k, m] for f, k, m in taps]
            steps.append(summed([0, i, j], local, back, here, "weight", 3, local_cells=read))
    return [step["output"] for step in dw], [step["output"] for step in db]


def by_loop(parameters: dict[str, Any], sample: Any) -> str:
    """Every step of the timeline as JSON."""
    steps: list[Step] = []
    w, b, deep, shift = (parameters[name].tolist() for name in ("0.weight", "0.bias", "4.weight", "4.bias"))
    x = sample[0].tolist()
    relu = rectified(convolved(x, w, b, steps), steps)
    pool, won = pooled(relu, steps)
    line = [pool[f][i][j] for f, i, j in cells(pool)]
    steps += [{"output_cell": n, "position": cell, "output": line[n]} for n, cell in enumerate(map(list, cells(pool)))]
    shares = lost(dense(line, deep, shift, steps), steps)
    found = {"shares": shares, "line": line, "pool": pool, "won": won, "relu": relu}
    gradients = backward(x, found, w, deep, steps)
    for values, own in zip(parameters.values(), gradients, strict=True):
        for index, old, gradient in zip(np.ndindex(values.shape), values.ravel().tolist(), own, strict=True):
            step = RATE * gradient
            more = {"values": old, "gradient": gradient, "rate": RATE, "step": step, "output": old - step}
            steps.append({"output_cell": index[0] if len(index) == 1 else list(index), **more})
    return json.dumps(steps)


def row(name: str, side: int, filters: int, classes: int, rounds: int) -> list[str]:
    """One line of the table; first both are checked to have the same columns, and to agree on every output."""
    cases = [network(side, filters, classes, seed) for seed in range(rounds + 1)]
    architecture, parameters, sample = cases[0]
    pages = [json.loads(page) for page in by_trace(architecture, parameters, sample)]
    steps = json.loads(by_loop(parameters, sample))
    outputs = [output for page in pages for output in page["output"]]
    np.testing.assert_allclose(outputs, [step["output"] for step in steps], rtol=1e-9, atol=1e-12)
    written = [names for page in pages for names in [set(page)] * len(page["output"])]
    assert [set(step) for step in steps] == written, "both write the same"
    causes = [why for page in pages for why in page.get("why", [None] * len(page["output"]))]
    assert [step.get("why") for step in steps] == causes, "both say why a gradient is 0"
    one, other = iter(cases), iter(cases)
    columns, loop = medians(lambda: by_trace(*next(one)), lambda: by_loop(*next(other)[1:]), rounds=rounds)
    return [name, f"{len(outputs):,}", f"{1000 * columns:,.1f}", f"{1000 * loop:,.1f}", f"{loop / columns:.1f}×"]


def main() -> None:
    """Print the table."""
    header = ["input", "steps", "trace + orjson, ms", "loop + json, ms", "ratio"]
    print("### A network's timeline, forward, backward and update, as JSON\n")
    print(table(header, [row(name, *case) for name, case in CASES.items()]))
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
