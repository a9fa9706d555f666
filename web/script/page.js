// The chat page: it keeps the conversation, writes the orders for the server and reacts to what is shown.

import { copy, rate } from "./acts.js";
import { isAway, look, lose, watchConnection } from "./connection.js";
import { all, element, find } from "./element.js";
import { drawHistory, exportOf, isHistoryOpen, toggleHistory } from "./history.js";
import { closePanel, drawPanel, watchMarks } from "./marks.js";
import { announce, say } from "./say.js";
import * as store from "./store.js";
import { choose, language, words } from "./words.js";

const DRAFT = "wic-desk:draft";
const RESUME = "wic-desk:resume";
let serial = 0; // of the last order
let running = 0; // orders that the server has not ended
let answered = 0; // serial of the last order that was carried out
let wanted = null; // what the hidden button orders
const asked = new Map(); // serial of a question: id of the conversation it was asked in
const about = new URLSearchParams(location.search).get("document") || ""; // the document to filter by
if (location.search) history.replaceState(null, "", location.pathname);
let editing = null; // index of the question that is edited

const write = (values) => {
  serial += 1;
  return JSON.stringify({ serial, language: language(), ...values });
};

// --- orders: each is called by an event of the page ---

const NOTHING = JSON.stringify({ action: "nothing" });

export function entered(question) {
  running += 1;
  return ask(question);
}

export function pressed() {
  running += 1;
  return wanted;
}

function ask(question, before = editing === null ? store.current().exchanges : store.current().exchanges.slice(0, editing)) {
  if (isAnswering()) return NOTHING; // Enter pressed twice: what is written stays in the box
  stopEditing();
  if (question === find("#question textarea").value) fill("", false);
  const order = write({ action: "ask", question, conversation: before });
  if (question.trim()) store.keep([...before, { question, answer: null, notice: "" }]); // survives a lost connection
  asked.set(serial, store.current().id);
  setAnswering(true);
  look().then((there) => there || hold());
  return order;
}

// Who reads, and what the address asks for: nothing is to be carried out.
const speakAs = () => {
  if (document.documentElement.lang !== language()) document.documentElement.lang = language();
};
// The framework writes the browser's language there, at a moment of its own.
new MutationObserver(speakAs).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });

export const reader = () => JSON.stringify({ language: language(), document: about });

export function stop() {
  running = 0;
  if (isAway()) { // nobody is there to carry it out
    setAnswering(false);
    say("");
  }
  return write({ action: "show", conversation: stopped() });
}

export function open() {
  speakAs();
  if (serial) return NOTHING; // the reader was quicker than the page
  return write({ action: "show", conversation: store.current().exchanges });
}

// --- reactions ---

export function keep(text) {
  if (!text) return;
  const kept = JSON.parse(text);
  if (kept.serial !== serial) return keepLate(kept.exchanges, asked.get(kept.serial));
  answered = kept.serial;
  const room = store.keep(kept.exchanges);
  if (!kept.exchanges.length) store.remove(store.current().id);
  setAnswering(false);
  if (!room) say(words().full, true);
  redraw();
}

// Something newer was ordered before the answer came; its conversation may be open again.
function keepLate(exchanges, id) {
  if (id && id !== store.current().id) return store.keepElsewhere(id, exchanges);
  const open = store.current().exchanges;
  if (!id || isAnswering() || open.length !== exchanges.length || open.at(-1).answer) return;
  store.keep(exchanges);
  press(write({ action: "show", conversation: exchanges }));
}

export function shown() {
  const questions = all("#chat .question");
  const step = `${questions.length} ${all("#chat .answer").length}`;
  if (questions.length && step !== shown.last) questions.at(-1).closest(".message-row").scrollIntoView();
  shown.last = step; // a long answer is read from its beginning, so neither its end nor a growing text scrolls
  document.body.classList.toggle("with-answers", questions.length > 0);
  dressAnswers();
}

export function finished() {
  running = Math.max(0, running - 1);
  look();
  setTimeout(() => { // a busy server may still carry out what was ordered
    if (running || answered === serial || !isAnswering()) return;
    lose();
    look();
  }, 3000);
}

export function dress() {
  speakAs();
  redraw();
  drawPanel();
  const draft = sessionStorage.getItem(DRAFT);
  sessionStorage.removeItem(DRAFT);
  if (draft && !find("#question textarea").value) fill(draft);
  if (sessionStorage.getItem(RESUME)) {
    sessionStorage.removeItem(RESUME);
    setTimeout(again, 300);
  }
}

// --- what the buttons do ---

function press(order) {
  wanted = order;
  find("#go").click();
}

const show = (id) => {
  if (id) store.open(id);
  else if (id === null) store.start();
  stopEditing();
  closePanel();
  if (matchMedia("(max-width: 64rem)").matches) toggleHistory(false);
  press(write({ action: "show", conversation: store.current().exchanges }));
};

function again() {
  const last = store.current().exchanges.at(-1);
  if (last) press(ask(last.question, store.current().exchanges.slice(0, -1)));
}

function edit(index) {
  editing = index;
  fill(store.current().exchanges[index].question);
  document.body.classList.add("editing");
  const line = element("p", { id: "editing", role: "status" }, words().editing, " ",
    element("button", { type: "button", onclick: () => { stopEditing(); fill(""); } }, words().cancel));
  find("#editing")?.remove();
  find("#ask").before(line);
}

function stopEditing() {
  editing = null;
  find("#editing")?.remove();
  document.body.classList.remove("editing");
}

function stopped() {
  const exchanges = store.current().exchanges;
  const last = exchanges.at(-1);
  if (!last || last.answer) return exchanges;
  return [...exchanges.slice(0, -1), { ...last, notice: "", stopped: true }];
}

function fill(text, focus = true) {
  const box = find("#question textarea");
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  if (focus) box.focus();
}

const exchangeOf = (target) => {
  const index = all("#chat .message-row").indexOf(target.closest(".message-row"));
  return Math.floor(index / 2);
};

const BUTTONS = {
  ".act.copy": (button) => copy(store.current().exchanges[exchangeOf(button)]),
  ".act.again": again,
  ".act.good": (button) => rate(store.current().exchanges[exchangeOf(button)], "up", dressAnswers),
  ".act.bad": (button) => rate(store.current().exchanges[exchangeOf(button)], "down", dressAnswers),
  ".act.edit": (button) => edit(exchangeOf(button)),
  ".suggestion": (button) => press(ask(button.textContent)),
  "#new": () => show(null),
  "#open-history": () => toggleHistory(!isHistoryOpen()),
  "#history .close": () => { toggleHistory(false); find("#open-history").focus(); },
  "#export": () => exportOf(store.current()),
  "#language": (button) => {
    choose(button.dataset.language);
    location.reload();
  },
};

document.addEventListener("click", (event) => {
  for (const [selector, run] of Object.entries(BUTTONS)) {
    const button = event.target.closest?.(selector);
    if (button) return run(button);
  }
});

function redraw() {
  drawHistory(show);
  dressAnswers();
  const button = find("#export");
  if (button) button.hidden = !store.current().exchanges.length;
}

// The chat window names its messages by their HTML and drops what screen readers need.
function dressAnswers() {
  all("#chat .message-row").forEach((row, index) => {
    const message = find("[data-testid=user], [data-testid=bot]", row);
    const own = index % 2 === 0;
    message?.setAttribute("role", "group");
    message?.setAttribute("aria-label", own ? words().question : words().answer);
    const answer = find(".answer", row);
    if (!answer) return;
    answer.lang = answer.classList.contains("zh") ? "zh" : "en";
    const rating = store.current().exchanges[Math.floor(index / 2)]?.rating;
    find(".act.good", row)?.setAttribute("aria-pressed", String(rating === "up"));
    find(".act.bad", row)?.setAttribute("aria-pressed", String(rating === "down"));
  });
}

const isAnswering = () => document.body.classList.contains("answering");

function setAnswering(on) {
  if (isAnswering() !== on) announce(on ? words().searching : words().done);
  document.body.classList.toggle("answering", on);
}

function unanswered() {
  const last = store.current().exchanges.at(-1);
  return isAnswering() && last && !last.answer ? last.question : "";
}

// The server went away while it answered: the question goes back into the box, and is asked again on the next page.
function hold() {
  if (!unanswered()) return;
  say(words().lost, true);
  if (!find("#question textarea").value) fill(unanswered(), false);
}

addEventListener("pagehide", () => {
  sessionStorage.setItem(DRAFT, find("#question textarea")?.value || "");
  const filtered = find("#only p"); // the next page has no filter: the reader asks again
  if (isAway() && unanswered() && !filtered) sessionStorage.setItem(RESUME, "yes");
});

watchMarks();
watchConnection(hold);
