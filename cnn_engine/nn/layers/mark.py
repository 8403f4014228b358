"""Which product of each pooling window won, for the way back."""

from __future__ import annotations

import numpy as np

from cnn_engine.nn.layers.base import Array, zeros


class Mark:
    """Which product of each window won: the first of the largest, if it is more than 0. `won` is as `products`."""

    def __init__(self, products: Array, out: Array) -> None:
        self._products, self._out, self._zero = products, out, np.zeros((), out.dtype)
        self._marks = zeros((len(products) + 1, *out.shape), bool)
        self.won, self._nobody = self._marks[:-1], self._marks[-1]

    def __call__(self) -> None:
        """Mark them. Ties and exact zeros are rare, and counting finds out whether there are any."""
        nobody, won = self._nobody, self.won
        np.less_equal(self._out, self._zero, out=nobody)
        np.equal(self._products, self._out, out=won)
        if np.count_nonzero(self._marks) == nobody.size:
            return
        for position in won:
            np.greater(position, nobody, out=position)
            np.logical_or(nobody, position, out=nobody)
