"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const definition = parsed(document.getElementById("definition-json").textContent);
const visits = data.visits || [];
const events = data.events || [];
const byId = new Map(events.map((event) => [event.id, event]));
const panel = document.getElementById("panel-body");
const heading = document.getElementById("panel-heading");
/* How many rows or items are added at a time. */
const PAGE = 200;

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

/* What is hidden is made when it is opened, or printed: ten thousand events are shown at once. */
const unmade = new WeakMap();

function folded(name, contents) {
  const summary = make("summary", {}, name);
  const details = make("details", {}, summary);
  unmade.set(details, contents);
  summary.addEventListener("click", () => unfold(details));
  return details;
}

function unfold(details) {
  const contents = unmade.get(details);
  if (!contents) return;
  unmade.delete(details);
  details.append(...contents());
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
const canvas = document.querySelector(".canvas");

function choose(number, { move = false } = {}) {
  for (const state of states) {
    const chosen = Number(state.dataset.state) === number;
    state.classList.toggle("chosen", chosen);
    state.setAttribute("aria-pressed", String(chosen));
  }
  document.querySelector("main").classList.add("with-state");
  stopAt(states[number]);
  show(number);
  history.replaceState(null, "", `#state-${number}`);
  bringIntoView(states[number]);
  if (move) panel.querySelector('[role="tab"][aria-selected="true"]').focus();
  const place = document.getElementById("panel").getBoundingClientRect();
  if (place.top > innerHeight * 0.7 || place.bottom < 120) document.getElementById("panel").scrollIntoView();
}

/* The graph is one stop of the Tab key, at the state that had the focus last. */
function stopAt(stop) {
  for (const state of states) state.setAttribute("tabindex", state === stop ? "0" : "-1");
}

/* Scroll the graph, not the page. */
function bringIntoView(element, { always = false } = {}) {
  const box = (element.querySelector(".box") || element).getBoundingClientRect();
  const view = canvas.getBoundingClientRect();
  if (always || box.left < view.left || box.right > view.right) {
    canvas.scrollLeft += box.left + box.width / 2 - view.left - canvas.clientWidth / 2;
  }
  if (always || box.top < view.top || box.bottom > view.bottom) {
    canvas.scrollTop += box.top + Math.min(box.height, canvas.clientHeight) / 2 - view.top - canvas.clientHeight / 2;
  }
}

for (const state of states) {
  state.addEventListener("click", (event) => {
    event.stopPropagation();
    choose(Number(state.dataset.state));
  });
  state.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(Number(state.dataset.state), { move: true });
    }
  });
}

canvas.addEventListener("keydown", (event) => {
  const here = states.indexOf(document.activeElement);
  const to = {
    ArrowRight: here + 1,
    ArrowDown: here + 1,
    ArrowLeft: here - 1,
    ArrowUp: here - 1,
    Home: 0,
    End: states.length - 1,
  }[event.key];
  if (here < 0 || to === undefined) return;
  event.preventDefault();
  if (!states[to]) return;
  stopAt(states[to]);
  states[to].focus();
  bringIntoView(states[to]);
});

const drawing = document.querySelector("svg.graph");
const full = Number(drawing.getAttribute("width"));
const ratio = Number(drawing.getAttribute("height")) / full;

/* What is in the middle stays there. */
function resize(width) {
  const view = canvas.getBoundingClientRect();
  const middle = [view.left + canvas.clientWidth / 2, view.top + canvas.clientHeight / 2];
  const before = drawing.getBoundingClientRect();
  const bounded = Math.min(Math.max(width, 120), full * 4);
  drawing.setAttribute("width", String(Math.round(bounded)));
  drawing.setAttribute("height", String(Math.round(bounded * ratio)));
  const after = drawing.getBoundingClientRect();
  canvas.scrollLeft += after.left + ((middle[0] - before.left) / before.width) * after.width - middle[0];
  canvas.scrollTop += after.top + ((middle[1] - before.top) / before.height) * after.height - middle[1];
}

function room() {
  return canvas.clientWidth - 8;
}

for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => {
    const width = Number(drawing.getAttribute("width"));
    const sizes = { smaller: width / 1.25, larger: width * 1.25, fit: room(), full };
    resize(sizes[button.dataset.zoom]);
  });
}

/* A graph opens as small as its names can be read, on the state that a reader looks for. */
const READABLE = 0.75;
if (full > room()) resize(Math.max(room(), full * READABLE));
if (Number.isInteger(data.opens_at)) {
  stopAt(states[data.opens_at]);
  bringIntoView(states[data.opens_at], { always: true });
} else {
  bringIntoView(drawing.querySelector(".mark.start") || drawing, { always: true });
}

/* ---- documents in two formats ---- */

for (const radio of document.querySelectorAll(".formats input")) {
  radio.addEventListener("change", () => {
    for (const other of document.getElementsByName(radio.name)) {
      document.getElementById(other.value).hidden = !other.checked;
    }
  });
}

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
  if (own.length > 1) panel.insertBefore(visitChooser(body, state, own), body);
  const worst = own.find(([visit]) => visit.status === state.status);
  return visited(body, state, worst || own[0]);
}

const FAILED_VISITS = new Set(["failed", "timed out", "aborted", "caught"]);

function visitChooser(body, state, own) {
  const select = make("select");
  const failures = make("input", { type: "checkbox" });
  const fails = ([visit]) => FAILED_VISITS.has(visit.status);
  const count = own.filter(fails).length;
  function list() {
    select.replaceChildren();
    own.forEach(([visit], place) => {
      if (failures.checked && !fails([visit])) return;
      const item = within(visit);
      select.append(make("option", { value: String(place) }, `${place + 1} of ${own.length}: ${item}${visit.status}`));
    });
  }
  list();
  select.value = String(Math.max(own.findIndex(([visit]) => visit.status === state.status), 0));
  select.addEventListener("change", () => visited(body, state, own[Number(select.value)]));
  failures.addEventListener("change", () => {
    list();
    visited(body, state, own[Number(select.value)]);
  });
  const row = make("div", { class: "visits" }, make("label", {}, "Visit ", select));
  if (count && count < own.length) {
    row.append(make("label", {}, failures, `failed visits only (${count.toLocaleString("en")})`));
  }
  return row;
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
    parts.push(make("h3", {}, `Items (${visit.iterations.length})`), ...items(visit.iterations));
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
      if (text !== undefined) parts.push(folded(name, () => [block(text)]));
    }
  });
  const all = make("button", { type: "button" }, "Show them in the table of all events");
  all.addEventListener("click", () => {
    document.getElementById("filter").reset();
    document.getElementById("filter-state").value = visit.name;
    filter();
    document.getElementById("events-heading").scrollIntoView();
    document.querySelector(".events .scroll").focus({ preventScroll: true });
  });
  parts.push(make("h3", {}, `Events (${visit.events.length})`), ...eventList(visit.events), all);
  return parts;
}

/* A list of the first entries, with a button for the others. */
function long(list, entries, item) {
  list.append(...entries.slice(0, PAGE).map(item));
  if (entries.length <= PAGE) return [list];
  const all = make("button", { type: "button" }, `Show all ${entries.length.toLocaleString("en")}`);
  all.addEventListener("click", () => {
    list.append(...entries.slice(PAGE).map(item));
    list.focus();
    all.remove();
  });
  return [list, all];
}

/* The items that did not succeed come first where there are too many to show. */
function items(iterations) {
  const succeeded = ([, status]) => status === "succeeded";
  const sorted = [...iterations.filter((each) => !succeeded(each)), ...iterations.filter(succeeded)];
  const list = make("ul", { class: "items", tabindex: "0" });
  const item = ([index, status]) => make("li", {}, `item ${index} `, badge(status));
  return long(list, iterations.length > PAGE ? sorted : iterations, item);
}

function eventList(ids) {
  const list = make("ol", { class: "history", tabindex: "0" });
  const known = ids.map((id) => byId.get(id)).filter(Boolean);
  return long(list, known, (event) =>
    make("li", { value: String(event.id) }, `${event.type} `, make("small", {}, event.time || "")));
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

function more(count = PAGE) {
  const rows = matching.slice(shown, shown + count).map(row);
  document.getElementById("events-rows").append(...rows);
  shown += rows.length;
  const part = shown < matching.length ? `, the first ${shown.toLocaleString("en")} shown` : "";
  document.getElementById("events-count").textContent =
    `${matching.length.toLocaleString("en")} of ${events.length.toLocaleString("en")} events${part}`;
  for (const id of ["more", "all"]) document.getElementById(`events-${id}`).hidden = shown >= matching.length;
  return rows;
}

/* The focus goes to the first row that was added: the button may be gone. */
function moreFrom(button, add) {
  document.getElementById(button).addEventListener("click", () => {
    const [first] = add();
    if (!first) return;
    first.tabIndex = -1;
    first.focus();
  });
}

/* All rows are added in parts, between which the page answers. */
function rest() {
  const listed = matching;
  const rows = more(PAGE * 5);
  const next = () => {
    if (listed !== matching || shown >= matching.length) return;
    more(PAGE * 5);
    setTimeout(next);
  };
  setTimeout(next);
  return rows;
}

function row(event) {
  const after = event.time && !Number.isNaN(started) ? `${((moment(event.time) - started) / 1000).toFixed(3)} s` : "";
  const type = event.details
    ? folded(event.type, () => [block(event.details)])
    : event.type;
  const name = state(event);
  return make(
    "tr",
    { role: "row", class: FAILS.test(event.type) && "fails" },
    make("td", { role: "cell", "data-label": "Id" }, String(event.id)),
    make("td", { role: "cell", "data-label": "Type" }, type),
    make("td", { role: "cell", "data-label": "State" }, name),
    make("td", { role: "cell", "data-label": "Time" }, event.time || ""),
    make("td", { role: "cell", "data-label": "After" }, after),
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
  moreFrom("events-more", more);
  moreFrom("events-all", rest);
  filter();
}

const linked = /^#state-(\d+)$/.exec(location.hash);
if (linked && data.states[Number(linked[1])]) choose(Number(linked[1]));

/* ---- print ---- */

let closed = [];

addEventListener("beforeprint", () => {
  if (data.events) more(matching.length);
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const details of closed) {
    unfold(details);
    details.open = true;
  }
});

addEventListener("afterprint", () => {
  for (const details of closed) details.open = false;
});
