"""Who meets whom: windows, links, counts and backward steps of every operation that multiplies and adds."""
