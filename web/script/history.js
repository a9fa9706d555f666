// The list of this browser's conversations: open, rename, delete, export.

import { element, find } from "./element.js";
import { dialog } from "./say.js";
import * as store from "./store.js";
import { words } from "./words.js";

export function drawHistory(show) {
  drawHistoryState();
  const list = find("#history ul");
  if (!list) return;
  const found = store.list();
  list.replaceChildren(...(found.length ? found.map((one) => item(one, show)) : [element("li", { class: "none" }, words().none)]));
}

function item(one, show) {
  const title = one.title || words().untitled;
  const here = one.id === store.current().id;
  const day = new Date(one.updated).toLocaleDateString(words().day, { day: "numeric", month: "short", year: "numeric" });
  const act = (name, label, run) =>
    element("button", { type: "button", class: name, "aria-label": `${label}: ${title}`, onclick: run }, label);
  return element("li", {},
    element("button", { type: "button", class: "open", "aria-current": here ? "true" : null, onclick: () => show(one.id) }, title),
    element("p", { class: "facts" }, `${day} `,
      act("rename", words().rename, () => rename(one, show)),
      act("export", words().exporting, () => exportOf(one)),
      act("delete", words().remove, () => remove(one, show))));
}

async function rename(one, show) {
  const [done, title] = await dialog(words().rename, { field: words().name, value: one.title, buttons: [["save", words().save]] });
  if (done && title) store.rename(one.id, title);
  drawHistory(show);
}

async function remove(one, show) {
  const [done] = await dialog(words().sure, { buttons: [["delete", words().remove]] });
  if (!done) return;
  const here = one.id === store.current().id;
  store.remove(one.id);
  if (here) show(null);
  drawHistory(show);
}

export async function exportOf(one) {
  const formats = [["md", words().markdown], ["docx", words().word], ["html", words().print]];
  const [format] = await dialog(words().format, { buttons: formats });
  if (!format) return;
  const form = element("form", { method: "post", action: `export/${format}`, enctype: "multipart/form-data", hidden: true,
    target: format === "html" ? "_blank" : "" }, element("textarea", { name: "conversation" }));
  form.firstChild.value = JSON.stringify({ title: one.title, exchanges: one.exchanges });
  document.body.append(form);
  form.submit();
  form.remove();
}

// Whether it is open stands at the body, which the server never draws anew.
export const isHistoryOpen = () => document.body.classList.contains("with-history");

export function toggleHistory(open) {
  document.body.classList.toggle("with-history", open);
  drawHistoryState();
  if (open) find("#history .close")?.focus();
}

export function drawHistoryState() {
  const panel = find("#history");
  const button = find("#open-history");
  if (!panel || !button) return;
  panel.hidden = !isHistoryOpen();
  button.setAttribute("aria-expanded", String(isHistoryOpen()));
}
