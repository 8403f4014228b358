"""The backward mode of a page: a switch, what there is a gradient of, and the gradient from above, cell by cell.

Expected gradients are worked by hand, or are finite differences of a loss: the output times what comes from above.
"""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import expect

from cnn_engine import conv2d, max_pool2d
from tests.browser.reading import button, cells, expect_step, follow, fragment, paste, result, until, value_of

INPUT, KERNEL = np.arange(9.0).reshape(1, 3, 3), np.arange(4.0).reshape(1, 1, 2, 2)
CONVOLUTION = "/operations/convolution"


def values(page, panel="output"):
    return [value_of(text) for text in cells(page, panel) if text]


def choose(page, group, name):
    page.get_by_role("radiogroup", name=group, exact=True).get_by_role("radio", name=name, exact=True).check()


def differences(loss, at):
    """How a loss changes with each of these numbers, by steps to both sides: exact where it is a plane."""
    found = []
    for index in np.ndindex(at.shape):
        step = np.zeros(at.shape)
        step[index] = 0.5
        found.append(loss(at + step) - loss(at - step))
    return found


def test_a_switch_shows_the_gradient_of_the_kernel_step_by_step(show, check_axe):
    page = show(CONVOLUTION)
    expect(page.locator('.lead[data-pass="backward"]')).to_be_hidden()
    choose(page, "Pass", "Backward")
    expect_step(page, 1, 4)
    expect(page.locator('.lead[data-pass="backward"]')).to_contain_text("change if this number grows")
    expect(page.locator('.lead[data-pass="forward"]')).to_be_hidden()
    expected = [8, 12, 20, 24]  # the sums of the four windows of 0 to 8, what comes from above being ones
    for step, number in enumerate(expected, start=1):
        expect_step(page, step, 4)
        assert float(result(page)) == number
        assert values(page) == expected[:step]
        if step < 4:
            button(page, "Next step").click()
    expect(page.locator("[data-role=sentence]")).to_contain_text("the loss would rise by about 0.24")
    check_axe(page)
    button(page, "Copy code").click()
    until(page, lambda: "output.backward(grad_output)" in page.get_by_role("textbox", name="Code").input_value())
    page.keyboard.press("Escape")
    choose(page, "Pass", "Forward")
    until(page, lambda: values(page) == [19, 25, 37, 43])  # it stays at the fourth step of four


def test_of_the_input_and_of_the_bias_with_an_edited_gradient(show):
    page = show(CONVOLUTION)
    choose(page, "Pass", "Backward")
    choose(page, "Gradient of", "Input")
    expect_step(page, 1, 9)
    page.locator('[data-panel="above"] .cell').nth(3).focus()
    page.keyboard.type("-2")
    page.keyboard.press("Enter")
    button(page, "Last step").click()
    above = np.array([[[1, 1], [1, -2]]])
    expected = differences(lambda x: np.sum(above * conv2d(x, KERNEL)), INPUT)
    until(page, lambda: values(page) == expected)
    choose(page, "Gradient of", "Bias")
    expect_step(page, 1, 1)
    assert values(page) == [1]  # 1 + 1 + 1 - 2
    address = fragment(page)
    assert address == "#pass=backward&wrt=bias&grad_output=1,1;1,-2"
    button(page, "Undo").click()
    expect_step(page, 9, 9)  # where the input's gradient was left
    button(page, "Undo").click()
    until(page, lambda: values(page, "above") == [1, 1, 1, 1])
    assert fragment(page) != address  # which is written when things settle
    follow(page, f"{CONVOLUTION}{address}")
    assert (values(page), values(page, "above")) == ([1], [1, 1, 1, -2])


def test_what_comes_from_above_by_name_and_pasted(show):
    page = show(f"{CONVOLUTION}#pass=backward&step=3")
    choose(page, "From above", "a single one")
    until(page, lambda: values(page, "above") == [1, 0, 0, 0])
    assert values(page) == [0, 1, 3, 4]  # what the kernel met in the first window
    page.locator('[data-panel="above"] .cell').first.focus()
    paste(page, "0\t0\n0\t1")
    until(page, lambda: values(page) == [4, 5, 7, 8])  # in the last one
    choose(page, "From above", "random")
    expect(page).to_have_url(re.compile("grad_output=random"))


def test_a_gradient_that_no_longer_fits_gives_way_when_one_looks_back(show, complaints):
    page = show(f"{CONVOLUTION}#pass=backward&grad_output=5,5;5,5")
    choose(page, "Pass", "Forward")
    page.get_by_role("slider", name="Input size", exact=True).fill("5")
    expect_step(page, 1, 16)
    choose(page, "Pass", "Backward")
    until(page, lambda: values(page, "above") == [1] * 16)
    expect(page.locator("[data-role=message]")).to_be_hidden()
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


def test_a_gradient_that_no_longer_fits_gives_way_to_another_size_of_the_output(show, complaints):
    page = show(f"{CONVOLUTION}#pass=backward&wrt=input&grad_output=1,-2;3,4")
    page.get_by_role("slider", name="Input size", exact=True).fill("5")
    until(page, lambda: values(page, "above") == [1] * 16)
    expect(page.locator("[data-role=message]")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    until(page, lambda: values(page, "above") == [1, -2, 3, 4])
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


def test_a_link_whose_gradient_does_not_fit_says_so_and_keeps_the_rest(show, complaints):
    page = show(f"{CONVOLUTION}#pass=backward&wrt=input&grad_output=1,2,3&step=4")
    expect(page.locator("[data-role=message]")).to_contain_text("From above")
    assert values(page, "above") == [1, 1, 1, 1]
    assert fragment(page) == "#pass=backward&wrt=input&step=4"
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


def test_where_two_are_compared_there_is_no_switch(show):
    page = show(f"{CONVOLUTION}#flip=yes")
    expect(page.get_by_role("radiogroup", name="Pass", exact=True)).to_be_hidden()


def test_other_pages_have_it_too(open_page):
    page = open_page("/operations/pooling#input=1,2;3,9&pass=backward&grad_output=4&step=3")
    expected = differences(lambda x: 4 * max_pool2d(x, 2).sum(), np.array([[[1.0, 2], [3, 9]]]))
    assert values(page) == expected == [0, 0, 0, 4]
    page = open_page("/operations/activation#input=-1,2&pass=backward&grad_output=3,4&step=1")
    assert values(page) == [0, 4]
    page = open_page("/operations/flatten#input=1,2;3,4&pass=backward&grad_output=5;6;7;8&step=3")
    assert values(page) == [5, 6, 7, 8]
    page = open_page("/operations/output#task=number&logits=1;2&truth=3;5&pass=backward&step=1")
    assert values(page) == [-2, -3]  # twice the difference, one part in two
    page = open_page("/operations/stride#input=1,2;3,4&kernel=5&pass=backward&wrt=input&grad_output=6&step=3")
    assert values(page) == [30, 0, 0, 0]
    page = open_page(
        "/operations/dense#layers=1&input=2;3&weight1=1,1;1,1&bias1=0;0&pass=backward&grad_output=1;-1&step=3"
    )
    assert values(page) == [2, 3, -2, -3]
    follow(page, f"{fragment(page)[: -len('&step=3')]}&wrt=input&step=1")
    assert values(page) == [0, 0]
    page = open_page(
        "/operations/channels#input=random-3x3x2-1&filters=1&weight=1,2/3,4&bias=0&pass=backward&wrt=input&grad_output=1,0;0,0;0,0&step=17"
    )
    assert values(page)[:9] == [1, 2, 0, 0, 0, 0, 0, 0, 0]
    assert values(page)[9:] == [3, 4, 0, 0, 0, 0, 0, 0, 0]


def test_nothing_moves_from_step_to_step_and_a_link_looks_like_the_way_there(open_page):
    """Steps of one timeline have more products and fewer: there is room for the most from the beginning."""
    link = "/operations/channels?present#pass=backward&wrt=input"
    sides = """() => ['stage', 'arithmetic'].map((role) => {
        const { top, height } = document.querySelector(`[data-role="${role}"]`).getBoundingClientRect();
        return [Math.round(top), Math.round(height)];
    })"""
    page = open_page(link, width=1024, height=768)
    seen = [page.evaluate(sides)]
    for step in range(2, 16):  # from a corner, whose input meets one weight of each filter, to those that meet all
        button(page, "Next step").click()
        expect_step(page, step, 108)
        seen.append(page.evaluate(sides))
    assert seen == [seen[0]] * len(seen)
    follow(page, f"{link}&step=30")
    expect_step(page, 31, 108)
    assert page.evaluate(sides) == seen[0]
    page = open_page(f"{link}&step=14", width=1024, height=768)
    assert page.evaluate(sides) == seen[0]
