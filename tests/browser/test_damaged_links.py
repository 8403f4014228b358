"""Links that were damaged on the way or come from elsewhere: each wrong value is told, and the rest is kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import cells, follow, fragment, step_number

CONV = "/operations/convolution"
RAMP = [str(col) for _ in range(5) for col in range(5)]

# the link, what is told, and what must be kept of the rest: settings of the new address
DAMAGED = [
    (
        f"{CONV}#input=ramp-right-5x5&kernel=outlin-3x3&step=5",
        ["Kernel", "outline"],
        ["input=ramp-right-5x5", "step=5"],
    ),
    (f"{CONV}#input=ramp-right-5x5&kernel=outline-6x6&padding_mode=circular", ["Kernel size 6"], ["circular"]),
    (f"{CONV}#input=nothing-5x5&kernel=nobody-3x3&bias=2", ["Input", "Kernel"], ["input=lesson-5x5", "bias=2"]),
    (f"{CONV}#input=ramp-right-5x5&stride=2&padding=9&padding_mode=reflect", ["padding", "reflect"], ["stride=2"]),
    (f"{CONV}#kernel=1,2;3,4/5,6;7,8&padding=1", ["weight"], ["padding=1"]),
    (f"{CONV}#input=ramp-right-5x5&stri", ["“stri” is no setting"], ["input=ramp-right-5x5"]),
    (f"{CONV}#input=ramp-right-5x5&bias=%E0%A4%A", ["Bias: “%E0%A4%A” is damaged"], ["input=ramp-right-5x5"]),
    (f"{CONV}#input=ramp-right-5x5&pin=input-0,7,1", ["Pin: there is no cell"], ["input=ramp-right-5x5"]),
    (f"{CONV}#input=ramp-right-5x5&pin=nowhere-0,0,0", ["Pin: there is no cell"], ["input=ramp-right-5x5"]),
    (f"{CONV}#padding=1&step=16&flip=maybe", ["“maybe” is neither", "There is no step 17"], ["padding=1"]),
    (
        "/operations/padding#other=9&padding_mode=reflect&stride=2",
        ["padding", "9"],
        ["padding_mode=reflect", "stride=2"],
    ),
    (
        "/operations/pooling#kernel_size=9&pool=avg&shift=down",
        ["Kernel size 9"],
        ["pool=avg", "shift=down"],
    ),
    ("/operations/pooling#shift=sideways&pool=avg", ["“sideways” is none of"], ["pool=avg"]),
    (
        "/operations/channels#filters=4&weight=random-3x3x12-4&bias=0;0;0;0&groups=2&step=2",
        ["Groups 2 does not divide"],
        ["filters=4", "bias=0;0;0;0", "step=2"],
    ),
    ("/operations/channels#input=rgb/1,2;3,4/5,6;7,8&filters=1", ["colours have 3 channels"], []),
    ("/operations/dense#weight1=random-9x2-1&last=tanh", ["weight"], ["last=tanh"]),
]


PATHS = sorted({link.partition("#")[0] for link, _, _ in DAMAGED})


@pytest.mark.parametrize("path", PATHS)
def test_what_is_wrong_is_told_and_the_rest_is_kept(show, complaints, path) -> None:
    page: Page = show(path)
    for link, tells, keeps in (case for case in DAMAGED if case[0].startswith(f"{path}#")):
        follow(page, link)
        message = page.locator("[data-role=message]")
        expect(message, link).to_contain_text("This link cannot be shown as it is.")
        for sentence in tells:
            expect(message, link).to_contain_text(sentence, ignore_case=True)
        address = fragment(page)
        for setting in keeps:
            assert setting in address, link
        expect(page.locator("[data-role=count]"), link).to_contain_text("Step ")
    complaints[:] = [complaint for complaint in complaints if "status of 422" not in complaint]


def test_the_step_of_a_link_survives_a_wrong_kernel(show, complaints) -> None:
    page: Page = show(f"{CONV}#input=ramp-right-5x5&kernel=outlin-3x3&step=7")
    assert step_number(page) == (8, 9)
    assert cells(page, "input") == RAMP
    complaints.clear()


def test_a_place_on_the_page_is_no_setting(open_page) -> None:
    page: Page = open_page(f"{CONV}#content")
    expect(page.locator("[data-role=message]")).to_be_hidden()
