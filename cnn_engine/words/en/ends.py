"""Why a run of `fit` ended: each follows a colon, or stands alone."""

TEXTS = {
    "complete": "{epochs:plural epoch is|epochs are} complete",
    "stopped_early": "the validation loss has not fallen since epoch {epoch}",
    "loss_not_finite": "the loss of step {step} is not a finite number",
    "gradient_not_finite": "the gradient of step {step} is not finite",
    "validation_loss_not_finite": "the validation loss after step {step} is not a finite number",
    "parameters_not_finite": "the parameters after step {step} are not finite numbers",
}
