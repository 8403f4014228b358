"""Refusals as a page says them, in the place of those of `errors` by the same ids: what a person sees, not an argument.

An argument's own name stands where a page has a name of its own for it.
"""

TEXTS = {
    "kernel_exceeds_input": "kernel_size {kernel_size} is larger than the padded input's {axis}, {padded}",
    "spread_kernel_exceeds_input": "kernel_size {kernel_size}, spread over {effective} cells, is larger than the padded input's {axis}, {padded}",
    "padding_too_wide_to_reflect": "padding {around} is too wide to reflect: it must be smaller than the input's {axis}, {size}",
    "padding_too_wide_to_wrap": "padding {around} is too wide to wrap around: it can be at most the input's {axis}, {size}",
    "padding_exceeds_kernel": "padding {around} must be smaller than the {axis} that the kernel covers, {effective}",
    "at_layer": "layer {number}, {kind}, with input {shape}: {error}",
    "batch_of_one_value": "layer {number}, {kind}, has one value for each channel of a sample and needs at least {least:plural sample} in a batch: {few}; {advice}",
    "layer_without_trace": "layer {number}, {kind}, cannot be followed on one sample: batch norm needs a whole batch, and dropout draws at random; leave it out",
    "batch_size_exceeds_samples": "batch_size {batch_size:,} is larger than the number of training samples, {samples:,}",
}
