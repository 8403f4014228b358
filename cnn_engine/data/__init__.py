"""What there is to compute on: kernels, inputs and pictures by name."""
