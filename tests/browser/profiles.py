"""Profiles of the browser: each test has one in which nothing is kept, and does not wait until it is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page

from scripts.serving import wait_until_ready

Options = frozenset[tuple[str, Any]]
WIDTH, HEIGHT = 1440, 900


class Profiles:
    """Contexts for pages of one server, taken by tests one after the other.

    A page that stays in each keeps its process, which has read the scripts before: in a context of its own a page opens
    for a third more.
    """

    def __init__(self, make: Callable[..., BrowserContext]) -> None:
        """`make` makes a context with options."""
        self._make = make
        self._free: dict[Options, list[BrowserContext]] = defaultdict(list)
        self._options: dict[BrowserContext, Options] = {}

    def open(
        self,
        path: str,
        width: int = WIDTH,
        height: int = HEIGHT,
        before: Callable[[Page], object] = lambda page: None,
        **options: Any,
    ) -> Page:
        """A path in a profile with these options that is free, once the page says that it is ready.

        `before` is given the page while nothing is in it.
        """
        kind = frozenset(options.items())
        context = self._free[kind].pop() if self._free[kind] else self._made(**options)
        self._options[context] = kind
        page = context.new_page()
        if (width, height) != (WIDTH, HEIGHT):
            page.set_viewport_size({"width": width, "height": height})
        before(page)
        page.goto(path)
        wait_until_ready(page)
        return page

    def empty(self, page: Page) -> None:
        """Close what is open in the profile of a page and forget what it keeps: it is free again."""
        context = page.context
        stays, *others = context.pages
        for other in others:
            other.close()
        context.clear_cookies()
        stays.evaluate("localStorage.clear()")
        self._free[self._options[context]].append(context)

    def _made(self, dark: bool = False, reduced_motion: bool = True, **options: Any) -> BrowserContext:
        context = self._make(
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if reduced_motion else "no-preference",
            **options,
        )
        context.new_page().goto("/healthz")
        return context
