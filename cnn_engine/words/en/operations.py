"""What each operation is called: as a title, within a sentence, and as a choice, where that is not by its title.

A gradient is called after its operation. A family of operations with a module of its own declares it there (`CALLED`).
"""

CALLED = {
    "conv2d": ("Convolution", "a convolution"),
    "conv_transpose2d": ("Transposed convolution", "a transposed convolution"),
    "stacked_conv2d": ("Two convolutions", "two convolutions, one after the other"),
    "max_pool2d": ("Max pooling", "max pooling", "the largest"),
    "avg_pool2d": ("Average pooling", "average pooling", "the average"),
    "global_max_pool2d": ("Global max pooling", "global max pooling", "global maximum"),
    "global_avg_pool2d": ("Global average pooling", "global average pooling", "global average"),
    "pad2d": ("Padding", "padding"),
    "flatten": ("Flatten", "flattening"),
    "linear": ("Dense layer", "a dense layer"),
    "dense": ("Dense layers", "several dense layers with their activations"),
    "average_or_dense": (
        "Averages or a dense layer",
        "a decision by the average of each map, and by a dense layer over the same maps",
    ),
    "softmax": ("Softmax", "softmax"),
    "log_softmax": ("Log softmax", "the logarithm of softmax"),
    "cross_entropy": ("Cross-entropy", "softmax and cross-entropy"),
    "softmax_cross_entropy": ("Cross-entropy", "softmax and cross-entropy"),
    "binary_cross_entropy": ("Binary cross-entropy", "binary cross-entropy of probabilities"),
    "binary_cross_entropy_with_logits": ("Binary cross-entropy with logits", "the sigmoid and binary cross-entropy"),
    "sigmoid_binary_cross_entropy": ("Binary cross-entropy", "the sigmoid and binary cross-entropy"),
    "mse": ("Mean squared error", "the mean squared error"),
    "optimizers": ("Optimizers", "a race of optimizers down a landscape"),
    "depth": ("Deep networks", "a deep stack of layers while it learns"),
}
TEXTS = {
    "backward_title": "{title}, backward",
    "backward_summary": "The gradient of {called}",
    "backward_summary_of_operands": "The gradient of {called} by its weight, its input or its bias",
}
