"""Scripts that draw nothing, in Node."""

from pathlib import Path

ENGLISH = f"--import={Path(__file__).with_name('english.mjs').as_uri()}"  # Node's option by which scripts have words
