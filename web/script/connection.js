// Whether the server can be reached. While it cannot, the status line says so; when it is back, the page is loaded anew.

import { element, find } from "./element.js";
import { words } from "./words.js";

const CALM = 5000; // milliseconds between two looks
const RESTLESS = 1000; // while the server is away
const PATIENCE = 10000; // a busy server is not away
let timer;
let onLost = () => {};

export const isAway = () => document.body.classList.contains("away");

async function reached() {
  try { // a proxy answers 502 to 504 in the server's place
    return (await fetch("healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })).status < 500;
  } catch {
    return false;
  }
}

// Look now; resolves with whether the server is there.
export async function look() {
  clearTimeout(timer);
  const there = await reached();
  if (!there) lose();
  else if (isAway()) location.reload();
  clearTimeout(timer); // of a look that began meanwhile
  timer = setTimeout(() => document.visibilityState === "visible" && look(), there ? CALM : RESTLESS);
  return there;
}

export function lose() {
  if (isAway()) return;
  document.body.classList.add("away");
  find("#status")?.prepend(element("p", { id: "away", role: "status", "data-state": "connecting" }, words().connecting));
  onLost();
}

// Look again and again from now on.
export function watchConnection(lost) {
  onLost = lost;
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  for (const name of ["online", "offline"]) addEventListener(name, look);
  look();
}
