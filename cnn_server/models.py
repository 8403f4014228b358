"""Models: those that are shipped, and those that people keep, in the data folder or in Redis."""

from __future__ import annotations

import io
import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

from cnn_engine.errors import ModelError
from cnn_engine.models import SHIPPED, Model, load, save, shipped
from cnn_engine.nn.layers import as_entries
from cnn_engine.nn.summary import layer_rows
from cnn_server.kept_files import KeptFiles, Rules, Shelf
from cnn_server.languages import sentence_of
from cnn_server.redis_shelf import RedisShelf
from cnn_server.runs.store import StoreError

logger = logging.getLogger("convoscope")
MB = 1024 * 1024
MOST_SHARED = 20  # models of others that are listed
TAKEN = 3 * 8  # bytes in memory for each number of a model: its own, and the network's with its gradient


def text_of(model: Model, what: str) -> str:
    """Return the name or the source of a model in the language of this request, or as somebody wrote it."""
    return sentence_of(model.words[what]) if what in model.words else str(getattr(model, what))


def described(model_id: str, model: Model, *, mine: bool = False, shared: bool = False) -> dict[str, Any]:
    """Return what is said of a model: its description in `/openapi.json` is `ModelAnswer`."""
    return {
        "id": model_id,
        **{what: text_of(model, what) for what in ("name", "source")},
        "accuracy": model.accuracy,
        "dataset": model.dataset,
        "architecture": as_entries(model.architecture),
        "input_shape": list(model.input_shape),
        "classes": list(model.classes),
        "prepare": dict(model.prepare),
        "layers": layer_rows(model.layers),
        "shipped": model_id in SHIPPED,
        "mine": mine,
        "shared": shared,
    }


class Models:
    """The models of an application; those that were asked lately stay in memory, in so many MB together."""

    def __init__(self, shelf: Shelf, memory: int) -> None:
        self._shelf, self._memory = shelf, memory * MB
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Model] = OrderedDict()
        self.made_since = shelf.made_since

    def add(self, name: str, model: Model, owner: str) -> None:
        """Keep a model under a new id, see `new_id`.

        Raises:
            StoreError: it cannot be written, or there is no room for it.
        """
        self._shelf.keep(name, to_bytes(model), owner)
        self._remember(name, model)

    def find(self, name: str) -> Model | None:
        """Return a model by its id.

        Raises:
            StoreError: it cannot be read.
        """
        if name in SHIPPED:
            return shipped(name)
        if self._shelf.about(name, used=True) is None:
            return None
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        data = self._shelf.get(name)
        return None if data is None else self._remember(name, _of_bytes(data))

    def _remember(self, name: str, model: Model) -> Model:
        with self._lock:
            self._kept[name] = model
            while len(self._kept) > 1 and sum(map(_taken, self._kept.values())) > self._memory:
                self._kept.popitem(last=False)
        return model

    def listed_for(self, owner: str) -> Iterator[dict[str, Any]]:
        """Yield what is said of one person's own models and of those that others share, each the newest first.

        They are read one at a time; damaged ones are left out.
        """
        own = self._shelf.owned_by(owner)
        others = [name for name in self._shelf.shared() if name not in own][:MOST_SHARED]
        for name in (*own, *others):
            try:
                model = self._seen(name)
            except ModelError as error:
                logger.warning("the model %s is left out of the list: %s", name, error)
                continue
            if model is not None:
                yield self.described(name, model, owner)

    def described(self, name: str, model: Model, owner: str) -> dict[str, Any]:
        """Return what is said of a model to one person."""
        about = self._shelf.about(name)
        mine, shared = (False, False) if about is None else (about.owner == owner, about.shared)
        return described(name, model, mine=mine, shared=shared)

    def share(self, name: str, shared: bool) -> None:
        """Let everybody find a model in their list, or nobody else any more."""
        self._shelf.share(name, shared)

    def _seen(self, name: str) -> Model | None:
        """Return a model as a list shows it: it is not held in memory because of that."""
        with self._lock:
            if name in self._kept:
                return self._kept[name]
        data = self._shelf.get(name)
        return None if data is None else load(io.BytesIO(data))

    def owner_of(self, name: str) -> str | None:
        """Return whose a model is; None of one that is shipped, or not there."""
        about = self._shelf.about(name)
        return None if about is None else about.owner

    def drop(self, name: str) -> None:
        """Forget a model, if it is there."""
        self._shelf.drop(name)
        with self._lock:
            self._kept.pop(name, None)


def new_id() -> str:
    """Return an id that nobody can guess."""
    return secrets.token_urlsafe(16)


def to_bytes(model: Model) -> bytes:
    """Return a model as the bytes of its file."""
    stream = io.BytesIO()
    save(model, stream)
    return stream.getvalue()


def _of_bytes(data: bytes) -> Model:
    try:
        return load(io.BytesIO(data))
    except ModelError as error:
        raise StoreError("model_damaged") from error


def _taken(model: Model) -> int:
    return TAKEN * sum(array.size for array in model.parameters.values())


def open_models(config: Mapping[str, Any]) -> Models:
    """Return the models at the place that the configuration asks for."""
    rules = Rules(*(config[name] for name in ("MODEL_TTL", "MODEL_STORE_BYTES", "MODELS_KEPT_PER_CLIENT")))
    if url := config["REDIS_URL"]:
        return Models(RedisShelf(str(url), "model", rules), config["MODELS_MEMORY"])
    return Models(KeptFiles(config["DATA_DIR"], "model", rules), config["MODELS_MEMORY"])
