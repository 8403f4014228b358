"""Networks that learn: layers with forward and backward, losses, optimizers, schedules, training.

network = Network([{"layer": "flatten"}, {"layer": "linear", "out_features": 10}], input_shape=(1, 8, 8))
trainer = Trainer(network, optimizer={"name": "adam", "learning_rate": 0.003}, batch_size=32)
for event in fit(trainer, (x, y), epochs=15, validation=(x_validation, y_validation)):
    print(event)
"""

from cnn_engine.errors import CheckpointError as CheckpointError
from cnn_engine.nn.batches import check_batches as check_batches
from cnn_engine.nn.batches import steps_per_epoch as steps_per_epoch
from cnn_engine.nn.checkpoint import load as load
from cnn_engine.nn.checkpoint import save as save
from cnn_engine.nn.evaluation import Classification as Classification
from cnn_engine.nn.evaluation import Regression as Regression
from cnn_engine.nn.evaluation import evaluate as evaluate
from cnn_engine.nn.events import Ended as Ended
from cnn_engine.nn.events import EpochDone as EpochDone
from cnn_engine.nn.events import Event as Event
from cnn_engine.nn.events import StepDone as StepDone
from cnn_engine.nn.events import SubStep as SubStep
from cnn_engine.nn.events import Underway as Underway
from cnn_engine.nn.events import Validated as Validated
from cnn_engine.nn.fit import EarlyStopping as EarlyStopping
from cnn_engine.nn.fit import fit as fit
from cnn_engine.nn.initialisation import INITIALISATIONS as INITIALISATIONS
from cnn_engine.nn.layers import LAYERS as LAYERS
from cnn_engine.nn.losses import LOSSES as LOSSES
from cnn_engine.nn.network import Network as Network
from cnn_engine.nn.optimizers import OPTIMIZERS as OPTIMIZERS
from cnn_engine.nn.schedules import SCHEDULES as SCHEDULES
from cnn_engine.nn.trainer import Progress as Progress
from cnn_engine.nn.trainer import Score as Score
from cnn_engine.nn.trainer import Trainer as Trainer
