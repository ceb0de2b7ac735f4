// Notes and replies save themselves: to this computer at once, to the desk after two quiet seconds.

import { post } from "./request.js";

const QUIET = 2_000;
const timers = new WeakMap();
const fields = () => document.querySelectorAll("textarea[data-autosave]");
const localKey = (field) => `draft:${document.documentElement.dataset.user}:${field.dataset.autosaveKey}`;

function say(field, state) {
  const place = document.getElementById(field.dataset.saveState);
  if (!place) return;
  for (const word of place.querySelectorAll("[data-when]")) word.hidden = word.dataset.when !== state;
}

async function save(field) {
  clearTimeout(timers.get(field));
  const text = field.value;
  const { autosave, version = "" } = field.dataset;
  const answer = await post(autosave, { text, body: text, version, key: field.dataset.autosaveKey }, { keepalive: true }).catch(() => null);
  if (!answer?.ok && answer?.status !== 409) {
    say(field, "kept");
    timers.set(field, setTimeout(() => save(field), 2 * QUIET));
    return;
  }
  const kept = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  if (kept.version !== undefined) field.dataset.version = kept.version;
  if (answer.status === 409) return save(field); // another tab saved meanwhile: what is typed here last stands
  if (field.value === text) {
    localStorage.removeItem(localKey(field));
    say(field, "saved");
  }
}

function typed({ target }) {
  if (!target.matches?.("textarea[data-autosave]")) return;
  localStorage.setItem(localKey(target), target.value);
  say(target, "typing");
  clearTimeout(timers.get(target));
  timers.set(target, setTimeout(() => save(target), QUIET));
}

// What a crash or a lost connection kept from the desk comes back when the field does.
function restore() {
  for (const field of fields()) {
    if (field.dataset.restored) continue;
    field.dataset.restored = "yes";
    const kept = localStorage.getItem(localKey(field));
    if (kept === null || kept === field.value) continue;
    field.value = kept;
    save(field);
  }
}

export function flush() {
  for (const field of fields()) if (localStorage.getItem(localKey(field)) !== null) save(field);
}

export function startNotes() {
  document.addEventListener("input", typed);
  document.addEventListener("htmx:after:swap", restore);
  addEventListener("pagehide", flush);
  addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => document.hidden && flush());
  document.addEventListener("live:stale", ({ detail }) => detail.stale || flush());
  restore();
}
