"""The training page's lessons in what goes wrong: how weights begin, rare classes, a loss that does not fit."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .reading import answered, come_back, follow, fragment


def plans(page: Page) -> None:
    """Wait until the network that waits for its start has been checked."""
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_enabled()


def test_all_filters_begin_alike_and_the_link_says_so(show, check_axe) -> None:
    page: Page = show("/training")
    page.get_by_text("All filters alike", exact=True).click()
    begins = page.get_by_role("combobox", name="Weights begin")
    expect(begins).to_have_value("constant")
    page.get_by_role("textbox", name="All the same: each").fill("0.25")
    page.keyboard.press("Enter")
    assert "init=constant:val=0.25" in fragment(page)
    come_back(page)
    expect(page.get_by_role("textbox", name="All the same: each")).to_have_value("0.25")
    check_axe(page)
    begins.select_option("he")
    assert "init=he" in fragment(page)
    follow(page, "/training#init=kaiming_uniform")
    expect(begins).to_have_value("he_uniform")


def test_a_loss_that_does_not_fit_is_refused_beside_it(show) -> None:
    page: Page = show("/training#like=regression&loss=cross_entropy")
    start = page.get_by_role("button", name="Start", exact=True)
    expect(page.get_by_role("alert").filter(has_text="cross_entropy is for classes")).to_be_visible()
    expect(start).to_be_disabled()
    page.get_by_role("combobox", name="Loss", exact=True).select_option("mse")
    expect(page.get_by_role("alert").filter(has_text="cross_entropy is for classes")).to_have_count(0)
    expect(start).to_be_enabled()


def test_class_weights_and_an_uneven_data_set(show) -> None:
    page: Page = show("/training")
    imbalance = page.get_by_role("textbox", name="Imbalance")
    imbalance.fill("0.5")
    imbalance.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="0.5 is not from 1 to 1000")).to_be_visible()
    imbalance.fill("20")
    imbalance.press("Enter")
    expect(page.get_by_text("1,259 to learn from")).to_have_count(0)
    expect(page.get_by_text("to learn from, 179 to validate")).to_be_visible()
    weights = page.get_by_role("textbox", name="Class weights")
    weights.fill("1, 2")
    weights.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="2 weights where the network has 10 outputs")).to_be_visible()
    weights.fill("balanced")
    weights.press("Enter")
    plans(page)
    assert {"weights=balanced", "imbalance=20"} <= set(fragment(page).lstrip("#").split("&"))


def test_numbers_have_no_classes_to_be_uneven(show) -> None:
    page: Page = show("/training#like=regression&imbalance=20")
    expect(page.get_by_role("alert").filter(has_text="imbalance is for classes")).to_be_visible()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_disabled()


def test_a_run_of_them_is_what_was_set_up(open_page, show) -> None:
    page: Page = open_page("/training#loss=mse&init=normal:std=0.1&imbalance=30&samples=60&epochs=1&batch=20&speed=max")
    with answered(page, "/api/runs", "POST") as started:
        page.get_by_role("button", name="Start", exact=True).click()
    settings = started.value.json()["settings"]
    assert (settings["loss"], settings["initialisation"]) == ("mse", {"name": "normal", "std": 0.1})
    assert settings["dataset_options"] == {"imbalance": 30}
    expect(page.locator("[data-role=sentence]")).to_contain_text("1 epoch")
    expect(page.get_by_role("combobox", name="Loss", exact=True)).to_have_value("mse")
    again = show(f"/training#run={started.value.json()['id']}")
    expect(again.get_by_role("combobox", name="Loss", exact=True)).to_have_value("mse")
    expect(again.get_by_role("textbox", name="Imbalance")).to_have_value("30")
    expect(again.get_by_role("combobox", name="Weights begin")).to_have_value("normal")
