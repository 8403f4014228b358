"""What an address may ask for beside its path: text, of which the numbers are read here and nowhere else."""

from __future__ import annotations

import re
from typing import Any

from flask import request
from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from cnn_server.problems import ProblemError
from cnn_server.schemas.field_types import Checked, message_of, whole

DIGITS = re.compile(r"-?[0-9]{1,20}")
MAX_STEP = 10**9  # of a run: no run is allowed so many


class Query(BaseModel):
    """The parameters of an address; what is not known is refused."""

    model_config = ConfigDict(extra="forbid")


def number(minimum: int, maximum: int) -> Checked:
    """Return a whole number in this range, written in plain digits."""
    checked = whole(minimum, maximum)

    def read(value: Any, name: str) -> Any:
        plain = isinstance(value, str) and DIGITS.fullmatch(value)
        return checked.read(int(value) if plain else value, name)

    return Checked(read, checked.schema)


def header(name: str, minimum: int, maximum: int) -> int | None:
    """Return the whole number in a header of this request; None where it is not sent or empty."""
    text = request.headers.get(name, "").strip()
    try:
        return int(number(minimum, maximum).read(text, name)) if text else None
    except PydanticCustomError as error:
        raise ProblemError.of_faults(422, (name, message_of(error.context))) from None
