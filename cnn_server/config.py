"""Every limit and setting of the server, with its default.

`create_app({"STEP_PAGE": 64})` changes one for an application; an environment variable with the prefix
`CONVOSCOPE_` (`CONVOSCOPE_STEP_PAGE=64`) changes it for a process.
"""

from __future__ import annotations

import time
from typing import Any

MB = 1024 * 1024

DEFAULTS: dict[str, Any] = {
    # A request
    "MAX_CONTENT_LENGTH": 11 * MB,  # bytes of a whole body: an upload of 10 MB and the form around it
    "MAX_ARRAY_VALUES": 262_144,  # numbers in all the arrays of one body
    # An answer with a trace
    "STEP_PAGE": 512,  # steps in one answer
    "MAX_PAGE_VALUES": 2_000_000,  # numbers in the steps of one answer
    "MAX_TENSOR_VALUES": 1_048_576,  # numbers in one tensor of an answer (the padded input, the output)
    "MAX_MULTIPLICATIONS": 100_000_000,  # in computing a whole output
    "MAX_STEPPED_VALUES": 4_096,  # of an input whose steps are made one after the other
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
    "IMAGE_STORE_BYTES": 64 * MB,  # memory for all the uploads together
    "CLOCK": time.monotonic,  # what the hour is measured by
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
