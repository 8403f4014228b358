"""Charts: what the pointer and the keys read, where values stand, and that thousands of them are no hurdle."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from cnn_server import page_texts
from tests.browser.reading import value_of

MOUNT = """async ([texts, series, moment, options]) => {
    (await import("/static/js/words.js")).speak("en", texts);
    const { LineChart } = await import("/static/js/draw/chart.js");
    const host = document.createElement("div");
    document.getElementById("content").replaceChildren(host);
    window.chosen = [];
    const choose = (x) => window.chosen.push(x);
    window.chart = new LineChart(host, { label: "Loss", x: "step", choose, ...options });
    window.chart.show(series, moment);
}"""
LOSSES = [
    {"id": "a", "name": "training", "values": [8, 4, 2, 1, 0.5], "style": 0},
    {"id": "b", "name": "validation", "values": [9, None, 3.25], "xs": [0, 2, 4], "style": 1},
]


def mounted(show, series: list[dict], moment: dict | None = None, **options: object) -> Page:
    page: Page = show("/")
    page.evaluate(MOUNT, [dict(page_texts.texts()), series, moment or {}, options])
    return page


def values_in_tip(page: Page) -> list[str]:
    return page.locator(".chart-tip li b").all_inner_texts()


def test_the_pointer_reads_the_exact_values(show) -> None:
    page = mounted(show, LOSSES)
    plot = page.get_by_role("application", name="Loss")
    box = plot.bounding_box()
    assert box
    plot.hover(position={"x": box["width"] - 16, "y": 40})  # near the right end: step 4
    expect(page.locator(".chart-tip div")).to_have_text("step 4")
    assert values_in_tip(page) == ["0.5", "3.25"]
    plot.hover(position={"x": 50, "y": 40})
    assert values_in_tip(page) == ["8", "9"]
    page.mouse.move(0, 0)
    expect(page.locator(".chart-tip")).to_be_hidden()
    plot.click(position={"x": 50, "y": 40})
    assert page.evaluate("window.chosen") == [0]


def test_the_keys_read_what_the_pointer_does(show) -> None:
    page = mounted(show, LOSSES, {"at": 1})
    page.get_by_role("application", name="Loss").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".chart-tip div")).to_have_text("step 2")
    assert values_in_tip(page) == ["2", "none"]  # a gap is told
    page.keyboard.press("ArrowRight")
    assert values_in_tip(page) == ["1", "–"]  # and a step that a line does not have
    page.keyboard.press("Enter")
    assert page.evaluate("window.chosen") == [3]
    page.keyboard.press("End")
    assert value_of(values_in_tip(page)[0]) == 0.5
    page.keyboard.press("Escape")
    expect(page.locator(".chart-tip")).to_be_hidden()


def test_what_is_still_to_come_is_not_read(show) -> None:
    page = mounted(show, LOSSES[:1], {"at": 2, "upTo": 2, "end": 9})
    page.get_by_role("application", name="Loss").focus()
    page.keyboard.press("End")
    expect(page.locator(".chart-tip div")).to_have_text("step 2")


def test_many_steps_keep_their_extremes(show) -> None:
    """One pixel holds a hundred values: what is drawn reaches from the least to the greatest."""
    values = [1.0] * 100_000
    values[50_050], values[50_051] = 0.0, 2.0
    page = mounted(show, [{"id": "a", "name": "training", "values": values, "style": 0}])
    reached = page.evaluate(
        """() => {
            const canvas = document.querySelector(".chart-plot canvas");
            const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const rows = [];
            for (let y = 0; y < height; y += 1) {
                let dark = 0;
                for (let x = Math.round(width * 0.4); x < width * 0.6; x += 1) {
                    const at = 4 * (y * width + x);
                    if (data[at + 3] > 128 && data[at] < 60) dark += 1;
                }
                if (dark) rows.push(y / height);
            }
            return [Math.min(...rows), Math.max(...rows)];
        }"""
    )
    assert reached[0] < 0.1
    assert reached[1] > 0.8
