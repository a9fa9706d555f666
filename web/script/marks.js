// A mark tells its quote on hover and focus, and opens the source beside the conversation.

import { all, element, find } from "./element.js";
import { current } from "./store.js";

const WIDE = matchMedia("(min-width: 64rem)");
const LINKS = "#chat :is(a.mark, a.quote, a.title, a.passage)";
let hiding;
let opener;
let opened = ""; // address of the source that stands open

function citationOf(mark) {
  const index = all("#chat .bot-row").indexOf(mark.closest(".bot-row"));
  const number = Number(mark.textContent.replace(/\D/g, ""));
  return current().exchanges[index]?.answer?.citations[number - 1];
}

function showTip(mark) {
  const citation = citationOf(mark);
  if (!citation) return;
  clearTimeout(hiding);
  find("#tip")?.remove();
  const facts = [citation.section, citation.date, citation.page && `p. ${citation.page}`].filter(Boolean).join(" · ");
  const tip = element("div", { id: "tip", role: "tooltip", lang: "" },
    element("blockquote", {}, citation.quote),
    element("p", { class: "title" }, citation.title),
    facts && element("p", { class: "facts" }, facts));
  tip.addEventListener("mouseenter", () => clearTimeout(hiding));
  tip.addEventListener("mouseleave", hideTip);
  document.body.append(tip);
  mark.setAttribute("aria-describedby", "tip");
  const place = mark.getBoundingClientRect();
  const room = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(place.left - 24, innerWidth - room.width - 8))}px`;
  const above = place.top - room.height - 6;
  tip.style.top = `${above > 8 ? above : Math.min(place.bottom + 6, innerHeight - room.height - 8)}px`;
}

function hideTip() {
  clearTimeout(hiding);
  hiding = setTimeout(() => find("#tip")?.remove(), 120);
}

export function openPanel(href, from) {
  opened = href;
  drawPanel();
  document.body.classList.add("with-panel");
  opener = from;
  find("#panel .close").focus();
}

// The server may draw the panel's frame anew while it stands open.
export function drawPanel() {
  const panel = find("#panel");
  if (!panel || !opened) return;
  find("iframe", panel).src = opened;
  find("a.new-tab", panel).href = opened;
  panel.hidden = false;
}

export function closePanel() {
  const panel = find("#panel");
  opened = "";
  if (!panel || panel.hidden) return;
  panel.hidden = true;
  document.body.classList.remove("with-panel");
  if (opener?.isConnected) opener.focus();
}

function onClick(event) {
  const link = event.target.closest?.(LINKS);
  if (link && WIDE.matches && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    event.stopPropagation();
    find("#tip")?.remove();
    openPanel(link.getAttribute("href"), link);
  } else if (event.target.closest?.("#panel .close")) closePanel();
}

export function watchMarks() {
  document.addEventListener("click", onClick, true);
  for (const [enter, leave] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(enter, (event) => {
      const mark = event.target.closest?.("#chat a.mark");
      if (mark) showTip(mark);
    });
    document.addEventListener(leave, (event) => event.target.closest?.("#chat a.mark") && hideTip());
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || find("dialog[open]")) return;
    if (find("#tip")) find("#tip").remove();
    else closePanel();
  });
  document.addEventListener("load", (event) => { // Escape pressed inside the source closes it too
    if (event.target.matches?.("#panel iframe"))
      event.target.contentWindow?.addEventListener("keydown", (pressed) => pressed.key === "Escape" && closePanel());
  }, true);
}
