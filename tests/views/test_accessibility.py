"""Pages for everyone: WCAG 2.2 AA as axe-core judges it, and what a program cannot see by itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest
from selenium.webdriver.common.keys import Keys

from cfngen import Workflow
from cfngen.inputs.targets import load
from cfngen.views.diagram_source import from_target
from cfngen.views.drawing import Drawing
from cfngen.views.page import definition_page, execution_page
from cfngen.views.svg import asset
from tests.history.test_history import each
from tests.views.browser import Page
from tests.views.machines import NESTED, one

# --- axe-core -------------------------------------------------------------------------------------

MODES: Final[dict[str, dict[str, Any]]] = {
    "light": {},
    "dark": {"dark": True},
    "forced colours": {"forced": True},
    "phone": {"width": 360},
    "200 %": {"width": 600},  # what a window of 1,200 pixels has then
}
RUN_AXE = """
    const done = arguments[arguments.length - 1];
    axe.run().then((result) => done(result.violations.map(
        (violation) => violation.id + ": " + violation.nodes.map((node) => node.html).join(" "))));
"""


@pytest.fixture(scope="session")
def axe(npm_packages: Path) -> str:
    return (npm_packages / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_no_violation_on_the_page_of_an_execution(
    page: Page, failed: str, axe: str, mode: str
) -> None:
    page.open(failed, **MODES[mode], anchor="#state-0")
    page.run(axe)
    for tab in ("input", "output", "definition", "events"):
        page.tab(tab)
        assert page.chromium.execute_async_script(RUN_AXE) == [], tab


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_no_violation_on_the_page_of_a_definition(page: Page, axe: str, mode: str) -> None:
    page.open(
        definition_page(from_target(load("batch-job-notification"), "batch-job-notification")),
        **MODES[mode],
    )
    page.run(axe)
    assert page.chromium.execute_async_script(RUN_AXE) == []


def test_axe_finds_no_violation_in_visits_items_and_more_events(page: Page, axe: str) -> None:
    page.open(execution_page(Workflow.read(EACH), each(300, fails=[1]).read()))
    page.run(axe)
    for number in (0, 1):
        page.find(f"#state-{number} > .name").click()
        page.tab("events")
        assert page.chromium.execute_async_script(RUN_AXE) == []


def test_axe_finds_no_violation_in_a_picture(page: Page, axe: str) -> None:
    page.open(f"<!doctype html><title>A</title><main><h1>A</h1>{Drawing(NESTED).svg()}</main>")
    page.run(axe)
    violations = page.chromium.execute_async_script(RUN_AXE)
    assert [each for each in violations if not each.startswith("html-has-lang")] == []


EACH = one("Each", Type="Map", ItemProcessor=one("Work"))

# --- contrasts, from the style sheets -------------------------------------------------------------

TEXTS: Final = [
    (text, ground)
    for ground in ("ground", "sheet", "code")
    for text in ("ink", "soft", "good", "again", "warn", "bad", "over", "now", "idle", "focus")
]
GRAPH_TEXTS: Final = [
    (text, ground) for ground in ("paper", "box", "part") for text in ("text", "quiet", "catch")
]
SHAPES: Final = [("line", "paper"), ("line", "box"), ("line", "part"), ("edge", "paper"), ("edge", "part"), ("accent", "box"), ("paper", "edge")]  # fmt: skip


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_texts_have_a_contrast_of_4_5_and_shapes_of_3(dark: bool) -> None:
    sheet, graph = colours("page.css", dark), colours("graph.css", dark)
    too_low = [
        (pair, round(contrast(table[pair[0]], table[pair[1]]), 2))
        for table, pairs, least in ((sheet, TEXTS, 4.5), (graph, GRAPH_TEXTS, 4.5), (graph, SHAPES, 3.0))
        for pair in pairs
        if contrast(table[pair[0]], table[pair[1]]) < least
    ]
    assert too_low == []


def test_no_text_is_made_fainter_than_its_colour() -> None:
    sheets = asset("page.css") + asset("graph.css")
    assert set(re.findall(r"opacity: ([^;]*);", sheets)) == {"1"}
    assert "::placeholder { color: var(--soft); opacity: 1; }" in sheets


def colours(sheet: str, dark: bool) -> dict[str, str]:
    light_part, _, rest = asset(sheet).partition("@media screen and (prefers-color-scheme: dark)")
    part = rest.partition("\n}\n")[0] if dark else light_part
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", part))


def contrast(one_: str, other: str) -> float:
    low, high = sorted(map(luminance, (one_, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# --- what axe-core cannot see ---------------------------------------------------------------------


def test_a_long_name_of_a_state_does_not_widen_a_page_of_320_pixels(page: Page) -> None:
    name = "A state with a name of eighty letters that no filter on a small phone has room for!"[:80]
    log = each(1)
    text = execution_page(Workflow.read(EACH), log.read())
    page.open(text.replace('"Work"', f'"{name}"'), width=320, anchor="#state-0")
    page.tab("events")
    assert page.run("return document.documentElement.scrollWidth") == 320


def test_what_a_button_shows_is_in_its_name(page: Page, failed: str) -> None:
    page.open(failed, anchor="#state-0")
    for button in page.all("button"):
        if any(letter.isalnum() for letter in button.text):
            assert button.text in button.accessible_name


def test_no_two_landmarks_have_one_name(page: Page, failed: str) -> None:
    page.open(failed, anchor="#state-0")
    landmarks = page.all("header, main, section, [role=search], [role=region]")
    names = [landmark.accessible_name for landmark in landmarks]
    assert len(set(names[2:])) == len(names[2:])
    assert all(names[2:])


SCROLLERS = """
    return [...document.querySelectorAll("body *")]
        .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowY))
        .filter((element) => element.tabIndex < 0 && !element.querySelector("[tabindex='0'], button, input, select, a"))
        .map((element) => element.className);
"""


def test_what_scrolls_can_be_scrolled_with_the_keyboard(page: Page) -> None:
    page.open(execution_page(Workflow.read(EACH), each(300).read()))
    for number in (0, 1):
        page.find(f"#state-{number} > .name").click()
        page.tab("events")
        assert page.run(SCROLLERS) == []


def test_the_focus_goes_to_the_first_row_that_was_added_and_the_head_does_not_hide_it(page: Page) -> None:
    page.open(execution_page(Workflow.read(EACH), each(50).read()))
    page.run("document.getElementById('events-more').click()")
    assert page.focused.text.startswith("201\n")
    head = page.run("return document.querySelector('.events thead th').getBoundingClientRect().bottom")
    assert page.focused.rect["y"] - page.run("return scrollY") >= head - 1
    assert not page.find("#events-more").is_displayed()


def test_a_state_is_read_once(page: Page, failed: str) -> None:
    page.open(failed)
    tree = page.chromium.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    spoken = [
        node.get("name", {}).get("value", "") + node.get("description", {}).get("value", "")
        for node in tree
        if not node["ignored"]
        and node["role"]["value"] in ("button", "image", "group")  # a button is read, not what is inside
    ]
    assert [words for words in spoken if "SubmitJob" in words] == [
        "Submit Batch Job, Task, AWS Batch: SubmitJob.sync, caught"
    ]
    assert not [words for words in spoken if words.startswith("From ")]


def test_the_graph_is_a_list_too(page: Page, failed: str) -> None:
    page.open(failed)
    page.find(".words summary").click()
    assert [item.text for item in page.all(".words li")] == [
        "Start leads to Submit Batch Job.",
        "Submit Batch Job leads to Notify Success, to Notify Failure on States.ALL.",
        "Notify Success leads to End.",
        "Notify Failure leads to End.",
    ]


def test_the_focus_is_a_ring_and_not_a_colour_alone(page: Page, failed: str) -> None:
    page.open(failed)
    page.find("#state-0 > .name").click()
    stroke = "return getComputedStyle(document.querySelector('#state-0 > .ring')).stroke"
    assert page.run(stroke) == "none"
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_LEFT)
    assert page.run(stroke) == "rgb(11, 92, 173)"


def test_the_legend_has_the_signs_and_keeps_them_in_forced_colours(page: Page, failed: str) -> None:
    page.open(failed, forced=True)
    shapes = "return [...document.querySelectorAll('.legend svg')].map((svg) => svg.innerHTML)"
    drawn = page.run(shapes)
    assert len(drawn) == len(set(drawn)) == 3
    paints = page.run(
        "return [...document.querySelectorAll('.legend circle')].map((circle) => getComputedStyle(circle).fill)"
    )
    ground = page.run("return getComputedStyle(document.querySelector('section')).backgroundColor")
    assert ground not in paints
    texts = page.run(
        "return [...document.querySelectorAll('.graph .caption')].map((text) => getComputedStyle(text).fill)"
    )
    boxes = page.run("return getComputedStyle(document.querySelector('.graph .box')).fill")
    assert boxes not in texts
