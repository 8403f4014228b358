"""Scripts of the pages that draw nothing, in Node: tables that it runs itself, and calls whose answers Python knows."""
