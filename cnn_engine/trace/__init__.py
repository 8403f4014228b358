"""The operations one step at a time. A trace is a value: ordered steps and the tensors that they read and write.

`cnn_engine.catalogue` lists them all.
"""

from cnn_engine.trace.base import Step as Step
from cnn_engine.trace.base import Trace as Trace
