// What can be done with an answer: copy it with its sources, rate it.

import { find } from "./element.js";
import { dialog, say } from "./say.js";
import * as store from "./store.js";
import { words } from "./words.js";

export async function copy(exchange) {
  try {
    await navigator.clipboard.writeText(withSources(exchange.answer));
    say(words().copied);
  } catch {
    say(words().notCopied);
  }
}

export function withSources(answer) {
  const sources = answer.citations.map((c) => {
    const facts = [c.title, c.section, c.publisher, c.date, c.page && `p. ${c.page}`].filter(Boolean).join(", ");
    return `[${c.number}] ${facts}: “${c.quote}”${c.source ? ` (${c.source})` : ""}`;
  });
  return [answer.answer, ...(sources.length ? ["", `${words().sources}:`, ...sources] : [])].join("\n");
}

export async function rate(exchange, rating, redraw) {
  const id = await send({ rating, question: exchange.question, answer: exchange.answer });
  if (!id) return say(words().notSent);
  exchange.rating = rating;
  store.save(store.current());
  redraw();
  const [done, comment] = await dialog(words().thanks, { field: words().comment, long: true, buttons: [["send", words().send]] });
  if (!done || !comment) return;
  say((await send({ id, comment })) ? words().sent : words().notSent);
}

async function send(values) {
  try {
    const reply = await fetch("feedback", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(values),
    });
    return reply.ok ? (await reply.json()).id : null;
  } catch {
    return null;
  }
}
