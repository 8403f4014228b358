"""Parts of sentences that several sentences have, or of which a sentence has one or another."""

TEXTS = {
    "and_more": "; and {count:,} more",
    "low_byte_first": "; its numbers look as if they were written with the least significant byte first (little-endian), where an idx file has the most significant first",
    "images_and_labels_swapped": "; are images and labels swapped?",
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
