"""`convoscope export`: pictures of steps, read back, and refusals."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import numpy as np
import orjson
import pytest

import cnn_engine as engine
from cnn_engine.catalogue import OPERATIONS, names
from cnn_server import cli, export
from scripts.copied_code import derived

SVG = "{http://www.w3.org/2000/svg}"
LESSON = ("--input", "[[0,1,2],[3,4,5],[6,7,8]]", "--weight", "[[0,1],[2,3]]")
MAPS = {"input": [[1.5, -2, 3], [4, 5, -6], [7, 8, 9]]}
ABOVE = [[1, 2, 0], [3, -1, 1], [2, 2, 1]]
LAYERS = [{"weight": [[1, 2, 3], [3, 4, 1]], "activation": "relu"}, {"weight": [[1, -1]], "bias": [5]}]
GIVEN = {  # arguments of operations; of the others they follow from the signature
    "conv2d": MAPS | {"weight": [[1, 2], [0.25, -1]], "bias": [10], "padding": 1},
    "conv_transpose2d": MAPS | {"weight": [[1, 2], [3, -1]], "stride": 2},
    "stacked_conv2d": MAPS | {"weight": [[1, 2], [0.25, -1]], "second_weight": [[1, 2]]},
    "interpolate2d": MAPS | {"scale_factor": 2, "mode": "bilinear"},
    "max_pool2d": MAPS | {"kernel_size": 2, "padding": 1},
    "avg_pool2d": MAPS | {"kernel_size": 2},
    "linear": {"input": [1, 2, -1], "weight": [[1, 2, 3], [3, 4, 1]]},
    "dense": {"input": [1, 2, -1], "layers": LAYERS},
    "pad2d": MAPS | {"padding": ((1, 0), (2, 1))},
    "average_or_dense": MAPS | {"weight": [[MAPS["input"]]]},
    "softmax": {"input": [1, 2, -1]},
    "log_softmax": {"input": [1, 2, -1]},
    "cross_entropy": {"input": [1, 2, -1], "target": 0},
    "binary_cross_entropy": {"input": [0.25], "target": [1]},
    "binary_cross_entropy_with_logits": {"input": [0.5], "target": [1]},
    "mse": {"input": [1, 2], "target": [0, 4]},
    "optimizers": {"updates": 12, "noise": 0.1, "landscape": "bowl"},
    "depth": {"layers": 3, "width": 4, "updates": 3, "activation": "relu"},
    "conv2d_backward": MAPS | {"weight": [[1, 2], [0.25, -1]], "grad_output": [[1, 2], [3, -1]], "wrt": "weight"},
    "conv_transpose2d_backward": MAPS | {"weight": [[2]], "grad_output": ABOVE, "wrt": "input"},
    "max_pool2d_backward": MAPS | {"kernel_size": 2, "stride": 1, "grad_output": [[1, 2], [3, -1]]},
    "avg_pool2d_backward": MAPS | {"kernel_size": 2, "stride": 1, "grad_output": [[1, 2], [3, -1]]},
    "global_max_pool2d_backward": MAPS | {"grad_output": [[2]]},
    "global_avg_pool2d_backward": MAPS | {"grad_output": [[2]]},
    "pad2d_backward": MAPS | {"padding": 0, "grad_output": ABOVE},
    "flatten_backward": MAPS | {"grad_output": [1, 2, 3, 4, 5, 6, 7, 8, 9]},
    "linear_backward": {"input": [1, 2, -1], "weight": [[1, 2, 3]], "grad_output": [2], "wrt": "input"},
    "softmax_cross_entropy_backward": {"logits": [1, 2, -1], "target": 0},
    "sigmoid_binary_cross_entropy_backward": {"logits": [0.5], "target": [1]},
    "mse_backward": {"prediction": [1, 2], "target": [0, 4]},
    **{f"{name}_backward": MAPS | {"grad_output": ABOVE} for name in names("activation")},
}


ARGUMENTS = {name: GIVEN.get(name) or next(derived(operation)) for name, operation in OPERATIONS.items()}
SHOWN = {name: OPERATIONS[name].trace(**given) for name, given in ARGUMENTS.items()}


@pytest.fixture(autouse=True)
def one_node(scripts, monkeypatch) -> None:
    """Draw with the scripts in a Node that runs already, in place of one that is started for each picture."""

    def printed(command: list[str], given: bytes) -> str:
        words, picture = (urlsplit(script).path.partition("/static/js/")[2] for script in command[-2:])
        language, texts, *rest = orjson.loads(given)
        scripts.call(words, "speak", language, texts)
        return str(scripts.call(picture, "pictureOf", *rest))

    monkeypatch.setattr(export, "_printed", printed)
    monkeypatch.setattr(export, "installed_node", lambda: "node")


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text")]


def panel(svg: str, name: str) -> ET.Element:
    found = [node for node in ET.fromstring(svg).iter(f"{SVG}g") if node.get("data-panel") == name]
    assert len(found) == 1
    return found[0]


def numbers(node: ET.Element) -> list[str]:
    """What is written in the cells of a panel, after its title."""
    return ["".join(text.itertext()) for text in node.iter(f"{SVG}text")][1:]


def kinds(node: ET.Element, name: str) -> int:
    return sum(rect.get("class") == name for rect in node.iter(f"{SVG}rect"))


@pytest.mark.parametrize("name", SHOWN)
def test_the_first_a_middle_and_the_last_step_can_be_exported(app, name):
    trace = SHOWN[name]
    for index in sorted({0, len(trace) // 2, len(trace) - 1}):
        svg = export.picture(app, name, ARGUMENTS[name], index)
        assert trace[index].describe() == ET.fromstring(svg).findtext(f"{SVG}title")
        written = {number for text in texts(svg) for number in re.findall(r"[\d.]+", text)}
        output = float(np.ravel(trace[index].output)[0])
        rounded = float(f"{output:.3g}") if name == "optimizers" else round(output, 3)  # as each page has it
        assert f"{abs(rounded):g}" in written


def test_what_is_0_has_its_mark_in_a_picture_and_what_it_means_below(app):
    given = {"input": [[0, 2], [3, 4]], "weight": [[1]], "grad_output": [[5, 0], [6, 7]], "padding": 0}
    svg = export.picture(app, "conv2d_backward", given, 0)
    notes = {
        name: ["".join(node.itertext()) for node in panel(svg, name).iter(f"{SVG}g") if node.get("class") == "note"]
        for name in ("input", "above", "output")
    }
    assert notes == {"input": ["x"], "above": ["↑"], "output": []}
    assert {"0 x", "0 ↑", "x the value is 0", "↑ 0 from above"} <= set(texts(svg))


def test_a_picture_has_every_number_of_its_step(app):
    svg = export.picture(app, "conv2d", GIVEN["conv2d"] | {"padding": 0}, 1)
    assert numbers(panel(svg, "input")) == ["1.5", "−2", "3", "4", "5", "−6", "7", "8", "9"]
    assert numbers(panel(svg, "kernel")) == ["1", "2", "0.25", "−1"]
    assert numbers(panel(svg, "output")) == ["3.5", "21.25"]
    assert kinds(panel(svg, "output"), "pending") == 2
    assert [kinds(panel(svg, name), "window") for name in ("input", "kernel", "output")] == [1, 0, 1]
    arithmetic = texts(svg)
    for text in ("−2 × 1", "3 × 2", "5 × 0.25", "−6 × (−1)", "−2", "6", "1.25", "row 1", "4", "7.25", "bias", "10"):
        assert text in arithmetic


def test_padding_is_dashed_and_cells_to_come_are_outlined(app):
    svg = export.picture(app, "conv2d", GIVEN["conv2d"], 0)
    assert kinds(panel(svg, "input"), "padding") == 25 - 9
    assert kinds(panel(svg, "output"), "pending") == 16 - 1


def test_before_its_end_a_step_holds_back_its_answer(app):
    values = {"input": [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "weight": [[0, 1], [2, 3]]}
    begun, done = (export.picture(app, "conv2d", values, 1, time) for time in (0, 600))
    assert [kinds(panel(svg, "output"), "pending") for svg in (begun, done)] == [3, 2]
    assert [numbers(panel(svg, "output")) for svg in (begun, done)] == [["19"], ["19", "25"]]
    x = [
        next(rect.get("x") for rect in panel(svg, "input").iter(f"{SVG}rect") if rect.get("class") == "window")
        for svg in (begun, done)
    ]
    assert float(x[1]) - float(x[0]) == 38  # the window has moved on by a cell


def test_colours_are_those_of_the_theme(app):
    light, dark = (export.picture(app, "conv2d", MAPS | {"weight": [[1]]}, 0, dark=dark) for dark in (False, True))
    assert "#fbfaf7" not in light
    assert ('fill="#ffffff"' in light, 'fill="#1a1f29"' in dark) == (True, True)
    assert ("rgb(31 111 181)" in light, "rgb(109 179 242)" in dark) == (True, True)  # 9, the strongest: --positive


def test_a_figure_looks_as_on_its_page(app):
    svg = export.picture(app, "dense", GIVEN["dense"], 2)
    rules = ET.fromstring(svg).findtext(f"{SVG}style") or ""
    assert "var(" not in rules
    assert ".figure .dot.current{ stroke: #6b3fd4; stroke-width: 3; }" in rules.replace("{", "{ ").replace("}", " }")


def test_the_command_writes_svg_and_png(tmp_path: Path, monkeypatch):
    monkeypatch.undo()
    svg, png = tmp_path / "step.svg", tmp_path / "step.png"
    cli.main(["export", "conv2d", *LESSON, "--step", "2", "--out", str(svg)])
    assert "37" in texts(svg.read_text("utf-8"))
    cli.main(["export", "max_pool2d", "--input", "digit", "--kernel-size", "2", "--dark", "--out", str(png)])
    data = png.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    assert width > 600
    assert height > 300


def test_an_array_by_name_and_a_word():
    given = ["conv2d", "--input", "digit", "--weight", '{"preset": "blob"}', "--padding", "same", "--out", "x.svg"]
    read = export.body(export.parser().parse_args(given))
    assert read == {"input": {"preset": "digit"}, "weight": {"preset": "blob"}, "padding": "same"}


REFUSED = {
    "ragged": (
        ["--input", "[[1,2],[3]]", "--weight", "[[1]]"],
        "input is ragged: input[0] and input[1] differ in length, 2 and 1",
    ),
    "a stride of nothing": ([*LESSON, "--stride", "0"], "stride 0 is less than 1"),
    "too large": (["--input", "[[1]]", "--weight", "[[1,2]]"], "kernel_size 2 exceeds the padded input width 1"),
    "no such preset": (["--input", "nobody", "--weight", "[[1]]"], "input.preset must be one of lesson, "),
    "no such step": ([*LESSON, "--step", "4"], "step 4 is outside the trace of 4 steps"),
    "far beyond": ([*LESSON, "--step", "90"], "step 90 is outside the trace of 4 steps"),
    "before the first": ([*LESSON, "--step", "-1"], "step -1 is outside the trace of 4 steps"),
    "missing": (["--input", "[[1]]"], "weight is required"),
}


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_said_in_the_engines_words(arguments, sentence, tmp_path):
    out = tmp_path / "step.svg"
    with pytest.raises(SystemExit) as ended:
        cli.main(["export", "conv2d", *arguments, "--out", str(out)])
    assert str(ended.value.code).replace("\N{MINUS SIGN}", "-").startswith(f"convoscope export: {sentence}")
    assert not out.exists()


def test_a_padded_cell_was_copied_or_is_filled_in(app):
    values = {"input": [[1, 2], [3, 4]], "padding": 1}
    filled, own = (export.picture(app, "pad2d", values, index) for index in (4, 5))
    assert (numbers(panel(filled, "output")), numbers(panel(own, "output"))) == (["0"] * 5, ["0"] * 5 + ["1"])
    assert [kinds(panel(svg, "input"), "window") for svg in (filled, own)] == [0, 1]
    assert "filled in" in texts(filled)
    assert {"the same value", "copied from", "row 1, column 1"} <= set(texts(own))
    reflected = export.picture(app, "pad2d", values | {"mode": "reflect"}, 0)
    assert {"4", "row 2, column 2"} <= set(texts(reflected))


def test_softmax_and_its_logarithm_have_a_column_for_each_kind_of_number(app):
    for name, last in (("softmax", engine.softmax), ("log_softmax", engine.log_softmax)):
        given = GIVEN[name]
        svg = export.picture(app, name, given, len(SHOWN[name]) - 1)
        assert numbers(panel(svg, "input")) == ["1", "2", "−1"]
        assert numbers(panel(svg, "shifted")) == ["−1", "0", "−3"]
        shown = [float(text.replace("−", "-").strip("≈")) for text in numbers(panel(svg, "output"))]
        np.testing.assert_allclose(shown, last(np.array([1.0, 2, -1])), atol=6e-3)


def test_the_cost_of_a_share_is_an_equation_of_its_numbers(app):
    svg = export.picture(app, "binary_cross_entropy", GIVEN["binary_cross_entropy"], 1)
    assert any(text.startswith("−(1 × (≈−1.386") for text in texts(svg))
    assert numbers(panel(svg, "complements")) == ["0.75"]


def test_a_race_has_the_landscape_with_every_way_and_every_update(app):
    given, step = GIVEN["optimizers"], 5
    svg, trace = export.picture(app, "optimizers", given, step), SHOWN["optimizers"]
    ways = [node for node in ET.fromstring(svg).iter(f"{SVG}path") if node.get("class") == "way"]
    runners = trace.params["runners"]
    assert [node.get("data-runner") for node in ways] == [runner["name"] for runner in runners]
    (x, y), (left, right), (low, high) = trace[step].output[0], trace.params["x_range"], trace.params["y_range"]
    end = [(x - left) / (right - left) * 540, (high - y) / (high - low) * 360]
    *_, last = re.findall(r"[ML]([-\d.]+) ([-\d.]+)", ways[0].get("d") or "")
    np.testing.assert_allclose([float(value) for value in last], end, atol=0.01)
    words = texts(svg)
    assert all(runner["title"] in words for runner in runners)
    for loss in trace[step].new_loss:
        assert any(abs(float(text.strip("≈")) - loss) <= 5e-4 for text in words if re.fullmatch(r"≈?[\d.]+", text))
    begun = export.picture(app, "optimizers", given, step, 0)
    assert begun != svg


def test_a_deep_network_has_a_bar_for_each_layer(app):
    svg, step = export.picture(app, "depth", GIVEN["depth"], 1), SHOWN["depth"][1]
    for kind, sizes in (("bar values", step.values), ("bar gradients", step.gradients)):
        drawn = [node for node in ET.fromstring(svg).iter(f"{SVG}rect") if node.get("class") == kind]
        bars = [float(node.get("width") or 0) for node in drawn]
        assert np.argsort(bars).tolist() == np.argsort(sizes).tolist()
    written = [float(text.strip("≈")) for text in texts(svg) if re.fullmatch(r"≈?\d+(\.\d+)?", text)]
    for size in (*step.values, *step.gradients):
        assert min(abs(number / size - 1) for number in written) < 0.06


@pytest.mark.parametrize("name", ["pad2d", "softmax", "optimizers", "depth"])
def test_other_pictures_have_pixels_too(app, name, tmp_path):
    out = tmp_path / "step.png"
    export._write(out, export.picture(app, name, GIVEN[name], 1))
    width, height = struct.unpack(">II", out.read_bytes()[16:24])
    assert width > 600
    assert height > 300


def test_a_file_of_another_kind_is_refused(tmp_path):
    with pytest.raises(SystemExit, match=r'"a\.gif" ends in neither \.svg nor \.png'):
        cli.main(["export", "conv2d", *LESSON, "--out", str(tmp_path / "a.gif")])
    with pytest.raises(SystemExit, match="cannot be written: No such file or directory"):
        cli.main(["export", "conv2d", *LESSON, "--out", str(tmp_path / "nowhere" / "a.svg")])


def test_what_is_missing_is_said_with_the_command_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(SystemExit, match=r'needs resvg-py, which is not installed; pip install "convoscope\[export\]"'):
        cli.main(["export", "conv2d", *LESSON, "--out", str(tmp_path / "a.png")])
    monkeypatch.setattr(export, "installed_node", lambda: None)
    with pytest.raises(
        SystemExit, match=r'needs Node 18 or later, and there is none; pip install "convoscope\[export\]"'
    ):
        cli.main(["export", "conv2d", *LESSON, "--out", str(tmp_path / "a.svg")])


def test_the_command_ends_with_a_status_of_its_own():
    command = [sys.executable, "-m", "cnn_server", "export", "conv2d", *LESSON, "--step", "9", "--out", "never.svg"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "convoscope export: step 9 is outside the trace of 4 steps\n"


def test_help_lists_the_operations_and_what_each_takes(capsys):
    for arguments, listed in ((["--help"], "max_pool2d"), (["max_pool2d", "--help"], "--kernel_size")):
        with pytest.raises(SystemExit) as ended:
            cli.main(["export", *arguments])
        assert ended.value.code == 0
        assert listed in capsys.readouterr().out
