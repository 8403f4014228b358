"""What each operation is called, and what it is, as the first words of a sentence."""

CALLED = {
    "conv2d": ("Convolution", "A convolution"),
    "conv_transpose2d": ("Transposed convolution", "A transposed convolution"),
    "stacked_conv2d": ("Two convolutions", "Two convolutions, one after the other"),
    "interpolate2d": ("Upsampling", "Upsampling, by the nearest values or between them"),
    "max_pool2d": ("Max pooling", "Max pooling"),
    "avg_pool2d": ("Average pooling", "Average pooling"),
    "global_max_pool2d": ("Global max pooling", "Global max pooling"),
    "global_avg_pool2d": ("Global average pooling", "Global average pooling"),
    "pad2d": ("Padding", "Padding"),
    "flatten": ("Flatten", "Flattening"),
    "linear": ("Dense layer", "A dense layer"),
    "dense": ("Dense layers", "Several dense layers with their activations"),
    "average_or_dense": (
        "Averages or a dense layer",
        "A decision by the average of each map, and by a dense layer over the same maps",
    ),
    "relu": ("ReLU", "ReLU"),
    "leaky_relu": ("Leaky ReLU", "Leaky ReLU"),
    "sigmoid": ("Sigmoid", "The sigmoid"),
    "tanh": ("tanh", "The hyperbolic tangent"),
    "softmax": ("Softmax", "Softmax"),
    "log_softmax": ("Log softmax", "The logarithm of softmax"),
    "cross_entropy": ("Cross-entropy", "Softmax and cross-entropy"),
    "binary_cross_entropy": ("Binary cross-entropy", "Binary cross-entropy of probabilities"),
    "binary_cross_entropy_with_logits": ("Binary cross-entropy with logits", "The sigmoid and binary cross-entropy"),
    "mse": ("Mean squared error", "The mean squared error"),
    "optimizers": ("Optimizers", "A race of optimizers down a landscape"),
    "depth": ("Deep networks", "A deep stack of layers while it learns"),
    "conv2d_backward": ("Convolution, backward", "The gradient of a convolution by its weight, its input or its bias"),
    "conv_transpose2d_backward": (
        "Transposed convolution, backward",
        "The gradient of a transposed convolution by its weight, its input or its bias",
    ),
    "max_pool2d_backward": ("Max pooling, backward", "The gradient of max pooling"),
    "avg_pool2d_backward": ("Average pooling, backward", "The gradient of average pooling"),
    "global_max_pool2d_backward": ("Global max pooling, backward", "The gradient of global max pooling"),
    "global_avg_pool2d_backward": ("Global average pooling, backward", "The gradient of global average pooling"),
    "pad2d_backward": ("Padding, backward", "The gradient of padding"),
    "flatten_backward": ("Flatten, backward", "The gradient of flattening"),
    "linear_backward": ("Dense layer, backward", "The gradient of a dense layer by its weight, its input or its bias"),
    "relu_backward": ("ReLU, backward", "The gradient of ReLU"),
    "leaky_relu_backward": ("Leaky ReLU, backward", "The gradient of leaky ReLU"),
    "sigmoid_backward": ("Sigmoid, backward", "The gradient of the sigmoid"),
    "tanh_backward": ("tanh, backward", "The gradient of the hyperbolic tangent"),
    "softmax_cross_entropy_backward": ("Cross-entropy, backward", "The gradient of softmax and cross-entropy"),
    "sigmoid_binary_cross_entropy_backward": (
        "Binary cross-entropy, backward",
        "The gradient of the sigmoid and binary cross-entropy",
    ),
    "mse_backward": ("Mean squared error, backward", "The gradient of the mean squared error"),
}
TEXTS = {
    f"{name}.{what}": text
    for name, texts in CALLED.items()
    for what, text in zip(("title", "summary"), texts, strict=True)
}
