"""How a text is read as grids of numbers: a table of cases, and grids that are written in each style and read back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from cnn_engine import trace_conv2d, trace_linear
from cnn_engine.code import FRAMEWORKS, programs

CASES = Path(__file__).parent / "cases"
NINTH = 1 / 9
MINUS = "\N{MINUS SIGN}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
FIXED = "\N{NO-BREAK SPACE}"


def readings(scripts, text):
    """Every way to read a text, each with its reasons; what is wrong with it fails the test."""
    found = scripts.call("input/reader.js", "readNumbers", text)
    assert found["faults"] == [], text
    return [(reading["planes"], reading["how"]) for reading in found["readings"]]


def grids(scripts, text):
    """Every way to read a text that is one grid."""
    return [planes[0] for planes, _ in readings(scripts, text) if len(planes) == 1]


FILES = {
    "paste_one_decimal_comma.txt": [[[0.5]]],
    "paste_column_decimal_commas.txt": [[[1.5], [2.5], [3.5]], [[1, 5], [2, 5], [3, 5]]],
    "paste_sobel_plus.txt": [[[1, 0, -1], [2, 0, -2], [1, 0, -1]]],
    "paste_numpy.txt": [[[1, 2], [3, 4]]],
    "paste_quoted.csv": [[[1.5, 2], [3, 4]]],
    "paste_trailing_tab.tsv": [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]],
    "paste_ninths.txt": [[[NINTH] * 3] * 3],
}


def test_the_files_are_read(scripts):
    assert {path.name for path in CASES.iterdir()} == set(FILES)
    for name, expected in FILES.items():
        assert grids(scripts, (CASES / name).read_text("utf-8")) == expected, name


ONE = [  # texts that can be read in one way
    # what stands between numbers
    ("1\t2\n3\t4\n", [[1, 2], [3, 4]], "tabs"),
    (f"1,5\t{MINUS}2\r\n0,25\t4\r\n", [[1.5, -2], [0.25, 4]], "tabs"),
    ("1;2,5;-3", [[1, 2.5, -3]], "semicolons"),
    ("1,2,3\n4,5,6", [[1, 2, 3], [4, 5, 6]], "commas"),
    (f"1.5, 2, {MINUS}3", [[1.5, 2, -3]], "commas"),
    ("1, 2\n3, 4", [[1, 2], [3, 4]], "commas"),
    ("  1  2\n 3 4 ", [[1, 2], [3, 4]], "blanks"),
    ("1,5 2,5\n\N{EN DASH}3 4", [[1.5, 2.5], [-3, 4]], "blanks"),
    (f"1{FIXED}2{NARROW}3", [[1, 2, 3]], "blanks"),
    ("0,5 0.25\n1 2", [[0.5, 0.25], [1, 2]], "blanks"),
    ("1 2; 3 4", [[1, 2], [3, 4]], "semicolons between rows"),
    ("\n\n7\n8\n\n", [[7], [8]], None),
    ("5\n2\n0,5", [[5], [2], [0.5]], None),
    ("1 2\n\n3 4", [[1, 2], [3, 4]], None),
    # what trails
    ("1;2;\n3;4;", [[1, 2], [3, 4]], None),
    ("1\t2\t\t\n3\t4\t\t\n\t\t\n", [[1, 2], [3, 4]], None),
    ("1, 2, 3,\n4, 5, 6", [[1, 2, 3], [4, 5, 6]], None),
    ("1 2 3\t\n4 5 6\t", [[1, 2, 3], [4, 5, 6]], None),
    # one number
    ("0,5", [[0.5]], None),
    (f"{MINUS}0,5", [[-0.5]], None),
    ("+1", [[1]], None),
    ("1,234", [[1.234]], None),
    ("1.234", [[1.234]], None),
    ("1,234.5", [[1234.5]], None),
    ("1.234,5", [[1234.5]], None),
    ("12'345.5", [[12345.5]], None),
    (f"1{NARROW}234,5", [[1234.5]], None),
    ("1_000", [[1000]], None),
    ("-0.5,2", [[-0.5, 2]], "commas"),  # no number has both marks so
    ("1/9", [[NINTH]], None),
    ("-1 / 9", [[-NINTH]], None),
    ("\N{VULGAR FRACTION ONE HALF}", [[0.5]], None),
    ("7%", [[0.07]], None),
    ("0,7 %", [[0.007]], None),
    ("1e-3", [[0.001]], None),
    ("2,5E+2", [[250]], None),
    ("1.5 × 10\N{SUPERSCRIPT MINUS}\N{SUPERSCRIPT THREE}", [[0.0015]], None),
    ("\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH FULL STOP}\N{FULLWIDTH DIGIT FIVE}", [[1.5]], None),
    ("007", [[7]], None),
    # between thousands
    ("1 234\t5\n12 000,5\t6", [[1234, 5], [12000.5, 6]], "tabs"),
    ("1.234,5\t1.000\n2\t3", [[1234.5, 1000], [2, 3]], "points between thousands, read as separated by tabs"),
    ("0.123 1.234", [[0.123, 1.234]], "blanks"),
    ("120 130 140", [[120, 130, 140]], "blanks"),  # as one number it would be too large
    # quoted
    ('"1,5","2"\n"3","4"', [[1.5, 2], [3, 4]], None),
    ("'1' '2'", [[1, 2]], None),
    # headings
    ("a,b\n1,2", [[1, 2]], "without the first row, which is a heading, read as separated by commas"),
    ("left\t1\t2\nright\t3\t4", [[1, 2], [3, 4]], "without the first column"),
    ("\ta\tb\nx\t1\t2\ny\t3\t4", [[1, 2], [3, 4]], "without the first row and the first column"),
    ("   0  1\n0  5  6\n1  7  8", [[5, 6], [7, 8]], "without the first row and the first column"),
    (",0,1\n0,5,6\n1,7,8", [[5, 6], [7, 8]], "without the first row and the first column"),
    # brackets
    ("[[1. 2.]\n [3. 4.]]", [[1, 2], [3, 4]], None),
    ("array([[1, 2],\n       [3, 4]], dtype=int64)", [[1, 2], [3, 4]], None),
    ("Out[3]: array([[1, 2], [3, 4]])", [[1, 2], [3, 4]], None),
    ("[[1.00000000e+00 1.e-05]]", [[1, 1e-05]], None),
    ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]], None),
    ("[1, 2, 3]", [[1, 2, 3]], None),
    ("[1, 2]\n[3, 4]", [[1, 2], [3, 4]], None),
    ("[1, 2], [3, 4],", [[1, 2], [3, 4]], None),
    ("torch.tensor([[1, 2]]).float()", [[1, 2]], None),
    ("((1, 2), (3, 4))", [[1, 2], [3, 4]], None),
    ("{{1, 2}, {3, 4}}", [[1, 2], [3, 4]], None),
    ("[1 2; 3 4]", [[1, 2], [3, 4]], None),
    ("k = [1,2;3,4];", [[1, 2], [3, 4]], None),
    ("[1 -2; % a remark\n -1/9 4]", [[1, -2], [-NINTH, 4]], None),
    ("ans =\n\n     1     2\n     3     4\n", [[1, 2], [3, 4]], None),
    ("tensor([[ 1.,  2.],\n        [ 3.,  4.]], device='cuda:0')", [[1, 2], [3, 4]], None),
    ("tf.Tensor(\n[[1. 2.]\n [3. 4.]], shape=(2, 2), dtype=float32)", [[1, 2], [3, 4]], None),
    ("[np.float64(1.5), np.float64(2.0)]", [[1.5, 2]], None),
    ("[tensor(1.), tensor(2.)]", [[1, 2]], None),
    ('{"kernel": [[1, 2], [3, 4]]}', [[1, 2], [3, 4]], None),
    ("[[[[1, 2], [3, 4]]]]", [[1, 2], [3, 4]], None),
    ("np.array([[1, 2], [2, 4]]) / 16", [[0.0625, 0.125], [0.125, 0.25]], "times 1/16"),
    ("1/9 * [1 1; 1 1]", [[NINTH, NINTH], [NINTH, NINTH]], "times 1/9"),
    ("w = np.array([[1, 2]])  # rows\nx = np.take(w, [0, 0], axis=1)", [[1, 2]], None),
]


@pytest.mark.parametrize(("text", "values", "why"), ONE)
def test_a_text_that_can_be_read_in_one_way(scripts, text, values, why):
    [(planes, how)] = readings(scripts, text)
    assert planes == [values]
    assert why is None or how.endswith(why) or f", {why}" in how


SEVERAL = [  # texts that can be read in several ways, the likeliest first
    ("1,5\n2,5", [[1.5], [2.5]], [[1, 5], [2, 5]]),
    ("1,05\n2,00", [[1.05], [2]], [[1, 5], [2, 0]]),
    ("1,234\n5,678", [[1.234], [5.678]], [[1234], [5678]], [[1, 234], [5, 678]]),
    ("1,234;5", [[1.234, 5]], [[1234, 5]]),
    ("1.234\t5.678", [[1.234, 5.678]], [[1234, 5678]]),
    ('"1,234","5"', [[1.234, 5]], [[1234, 5]]),
    ("1,2;3,4", [[1.2, 3.4]], [[1, 2], [3, 4]]),
    ("1,5, 2,5", [[1, 5, 2, 5]], [[1.5, 2.5]]),
    ("1 234", [[1234]], [[1, 234]]),
    (f"1{FIXED}234", [[1234]], [[1, 234]]),
    ("100 200\n300 400", [[100, 200], [300, 400]], [[100200], [300400]]),
    ("1,000,000", [[1000000]], [[1, 0, 0]]),
    ("[1 2\n 3 4]", [[1, 2], [3, 4]], [[1, 2, 3, 4]]),
]


@pytest.mark.parametrize(("text", "expected"), [(text, list(expected)) for text, *expected in SEVERAL])
def test_a_text_that_can_be_read_in_several_ways(scripts, text, expected):
    assert grids(scripts, text) == expected
    reasons = [how for _, how in readings(scripts, text)]
    assert len(set(reasons)) == len(reasons)  # they can be told apart


def test_blocks_may_be_channels_or_one_grid(scripts):
    found = readings(scripts, "1 2\n3 4\n\n5 6\n7 8")
    assert [planes for planes, _ in found] == [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[1, 2], [3, 4], [5, 6], [7, 8]]]]
    assert found[0][1].startswith("2 grids of 2 × 2")


REFUSED = [
    ("", "There is nothing here yet"),
    (" ; ;", "There is no number here"),
    ("abc", "Row 1, column 1: “abc” is not a number"),
    ("1\t2\n3\t", "Row 2, column 2 is empty"),
    ("1\t\t3\n4\t5\t6", "Row 1, column 2 is empty"),
    ("1\t2\n\t\n3\t4", "Row 2, column 1 is empty"),
    ("1,2\nx,4", "Row 2, column 1: “x” is not a number"),
    ("1 2 3\n4 x 6", "Row 2, column 2: “x” is not a number"),
    ("name\tvalue\n1\t2\n3\tfour", "Row 3, column 2: “four” is not a number"),
    ("1 2 3\n4 5", "Row 2 has 2 columns where row 1 has 3"),
    ("1\t2000000", "Row 1, column 2: 2000000 is too large"),
    ("2,000,000", "2,000,000 is too large: at most 1000000 either way"),
    ("1\n" * 33, "33 rows are more than 32"),
    ("1\n" * 5000, "5000 rows are more than 32"),
    ("1 " * 33, "33 columns are more than 32"),
    ("1 " * 190_000, "190000 columns are more than 32"),
    ("1" * 500_000, "a grid has at most 32 × 32 numbers"),
    (str([[0] * 33]), "33 columns are more than 32"),
    ("a b\nc d\ne f", "and 2 more"),
    ("1e999\t2", "too large"),
    ("1e-400\t2", "1e-400 is too close to 0 to be kept"),
    ("1/0 2", "1/0 divides by 0"),
    ("NaN\tInfinity", "“NaN” is not a number"),
    ("(1)", "“(1)” is not a number"),  # accountants write -1 so, and Python 1
    ("(1)\t(2)", "Row 1, column 1: “(1)” is not a number"),
    ("(1,5)\t(2,5)", "is not computed here"),
    ("[[1, 2], [3, x]]", "Row 2, column 2: “x” is not a number"),
    ("[[1, nan]]", "Row 1, column 2: “nan” is not a number"),
    ("[[1, 2], [3]]", "Row 2 has 1 column where row 1 has 2"),
    ("[[[1], [2]], [[3], [x]]]", "Grid 2, row 2, column 1: “x” is not a number"),
    ("[[1, 2], 3]", "numbers and brackets stand side by side"),
    ("[[[1, 2]], [3, 4]]", "not equally deep"),
    ("[1, 2", "a bracket is not closed"),
    ("[[1 2 ... 3]]", "Row 1, column 3: the array is shortened here"),
    ("np.array([[1, 2], [3, 4]]).T", "“.T”, is not computed here"),
    ("np.reshape([1, 2, 3, 4], (2, 2))", "“reshape(…)” is not computed here"),
    ("[" * 40 + "1" + "]" * 40, "too many brackets"),
    ("k = [1]\n" * 9, "more than 8 arrays"),
]


@pytest.mark.parametrize(("text", "says"), REFUSED, ids=[says for _, says in REFUSED])
def test_what_cannot_be_read_is_refused_with_its_place(scripts, text, says):
    found = scripts.call("input/reader.js", "readNumbers", text)
    assert found["readings"] == []
    joined = scripts.call("input/reader.js", "together", found["faults"])
    assert joined == ". ".join(found["faults"])
    assert says in joined
    assert len(joined) < 400


# ---- written in each style, and read back


def _with(between, mark="."):
    return lambda grid: "\n".join(between.join(repr(value).replace(".", mark) for value in row) for row in grid)


def _signs(grid):
    return _with("\t")(grid).replace("-", MINUS)


def _plus(grid):
    return "\n".join(" ".join(f"{value:+}" for value in row) for row in grid)


def _quoted(grid):
    return "\n".join(",".join(f'"{value!r}"'.replace(".", ",") for value in row) for row in grid)


def _headed(grid):
    names = "\t".join(f"c{index}" for index in range(len(grid[0])))
    return "\n".join([f"\t{names}", *(f"r{index}\t{row}" for index, row in enumerate(_with("\t")(grid).split("\n")))])


def _grouped(mark, point):
    signs = str.maketrans({",": mark, ".": point})
    return lambda grid: "\n".join("\t".join(f"{value:,}".translate(signs) for value in row) for row in grid)


def _numpy(prefix):
    def write(grid):
        with np.printoptions(floatmode="unique"):
            return prefix + np.array2string(np.array(grid), separator=", " if prefix else " ") + (")" if prefix else "")

    return write


STYLES = {  # how a grid is written, and whether it is then the first reading
    "tabs": (_with("\t"), True),
    "tabs, decimal comma": (_with("\t", ","), True),
    "tabs, real minus": (_signs, True),
    "tabs, trailing": (lambda grid: _with("\t")(grid).replace("\n", "\t\n") + "\t\n\n", True),
    "tabs, headings": (_headed, True),
    "semicolons": (_with(";"), True),
    "semicolons, decimal comma": (_with(";", ","), True),
    "semicolons and blanks": (_with(" ; "), True),
    "commas and blanks": (_with(", "), True),
    "commas": (_with(","), False),  # 1,2 is rather a decimal comma
    "blanks": (_with(" "), False),  # 1 200 is rather one number
    "blanks, decimal comma": (_with("  ", ","), False),
    "blanks, plus": (_plus, True),
    "quoted": (_quoted, True),
    "thousands, comma": (_grouped(",", "."), False),
    "thousands, point": (_grouped(".", ","), False),
    "thousands, blank": (_grouped(" ", ","), False),
    "thousands, narrow blank": (_grouped(NARROW, "."), True),
    "thousands, apostrophe": (_grouped("’", "."), True),
    "NumPy's str": (_numpy(""), True),
    "NumPy's repr": (_numpy("array("), True),
    "Python": (str, True),
    "JSON": (json.dumps, True),
    "PyTorch": (lambda grid: f"tensor({grid}, dtype=torch.float64)", True),
    "MATLAB": (lambda grid: f"A = [{_with(' ')(grid)}];".replace("\n", "; "), True),
    "MATLAB, commas": (lambda grid: f"[{_with(', ')(grid)}]".replace("\n", ";\n "), True),
    "Mathematica": (lambda grid: str(grid).replace("[", "{").replace("]", "}"), True),
}


def _grid(rng):
    """Whole numbers, written without a point, decimals, thousandths and doubles to the last digit, of both signs."""
    kinds = [
        lambda: int(rng.integers(-9, 10)),
        lambda: int(rng.integers(-999_999, 1_000_000)),
        lambda: int(rng.integers(-(10**6), 10**6)) / 1000,
        lambda: float(rng.normal() * 10.0 ** rng.integers(-8, 6)),
    ]
    kind = kinds[rng.integers(4)]
    rows, cols = rng.integers(1, 5, 2)
    grid = [[(kind if rng.random() < 0.7 else kinds[rng.integers(4)])() for _ in range(cols)] for _ in range(rows)]
    return [[int(value) if value == int(value) else value for value in row] for row in grid]


GRIDS = [_grid(np.random.default_rng(seed)) for seed in range(60)]
LONE = re.compile(r"[^\s.,]*[.,][^\s.,]*")  # one comma, or one point, in a lone token is decimal


@pytest.mark.parametrize("style", STYLES)
def test_a_grid_that_is_written_in_a_style_is_read_back(scripts, style):
    write, is_first = STYLES[style]
    for grid in GRIDS:
        text = write(grid)
        if not is_first and LONE.fullmatch(text):
            continue
        found = grids(scripts, text)
        assert grid in found, text
        assert not is_first or found[0] == grid, text


# ---- what Copy code writes


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_copied_code_can_be_pasted_back(scripts, framework):
    rng = np.random.default_rng(5)
    image, weight, bias = rng.standard_normal((3, 5, 4)), rng.standard_normal((2, 3, 2, 3)), rng.standard_normal(2)
    text = programs(trace_conv2d(image, weight, bias, padding=1, padding_mode="circular"))[framework]
    found = scripts.call("input/reader.js", "readNumbers", text)
    planes = {reading["name"]: reading["planes"] for reading in found["readings"]}
    assert planes == {
        "input": image.tolist(),
        "weight": weight.reshape(6, 2, 3).tolist(),
        "bias": [[bias.tolist()]],
    }
    assert all(f"the array “{reading['name']}”" in reading["how"] for reading in found["readings"])


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_long_line_of_copied_code_is_one_row(scripts, framework):
    line = np.random.default_rng(6).standard_normal(8)
    text = programs(trace_linear(line, np.ones((1, 8))))[framework]
    found = scripts.call("input/reader.js", "readNumbers", text)["readings"]
    assert [line.tolist()] in [reading["planes"][0] for reading in found]
