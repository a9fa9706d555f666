// One line that is seen for a moment and heard by screen readers, and dialogs.

import { element, find } from "./element.js";
import { words } from "./words.js";

let timer;

export function say(text, lasting = false) {
  const line = find("#said") || document.body.appendChild(element("div", { id: "said", role: "status" }));
  line.textContent = text;
  clearTimeout(timer);
  if (!lasting) timer = setTimeout(() => (line.textContent = ""), 4000);
}

// For screen readers alone: the conversation itself shows what happens.
export function announce(text) {
  const line = find("#heard") || document.body.appendChild(element("div", { id: "heard", role: "status" }));
  line.textContent = text;
}

// Show a dialog; resolves with the value of the button that closed it, and what was written.
export function dialog(title, { field = null, value = "", buttons, long = false }) {
  const input = field && element(long ? "textarea" : "input", { id: "dialog-field", maxlength: long ? 4000 : 80, rows: 4 });
  if (input) input.value = value;
  const box = element("dialog", { "aria-labelledby": "dialog-title" },
    element("form", { method: "dialog" },
      element("p", { id: "dialog-title" }, title),
      ...(field ? [element("label", { for: "dialog-field" }, field), input] : []),
      element("p", { class: "buttons" },
        ...buttons.map(([name, label], index) => element("button", { value: name, class: index ? "" : "first" }, label)),
        element("button", { value: "", type: "submit", formnovalidate: true }, words().cancel))));
  document.body.append(box);
  box.showModal();
  return new Promise((resolve) => box.addEventListener("close", () => {
    box.remove();
    resolve([box.returnValue, input ? input.value.trim() : ""]);
  }));
}
