"""What the steps of softmax and of the losses say, phase by phase."""

from __future__ import annotations

import math
import operator

from cnn_engine.wording import number, numbers_that_hold

SECTION = "steps"


def _equation(left: str, value: float) -> str:
    """Return what is printed on both sides, with ≈ between them where one of them is rounded."""
    right = number(value)
    sign = "≈" if "≈" in left + right else "="
    return f"{left.replace('≈', '')} {sign} {right.replace('≈', '')}"


def _operand(value: float) -> str:
    """Return a number that is subtracted: in brackets where it is negative."""
    return f"({number(value)})" if value < 0 else number(value)


def subtract_largest(value: float, largest: float, output: float) -> str:
    """Describe the logits less the largest of them, in softmax."""
    text = _equation(f"{number(value)} − {_operand(largest)}", output)
    return f"{text}. Subtracting the largest value keeps the powers small and does not change the shares."


def exponentiate(value: float, output: float) -> str:
    """Describe a power of e in softmax."""
    return f"e to the power of {number(value)} is {number(output)}. A power of e is always positive."


def sum_of_powers(before: float, power: float, output: float, count: int, total: int) -> str:
    """Describe the sum so far in softmax."""
    made = f"{' and '.join(numbers_that_hold([before, power], output, operator.add))} make {number(output)}"
    return f"{made}: the sum of {count} of {total} powers."


def share(power: float, total: float, output: float, classes: int, cell: int) -> str:
    """Describe the probability of one class by softmax."""
    text = _equation(" ÷ ".join(numbers_that_hold([power, total], output, operator.truediv)), output)
    if classes > 1 and output in (0, 1):
        text = f"{number(power)} ÷ {number(total)} is so close to {number(output)} that it is rounded to it"
    return f"{text}: the share of class {cell + 1}."


def _log(value: float, output: float) -> str:
    return f"ln({numbers_that_hold([value], output, math.log)[0]})"


def log_once(total: float, output: float) -> str:
    """Describe the logarithm of softmax: that of the sum."""
    return f"{_equation(_log(total, output), output)}: the logarithm of the sum is taken once, for all classes."


def log_share(value: float, log: float, output: float, cell: int) -> str:
    """Describe the logarithm of softmax for one class."""
    text = _equation(f"{number(value)} − {_operand(log)}", output)
    return f"{text}: the logarithm of class {cell + 1}'s share."


def log_of_sum(total: float, output: float) -> str:
    """Describe the logarithm of the sum of the powers in cross-entropy."""
    return f"{_equation(_log(total, output), output)}: this is the logarithm of the sum of the powers."


def cross_entropy(truth: int, probability: float, log: float, value: float, output: float) -> str:
    """Describe the loss by cross-entropy."""
    if probability == 0:  # it is too small for a float, and its logarithm is not
        text = _equation(f"Loss = {number(log)} − {_operand(value)}", output)
    else:
        (share_text,) = numbers_that_hold([probability], output, lambda share: -math.log(share))
        text = _equation(f"Loss = −ln({share_text})", output)
    return f"{text}: the share is that of the true class, {truth + 1}. A share of 1 would cost nothing."


def sum_so_far(before: float, term: float, output: float) -> str:
    """Describe a sum, one term further."""
    return f"{' and '.join(numbers_that_hold([before, term], output, operator.add))} make {number(output)}."


def mean_loss(total: float, count: int, output: float) -> str:
    """Describe the mean of the terms."""
    if count == 1:
        return f"The loss is {number(output)}."
    return f"Loss = {_equation(f'{number(total)} ÷ {count}', output)}."


def miss(value: float, truth: float, output: float) -> str:
    """Say how far an answer is from the truth."""
    return f"The answer {number(value)} misses the truth {number(truth)} by {number(output)}."


def square(value: float, output: float) -> str:
    """Describe a difference, squared."""
    return f"{number(value)} squared is {number(output)}: the sign is gone and large misses weigh more."


def complement(value: float, output: float) -> str:
    """Describe the probability of the other one of two classes."""
    return f"{_equation(f'1 − {number(value)}', output)}: the share of the other class."


def rest(output: float) -> str:
    """Describe the same, computed from the logit."""
    return f"The other class has the rest, {number(output)}."


def sigmoid(value: float, output: float) -> str:
    """Describe the probability of one of two classes."""
    return f"The sigmoid of {number(value)} is {number(output)}: the probability of the class."


def cost(truth: float, output: float) -> str:
    """Say what an answer costs by binary cross-entropy."""
    return f"The truth is {number(truth)}, so this answer costs {number(output)}."


def cost_of_share(truth: float, output: float) -> str:
    """Describe the same, computed from the logit."""
    return (
        f"The truth is {number(truth)}. The cost is minus the logarithm of the share of what is true: {number(output)}."
    )
