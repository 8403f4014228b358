"""Why a model answers as it does, by four methods: each says what it computes and what of it adds up.

`contribution`: what a layer gives times the logit's gradient by it, cell by cell. Where every layer after it is linear
    once its gates are set (convolution, dense, pooling, ReLU and the like), the sum of the cells and what the biases
    bring is the logit: f(x) = grad f(x) · x + what does not depend on x.
`gradient`: the logit's gradient by the input, or by what a layer gives (Simonyan et al. 2013).
`grad_cam`: a layer's maps, each times the mean of the logit's gradient by it, added up; what is negative is 0
    (Selvaraju et al. 2017, equations 1 and 2). One value for each cell of the maps, not smoothed.
`occlusion`: how far the logit falls when a square of the input around each cell is covered (Zeiler and Fergus 2013).

The logit is that of one class, or the difference of two: "why 7 and not 1".
"""

from cnn_engine.models.reasons.asking import METHODS as METHODS
from cnn_engine.models.reasons.asking import read_which as read_which
from cnn_engine.models.reasons.asking import why as why
from cnn_engine.models.reasons.asking import why_cell as why_cell
from cnn_engine.models.reasons.question import Options as Options
from cnn_engine.models.reasons.question import Reckoned as Reckoned
from cnn_engine.models.reasons.question import Scrambled as Scrambled
from cnn_engine.models.reasons.question import Settings as Settings
from cnn_engine.models.reasons.question import Switched as Switched
from cnn_engine.models.reasons.question import Why as Why
