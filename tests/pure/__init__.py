"""Scripts of the pages that draw nothing, run in Node without a browser."""
