"""Refusals of the server as a page says them (see `cnn_engine.words.en.seen`)."""

TEXTS = {
    "train_samples_too_many": "there are only {most:,} training samples, fewer than {count:,}",
}
