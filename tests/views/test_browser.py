"""Pages and pictures in a browser: what is clicked, typed and seen, and that nothing runs that should not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from cfngen import Workflow
from cfngen.history import Execution
from cfngen.inputs.targets import load
from cfngen.views.diagram_source import from_target, from_workflow
from cfngen.views.drawing import Drawing
from cfngen.views.page import definition_page, execution_page
from tests import rings
from tests.history.test_history import ARN, BEGIN, Log, each, sample
from tests.views.machines import NESTED, SAMPLE, one
from tests.views.test_drawing import ODD

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NASTY = "</script><img src=x onerror=\"document.title='run'\">{{constructor}}<!--"


def installed(*names: str) -> str | None:
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    program, driver = installed("chromium", "chromium-browser", "google-chrome"), installed("chromedriver")
    if program is None or driver is None:
        rings.missing(
            "chromium and chromedriver are not installed (Debian: apt-get install chromium chromium-driver)"
        )
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield started
    started.quit()


class Page:
    """A page in the browser."""

    def __init__(self, chromium: Any, folder: Path) -> None:
        self.chromium = chromium
        self.folder = folder

    def open(
        self, text: str, *, width: int = 1200, dark: bool = False, ending: str = "html", anchor: str = ""
    ) -> Any:
        path = self.folder / f"page.{ending}"
        path.write_text(text, encoding="utf-8")
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        media = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
        self.chromium.get("about:blank")
        self.chromium.get(path.as_uri() + anchor)
        return self

    def find(self, selector: Any) -> Any:
        return self.chromium.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: Any) -> Any:
        return self.chromium.find_elements(By.CSS_SELECTOR, selector)

    def run(self, script: Any, *arguments: Any) -> Any:
        return self.chromium.execute_script(script, *arguments)

    def press(self, *keys: Any) -> None:
        webdriver.ActionChains(self.chromium).send_keys(*keys).perform()

    @property
    def focused(self) -> Any:
        return self.chromium.switch_to.active_element

    def tab(self, name: str) -> Any:
        self.find(f"#tab-{name}").click()
        return self.find("#tabpanel").text


def messages(chromium: Any) -> Any:
    """Return what the page said on the console: the driver of Chromium has no types."""
    return chromium.get_log("browser")


@pytest.fixture
def page(chromium: WebDriver, tmp_path: Path) -> Iterator[Page]:
    """A page; a test fails of whatever the browser complains of."""
    opened = Page(chromium, tmp_path)
    messages(chromium)
    yield opened
    assert messages(chromium) == []


@pytest.fixture(scope="module")
def failed() -> str:
    return execution_page(Workflow.read(Path(SAMPLE)), sample(fails=True).read())


# --- a page that shows an execution ---------------------------------------------------------------


def test_the_head_says_which_execution_it_is_and_how_it_went(page: Page, failed: str) -> None:
    page.open(failed)
    head = page.find("header").text
    for shown in ("first", "succeeded", ARN, "2026-11-24 09:00:00.000 UTC", "18.000 s"):
        assert shown in head
    assert json.loads(page.find(".payloads").text.split("Output")[1]) == {"MessageId": "1"}
    assert page.chromium.title == "first: succeeded"


def test_each_state_is_coloured_by_what_happened_and_says_so(page: Page, failed: str) -> None:
    page.open(failed)
    assert [state.accessible_name for state in page.all("[data-state]")] == [
        "Submit Batch Job, Task, AWS Batch: SubmitJob.sync, caught",
        "Notify Success, Task, Amazon SNS: Publish, not reached",
        "Notify Failure, Task, Amazon SNS: Publish, succeeded",
    ]
    colours = [
        page.run("return getComputedStyle(arguments[0]).stroke", box)
        for box in page.all("[data-state] > .box")
    ]
    assert len(set(colours)) == 3
    assert [item.text for item in page.all(".legend li")] == ["caught", "succeeded", "not reached"]


def test_a_click_on_a_state_opens_its_data_in_tabs(page: Page, failed: str) -> None:
    page.open(failed)
    page.find("[data-state='2']").click()
    assert page.find("#panel-heading").text == "Notify Failure succeeded"
    assert [tab.text for tab in page.all("[role=tab]")] == ["Input", "Output", "Definition", "Events"]
    assert page.find("[role=tab][aria-selected=true]").text == "Input"
    assert json.loads(page.find("#tabpanel").text) == {}
    assert json.loads(page.tab("output")) == {"MessageId": "1"}
    definition = json.loads(page.tab("definition"))
    assert (definition["Type"], definition["End"]) == ("Task", True)
    assert definition["Parameters"]["TopicArn"] == {"Ref": "SNSTopic"}


def test_the_events_of_a_state_tell_of_its_retries(page: Page, failed: str) -> None:
    page.open(failed)
    page.find("[data-state='0']").click()
    page.tab("events")
    assert [title.text for title in page.all("#tabpanel h3")] == [
        "First attempt failed",
        "Retry 1 of 2 failed",
        "Retry 2 of 2 failed",
        "Events (11)",
    ]
    assert page.find("#tabpanel").text.count("Batch.JobFailed") == 3
    assert "Batch.JobFailed" in page.tab("output")


def test_a_state_that_was_not_reached_has_its_definition_alone(page: Page, failed: str) -> None:
    page.open(failed)
    page.find("[data-state='1']").click()
    assert page.find("#tabpanel").text == "The execution did not reach this state."
    assert json.loads(page.tab("definition"))["Type"] == "Task"


def test_the_keyboard_goes_to_a_state_opens_it_changes_tabs_and_comes_back(page: Page, failed: str) -> None:
    page.open(failed)
    page.find(".canvas").send_keys(Keys.TAB)
    assert page.focused.get_attribute("data-state") == "0"
    page.press(Keys.TAB, Keys.TAB, Keys.ENTER)
    assert page.find("#panel-heading").text == "Notify Failure succeeded"
    assert page.focused.text == "Input"
    page.press(Keys.ARROW_RIGHT)
    assert (page.focused.text, page.focused.get_attribute("aria-selected")) == ("Output", "true")
    page.press(Keys.END)
    assert page.focused.text == "Events"
    page.press(Keys.ARROW_RIGHT)
    assert page.focused.text == "Input"
    page.press(Keys.ESCAPE)
    assert page.focused.get_attribute("data-state") == "2"
    page.press(Keys.SPACE)
    assert page.focused.text == "Input"


def test_the_tab_stays_when_another_state_is_chosen(page: Page, failed: str) -> None:
    page.open(failed)
    page.find("[data-state='0']").click()
    page.tab("definition")
    page.find("[data-state='2']").click()
    assert page.find("[role=tab][aria-selected=true]").text == "Definition"


def test_an_address_leads_to_a_state(page: Page, failed: str) -> None:
    page.open(failed, anchor="#state-1")
    assert page.find("#panel-heading").text == "Notify Success not reached"


def test_the_table_lists_all_events_and_filters_them(page: Page, failed: str) -> None:
    page.open(failed)
    assert page.find("#events-count").text == "18 of 18 events"
    page.find("#filter-failures").click()
    assert page.find("#events-count").text == "3 of 18 events"
    page.find("#filter-failures").click()
    page.find("#filter-text").send_keys("BATCH.jobfailed")
    assert [row.text for row in page.all("#events-rows td:nth-child(2)")] == ["TaskFailed"] * 3
    page.find("#filter-text").clear()
    Select(page.find("#filter-state")).select_by_value("Notify Failure")
    Select(page.find("#filter-type")).select_by_value("TaskScheduled")
    assert page.find("#events-count").text == "1 of 18 events"
    page.find("#events-rows summary").click()
    assert '"resource": "publish"' in page.find("#events-rows pre").text


def test_the_events_of_a_state_lead_to_the_table(page: Page, failed: str) -> None:
    page.open(failed)
    page.find("[data-state='2']").click()
    page.tab("events")
    page.find("#tabpanel button").click()
    assert page.find("#events-count").text == "5 of 18 events"


def test_the_visits_of_a_state_in_a_map_are_chosen_one_by_one(page: Page) -> None:
    machine = one("Each", Type="Map", ItemProcessor=one("Work"))
    page.open(execution_page(Workflow.read(machine), each(3, fails=[1]).read()))
    page.find("[data-state='1']").click()
    options = page.all(".visits option")
    assert [option.text for option in options] == [
        "1 of 3: item 0, succeeded",
        "2 of 3: item 1, failed",
        "3 of 3: item 2, aborted",
    ]
    assert [option.is_selected() for option in options] == [False, True, False]
    assert "Batch.JobFailed" in page.tab("output")
    options[0].click()
    assert page.find("#tabpanel").text == "{}"
    page.find("[data-state='0']").click()
    items = page.tab("events").partition("Items (3)")[2].split("Attempt")[0].split("\n")
    assert [item for item in items if item] == ["item 0 succeeded", "item 1 failed", "item 2 aborted"]


def test_25_000_events_are_shown_a_part_at_a_time(page: Page) -> None:
    machine = one("Each", Type="Map", ItemProcessor=one("Work"))
    page.open(execution_page(Workflow.read(machine), each(3570).read()))
    assert page.find("#events-count").text == "24,996 of 24,996 events, the first 200 shown"
    assert len(page.all("#events-rows tr")) == 200
    page.run("document.getElementById('events-more').click()")
    assert len(page.all("#events-rows tr")) == 400


def test_data_is_text_wherever_it_shows(page: Page) -> None:
    log = Log()
    log.enter("Pass", NASTY, 0, json.dumps({NASTY: NASTY}))
    log("TaskFailed", None, "taskFailed", error=NASTY, cause=NASTY)
    log.exit("Pass", NASTY, output=json.dumps(NASTY))
    log.end("FAILED", error=NASTY, cause=NASTY)
    described = {"executionArn": NASTY, "name": NASTY, "stateMachineArn": NASTY, "input": NASTY}
    execution = Execution.read(described | {"startDate": BEGIN}, log.events)
    page.open(execution_page(Workflow.read(one(NASTY, Comment=NASTY)), execution))
    page.run("document.querySelector('[data-state]').dispatchEvent(new MouseEvent('click'))")
    assert page.find("#panel-heading").text.startswith("</script><img src=x onerror=")
    for name in ("input", "output", "definition", "events"):
        page.tab(name)
        assert page.all("img") == []
    for summary in page.all("#events-rows summary"):
        summary.click()
    assert page.find("header").text.count(NASTY) == 5
    assert page.all("img, iframe, object, embed, link") == []
    assert len(page.all("script")) == 2
    assert page.chromium.title.startswith(NASTY)


def test_a_script_that_gets_into_the_page_does_not_run(
    chromium: WebDriver, tmp_path: Path, failed: str
) -> None:
    opened = Page(chromium, tmp_path).open(
        failed.replace("</main>", "<script>document.title='run'</script></main>")
    )
    assert opened.chromium.title == "first: succeeded"
    [complaint] = messages(chromium)
    assert "Content Security Policy" in complaint["message"]


def test_the_page_asks_the_network_for_nothing(page: Page, failed: str) -> None:
    page.open(failed)
    assert page.run("return performance.getEntriesByType('resource').length") == 0
    assert "http://" not in failed.replace("http://www.w3.org/2000/svg", "")


# --- a page that shows a definition ---------------------------------------------------------------


def test_a_definition_has_its_graph_text_policy_with_why_and_resources(page: Page) -> None:
    page.open(definition_page(from_target(load("batch-job-notification"), "batch-job-notification")))
    assert page.find("h1").text == "batch-job-notification"
    assert json.loads(page.find("#definition").text)["StartAt"] == "Submit Batch Job"
    assert [statement["Effect"] for statement in json.loads(page.find("#policy").text)["Statement"]] == [
        "Allow"
    ] * 3
    assert "'Submit Batch Job': submits the job to its queue" in page.find("#explanation").text
    rows = [row.text for row in page.all(".resources tbody tr")]
    assert len(rows) == 18
    assert "SNSTopic AWS::SNS::Topic" in rows
    page.find("[data-state='0']").click()
    assert [tab.text for tab in page.all("[role=tab]")] == ["Definition"]
    assert json.loads(page.find("#tabpanel").text)["Retry"][0]["MaxAttempts"] == 2


def test_a_definition_that_is_no_plain_json_is_shown_as_it_is(page: Page) -> None:
    page.open(definition_page(from_workflow(Workflow.read(one(Result=float("nan"))))))
    page.find("[data-state='0']").click()
    assert "which is no plain JSON" in page.find("#tabpanel").text
    assert '"Result": NaN' in page.find("#definition").text


def test_what_is_inside_a_frame_is_chosen_by_itself(page: Page) -> None:
    page.open(definition_page(from_workflow(Workflow.read(NESTED))))
    numbers = [int(state.get_attribute("data-state")) for state in page.all("[data-state]")]
    assert numbers == list(range(16))
    page.find("#state-11 > .name").click()
    assert page.find("#panel-heading").text == "Box"
    page.find("#state-8 > .name").click()
    assert page.find("#panel-heading").text == "Each Item"
    assert json.loads(page.find("#tabpanel").text)["ItemProcessor"]["StartAt"] == "Pick"


# --- sizes and colours ----------------------------------------------------------------------------


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 800, 1400])
def test_a_page_is_as_wide_as_the_screen(page: Page, failed: str, width: int, dark: bool) -> None:
    page.open(failed, width=width, dark=dark, anchor="#state-0")
    page.tab("events")
    assert page.run("return document.documentElement.scrollWidth <= innerWidth")


def test_dark_and_light_differ_and_keep_text_readable(page: Page, failed: str) -> None:
    script = """
        const shade = (colour) => colour.match(/[\\d.]+/g).slice(0, 3)
          .map((part) => part / 255).map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
          .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
        const on = getComputedStyle(document.querySelector('section')).backgroundColor;
        return [on, ...[...document.querySelectorAll('h2, dt, .status, summary, .fails td, .when, .caption, button')].map((element) => {
          const style = getComputedStyle(element);
          const text = shade(element instanceof SVGElement ? style.fill : style.color), ground = shade(on);
          return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
        })]
    """
    grounds = []
    for dark in (False, True):
        page.open(failed, dark=dark, anchor="#state-0")
        ground, *contrasts = page.run(script)
        grounds.append(ground)
        assert min(contrasts) >= 4.5
    assert grounds[0] != grounds[1]


def test_the_graph_grows_and_shrinks(page: Page, failed: str) -> None:
    page.open(failed)
    full = int(page.find("svg.graph").get_attribute("width"))
    page.find("[data-zoom=larger]").click()
    assert int(page.find("svg.graph").get_attribute("width")) == round(full * 1.25)
    page.find("[data-zoom=full]").click()
    assert int(page.find("svg.graph").get_attribute("width")) == full
    page.open(failed, width=360)
    assert int(page.find("svg.graph").get_attribute("width")) < full


OVERFLOWING = """
    const found = [];
    for (const state of document.querySelectorAll('.state')) {
        const box = state.querySelector(':scope > .box').getBBox();
        for (const text of state.querySelectorAll(':scope > text')) {
            const own = text.getBBox();
            if (own.x < box.x || own.x + own.width > box.x + box.width || own.y < box.y
                || own.y + own.height > box.y + box.height) found.push(text.textContent);
        }
    }
    const paper = document.querySelector('svg.graph').viewBox.baseVal;
    for (const text of document.querySelectorAll('.label text')) {
        const own = text.getBBox();
        if (own.x < paper.x || own.x + own.width > paper.x + paper.width) found.push(text.textContent);
    }
    return found;
"""
LONG = [
    "m" * 80,
    "i" * 80,
    "Щ" * 80,
    "漢字" * 40,
    "Ǆ" * 80,
    "ش" * 80,
    "🚀" * 80,
    "ﷺ" * 9,
    "the words of a name " * 4,
]


@pytest.mark.parametrize("name", [*ODD, *LONG], ids=ascii)
def test_text_stays_inside_its_box(page: Page, name: str) -> None:
    machine = one("Other")
    machine["States"][name] = {
        "Type": "Choice",
        "Choices": [{"Variable": f"$.{name}", "StringEquals": name, "Next": "Other"}],
        "Default": name,
    }
    page.open(Drawing(machine).svg(), ending="svg")
    assert page.run(OVERFLOWING) == []


def test_text_of_the_samples_stays_inside_its_box(page: Page) -> None:
    for machine in (json.loads(Path(SAMPLE).read_text(encoding="utf-8")), NESTED):
        page.open(Drawing(machine).svg(), ending="svg")
        assert page.run(OVERFLOWING) == []


def test_a_picture_by_itself_is_light_and_dark(page: Page) -> None:
    grounds = []
    for dark in (False, True):
        page.open(Drawing(NESTED).svg(), dark=dark, ending="svg")
        grounds.append(page.run("return getComputedStyle(document.querySelector('.paper')).fill"))
    assert grounds == ["rgb(255, 255, 255)", "rgb(16, 22, 30)"]
