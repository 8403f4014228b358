"""Why a run does not go on, and why it has ended."""

TEXTS = {
    "deleted": "The run was deleted.",
    "waits_to_be_written": "{trouble} This run waits, keeps what it has learned, and goes on once it can be written down.",
    "worker_silent": "Nothing has been heard of the worker of this run for a while; another one takes over when it can.",
    "waits_for_memory": "The run waits for memory: it needs about {needed:,} MB, and those that are trained now take {taken:,} of {most:,} MB. It goes on by itself as soon as there is room.",
}
