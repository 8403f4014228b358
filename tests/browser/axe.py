"""What axe finds wrong on a page. What looks alike is looked at once: thousands of cells, or the texts of one kind.

Of cells with the same attributes and about the same colours, only the first is checked: that every colour of the
scale bears its text is a test in numbers (tests/pure/contrast.test.js). Of texts of one class, size and colour on the
same backgrounds, the contrast of the first is worked out, once for all pages and windows of a run.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import CDPSession, Page, expect

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")

# axe asks each of its rules for each element whether they match: here some elements match no more.
ALIKE = """((known) => {
  const [looks, transparent] = [new Set(known), "rgba(0, 0, 0, 0)"];
  const isNew = (found, look) => !found.has(look) && Boolean(found.add(look));
  const roughly = (colour) => colour.replace(/\\d+/g, (number) => Math.round(number / 64));
  const own = ["aria-label", "aria-colindex", "style", "id"];  // what differs from cell to cell
  const lookOfCell = (cell) => {
    const { color, backgroundColor, fontSize } = getComputedStyle(cell);
    const shared = [...cell.attributes].filter(({ name }) => !own.includes(name));
    const attributes = shared.map(({ name, value }) => [name, value]);
    const isNamed = Boolean(cell.getAttribute("aria-label"));
    return JSON.stringify([attributes, isNamed, cell.childElementCount, color, roughly(backgroundColor), fontSize]);
  };
  let behind = new Map();  // what is drawn behind a node, from the inside out
  const backgrounds = (node) => {
    if (!node) return "";
    if (!behind.has(node)) {
      const { backgroundColor, backgroundImage, opacity, filter } = getComputedStyle(node);
      const drawn = [backgroundColor === transparent ? "" : backgroundColor, backgroundImage, opacity, filter].join();
      behind.set(node, (drawn === ",none,1,none" ? "" : `${drawn};`) + backgrounds(node.parentElement));
    }
    return behind.get(node);
  };
  const lookOfText = (node) => {
    const { color, fontSize, fontWeight, textShadow, position } = getComputedStyle(node);
    const kind = [node.localName, node.getAttribute("class"), node.parentElement?.getAttribute("class")];
    return JSON.stringify([kind, color, fontSize, fontWeight, textShadow, position, backgrounds(node)]);
  };
  let again = new Set();  // cells like one before them
  let returned = looks.size;
  for (const rule of axe._audit.rules) {
    const matches = rule.matches;
    const lookOf = rule.id === "color-contrast" ? lookOfText : null;
    rule.matches = (node, ...rest) => {
      if (again.has(node)) return false;
      const look = lookOf?.(node) ?? null;
      return !looks.has(look) && matches.call(rule, node, ...rest) && (look === null || isNew(looks, look));
    };
  }
  window.faults = async (options, part) => {
    const cells = new Set();
    behind = new Map();
    again = new Set([...document.querySelectorAll(".cell")].filter((cell) => !isNew(cells, lookOfCell(cell))));
    // What axe would fetch beforehand, style sheets and films, is for rules that are not in use.
    const { violations } = await axe.run(part || document, { resultTypes: ["violations"], preload: false, ...options });
    return { violations, looks: [...looks].slice(returned, returned = looks.size) };
  };
})"""
COLOURS = "['color-contrast', 'link-in-text-block']"
EVERY_RULE = "{}"
OTHER_RULES = f"{{rules: Object.fromEntries({COLOURS}.map((id) => [id, {{enabled: false}}]))}}"
RULES_ON_COLOURS = f"{{runOnly: {COLOURS}}}"
_looks: dict[str, None] = {}  # of texts whose contrast is enough, on pages before


def check(page: Page, both: bool = False, colours: bool = True, part: str = "") -> None:
    """Assert that axe finds nothing wrong on a page as it stands; with `both`, in the other colour scheme too, in which
    the page stays.

    Without `colours` these are left out, as where they were checked in a window of another size. With `part`, a
    selector, only what it names is looked at, as where the rest of the page was.
    """
    # Spoken to as a debugger would: the content security policy refuses scripts put into the page.
    session = page.context.new_cdp_session(page)
    if not page.evaluate("'axe' in window"):
        for script in (AXE, f"{ALIKE}({json.dumps([*_looks])})"):
            _evaluate(session, script)
    _run(session, EVERY_RULE if colours else OTHER_RULES, part)
    if both:
        theme = page.evaluate("document.documentElement.dataset.theme")
        other = "light" if theme == "dark" else "dark"
        page.emulate_media(color_scheme=other)
        expect(page.locator("html")).to_have_attribute("data-theme", other)
        page.evaluate("new Promise(requestAnimationFrame)")
        _run(session, RULES_ON_COLOURS, part)
    session.detach()


def _evaluate(session: CDPSession, expression: str) -> Any:
    run = {"expression": expression, "awaitPromise": True, "returnByValue": True}
    answer = session.send("Runtime.evaluate", run)
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"].get("value")


def _run(session: CDPSession, options: str, part: str) -> None:
    found = _evaluate(session, f"faults({options}, {json.dumps(part)})")
    violations = [_described(violation) for violation in found["violations"]]
    assert not violations, violations
    _looks.update(dict.fromkeys(found["looks"]))


def _described(violation: dict[str, Any]) -> str:
    nodes = "; ".join(f"{node['target'][0]} {node.get('failureSummary', '')}" for node in violation["nodes"])
    return f"{violation['id']} ({violation['impact']}): {violation['help']}: {nodes}"
