"""Refusals of the server as a page says them (see `cnn_engine.words.en.seen`)."""

TEXTS = {
    "not_a_scale": "{name} must be a number above 0 and at most {most}, not {value}",
    "train_samples_too_many": "there are only {most:,} training samples, fewer than {count:,}",
}
