"""Every limit and setting of the server, with its default.

`create_app({"STEP_PAGE": 64})` changes one for an application; an environment variable with the prefix
`CONVOSCOPE_` (`CONVOSCOPE_STEP_PAGE=64`) changes it for a process.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

MB = 1024 * 1024
PREFIX = "CONVOSCOPE"


def data_folder() -> str:
    """Return where this system keeps a program's data of a user."""
    try:
        home = Path.home()
    except RuntimeError:  # a user without one
        home = Path(tempfile.gettempdir())
    if sys.platform == "darwin":
        return str(home / "Library" / "Application Support" / "Convoscope")
    if sys.platform == "win32":
        return str(Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Convoscope")
    return str(Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "convoscope")


DEFAULTS: dict[str, Any] = {
    "PSEUDO_LANGUAGE": False,  # whether the language that nobody speaks is spoken: for tests of what is written
    # A request
    "TRUSTED_HOSTS": None,  # the names that it may ask for, with spaces between; None is all of them (see `doors`)
    "MAX_CONTENT_LENGTH": 11 * MB,  # bytes of a whole body: an upload of 10 MB and the form around it
    "MAX_ARRAY_VALUES": 262_144,  # numbers in all the arrays of one body
    "MAX_JSON_ELEMENTS": 1_000_000,  # what stands between commas in a body, counted before it is parsed
    "MAX_JSON_LISTS": 262_144,  # lists in it, and as many objects
    "MAX_JSON_KEYS": 10_000,  # keys of all its objects
    "MAX_JSON_TEXTS": 20_000,  # keys and texts
    "MAX_JSON_DEPTH": 1_000,  # levels of lists and objects
    # Pages
    "BUNDLE_DIR": None,  # where `scripts.bundle` has put bundles, if not in the package
    # Connections
    "HEAD_SECONDS": 10.0,  # until the head of a request has to be complete
    "BODY_SECONDS": 10.0,  # that its body may pause, or be behind the slowest rate
    "BODY_RATE": 1_000,  # bytes a second
    "BODIES_BYTES": 128 * MB,  # of all the bodies that come in at once, beside small ones
    "STALLED_SECONDS": 15.0,  # that a client may take nothing of what waits for it
    # An answer with a trace
    "STEP_PAGE": 512,  # steps in one answer
    "MAX_PAGE_VALUES": 2_000_000,  # numbers in the steps of one answer
    "MAX_TENSOR_VALUES": 1_048_576,  # numbers in one tensor of an answer (the padded input, the output)
    "MAX_MULTIPLICATIONS": 100_000_000,  # in computing a whole output
    "MAX_WORK": 600_000_000,  # nanoseconds of one core, as counted (`cnn_engine.costs`), for one answer
    "MAX_STEPPED_VALUES": 4_096,  # of an input whose steps are made one after the other
    "MAX_NETWORK_STEPS": 131_072,  # of the timeline of a network: outputs, gradients and updates
    "MAX_RACE_UPDATES": 500,  # of each runner in a race of optimizers
    # An answer with code
    "MAX_CODE_VALUES": 16_384,  # numbers in a program that is to be copied
    # What the controls of a page may reach: the caps of `limits` in the answer to a trace
    "LIMIT_INPUT_SIZE": 32,
    "LIMIT_KERNEL_SIZE": 7,
    "LIMIT_STRIDE": 8,
    "LIMIT_PADDING": 8,
    "LIMIT_DILATION": 8,
    "LIMIT_OUTPUT_PADDING": 7,
    # Pictures
    "MAX_IMAGE_BYTES": 10 * MB,
    "MAX_IMAGE_PIXELS": 40_000_000,
    "IMAGE_WORKING_SIZE": 128,  # the longest side after reduction, in pixels
    "IMAGE_TTL": 3600,  # seconds that an upload is kept
    "IMAGE_STORE_BYTES": 64 * MB,  # memory for all the uploads together, here or in Redis
    "IMAGE_KEPT_TTL": 30 * 86_400,  # seconds that a photo is kept in the data folder, where somebody chooses so
    "IMAGE_KEPT_BYTES": 256 * MB,  # for all of those together
    "IMAGES_KEPT_PER_CLIENT": 60,  # of one person
    "CLOCK": time.monotonic,  # what the hour is measured by
    # Training runs
    "DATA_DIR": data_folder(),  # where runs are kept
    "REDIS_URL": None,  # the place for runs instead, shared by many machines, and for uploads
    "RUN_WORKERS": None,  # processes that train: as many as there are cores; 0 for none
    "RUNS_AT_ONCE": 40,  # runs that are trained or paused, of everybody together; others wait
    "RUNS_PER_CLIENT": 4,  # of one client
    "RUN_UNWATCHED": 30.0,  # seconds that a run which nobody watches, or which is paused, keeps its slot from others
    "FIRST_PLACES_PER_ADDRESS": 60,  # people of one address whose first run goes before everybody's second
    "RUNS_WAITING": 200,  # runs that have not ended and go before or beside a new one; with more it is refused
    "RUNS_WAITING_PER_CLIENT": 20,
    "RUNS_KEPT_PER_CLIENT": 60,  # runs that have ended; the oldest makes room
    "RUN_MAX_STEPS": 200_000,
    "RUN_MAX_EPOCHS": 10_000,
    "RUN_MAX_PARAMETERS": 1_000_000,
    "RUN_MAX_DATA_VALUES": 16_000_000,  # numbers in all the pictures of a data set that is drawn as asked for
    "RUN_MAX_STEP_MULTIPLICATIONS": 10_000_000_000,  # of a forward and a backward pass of one batch
    "RUN_MAX_EVALUATION_MULTIPLICATIONS": 30_000_000_000,  # of a pass over the validation or the test set
    "RUN_MAX_STEP_WORK": 4_000_000_000,  # nanoseconds of one core, as counted (`cnn_engine.costs`): of such a step
    "RUN_MAX_EVALUATION_WORK": 10_000_000_000,  # of such a pass
    "MAX_VIEW_WORK": 300_000_000,  # of what a network is asked for in the web process, one picture or many
    "MAX_DRAWING_WORK": 800_000_000,  # of drawing the pictures that it is judged by
    "MAX_VIEW_MEMORY": 128,  # MB for what the layers of a network make of one picture
    "RUNS_MEMORY": 2048,  # MB for all the runs that are trained on one machine together; more wait
    "LOOKS_MEMORY": 256,  # MB for the networks of runs that somebody looked at lately, in the web process
    "RUN_MAX_AGE": 14 * 86_400,  # seconds that a run is kept
    "RUN_STUCK": 20.0,  # seconds without getting on until a worker is ended, and another one started
    "RUN_LEASE": 6.0,  # seconds without a word until a worker counts as lost
    "MAX_VIEWERS": 600,  # event streams of one process; fewer where the system lets it open too few files
    # Models
    "MAX_WHY_WORK": 900_000_000,  # nanoseconds of one core, as counted, for a reason
    "MAX_OCCLUSION_WORK": 1_200_000_000,  # for occlusion, which takes many answers; twice as many with other weights
    "MAX_MODEL_BYTES": 10 * MB,
    "MODEL_TTL": 14 * 86_400,  # seconds that a model is kept
    "MODEL_STORE_BYTES": 256 * MB,  # for all models together, in the data folder or in Redis
    "MODELS_KEPT_PER_CLIENT": 20,
    "MODELS_MEMORY": 64,  # MB for the models that somebody asked lately, in the web process
    # A classroom
    "CLASSROOM_URLS": "",  # where others reach this server, with spaces between; `make serve` finds out
    "LINK_STORE_BYTES": 4 * MB,  # memory for short links
    # Compression
    "COMPRESS_ALGORITHM": ["br", "zstd", "gzip"],  # in the order of preference; most maps fit best in the first
    "COMPRESS_BR_LEVEL": 5,  # the first at which Brotli models contexts; a page of steps takes a millisecond
    "COMPRESS_MIMETYPES": [
        "text/html",
        "text/css",
        "text/plain",
        "text/javascript",
        "application/json",
        "application/octet-stream",
        "image/svg+xml",
    ],
}


def settings(given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return settings from `given`, else from the environment, else the defaults."""
    start = f"{PREFIX}_"
    environment = {
        name.removeprefix(start): _value(text) for name, text in os.environ.items() if name.startswith(start)
    }
    return DEFAULTS | environment | dict(given or {})


def _value(text: str) -> Any:
    """Return a setting in the environment: JSON, or else the text itself."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
