"""Batch normalisation: each channel to mean 0 and variance 1 over the batch, then times weight plus bias.

While training the batch's own mean and (biased) variance are used, and a running mean and (unbiased) variance are
kept for afterwards, as in PyTorch. They are kept when a step counts, not when it is only looked at.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.geometry import Count
from cnn_engine.nn.choices import Choice
from cnn_engine.nn.layers.base import Array, Buffer, Layer, LearnedArray, Plain, Shape, Site, picture
from cnn_engine.nn.options import Positive, checked
from cnn_engine.parameters import Accepts

ALL_BUT_CHANNEL = (0, 2, 3)


class PlainBatchNorm2d(Plain):
    """Mean and variance over row, column and sample."""

    def __init__(self, layer: BatchNorm2d, site: Site) -> None:
        super().__init__(layer, site)
        self._layer, self._buffers = layer, site.buffers
        self._own_statistics = site.training or not layer.tracks
        self._count = layer.input_shape[1] * layer.input_shape[2] * site.batch
        if self._own_statistics and self._count < 2:
            raise ShapeError("needs_more_values", "batch_size")
        self._normal = site.empty(self.output.value.shape)
        self._products = site.scratch(self.output.value.shape)
        self._mean, self._variance, self._scale = (site.empty((layer.channels,)) for _ in range(3))
        self._bias_sum, self._weight_sum = (site.empty((layer.channels,)) for _ in range(2))
        self._weight: Array | None = None
        if layer.affine:
            self._weight, self._bias = site.values["weight"], site.values["bias"]
            self._weight_grad, self._bias_grad = site.grads["weight"], site.grads["bias"]

    def forward(self, random: np.random.Generator | None) -> None:
        """Normalise, then scale and shift."""
        x, normal, out = self._source.value, self._normal, self.output.value
        if self._own_statistics:
            np.add.reduce(x, axis=ALL_BUT_CHANNEL, out=self._mean)
            self._mean /= self._count
        else:
            self._mean[...] = self._buffers["running_mean"]
            self._variance[...] = self._buffers["running_var"]
        np.subtract(x, self._mean[:, None, None], out=normal)
        if self._own_statistics:
            np.multiply(normal, normal, out=out)
            np.add.reduce(out, axis=ALL_BUT_CHANNEL, out=self._variance)
            self._variance /= self._count
        np.add(self._variance, self._layer.eps, out=self._scale)
        np.sqrt(self._scale, out=self._scale)
        np.divide(1, self._scale, out=self._scale)
        np.multiply(normal, self._scale[:, None, None], out=normal)
        if self._weight is None:
            out[...] = normal
        else:
            np.multiply(normal, self._weight[:, None, None], out=out)
            np.add(out, self._bias[:, None, None], out=out)

    def backward(self) -> None:
        """dx = scale · weight · (g − mean(g) − normal · mean(g · normal)); by running statistics scale · weight · g."""
        grad, normal, result = self.output.grad, self._normal, self._source.grad
        products = self._products
        np.add.reduce(grad, axis=ALL_BUT_CHANNEL, out=self._bias_sum)
        np.multiply(grad, normal, out=products)
        np.add.reduce(products, axis=ALL_BUT_CHANNEL, out=self._weight_sum)
        if self._weight is not None:
            self._bias_grad[...], self._weight_grad[...] = self._bias_sum, self._weight_sum
        if not self._wants_input:
            return
        if not self._own_statistics:
            scale = self._scale if self._weight is None else self._scale * self._weight
            np.multiply(grad, scale[:, None, None], out=result)
            return
        self._bias_sum /= self._count
        self._weight_sum /= self._count
        np.multiply(normal, self._weight_sum[:, None, None], out=products)
        np.subtract(grad, products, out=result)
        np.subtract(result, self._bias_sum[:, None, None], out=result)
        if self._weight is not None:
            self._scale *= self._weight
        np.multiply(result, self._scale[:, None, None], out=result)

    def commit(self) -> None:
        """Move the running mean and variance towards the batch's."""
        if not self._layer.tracks:
            return
        seen = self._buffers["num_batches_tracked"]
        seen += 1
        share = 1 / float(seen) if self._layer.momentum is None else self._layer.momentum
        mean, variance = self._buffers["running_mean"], self._buffers["running_var"]
        mean += share * (self._mean - mean)
        variance += share * (self._variance * (self._count / (self._count - 1)) - variance)


class BatchNorm2d(Layer):
    """torch.nn.BatchNorm2d's options; `num_features` may be left out. `momentum` None keeps a plain average."""

    kind = "batch_norm2d"
    plain = PlainBatchNorm2d
    choices = (Choice("Batch norm", "each channel brought to one scale"),)

    @checked
    def __init__(
        self,
        input_shape: Shape,
        *,
        eps: Positive = 1e-5,
        momentum: Annotated[float, Accepts("number", minimum=0, maximum=1, rule="must_be_from_0_to_1")] | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        num_features: Count | None = None,
    ) -> None:
        self.channels = picture(input_shape)[0]
        if num_features is not None and num_features != self.channels:
            raise ParameterError(
                "num_features_do_not_fit", "num_features", num_features=num_features, channels=self.channels
            )
        self.eps, self.momentum, self.affine, self.tracks = eps, momentum, affine, track_running_stats
        self.straight = track_running_stats
        super().__init__(input_shape, input_shape)

    def parameters(self) -> dict[str, LearnedArray]:
        """Return `weight` and `bias`, one of each a channel."""
        shape = (self.channels,)
        return {"weight": LearnedArray(shape, "ones"), "bias": LearnedArray(shape)} if self.affine else {}

    def buffers(self) -> dict[str, Buffer]:
        """Return `running_mean`, `running_var` and `num_batches_tracked`."""
        shape = (self.channels,)
        kept = {"running_mean": Buffer(shape, 0), "running_var": Buffer(shape, 1)}
        return kept | {"num_batches_tracked": Buffer((), 0, "int64")} if self.tracks else {}

    def least_samples(self) -> int:
        """Return 2 where a sample has one value for each channel: one value alone has no variance."""
        return 2 if self.input_shape[1:] == (1, 1) else 1
