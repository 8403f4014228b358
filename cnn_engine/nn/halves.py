"""Two processes with half of each batch each.

Threads would wait for each other: between two calls of NumPy only one of them may run. A second process has the same
network, reads the parameters and its half of the batch from memory that both see, and writes its gradient there.

       this process                    memory that both see              the second process
       parameters, second half  ---->  parameters, samples, truth
       a byte through a pipe    ----------------------------------->     forward, backward
       forward, backward of
       the first half                  gradient, loss             <----  a byte through the other pipe
       both gradients added up         how many are right         <----  and another
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import weakref
from dataclasses import asdict
from pathlib import Path

import numpy as np

from cnn_engine.errors import ParameterError
from cnn_engine.nn.criteria import Criterion
from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.layers.batch_norm2d import BatchNorm2d
from cnn_engine.nn.network import Network
from cnn_engine.nn.parts import BatchParts, Pass
from cnn_engine.nn.shared import PeerGoneError, Shared, Sizes, await_byte

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
ENDING = 2.0  # seconds that the second process may take to end


def check_halves(network: Network) -> None:
    """Refuse what two halves of a batch cannot compute as the whole batch would."""
    if sys.platform == "win32":
        raise ParameterError("no_processes_on_windows", "processes")
    for index, layer in enumerate(network.layers):
        if isinstance(layer, BatchNorm2d):
            raise ParameterError("layer_looks_at_whole_batch", "processes", number=index + 1, kind=layer.kind)
        if layer.draws:
            raise ParameterError("layer_draws_for_whole_batch", "processes", number=index + 1, kind=layer.kind)


class Halves(BatchParts):
    """Forward and backward passes of whole batches, half of each in a second process."""

    def __init__(self, network: Network, criterion: Criterion, batch_size: int) -> None:
        check_halves(network)
        super().__init__(network, criterion)
        self._halved = False  # whether the last batch was
        whole = criterion.name == "cross_entropy"
        self._truth = ((), "intp") if whole else ((criterion.outputs,), network.dtype.name)
        self._partner = self._start(max(1, batch_size // 2))

    def _start(self, most: int) -> Partner:
        store, network = self._network.store, self._network
        shape, kind = self._truth
        sizes = Sizes(store.flat.size, most, network.input_shape, shape, network.dtype.name, kind)
        return Partner(network, self._criterion, sizes)

    def forward_backward(self, samples: Array, truth: Array, random: np.random.Generator | None) -> float:
        """Return the loss; the gradients are in the store."""
        count, store = len(samples), self._network.store
        second = count // 2
        self._halved = second > 0
        if not second:
            return super().forward_backward(samples, truth, random)
        if second > self._partner.most:
            self._partner.stop()
            self._partner = self._start(second)
        first = count - second
        self._partner.go(store.flat, samples[first:], truth[first:])
        loss = super().forward_backward(samples[:first], truth[:first], random)
        other = self._partner.wait()
        mass = self._criterion.mass
        gradient, share = store.flat_gradient, mass(truth[first:]) / mass(truth)
        if share != 0.5:
            np.multiply(gradient, (1 - share) / share, out=gradient)
        np.add(gradient, self._partner.gradient, out=gradient)
        np.multiply(gradient, share, out=gradient)
        self._samples = samples
        return (1 - share) * loss + share * other

    def pieces(self, samples: Array, truth: Array, random: np.random.Generator | None) -> Pass:
        """Do the pass in one piece: the other process does not wait."""
        yield
        return self.forward_backward(samples, truth, random)

    @property
    def correct(self) -> int | None:
        """How many samples of the last batch were right, in both halves."""
        own = super().correct
        if own is None or not self._halved:
            return own
        others = self._partner.right()
        return None if others is None else own + others

    def close(self) -> None:
        """End the second process."""
        self._partner.stop()


class Partner:
    """The second process, seen from the first."""

    def __init__(self, network: Network, criterion: Criterion, sizes: Sizes) -> None:
        self.most = sizes.most
        with tempfile.TemporaryFile() as file:
            file.truncate(sizes.total())
            self._shared = Shared(sizes, file.fileno())
            self._process, self._go, self._done = _start(network, criterion, sizes, file.fileno())
        self._finalizer = weakref.finalize(self, _stop, self._process, self._go, self._done)
        self.gradient = self._shared.gradient
        self._settled = False  # whether all that it has to say of the last half was heard
        os.set_blocking(self._done, False)
        self._settle()

    def go(self, parameters: Array, samples: Array, truth: Array) -> None:
        """Let it begin with these samples."""
        self._settle()
        shared, count = self._shared, len(samples)
        shared.parameters[...] = parameters
        shared.samples[:count] = samples
        shared.truth[:count] = truth
        shared.results[0] = count
        try:
            os.write(self._go, b"!")
        except BrokenPipeError as error:
            raise RuntimeError("the second training process has ended") from error
        self._settled = False

    def wait(self) -> float:
        """Return the loss of its half; its gradient is in `gradient`."""
        self._wait()
        return float(self._shared.results[1])

    def right(self) -> int | None:
        """Return how many of its half were right."""
        self._settle()
        right = int(self._shared.results[2])
        return None if right < 0 else right

    def _settle(self) -> None:
        if not self._settled:
            self._wait()
            self._settled = True

    def _wait(self) -> None:
        try:
            await_byte(self._done)
        except PeerGoneError as error:
            raise RuntimeError("the second training process has ended") from error

    def stop(self) -> None:
        """End it."""
        self._finalizer()


def _start(
    network: Network, criterion: Criterion, sizes: Sizes, memory: int
) -> tuple[subprocess.Popen[bytes], int, int]:
    """Return the process, the pipe that lets it go, the pipe that it writes to when it is done."""
    hears, go = os.pipe()
    done, writes = os.pipe()
    options = {
        "network": {
            "architecture": network.architecture,
            "input_shape": network.input_shape,
            "dtype": network.dtype.name,
        },
        "criterion": asdict(criterion),
        "sizes": sizes._asdict(),
        "memory": memory,
        "hears": hears,
        "writes": writes,
    }
    packages = str(Path(__file__).parents[2])
    environment = os.environ | dict.fromkeys(ONE_THREAD, "1")  # there is a process for each core
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [packages, environment.get("PYTHONPATH")]))
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "cnn_engine.nn.second", json.dumps(options)],
            stdin=subprocess.DEVNULL,
            pass_fds=(memory, hears, writes),
            env=environment,
        )
    finally:
        os.close(hears)
        os.close(writes)
    return process, go, done


def _stop(process: subprocess.Popen[bytes], go: int, done: int) -> None:
    """Stop the second process, which ends by itself when its pipe does."""
    os.close(go)
    os.close(done)
    try:
        process.wait(ENDING)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
