"""The data sets of this process: each is made once for all who use it, and judged by its size before that."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from contextlib import nullcontext
from weakref import WeakValueDictionary

from cnn_engine.data.dataset import Dataset
from cnn_engine.data.datasets import DATASETS, load_dataset
from cnn_engine.errors import ParameterError
from cnn_server.runs.settings import Settings, within

KEPT_DATASETS, KEPT_BYTES = 8, 64 * 1024 * 1024  # that a process keeps for the next time, beside those in use
LARGE_AT_ONCE = 2  # data sets that take a moment: while they are drawn they take several times their memory
SLOW_DATA = 1_000_000  # numbers in its pictures, from which on a data set takes a moment to be made


def dataset_of(settings: Settings) -> Dataset:
    """Return the data set, kept for the next time."""
    with within("dataset_options"):
        try:
            options = json.dumps(settings.get("dataset_options") or {}, sort_keys=True)
            return _datasets.get(settings["dataset"], options, large=slow_to_make(settings))
        except ParameterError as error:
            field = {"dataset": "dataset", "name": "dataset_options.name"}.get(error.field or "", error.field)
            raise error.within(field) from error


def check_data(settings: Settings, most: int) -> None:
    """Refuse a data set of more values than that before it is made; what is no number is judged where it is made."""
    counts = _data_counts(settings)
    if counts["values"] > most:
        preset, options = DATASETS[settings["dataset"]], settings.get("dataset_options") or {}
        chosen = [name for name in (*preset.sizes, "size") if name in options] or ["train"]
        raise ParameterError("data_set_too_large", f"dataset_options.{chosen[0]}", **counts, most=most)


def slow_to_make(settings: Settings) -> bool:
    """Return whether its data set takes some time to be made, as far as its size tells."""
    return settings["dataset"] in DATASETS and _data_counts(settings)["values"] > SLOW_DATA


def _data_counts(settings: Settings) -> dict[str, int]:
    """Count the pictures, the cells of a side, and the values of all of them together."""
    preset, options = DATASETS[settings["dataset"]], settings.get("dataset_options") or {}
    sizes = preset.sizes | {name: options[name] for name in preset.sizes if isinstance(options.get(name), int)}
    channels, side, _ = preset.input_shape
    channels, side = (
        options[name] if isinstance(options.get(name), int) else own
        for name, own in (("channels", channels), ("size", side))
    )
    count = sum(sizes.values())
    return {"count": count, "side": side, "values": count * channels * side**2}


class _Datasets:
    """The data sets of this process: each once while anybody uses it, and the latest a little longer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used: WeakValueDictionary[tuple[str, str], Dataset] = WeakValueDictionary()
        self._latest: OrderedDict[tuple[str, str], Dataset] = OrderedDict()
        self._making: WeakValueDictionary[tuple[str, str], threading.Lock] = WeakValueDictionary()
        self._large = threading.BoundedSemaphore(LARGE_AT_ONCE)

    def get(self, name: str, options: str, *, large: bool = False) -> Dataset:
        """Return a data set, made where it is not there: once, while others who want it wait."""
        key = name, options
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                found = self._used.get(key)
            if found is None:
                with self._large if large else nullcontext():
                    found = load_dataset(name, **json.loads(options))
            self._keep(key, found)
            return found

    def _keep(self, key: tuple[str, str], dataset: Dataset) -> None:
        with self._lock:
            self._used[key] = self._latest[key] = dataset
            self._latest.move_to_end(key)
            while len(self._latest) > KEPT_DATASETS or sum(map(data_bytes, self._latest.values())) > KEPT_BYTES:
                self._latest.popitem(last=False)


_datasets = _Datasets()


def data_bytes(dataset: Dataset) -> int:
    """Return bytes of all its samples."""
    return sum(part.x.nbytes + part.y.nbytes for part in dataset.parts.values())
