// The conversations of this browser: each under a key of its own, so that two tabs do not overwrite each other.

const PREFIX = "wic-desk:conversation:";
const CURRENT = "wic-desk:current"; // of this tab

const fresh = () => ({ id: newId(), title: "", updated: "", exchanges: [] });

function newId() { // crypto.randomUUID needs https; the desk is often on http
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

let conversation = load(sessionStorage.getItem(CURRENT)) || fresh();

export const current = () => conversation;

export function load(id) {
  try {
    const found = JSON.parse(localStorage.getItem(PREFIX + id));
    return found && Array.isArray(found.exchanges) ? found : null;
  } catch {
    return null;
  }
}

export function start() {
  conversation = fresh();
  sessionStorage.setItem(CURRENT, conversation.id);
}

export function open(id) {
  conversation = load(id) || fresh();
  sessionStorage.setItem(CURRENT, conversation.id);
}

// Keep the exchanges of the open conversation; false when the browser has no room.
export function keep(exchanges) {
  const rated = conversation.exchanges;
  const kept = exchanges.map((exchange, index) => ({ ...exchange, rating: ratingOf(rated[index], exchange) }));
  if (JSON.stringify(kept) === JSON.stringify(rated)) return true; // shown again, as after a reload
  conversation.exchanges = kept;
  conversation.title ||= (exchanges[0]?.question || "").replace(/\s+/g, " ").trim().slice(0, 80);
  conversation.updated = new Date().toISOString();
  return save(conversation);
}

// Keep the answer that came when its conversation was no longer the open one, unless that has gone on in another tab.
export function keepElsewhere(id, exchanges) {
  const found = load(id);
  if (found?.exchanges.length === exchanges.length) save(Object.assign(found, { exchanges }));
}

const ratingOf = (before, now) =>
  (before && before.question === now.question && before.answer?.answer === now.answer?.answer && before.rating) || "";

export function save(changed) {
  sessionStorage.setItem(CURRENT, conversation.id);
  try {
    localStorage.setItem(PREFIX + changed.id, JSON.stringify(changed));
    return true;
  } catch {
    return false;
  }
}

export function list() {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => load(key.slice(PREFIX.length)))
    .filter((found) => found && found.exchanges.length)
    .sort((one, other) => String(other.updated).localeCompare(String(one.updated)));
}

export function rename(id, title) {
  const changed = id === conversation.id ? conversation : load(id);
  if (changed) save(Object.assign(changed, { title }));
}

export function remove(id) {
  localStorage.removeItem(PREFIX + id);
  if (id === conversation.id) start();
}
