"""What is counted, as it stands behind a number."""

TEXTS = {
    "multiplications": "multiplications",
    "comparisons": "comparisons",
    "additions": "additions",
}
