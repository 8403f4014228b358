"""The link holds the picture: it follows what is done, and opening it elsewhere shows the same."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from scripts.serving import wait_until_ready

from .reading import button, cells, expect_step, follow, fragment, result

LINK = "input=1,2,3;4,5,6;7,8,9&kernel=1,0;0,-1&padding=1&padding_mode=replicate&step=5"


def test_the_address_follows(show) -> None:
    page: Page = show("/operations/convolution")
    assert fragment(page) == ""
    button(page, "Next step").click()
    assert fragment(page) == "#step=1"
    page.locator('[data-panel="kernel"] .cell').first.focus()
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(page.locator(".result-value")).to_have_text("29")  # 1 * 4 + 2 + 8 + 15
    assert fragment(page) == "#kernel=4,1;2,3&step=1"


def test_the_same_link_shows_the_same_picture(open_page, show) -> None:
    page: Page = show("/operations/convolution")
    page.evaluate("(link) => { location.hash = link; }", LINK)
    expect_step(page, 6, 16)
    shown = (cells(page, "input"), cells(page, "output"), result(page))
    again: Page = open_page(f"/operations/convolution#{LINK}")
    expect_step(again, 6, 16)
    assert (cells(again, "input"), cells(again, "output"), result(again)) == shown


def test_changing_the_address_by_hand_changes_the_page(show) -> None:
    page: Page = show("/operations/convolution")
    page.evaluate("location.hash = '#step=3'")
    expect_step(page, 4, 4)
    page.evaluate("location.hash = '#kernel=identity-3x3&padding=1&step=4'")
    expect_step(page, 5, 9)
    page.go_back()
    expect_step(page, 4, 4)


BAD = [
    ("#stride=0", "Stride", "less than 1"),
    ("#stride=two", "Stride", "not a whole number"),
    ("#padding=-1", "Padding", "less than 0"),
    ("#input=1,2;3", "Input", "different lengths"),
    ("#input=1,x;3,4", "Input", "not a number"),
    ("#input=nothing-3x3", "preset", "must be one of"),
    ("#input=blob-99x3", "Input", "more than 32"),
    ("#kernel=vertical-edge-5x5", "Kernel size 5", "larger than the padded input"),
    ("#padding=3&padding_mode=reflect", "reflect", "smaller than the input"),
    ("#padding_mode=mirror", "Padding mode", "none of zeros"),
    ("#colour=red", "colour", "no setting"),
    ("#step=99", "no step 100", "there are 4"),
    ("#step=%", "Step", ""),
]


def test_a_bad_link_says_what_is_wrong(open_page, complaints) -> None:
    page: Page = open_page(f"/operations/convolution{BAD[0][0]}")
    message = page.get_by_role("alert").filter(has_text="This link cannot be shown as it is.")
    for link, names, says in BAD:
        if link != BAD[0][0]:
            follow(page, link)
        expect(message, link).to_be_visible()
        expect(message, link).to_contain_text(names)
        expect(message, link).to_contain_text(says)
        assert cells(page, "input") == list("012345678")
        expect_step(page, 1, 4)
    above = "nodes => nodes.map(node => node.getBoundingClientRect().top)"
    parts = page.locator(".stage-card, [data-role=sentence], .transport")
    while_shown = parts.evaluate_all(above)
    button(page, "Close").click()
    expect(message).to_be_hidden()
    assert parts.evaluate_all(above) == while_shown  # nothing gave way to it
    complaints[:] = [complaint for complaint in complaints if "status of 422" not in complaint]


def test_copying_the_link(show) -> None:
    page: Page = show("/operations/convolution#step=2")
    button(page, "Link").click()
    link = page.get_by_label("Link", exact=True)
    assert link.input_value().endswith("/operations/convolution#step=2")
    page.keyboard.press("Escape")


FILLS = "[...document.querySelectorAll('.panel .cell')].map((cell) => getComputedStyle(cell).backgroundColor)"


def test_the_theme_is_kept_and_cells_are_in_its_colours(open_page) -> None:
    page: Page = open_page("/operations/convolution")
    theme = "document.documentElement.dataset.theme"
    assert page.evaluate(theme) == "light"
    for chosen in ("dark", "light"):
        before = page.evaluate(FILLS)
        button(page, "Dark or light").click()
        after = page.evaluate(FILLS)
        assert after != before
        page.reload()
        wait_until_ready(page)
        assert page.evaluate(theme) == chosen
        assert page.evaluate(FILLS) == after


def test_what_a_phone_has_no_use_for_is_out_of_its_way(open_page) -> None:
    page: Page = open_page("/operations/convolution", 390, 844, has_touch=True)
    expect(page.locator('.header [data-action="keys"]')).to_be_hidden()
    expect(page.locator('.toolbar [data-action="undo"]')).to_have_css("padding-left", "4px")
    expect(page.locator('.toolbar [data-action="undo"]')).to_have_css("min-width", "44px")  # as wide as a finger


def test_going_back_to_the_bare_address_is_followed(open_page):
    page = open_page("/operations/stride")
    page.evaluate("location.hash = 'step=4'")
    expect_step(page, 5, 16)
    fragment(page)
    page.go_back()
    expect_step(page, 1, 16)
    page.go_forward()
    expect_step(page, 5, 16)


def test_a_link_that_is_opened_while_the_server_is_busy_keeps_what_it_looks_at(open_page, complaints) -> None:
    page: Page = open_page("/operations/convolution")
    page.route("**/api/trace/*", lambda route: route.fulfill(status=503, json={"detail": "Too much to do."}))
    page.evaluate("(link) => { location.hash = link }", f"{LINK}&pin=output-0,1,1")
    expect(page.get_by_role("alert").filter(has_text="Too much to do.")).to_be_visible()
    page.unroute("**/api/trace/*")
    page.get_by_role("slider", name="Padding").press("ArrowRight")
    expect_step(page, 6, 36)
    assert fragment(page).endswith("&step=5&pin=output-0,1,1")
    complaints.clear()
