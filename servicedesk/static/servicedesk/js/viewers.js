// Telling the others what this person does with a ticket: looks at it, writes, or has been away for a while.

import { send } from "./live.js";

const PAUSE = 8_000; // without a key writing is looking again
const AWAY = 120_000;
const said = new Map(); // topic -> what the desk was told last
const timers = new Map();
let away = 0;
let movedAt = 0;

const topicOf = (element) => element.closest(".sd-work, .sd-tabpanel__in")?.querySelector("[data-viewers]")?.dataset.live;
const shown = () => [...document.querySelectorAll("[data-viewers]")].map((element) => element.dataset.live);

function say(topic, doing, again = false) {
  if (!again && (said.get(topic) ?? "viewing") === doing) return;
  said.set(topic, doing);
  send({ op: "doing", topics: [topic], doing });
}

function typed({ target }) {
  const topic = target.matches?.("[data-composer] textarea") && topicOf(target);
  if (!topic) return;
  say(topic, "writing");
  clearTimeout(timers.get(topic));
  timers.set(topic, setTimeout(() => say(topic, "viewing"), PAUSE));
}

function awake() {
  if (performance.now() - movedAt < 1_000) return;
  movedAt = performance.now();
  clearTimeout(away);
  for (const topic of shown()) if (said.get(topic) === "idle") say(topic, "viewing");
  away = setTimeout(() => shown().forEach((topic) => say(topic, "idle")), AWAY);
}

export function startViewers() {
  document.addEventListener("input", typed);
  for (const event of ["keydown", "pointerdown", "pointermove"]) document.addEventListener(event, awake, { passive: true });
  document.addEventListener("live:open", () => {
    for (const topic of shown()) if (said.has(topic)) say(topic, said.get(topic), true);
  });
}
