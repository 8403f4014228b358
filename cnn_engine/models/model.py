"""What a model is: an architecture with its parameters, what its outputs are called and where it comes from."""

from __future__ import annotations

import copy
import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.data.datasets import DATASETS
from cnn_engine.data.preparation import STEPS
from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.geometry import flag
from cnn_engine.nn.layers import make_layers
from cnn_engine.nn.layers.base import Array, Layer, Shape
from cnn_engine.nn.layers.batch_norm2d import BatchNorm2d
from cnn_engine.nn.network import Network, check_fit, read_input_shape
from cnn_engine.nn.options import bounded, one_of
from cnn_engine.nn.plan import Plan
from cnn_engine.parameters import Accepts
from cnn_engine.tensors import layer_and_name
from cnn_engine.words import Message, say

MOST_PARAMETERS = 4_000_000  # numbers: they are held twice, in float64
MOST_CLASSES = 1_000
MOST_TEXT = 200  # characters of a name
MOST_IDLE = 2  # layouts that are kept
MOST_OPTIONS = 20  # of a data set
WHOLE_LIMIT = 2**63
SHARE = Accepts("number", minimum=0, maximum=1, rule="must_be_a_share")
FLOATS = tuple(np.dtype(name) for name in ("float16", "float32", "float64"))
WHOLE = (np.dtype("int64"),)


@dataclass(frozen=True, eq=False)
class Model:
    """A network that has learned.

    Attributes:
        architecture: a list of layers, as `Network` takes it.
        parameters: {"0.weight": array, ...} by PyTorch's names and shapes, the buffers of batch normalisation too; in
            float16, float32 or float64, and computed with in float64. What is not a finite number is allowed.
        input_shape: (C, H, W) of one sample, or (F,).
        classes: what each output is called.
        name: what people call it.
        source: what it learned from, and how.
        words: the messages among a language's `sources` that `name` and `source` are in English, of those that are one.
        accuracy: the share of its test set that it gets right, where that is known.
        prepare: whether each step of `cnn_engine.data.preparation` is taken before the network receives a picture; a
            step that is left out is not.
        dataset: where its samples come from: a name of `cnn_engine.data.DATASETS`, as {"name": ..., its options}.

    Raises:
        ShapeError, ParameterError: what does not fit together.
    """

    architecture: Sequence[Mapping[str, Any] | str]
    parameters: Mapping[str, Array]
    input_shape: Shape
    classes: Sequence[str]
    name: str = ""
    source: str = ""
    accuracy: float | None = None
    prepare: Mapping[str, bool] = field(default_factory=dict)
    dataset: Mapping[str, Any] | None = None
    words: Mapping[str, Message] = field(default_factory=dict)

    def __post_init__(self) -> None:
        layers = self.layers
        _check_texts(self.classes, self.name, self.source)
        if math.prod(layers[-1].output_shape) != len(self.classes):
            outputs = math.prod(layers[-1].output_shape)
            raise ShapeError("classes_do_not_fit", "classes", classes=len(self.classes), outputs=outputs)
        if self.accuracy is not None:
            bounded(self.accuracy, "accuracy", SHARE)
        for name, done in self.prepare.items():
            if name not in STEPS:
                raise ParameterError("none_of", "prepare", name="prepare", value=name, words=", ".join(STEPS))
            flag(done, f"prepare.{name}")
        _check_plain(self.architecture, "architecture")
        if self.dataset is not None:
            _check_dataset(self.dataset)
        own = {name: read_parameter(name, array) for name, array in self.parameters.items()}
        shapes = parameter_shapes(layers)
        check_fit(own, shapes, shapes)
        for name, value in (
            ("architecture", copy.deepcopy(list(self.architecture))),
            ("input_shape", tuple(self.input_shape)),
            ("classes", tuple(self.classes)),
            ("parameters", MappingProxyType(own)),
            ("prepare", MappingProxyType(dict(self.prepare))),
            ("dataset", copy.deepcopy(self.dataset)),
        ):
            object.__setattr__(self, name, value)

    @cached_property
    def layers(self) -> list[Layer]:
        """The layers, each checked against the shape that the one before it gives."""
        layers = make_layers(self.architecture, read_input_shape(self.input_shape))
        total = sum(math.prod(shape) for shape in parameter_shapes(layers).values())
        if total > MOST_PARAMETERS:
            raise ParameterError("too_many_parameters", "architecture", total=total, most=MOST_PARAMETERS)
        return layers

    @cached_property
    def network(self) -> Network:
        """The network in float64; nothing may change it."""
        network = Network(self.architecture, input_shape=self.input_shape, initialisation="zeros", dtype="float64")
        network.restore(dict(self.parameters))
        return network

    @cached_property
    def idle_plans(self) -> deque[Plan]:
        """Layouts of all layers for one sample that nobody uses: to lay them out takes as long as to pass them."""
        return deque(maxlen=MOST_IDLE)

    def changed(self, parameters: Mapping[str, ArrayLike]) -> Model:
        """Return the same model with other values for some of its parameters."""
        given = {name: read_parameter(name, array) for name, array in parameters.items()}
        return replace(self, parameters=dict(self.parameters) | given)

    def scrambled(self, seed: int, count: int | None = None) -> tuple[Model, tuple[int, ...]]:
        """Return the model with layers begun anew, and which: the last `count` of those that learn, or all.

        Their weights are drawn as `Network` draws them by this seed, with He's rule; biases and what batch
        normalisation keeps begin anew too (Adebayo et al. 2018, cascading randomisation).
        """
        learning = [index for index, layer in enumerate(self.layers) if layer.parameters() or layer.buffers()]
        chosen = tuple(reversed(learning))[:count]
        begun = Network(self.architecture, input_shape=self.input_shape, seed=seed, dtype="float64").state()
        new = {name: array for name, array in begun.items() if layer_and_name(name)[0] in chosen}
        return self.changed(new), chosen


def texts_of(**words: Message) -> dict[str, Any]:
    """Return the name or the source of a model, or both, by messages: arguments of `Model`."""
    return {what: say(message) for what, message in words.items()} | {"words": words}


def parameter_shapes(layers: Sequence[Layer]) -> dict[str, Shape]:
    """Return the shape of every parameter and buffer by its name."""
    return {
        f"{index}.{name}": part.shape
        for index, layer in enumerate(layers)
        for name, part in (layer.parameters() | layer.buffers()).items()
    }


def dtypes_of(name: str) -> tuple[np.dtype[Any], ...]:
    """Return the kinds of numbers that a parameter may be kept in."""
    return WHOLE if name.endswith(".num_batches_tracked") else FLOATS


def read_parameter(name: str, array: ArrayLike) -> Array:
    """Return a parameter as an array of its own that cannot be written to: lists and integers as float64."""
    own = np.array(array)
    if own.dtype not in dtypes_of(name):
        if own.dtype.kind not in "fiu":
            raise ParameterError("not_real_numbers", name, dtype=own.dtype, name=name)
        own = own.astype(dtypes_of(name)[-1])
    own.flags.writeable = False
    return own


def _check_dataset(dataset: Mapping[str, Any]) -> None:
    """Refuse a data set without a known name, and options that are more than a few plain values."""
    if not isinstance(dataset.get("name"), str):
        raise ParameterError("not_named", "dataset", what="dataset", key="name", config=dataset)
    one_of(dataset["name"], "dataset", tuple(DATASETS))
    if len(dataset) > MOST_OPTIONS:
        raise ParameterError("dataset_with_many_options", "dataset", count=len(dataset), most=MOST_OPTIONS)
    for key, value in dataset.items():
        if not isinstance(value, str | int | float | None):
            raise ParameterError("options_not_plain", "dataset")
        if max(len(key), len(value) if isinstance(value, str) else 0) > MOST_TEXT:
            raise ParameterError("not_a_short_text", "dataset", name="dataset", most=MOST_TEXT)
    _check_plain(dataset, "dataset")


def _check_plain(value: object, name: str) -> None:
    """Refuse text with half a character, and whole numbers beyond 64 bits: no answer in JSON can hold them."""
    if isinstance(value, str):
        _check_unicode(value, name)
    elif isinstance(value, int) and not -WHOLE_LIMIT <= value < WHOLE_LIMIT:
        raise ParameterError("whole_number_too_long", name, name=name)
    elif isinstance(value, Mapping):
        _check_plain([*value, *value.values()], name)
    elif isinstance(value, list | tuple):
        for one in value:
            _check_plain(one, name)


def _check_unicode(text: str, name: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ParameterError("half_a_character", name, name=name) from error


def _check_texts(classes: Sequence[str], name: str, source: str) -> None:
    if isinstance(classes, str) or not 0 < len(classes) <= MOST_CLASSES:
        raise ParameterError("classes_not_a_list", "classes", most=MOST_CLASSES)
    texts: list[tuple[str, object]] = [("name", name), ("source", source), *(("classes", one) for one in classes)]
    for what, text in texts:
        if not isinstance(text, str) or len(text) > MOST_TEXT:
            raise ParameterError("not_a_short_text", what, name=what, most=MOST_TEXT)
        _check_unicode(text, what)


def own_parameters(model: Model, layer: int) -> dict[str, Array]:
    """Return what a layer has learned, by its short names, in float64."""
    names = model.layers[layer].parameters()
    return {name: model.parameters[f"{layer}.{name}"].astype(np.float64) for name in names}


def scale_and_shift(model: Model, layer: int) -> tuple[Array, Array]:
    """Return what batch normalisation in evaluation multiplies each channel by, and what it adds.

    gamma / sqrt(var + eps), and beta - gamma mean / sqrt(var + eps) (Ioffe and Szegedy 2015, algorithm 2).

    Raises:
        ParameterError: the layer keeps no running statistics, so that its channels depend on the sample.
    """
    kind, kept = model.layers[layer], model.network.buffers()
    if not isinstance(kind, BatchNorm2d) or not kind.tracks:
        raise ParameterError("batch_norm_without_statistics", "layer", number=layer + 1)
    own = own_parameters(model, layer)
    mean, variance = kept[f"{layer}.running_mean"], kept[f"{layer}.running_var"]
    with np.errstate(all="ignore"):
        scale = own.get("weight", np.ones(kind.channels)) / np.sqrt(variance + kind.eps)
        return scale, own.get("bias", np.zeros(kind.channels)) - scale * mean
