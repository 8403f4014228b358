"""What is counted, as it stands behind a number."""

TEXTS = {
    "bytes": "{count:,} bytes",
    "megabytes": "{size:.3g} MB ({count:,} bytes)",
    "pixels": "{count:,.0f} pixels",
    "megapixels": "{size:.3g} megapixels",
    "sides": "{width:,} × {height:,} pixels",
    "large_sides": "{width:,} × {height:,} pixels ({total})",
    "multiplications": "multiplications",
    "comparisons": "comparisons",
    "additions": "additions",
}
