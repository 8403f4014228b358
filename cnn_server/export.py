"""`convoscope export OPERATION ... --out step.svg`: the picture of a step, without a browser.

The trace is asked of the application as a page asks for it; the page's own scripts make the picture of the answer in
Node, so there is one layout of a frame, one scale of colours and one way to write numbers. Pixels are resvg's.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import orjson

from cnn_engine.catalogue import OPERATIONS
from cnn_engine.errors import StepRangeError
from cnn_engine.parameters import Parameter
from cnn_engine.words import ENGLISH, say
from cnn_server.node import OLDEST, installed_node
from cnn_server.page_texts import texts

if TYPE_CHECKING:
    from flask import Flask

INSTALL = 'pip install "convoscope[export]"'
SCALE = 2  # pixels of a PNG for each of the picture's own
TOO_LONG = 60.0  # seconds for Node, which takes a fraction of one
SUFFIXES = (".svg", ".png")
DRAWN = {"optimizers": ["path", "relief", "level_relief"]}  # what an answer has on request alone, and a picture needs
EPILOG = 'Values are JSON; an array may be the name of a preset, or {"preset": "digit", "size": [12, 12]}.'
DRAW = """
const [words, picture] = process.argv.slice(1);
const parts = [];
for await (const part of process.stdin) parts.push(part);
const [language, texts, ...given] = JSON.parse(Buffer.concat(parts));
(await import(words)).speak(language, texts);
process.stdout.write((await import(picture)).pictureOf(...given));
"""


class CannotExportError(Exception):
    """No picture is written, and why."""


def main(arguments: Sequence[str]) -> None:
    """Write the picture that is asked for, or end the program with what stands in the way."""
    options = parser().parse_args(arguments)
    try:
        with _application() as app:
            svg = picture(app, options.operation, body(options), options.step, options.time, dark=options.dark)
        _write(options.out, svg)
    except CannotExportError as error:
        sys.exit(f"convoscope export: {error}")


def parser() -> argparse.ArgumentParser:
    """Return what reads the command, with a command of its own for each operation of the catalogue."""
    export = argparse.ArgumentParser(prog="convoscope export", description="Write the picture of a step as SVG or PNG.")
    operations = export.add_subparsers(dest="operation", metavar="OPERATION", required=True)
    for name, operation in OPERATIONS.items():
        one = operations.add_parser(name, help=say(operation.title), epilog=EPILOG)
        for parameter in operation.parameters:
            options = dict.fromkeys((f"--{parameter.name}", f"--{parameter.name.replace('_', '-')}"))
            kind = parameter.accepts.kind
            one.add_argument(*options, dest=f"argument_{parameter.name}", help=kind, metavar="VALUE")
        one.add_argument("--step", type=int, default=0, help="counted from 0, as in links and in Python")
        one.add_argument("--time", type=float, help="milliseconds since the step began (default: when it is done)")
        one.add_argument("--dark", action="store_true", help="in the dark theme's colours")
        one.add_argument("--out", type=Path, required=True, help="where to: a name that ends in .svg or .png")
    return export


def body(options: argparse.Namespace) -> dict[str, Any]:
    """Return the operation's arguments as a request has them."""
    given = {one: getattr(options, f"argument_{one.name}") for one in OPERATIONS[options.operation].parameters}
    return {one.name: _value(one, text) for one, text in given.items() if text is not None}


def picture(
    app: Flask,
    operation: str,
    arguments: Mapping[str, Any],
    step: int,
    time: float | None = None,
    *,
    dark: bool = False,
) -> str:
    """Return the SVG of a step.

    Args:
        app: the application, which is asked for the trace.
        operation: its name in the catalogue.
        arguments: its arguments, as a request of its trace has them.
        step: counted from 0.
        time: milliseconds since the step began; None when it has come about.
        dark: whether its colours are those of the dark theme.

    Raises:
        CannotExportError: arguments that are refused, no such step, or no Node.
    """
    node = installed_node()
    if node is None:
        raise CannotExportError(f"a picture needs Node {OLDEST} or later, and there is none; {INSTALL} installs it")
    answer = _traced(app, operation, arguments, step)
    static = Path(app.extensions["statics"].folder)
    tokens, stage = ((static / "css" / name).read_text("utf-8") for name in ("tokens.css", "stage.css"))
    given = [ENGLISH, texts(ENGLISH), answer, step, time, _look(tokens, stage, dark=dark)]
    scripts = [(static / "js" / name).as_uri() for name in ("words.js", "picture/picture.js")]
    return _printed([node, "--input-type=module", "--eval", DRAW, *scripts], orjson.dumps(given))


def _printed(command: list[str], given: bytes) -> str:
    """Return what Node prints when it is given this."""
    try:
        done = subprocess.run(command, input=given, capture_output=True, check=False, timeout=TOO_LONG)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotExportError(f"Node cannot be run: {error}") from error
    if done.returncode:
        raise CannotExportError(f"Node failed: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout.decode("utf-8")


def _value(parameter: Parameter, text: str) -> Any:
    """Return an argument as a request has it: JSON, or a word, or an array by name."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return {"preset": text} if parameter.accepts.kind == "tensor" else text


def _traced(app: Flask, operation: str, arguments: Mapping[str, Any], step: int) -> dict[str, Any]:
    """Return the answer to the request of a trace with a step and the one before it."""
    steps = {"start": max(0, step - 1), "count": 2 if step > 0 else 1}
    with app.test_client() as client:
        more = {"tensors": DRAWN[operation]} if operation in DRAWN else {}
        answer = client.post(f"/api/trace/{operation}", json={**arguments, **more, "parts": ["card"], "steps": steps})
    found: dict[str, Any] = orjson.loads(answer.data)
    if answer.status_code != 200:
        raise CannotExportError(_without_steps(found, step))
    total = found["steps"]["total"]
    if not 0 <= step < total:
        raise CannotExportError(_outside(step, total))
    return found


def _outside(step: int, total: int) -> str:
    return str(StepRangeError("step_outside_the_trace", "steps", index=step, count=total))


def _without_steps(problem: Mapping[str, Any], step: int) -> str:
    """Return what a refusal says, with a step called by the name that it has here."""
    total = re.search(r"steps\.start .* outside the trace of ([\d,]+) steps", problem["detail"])
    return _outside(step, int(total[1].replace(",", ""))) if total else str(problem["detail"])


@contextmanager
def _application() -> Iterator[Flask]:
    """Yield the application, which keeps nothing and trains nothing."""
    from cnn_server import create_app  # noqa: PLC0415 (it takes longer to load than the command line)

    with TemporaryDirectory() as folder:
        yield create_app({"DATA_DIR": folder, "REDIS_URL": None, "RUN_WORKERS": 0})


def _look(tokens: str, stage: str, *, dark: bool) -> dict[str, Any]:
    """Return the colours of a theme by the names of their tokens, and the rules of figures in those colours."""
    light, _, other = tokens.partition(':root[data-theme="dark"]')
    colours: dict[str, str] = {}
    for block in (light, other.partition("}")[0]) if dark else (light,):
        colours |= dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-fA-F]{6})", block))
    rules = re.findall(r"^ {2}(\.figure (?:\.[^{]+|text ))\{([^}]*)\}", stage, re.MULTILINE)
    style = "".join(f"{selector.strip()}{{{' '.join(body.split())}}}" for selector, body in rules)
    style = re.sub(r"var\((--[\w-]+)\)", lambda name: colours.get(name[1], "13px"), style)
    return {"tokens": colours, "rules": style}


def _write(path: Path, svg: str) -> None:
    if path.suffix not in SUFFIXES:
        raise CannotExportError(f'"{path.name}" ends in neither .svg nor .png')
    data = svg.encode() if path.suffix == ".svg" else _pixels(svg)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise CannotExportError(f"{path} cannot be written: {error.strerror}") from error


def _pixels(svg: str) -> bytes:
    """Return a picture as PNG.

    Raises:
        CannotExportError: resvg is not installed.
    """
    try:
        import resvg_py  # noqa: PLC0415 (an extra)
    except ImportError:
        raise CannotExportError(f"a PNG needs resvg-py, which is not installed; {INSTALL} installs it") from None
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=SCALE, sans_serif_family="DejaVu Sans"))
