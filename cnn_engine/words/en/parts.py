"""Parts of sentences that several sentences have, or of which a sentence has one or another."""

TEXTS = {
    "either": "{first} or {last}",
    "height": "height",
    "width": "width",
    "each_batch_has": "each batch has {last}",
    "last_batch_has": "the last batch of an epoch has {last} ({samples} = {full} × {batch_size} + {last})",
    "batch_size_works": "batch_size {works} works",
    "take_more_samples": "take more training samples",
    "nothing_to_average": "there is nothing to average",
    "no_largest_value": "there is no largest value",
    "cannot_say_so": "{dtype} has nothing to say so with",
}
