"""Networks that learn: layers with forward and backward, losses, optimizers, schedules, training.

network = Network([{"layer": "flatten"}, {"layer": "linear", "out_features": 10}], input_shape=(1, 8, 8))
trainer = Trainer(network, optimizer={"name": "adam", "learning_rate": 0.003}, batch_size=32)
for event in fit(trainer, (x, y), epochs=15, validation=(x_validation, y_validation)):
    print(event)
"""

from cnn_engine.nn.batches import check_batches, steps_per_epoch
from cnn_engine.nn.checkpoint import load, save
from cnn_engine.nn.errors import CheckpointError
from cnn_engine.nn.evaluation import Classification, Regression, evaluate
from cnn_engine.nn.events import Ended, EpochDone, Event, StepDone, SubStep, Underway, Validated
from cnn_engine.nn.fit import EarlyStopping, fit
from cnn_engine.nn.initialisation import INITIALISATIONS
from cnn_engine.nn.layers import LAYERS
from cnn_engine.nn.losses import LOSSES
from cnn_engine.nn.network import Network
from cnn_engine.nn.optimizers import OPTIMIZERS
from cnn_engine.nn.schedules import SCHEDULES
from cnn_engine.nn.trainer import Progress, Score, Trainer

__all__ = [
    "INITIALISATIONS",
    "LAYERS",
    "LOSSES",
    "OPTIMIZERS",
    "SCHEDULES",
    "CheckpointError",
    "Classification",
    "EarlyStopping",
    "Ended",
    "EpochDone",
    "Event",
    "Network",
    "Progress",
    "Regression",
    "Score",
    "StepDone",
    "SubStep",
    "Trainer",
    "Underway",
    "Validated",
    "check_batches",
    "evaluate",
    "fit",
    "load",
    "save",
    "steps_per_epoch",
]
