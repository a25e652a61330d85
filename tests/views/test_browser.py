"""Pages and pictures in a browser: what is clicked, typed and seen, and that nothing runs that should not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from cfngen import Workflow
from cfngen.history import ExecutionHistory
from cfngen.inputs.targets import load
from cfngen.views.diagram_source import from_target, from_workflow
from cfngen.views.drawing import Drawing
from cfngen.views.page import definition_page, execution_page
from tests.history.test_history import ARN, BEGIN, Log, each
from tests.views.browser import Page, messages
from tests.views.machines import NESTED, SAMPLE, chain, one
from tests.views.test_drawing import ODD

NASTY = "</script><img src=x onerror=\"document.title='run'\">{{constructor}}<!--"


EACH = one("Each", Type="Map", ItemProcessor=one("Work"))

# --- a page that shows an execution ---------------------------------------------------------------


def test_the_head_says_which_execution_it_is_and_how_it_went(page: Page, failed: str) -> None:
    page.open(failed)
    head = page.find("header").text
    for shown in ("first", "succeeded", ARN, "2026-11-24 09:00:00.000 UTC", "18.000 s"):
        assert shown in head
    assert json.loads(page.find(".payloads").text.split("Output")[1]) == {"MessageId": "1"}
    assert page.chromium.title == "Jobs: first, succeeded"


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
    page.find("[data-zoom=full]").send_keys(Keys.TAB)
    assert page.focused.get_attribute("data-state") == "0"
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ENTER)
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


def test_the_graph_is_one_stop_of_the_tab_key(page: Page, failed: str) -> None:
    page.open(failed)
    page.find("[data-zoom=full]").send_keys(Keys.TAB)
    page.press(Keys.END)
    assert page.focused.get_attribute("data-state") == "2"
    page.press(Keys.ARROW_LEFT)
    assert page.focused.get_attribute("data-state") == "1"
    page.press(Keys.TAB)
    assert page.focused.text == "The graph as a list"
    page.focused.send_keys(Keys.SHIFT, Keys.TAB)
    assert page.focused.get_attribute("data-state") == "1"


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


def test_all_events_are_shown_on_demand(page: Page) -> None:
    page.open(execution_page(Workflow.read(EACH), each(1428).read()))
    page.run("document.getElementById('events-all').click()")
    page.wait_for("return document.querySelectorAll('#events-rows tr').length === 10002")
    assert page.find("#events-count").text == "10,002 of 10,002 events"


def test_no_tab_of_ten_thousand_events_takes_more_than_a_few_hundred_elements(page: Page) -> None:
    page.open(execution_page(Workflow.read(EACH), each(1428, fails=[700]).read()))
    for number in (0, 1):
        page.run(
            "document.querySelector(arguments[0]).dispatchEvent(new MouseEvent('click'))",
            f"#state-{number}",
        )
        for name in ("input", "output", "definition", "events"):
            page.tab(name)
            assert len(page.all("#tabpanel *")) < 1000
    page.find("#state-0 > .name").click()
    assert page.find("#tabpanel .items li").text == "item 700 failed"
    page.find("#tabpanel .items ~ button").click()
    assert len(page.all("#tabpanel .items li")) == 1428


def test_the_failed_visits_of_a_state_are_listed_alone(page: Page) -> None:
    page.open(execution_page(Workflow.read(EACH), each(30, fails=[7]).read()))
    page.find("#state-1 > .name").click()
    page.find(".visits input").click()
    assert page.find(".visits option").text == "8 of 30: item 7, failed"
    assert "Batch.JobFailed" in page.tab("output")


def test_the_visits_of_a_state_in_a_map_are_chosen_one_by_one(page: Page) -> None:
    page.open(execution_page(Workflow.read(EACH), each(3, fails=[1]).read()))
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
    page.find("#state-0 > .name").click()
    items = page.tab("events").partition("Items (3)")[2].split("Attempt")[0].split("\n")
    assert [item for item in items if item] == ["item 0 succeeded", "item 1 failed", "item 2 aborted"]


def test_25_000_events_are_shown_a_part_at_a_time(page: Page) -> None:
    page.open(execution_page(Workflow.read(EACH), each(3570).read()))
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
    execution = ExecutionHistory.read(described | {"startDate": BEGIN}, log.events)
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
    assert opened.chromium.title == "Jobs: first, succeeded"
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
    assert json.loads(page.find("#definition-json").text)["StartAt"] == "Submit Batch Job"
    assert [
        statement["Effect"] for statement in json.loads(page.find("#policy-json").text)["Statement"]
    ] == ["Allow"] * 3
    assert "'Submit Batch Job': submits the job to its queue" in page.find("#explanation").text
    rows = [row.text for row in page.all(".resources tbody tr")]
    assert len(rows) == 18
    assert "SNSTopic AWS::SNS::Topic" in rows
    page.find("[data-state='0']").click()
    assert [tab.text for tab in page.all("[role=tab]")] == ["Definition"]
    assert json.loads(page.find("#tabpanel").text)["Retry"][0]["MaxAttempts"] == 2


def test_the_definition_and_the_policy_are_shown_as_yaml_too(page: Page) -> None:
    page.open(definition_page(from_target(load("batch-job-notification"), "batch-job-notification")))
    for name, begins in (("definition", "Comment: "), ("policy", "Version: ")):
        page.find(f"input[value={name}-yaml]").click()
        assert page.find(f"#{name}-yaml").text.startswith(begins)
        assert not page.find(f"#{name}-json").is_displayed()
        page.find(f"input[value={name}-json]").click()
        assert page.find(f"#{name}-json").text.startswith("{")


def test_a_definition_with_errors_has_a_page_with_the_errors(page: Page) -> None:
    page.open(definition_page(from_workflow(Workflow.read(one(Next="Nowhere", End=False)))))
    assert page.find("#problems-heading").text == "Problems (1)"
    assert "[MISSING_TRANSITION_TARGET]" in page.find(".problems li").text
    assert page.all("#policy-json") == []
    page.find("#state-0 > .name").click()
    assert json.loads(page.find("#tabpanel").text)["Next"] == "Nowhere"


def test_a_definition_that_is_no_plain_json_is_shown_as_it_is(page: Page) -> None:
    page.open(definition_page(from_workflow(Workflow.read(one(Result=float("nan"))))))
    page.find("[data-state='0']").click()
    assert "which is no plain JSON" in page.find("#tabpanel").text
    assert '"Result": NaN' in page.find("#definition-json").text


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


MIDDLE = """
    const view = document.querySelector(".canvas"), drawing = document.querySelector("svg.graph").getBoundingClientRect();
    const place = view.getBoundingClientRect();
    return [(place.left + view.clientWidth / 2 - drawing.left) / drawing.width,
            (place.top + view.clientHeight / 2 - drawing.top) / drawing.height];
"""
IN_VIEW = """
    const view = document.querySelector(".canvas").getBoundingClientRect();
    const box = document.querySelector(arguments[0]).getBoundingClientRect();
    return view.left <= box.left && box.right <= view.right && view.top <= box.top && box.bottom <= view.bottom;
"""
WIDE = {
    "StartAt": "Which?",
    "States": {
        "Which?": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.kind", "StringEquals": f"kind {number}", "Next": f"Work {number}"}
                for number in range(60)
            ],
        },
        **{f"Work {number}": {"Type": "Pass", "End": True} for number in range(60)},
    },
}


def test_what_is_in_the_middle_stays_there_when_the_size_changes(page: Page) -> None:
    page.open(definition_page(from_workflow(Workflow.read(WIDE))))
    page.run("document.querySelector('.canvas').scrollTo({left: 300, top: 400, behavior: 'instant'})")
    middle = page.run(MIDDLE)
    page.find("[data-zoom=larger]").click()
    assert page.run(MIDDLE) == pytest.approx(middle, abs=0.01)
    page.find("[data-zoom=smaller]").click()
    assert page.run(MIDDLE) == pytest.approx(middle, abs=0.01)


@pytest.mark.parametrize("width", [360, 1200])
def test_a_page_opens_on_the_start_with_names_that_can_be_read(page: Page, width: int) -> None:
    page.open(definition_page(from_workflow(Workflow.read(WIDE))), width=width)
    assert page.run(IN_VIEW, ".mark.start")
    height = page.run("return document.querySelector('.name').getBoundingClientRect().height")
    assert height >= 0.75 * 14


@pytest.mark.parametrize("width", [360, 1200])
def test_the_page_of_an_execution_opens_on_the_worst_state(page: Page, width: int) -> None:
    log = Log()
    log.enter("Choice", "Which?", 0, "{}")
    log.exit("Choice", "Which?")
    log.enter("Pass", "Work 17", 0, "{}")
    log.end("FAILED", error="E", cause="C")
    page.open(execution_page(Workflow.read(WIDE), log.read()), width=width)
    assert page.run(IN_VIEW, "#state-18")


def test_the_graph_has_the_full_width_until_a_state_is_chosen(page: Page, failed: str) -> None:
    page.open(failed)
    width = (
        "return document.querySelector('.picture').clientWidth / document.querySelector('main').clientWidth"
    )
    assert page.run(width) > 0.9
    page.find("#state-0 > .name").click()
    assert page.run(width) < 0.7


def test_on_a_phone_a_tap_brings_the_details_into_view(page: Page, failed: str) -> None:
    page.open(failed, width=360)
    page.find("#state-0 > .name").click()
    top = page.run("return document.getElementById('panel').getBoundingClientRect().top")
    assert -1 <= top < 450


# --- paper ----------------------------------------------------------------------------------------

NOT_ON_PAPER = """
    const seen = (element) => element.getClientRects().length > 0;
    return [
        ...[...document.querySelectorAll("button:not([role=tab]), input, select")].filter(seen).map((each) => each.outerHTML),
        ...[...document.querySelectorAll("details:not([open])")].filter(seen).map((each) => each.textContent),
        ...[...document.querySelectorAll("body *")].filter(seen)
            .filter((each) => /auto|scroll/.test(getComputedStyle(each).overflowX + getComputedStyle(each).overflowY))
            .map((each) => each.className),
    ];
"""


def test_on_paper_everything_is_there_in_light_colours_without_buttons(page: Page) -> None:
    page.open(execution_page(Workflow.read(EACH), each(50).read()), dark=True)
    page.find("#state-0 > .name").click()
    page.show_on("print")
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run(NOT_ON_PAPER) == []
    assert len(page.all("#events-rows tr")) == 356
    assert page.run("return document.querySelectorAll('#events-rows details[open] pre').length") > 50
    assert (
        page.run("return getComputedStyle(document.querySelector('.events h2')).color") == "rgb(22, 32, 46)"
    )
    assert (
        page.run("return getComputedStyle(document.querySelector('.graph .box')).fill")
        == "rgb(244, 246, 249)"
    )
    page.run("dispatchEvent(new Event('afterprint'))")
    assert page.all("#events-rows details[open]") == []


def test_printing_opens_what_is_folded(page: Page, failed: str) -> None:
    page.open(failed)
    page.run(
        "addEventListener('beforeprint', () => { document.title = document.querySelectorAll('details:not([open])').length })"
    )
    page.chromium.execute_cdp_cmd("Page.printToPDF", {})
    assert page.chromium.title == "0"


def test_a_graph_of_usual_height_is_on_one_sheet_with_its_heading(page: Page) -> None:
    page.open(definition_page(from_workflow(Workflow.read(chain(30)))))
    page.show_on("print")
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run("return document.querySelector('svg.graph').getBoundingClientRect().height") <= 900
    page.open(definition_page(from_workflow(Workflow.read(chain(60)))))
    page.show_on("print")
    assert page.run("return document.querySelector('svg.graph').getBoundingClientRect().height") > 900


def test_warnings_alone_do_not_push_the_graph_out_of_sight(page: Page) -> None:
    wait = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": True}
    states = {f"Ask {number}": {**wait, "Next": f"Ask {number + 1}"} for number in range(20)}
    for state in states.values():
        del state["End"]
    machine = {"StartAt": "Ask 0", "States": {**states, "Ask 20": wait}}
    page.open(definition_page(from_workflow(Workflow.read(machine))), width=390)
    assert page.find("#problems-heading").text == "Problems (21)"
    assert page.run("return document.querySelector('.mark.start').getBoundingClientRect().bottom < 844")


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
    const within = (own, area) => own.x >= area.x && own.x + own.width <= area.x + area.width
        && own.y >= area.y && own.y + own.height <= area.y + area.height;
    const apart = (own, area) => own.x >= area.x + area.width || own.x + own.width <= area.x
        || own.y >= area.y + area.height || own.y + own.height <= area.y;
    for (const text of document.querySelectorAll('.label text')) {
        const own = text.getBBox();
        if (!within(own, paper)) found.push(`beside the paper: ${text.textContent}`);
        for (const box of document.querySelectorAll('.box')) {
            const isFrame = box.parentElement.classList.contains('frame');
            if (!apart(own, box.getBBox()) && !(isFrame && within(own, box.getBBox())))
                found.push(`over ${box.parentElement.textContent}: ${text.textContent}`);
        }
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
