"""Who meets whom: windows, links, counts and backward steps of every operation that multiplies and adds.

`operations` declares an operation as a relation: its axes, and for each tensor along which of them and in what role it
lies. `axes` says what an axis is: it knows which points have a given index; `slide`, `blocks` and `table` have the
kinds that there are. From these follow `links`, `counts` and `gradients`, where the gradient of a convolution by
its input, for example, is

    gradient(windowed_input(axes, channels, padding_mode), "input", cells, grad_output, {"weight": weight}).sums

and by its weight the same of `windowed` with {"padded_input": padded_input}. Pools have {"share": 1 / divisors}, or for
a maximum no factor, and `gated` by what was selected; every bias has `bias(grad_output.shape)`.
"""
