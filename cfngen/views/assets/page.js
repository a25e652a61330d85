"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const definition = parsed(document.getElementById("definition").textContent);
const visits = data.visits || [];
const events = data.events || [];
const byId = new Map(events.map((event) => [event.id, event]));
const panel = document.getElementById("panel-body");
const heading = document.getElementById("panel-heading");

/* Everything that is shown is made here, as text. */
function make(name, given = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...inside.filter((part) => part !== null && part !== undefined));
  return element;
}

/* Python's JSON knows NaN, and what goes in and out of a state may be no JSON at all. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function pretty(text) {
  const value = typeof text === "string" ? parsed(text) : text;
  return value === undefined ? text : JSON.stringify(value, null, 2);
}

function block(text) {
  return make("pre", { tabindex: "0" }, pretty(text));
}

function badge(status) {
  return make("span", { class: `status ${status.replaceAll(" ", "-")}` }, status);
}

function facts(pairs) {
  const list = make("dl");
  for (const [term, value] of pairs) {
    if (value !== undefined && value !== null && value !== "") {
      list.append(make("div", {}, make("dt", {}, term), make("dd", {}, String(value))));
    }
  }
  return list;
}

/* ---- the graph ---- */

const states = [...document.querySelectorAll("[data-state]")];

function choose(number, { move = false } = {}) {
  for (const state of states) {
    const chosen = Number(state.dataset.state) === number;
    state.classList.toggle("chosen", chosen);
    state.setAttribute("aria-pressed", String(chosen));
  }
  show(number);
  history.replaceState(null, "", `#state-${number}`);
  if (move) panel.querySelector('[role="tab"][aria-selected="true"]').focus();
}

for (const state of states) {
  state.addEventListener("click", (event) => {
    event.stopPropagation();
    choose(Number(state.dataset.state));
  });
  state.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      choose(Number(state.dataset.state), { move: true });
    }
  });
}

const drawing = document.querySelector("svg.graph");
const full = Number(drawing.getAttribute("width"));
const ratio = Number(drawing.getAttribute("height")) / full;

function resize(width) {
  const bounded = Math.min(Math.max(width, 120), full * 4);
  drawing.setAttribute("width", String(Math.round(bounded)));
  drawing.setAttribute("height", String(Math.round(bounded * ratio)));
}

function room() {
  return document.querySelector(".canvas").clientWidth - 8;
}

for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => {
    const width = Number(drawing.getAttribute("width"));
    const sizes = { smaller: width / 1.25, larger: width * 1.25, fit: room(), full };
    resize(sizes[button.dataset.zoom]);
  });
}

/* A graph that is little too wide is made to fit; one that would be too small to read scrolls. */
if (full > room() && room() > full / 2) resize(room());

/* ---- the panel of a state ---- */

function show(number) {
  const state = data.states[number];
  const own = visits.map((visit, place) => [visit, place]).filter(([visit]) => visit.name === state.name);
  heading.replaceChildren(state.shown);
  if (state.status) heading.append(" ", badge(state.status));
  const summary = facts([["Type", state.type], ["Does", state.detail]]);
  const body = make("div");
  panel.replaceChildren(summary, body);
  if (!data.visits) return tabs(body, [["Definition", () => [block(defined(state))]]]);
  if (own.length > 1) {
    const select = make("select");
    own.forEach(([visit], place) => {
      const item = within(visit);
      select.append(make("option", { value: String(place) }, `${place + 1} of ${own.length}: ${item}${visit.status}`));
    });
    const worst = own.findIndex(([visit]) => visit.status === state.status);
    select.value = String(Math.max(worst, 0));
    select.addEventListener("change", () => visited(body, state, own[Number(select.value)]));
    panel.insertBefore(make("label", { class: "visits" }, "Visit ", select), body);
    return visited(body, state, own[Number(select.value)]);
  }
  return visited(body, state, own[0]);
}

function within(visit) {
  return visit.iteration === undefined ? "" : `item ${visit.iteration}, `;
}

function defined(state) {
  if (definition === undefined) return "It is in the definition of the state machine, which is no plain JSON.";
  return state.path.reduce((part, step) => part[step], definition);
}

function visited(body, state, found) {
  const [visit, place] = found || [null, null];
  const nothing = () => [make("p", {}, "The execution did not reach this state.")];
  tabs(body, [
    ["Input", () => (visit ? [input(visit)] : nothing())],
    ["Output", () => (visit ? output(visit) : nothing())],
    ["Definition", () => [block(defined(state))]],
    ["Events", () => (visit ? attempts(visit, place) : nothing())],
  ]);
}

function input(visit) {
  return visit.input === undefined ? make("p", {}, "Its input is not in the history.") : block(visit.input);
}

function output(visit) {
  const parts = [];
  if (visit.error || visit.cause) {
    parts.push(make("h3", {}, visit.status === "caught" ? "Failed, and was caught" : "Failed"));
    parts.push(facts([["Error", visit.error]]));
    if (visit.cause) parts.push(make("h4", {}, "Cause"), block(visit.cause));
  }
  if (visit.output !== undefined) {
    if (parts.length) parts.push(make("h3", {}, "Output"));
    parts.push(block(visit.output));
  }
  if (visit.assigned) parts.push(make("h3", {}, "Variables"), block(visit.assigned));
  if (!parts.length) parts.push(make("p", {}, `It has no output: it is ${visit.status}.`));
  return parts;
}

function attempts(visit, place) {
  const tried = visit.attempts || [];
  const parts = [facts([["Entered", visit.entered], ["Duration", visit.duration], ["Visit", within(visit).replace(", ", "")]])];
  if (visit.iterations) {
    const list = make("ul", { class: "items" });
    for (const [index, status] of visit.iterations) list.append(make("li", {}, `item ${index} `, badge(status)));
    parts.push(make("h3", {}, `Items (${visit.iterations.length})`), list);
  }
  tried.forEach((attempt, number) => {
    const kind = number ? `Retry ${number} of ${tried.length - 1}` : tried.length > 1 ? "First attempt" : "Attempt";
    parts.push(make("h3", {}, `${kind} `, badge(attempt.status)));
    parts.push(
      facts([
        ["Called", attempt.resource],
        ["Started", attempt.started],
        ["Duration", attempt.duration],
        ["Error", attempt.error],
      ]),
    );
    for (const [name, text] of [["Cause", attempt.cause], ["Parameters", attempt.input], ["Result", attempt.output]]) {
      if (text !== undefined) parts.push(make("details", {}, make("summary", {}, name), block(text)));
    }
  });
  const list = make("ol", { class: "history" });
  for (const id of visit.events) {
    const event = byId.get(id);
    if (event) list.append(make("li", { value: String(id) }, `${event.type} `, make("small", {}, event.time || "")));
  }
  const all = make("button", { type: "button" }, "Show them in the table of all events");
  all.addEventListener("click", () => {
    document.getElementById("filter").reset();
    document.getElementById("filter-state").value = visit.name;
    filter();
    document.getElementById("events-heading").scrollIntoView();
  });
  parts.push(make("h3", {}, `Events (${visit.events.length})`), list, all);
  return parts;
}

let last = "";

function tabs(body, entries) {
  const row = make("div", { role: "tablist", "aria-labelledby": "panel-heading" });
  const content = make("div", { role: "tabpanel", id: "tabpanel", tabindex: "0" });
  const buttons = entries.map(([name, contents]) => {
    const button = make("button", { type: "button", role: "tab", id: `tab-${name.toLowerCase()}`, "aria-controls": "tabpanel" }, name);
    button.addEventListener("click", () => open(button, contents));
    row.append(button);
    return button;
  });
  function open(chosen, contents) {
    for (const button of buttons) {
      button.setAttribute("aria-selected", String(button === chosen));
      button.tabIndex = button === chosen ? 0 : -1;
    }
    last = chosen.textContent;
    content.setAttribute("aria-labelledby", chosen.id);
    content.replaceChildren(...contents());
  }
  row.addEventListener("keydown", (event) => {
    const here = buttons.indexOf(document.activeElement);
    const to = {
      ArrowRight: (here + 1) % buttons.length,
      ArrowLeft: (here + buttons.length - 1) % buttons.length,
      Home: 0,
      End: buttons.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[to].focus();
    buttons[to].click();
  });
  body.replaceChildren(row, content);
  const again = entries.findIndex(([name]) => name === last);
  open(buttons[Math.max(again, 0)], entries[Math.max(again, 0)][1]);
}

document.getElementById("panel").addEventListener("keydown", (event) => {
  const chosen = document.querySelector(".state.chosen");
  if (event.key === "Escape" && chosen) chosen.focus();
});

/* ---- the table of events ---- */

const PAGE = 200;
const FAILS = /(Failed|TimedOut|Aborted)$/;
const started = data.start ? moment(data.start) : NaN;
let matching = [];
let shown = 0;

function moment(text) {
  return Date.parse(text.replace(" UTC", "Z").replace(" ", "T"));
}

function state(event) {
  return event.visit === undefined ? "" : visits[event.visit].name;
}

function filter() {
  const wanted = document.getElementById("filter-text").value.trim().toLowerCase();
  const name = document.getElementById("filter-state").value;
  const type = document.getElementById("filter-type").value;
  const failures = document.getElementById("filter-failures").checked;
  matching = events.filter(
    (event) =>
      (!name || state(event) === name) &&
      (!type || event.type === type) &&
      (!failures || FAILS.test(event.type)) &&
      (!wanted || searched(event).includes(wanted)),
  );
  document.getElementById("events-rows").replaceChildren();
  shown = 0;
  more();
}

function searched(event) {
  event.words ??= `${event.id} ${event.type} ${state(event)} ${JSON.stringify(event.details ?? "")}`.toLowerCase();
  return event.words;
}

function more() {
  const rows = document.getElementById("events-rows");
  for (const event of matching.slice(shown, shown + PAGE)) rows.append(row(event));
  shown = Math.min(shown + PAGE, matching.length);
  const count = document.getElementById("events-count");
  const part = shown < matching.length ? `, the first ${shown.toLocaleString("en")} shown` : "";
  count.textContent = `${matching.length.toLocaleString("en")} of ${events.length.toLocaleString("en")} events${part}`;
  document.getElementById("events-more").hidden = shown >= matching.length;
}

function row(event) {
  const after = event.time && !Number.isNaN(started) ? `${((moment(event.time) - started) / 1000).toFixed(3)} s` : "";
  const type = event.details
    ? make("details", {}, make("summary", {}, event.type), block(event.details))
    : event.type;
  const name = state(event);
  return make(
    "tr",
    FAILS.test(event.type) ? { class: "fails" } : {},
    make("td", { "data-label": "Id" }, String(event.id)),
    make("td", { "data-label": "Type" }, type),
    make("td", { "data-label": "State" }, name),
    make("td", { "data-label": "Time" }, event.time || ""),
    make("td", { "data-label": "After" }, after),
  );
}

if (data.events) {
  for (const [id, values] of [["state", events.map(state)], ["type", events.map((event) => event.type)]]) {
    const select = document.getElementById(`filter-${id}`);
    for (const value of new Set(values.filter(Boolean))) select.append(make("option", { value }, value));
  }
  const form = document.getElementById("filter");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  form.addEventListener("change", filter);
  document.getElementById("events-more").addEventListener("click", more);
  filter();
}

const linked = /^#state-(\d+)$/.exec(location.hash);
if (linked && data.states[Number(linked[1])]) choose(Number(linked[1]));
