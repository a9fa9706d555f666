// Administration on the documents page: upload, remove, and how the work on the index goes.

import { all, element, find } from "./element.js";

const place = find("#work");
const words = place.dataset;
const REPORT = "wic-desk:report";

function show(...lines) {
  place.replaceChildren(...lines);
}

function refuse(reason) {
  show(element("p", { class: "bad" }, reason));
}

async function begin(path, body) {
  try {
    const reply = await fetch(path, { method: "POST", body });
    const told = await reply.json();
    if (!reply.ok) return refuse(told.message || told.error?.message || told.detail || String(reply.status));
    follow(true);
  } catch {
    show(element("p", { class: "bad" }, words.offline));
  }
}

async function follow(begun) {
  for (;;) {
    let work;
    try {
      const reply = await fetch("documents/work");
      if (!reply.ok) return;
      work = await reply.json();
    } catch {
      return show(element("p", { class: "bad" }, words.offline));
    }
    if (work.state === "idle" || (work.state !== "working" && !begun)) return;
    if (work.state !== "working") return finish(work);
    begun = true;
    const step = words[work.step] || words.working;
    show(element("p", {}, `${step} ${work.total ? `${work.done} / ${work.total}` : ""}`),
      element("progress", { max: work.total || 1, value: work.total ? work.done : null, "aria-label": step }));
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}

function report(work) {
  const rows = work.report.files.map((file) => element("li", { class: file.state === "failed" ? "bad" : "" },
    `${words[file.state]}: ${file.id}${file.reason ? `: ${file.reason}` : ""}`));
  const done = words.done.replace("{}", work.report.seconds).replace("{}", work.report.corpus_version);
  show(element("h3", {}, words.report), element("ul", {}, ...rows), element("p", {}, done));
}

function finish(work) {
  if (work.state === "failed") return show(element("p", { class: "bad" }, work.message));
  sessionStorage.setItem(REPORT, JSON.stringify(work));
  location.reload(); // the list has changed
}

find(".upload").addEventListener("submit", (event) => {
  event.preventDefault();
  begin("documents/upload", new FormData(event.target));
});

for (const button of all(".remove"))
  button.addEventListener("click", () => {
    if (!confirm(button.dataset.sure)) return;
    const body = new FormData();
    body.set("id", button.dataset.id);
    begin("documents/remove", body);
  });

const before = sessionStorage.getItem(REPORT);
sessionStorage.removeItem(REPORT);
if (before) report(JSON.parse(before));
else follow(false);
