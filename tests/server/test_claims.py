"""The lesson, claim by claim: the page has every claim of docs/claims.md, and each link."""

from __future__ import annotations

import html
import re
from pathlib import Path

from cnn_server.claims import kept_together, read

FILE = (Path(__file__).resolve().parents[2] / "docs" / "claims.md").read_text("utf-8")
ROWS = [line for line in FILE.splitlines() if line.startswith("| ") and not line.startswith("| the lesson says")]
SMALL = """# A *title*

First, `code` & a <b>tag</b>.

## One, two and 3 × 3

| the lesson says | what is true |
|---|---|
| All is **well**. | [So it is](/training#rate=0.1&batch=2) |
| | Or not. |

## Last
"""


def in_html(text: str) -> str:
    """What little Markdown the claims have, by three rules."""
    for pattern, tag in ((r"\*\*(.+?)\*\*", "strong"), (r"\*(.+?)\*", "em"), ("`(.+?)`", "code")):
        text = re.sub(pattern, rf"<{tag}>\1</{tag}>", text)
    return text


def test_a_small_file_by_hand():
    head, first, last = read(SMALL)
    assert (head.title, head.paragraphs) == (
        "A <em>title</em>",
        ["First, <code>code</code> &amp; a &lt;b&gt;tag&lt;/b&gt;."],
    )
    assert (first.title, first.anchor, first.paragraphs) == (
        "One, two and 3~×~3".replace("~", "\N{NO-BREAK SPACE}"),
        "one-two-and-3-3",
        [],
    )
    assert first.columns == ["the lesson says", "what is true"]
    assert first.claims == [
        ["All is <strong>well</strong>.", '<a href="/training#rate=0.1&amp;batch=2">So it is</a>'],
        ["", "Or not."],
    ]
    assert (last.title, last.anchor, last.columns, last.claims) == ("Last", "last", [], [])


def test_every_claim_and_every_link_is_on_the_page(client):
    answer = client.get("/claims")
    page = html.unescape(answer.text).replace("\N{NO-BREAK SPACE}", " ")
    assert answer.status_code == 200
    assert len(re.findall("<tr>", page)) == len(ROWS) + len(re.findall("(?m)^## ", FILE))  # a head for each table
    for row in ROWS:
        lesson, truth, links = (cell.strip() for cell in row[1:-1].split("|"))
        for text in (lesson, truth):
            assert in_html(text) in page
        for title, target in re.findall(r"\[([^\]]+)\]\(([^)]+)\)", links):
            assert f'<a href="{target}">{title}</a>' in page


def test_every_heading_is_led_to_from_the_top(client):
    page = client.get("/claims").text
    anchors = re.findall(r'<h2 id="([^"]+)" tabindex', page)
    assert len(anchors) == len(set(anchors)) == len(re.findall("(?m)^## ", FILE))
    assert re.findall(r'<a href="#([^"]+)">', page) == anchors


def test_every_page_leads_to_the_claims(client):
    for path in ("/", "/operations/convolution", "/feature-maps", "/training", "/optimizers", "/stored"):
        assert 'href="/claims"' in client.get(path).text


def test_operators_stay_with_their_operands_where_a_line_breaks():
    kept = kept_together("up: 0 × 0 + 1 × 1 = 1")
    assert [part.replace("\N{NO-BREAK SPACE}", " ") for part in kept.split(" ")] == ["up:", "0 × 0", "+ 1 × 1", "= 1"]
