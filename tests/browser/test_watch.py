"""The watch kept over every browser test is awake: each kind of complaint is heard."""

from __future__ import annotations

import pytest

SCRIPTS = {
    "console.error('lost')": "console error: lost",
    "console.warn('hm')": "console warning: hm",
    "setTimeout(() => { throw new Error('oops') })": "page error: oops",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_complaint_of_the_page_is_heard(show, complaints, script):
    page = show("/")
    with page.context.expect_event("weberror" if "throw" in script else "console"):
        page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": script})
    assert complaints == [SCRIPTS[script]]
    complaints.clear()


def test_a_request_to_another_host_is_heard(show, complaints):
    page = show("/")
    script = "fetch('http://other.invalid/').catch(() => console.log('refused'))"
    with page.expect_console_message(lambda message: message.text == "refused"):
        page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": script})
    assert any("other.invalid" in complaint for complaint in complaints)
    complaints.clear()


def test_axe_hears_of_a_button_without_a_name(open_page, check_axe):
    page = open_page("/")
    page.locator("h1").evaluate("title => title.after(document.createElement('button'))")
    with pytest.raises(AssertionError, match="button-name"):
        check_axe(page)


FAULTS = {
    "color-contrast": "cell => { cell.style.cssText = 'background: #fff; color: #ddd'; cell.textContent = '0.25'; }",
    "aria-allowed-attr": "cell => cell.setAttribute('aria-checked', 'true')",
}


@pytest.mark.parametrize("rule", FAULTS)
def test_axe_hears_of_the_one_cell_that_is_not_like_the_others(open_page, check_axe, rule):
    page = open_page("/operations/stride")
    check_axe(page)
    page.locator("[data-panel=input] .cell").last.evaluate(FAULTS[rule])
    with pytest.raises(AssertionError, match=rule):
        check_axe(page)
