// The call's own tab: loaded while it rings, shown when it is answered, turned into the wrap-up, closed when saved.

import htmx from "htmx.org";
import { flush } from "./note.js";
import { closeTab, openTab, showTab } from "./tabs.js";
import { focusOutcomes } from "./wrap-up.js";

const IN_HAND = new Set(["connecting", "talking", "hold", "consult", "wrap"]);
const AGAIN_AFTER = 1_000;
const work = () => document.querySelector("[data-call-url]");
const panel = () => document.getElementById("panel-call");
let loading = null; // { call, done }

const address = (pattern, call) => pattern.replace("/0/", `/${call}/`);

function load(call) {
  if (loading?.call === call && panel()) return loading.done;
  if (panel()) closeTab("call");
  const done = openTab({ id: "call", url: address(work().dataset.callUrl, call), kind: "call", quiet: true });
  loading = { call, done };
  return done;
}

async function show(call) {
  await load(call);
  document.getElementById("tab-call")?.removeAttribute("hidden");
  showTab("call");
  (document.querySelector("#call-head [data-first-focus]") ?? document.getElementById("note-text"))?.focus();
}

// The form waits out of sight while they talk, so that it stands there the moment they stop.
async function loadForm(call) {
  const slot = document.getElementById("call-form");
  if (!slot || slot.dataset.for === call || slot.querySelector("form")) return;
  slot.dataset.for = call;
  try {
    await htmx.ajax("GET", address(work().dataset.wrapUrl, call), { source: slot, target: slot, swap: "innerHTML" });
  } finally {
    delete slot.dataset.for;
  }
}

async function wrapUp(call) {
  document.getElementById("tab-call")?.classList.add("sd-tab--wrap");
  const slot = document.getElementById("call-form");
  if (!slot) return;
  slot.hidden = false;
  // The desk may be away for a moment, and no wrap-up is done without its form.
  while (slot.isConnected && !slot.querySelector("form")) {
    await loadForm(call).catch(() => null);
    if (!slot.querySelector("form")) await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER));
  }
  focusOutcomes();
}

// The head is fetched again when the call moves on or turns out to be somebody else's.
function nameTab() {
  const label = document.querySelector("#tab-call [data-tab-label]");
  const title = document.getElementById("call-head")?.dataset.tabTitle;
  if (label && title && label.textContent !== title) label.textContent = title;
}

function leave() {
  flush();
  if (panel() && !panel().querySelector("[data-later]")) closeTab("call");
  loading = null;
}

async function follow({ detail: { now, before } }) {
  if (!work()) return;
  if (now.look === "ringing") return load(now.call);
  if (!IN_HAND.has(now.look)) return leave();
  const isShown = panel() && loading?.call === now.call && !document.getElementById("tab-call").hidden;
  if (!isShown) await show(now.call);
  if (now.look === "talking" || now.look === "hold") loadForm(now.call);
  if (now.look === "wrap" && (before.look !== "wrap" || !isShown)) {
    showTab("call");
    wrapUp(now.call);
  }
}

export function startCallTab() {
  document.addEventListener("desk:change", follow);
  document.addEventListener("htmx:after:swap", nameTab);
  document.addEventListener("phone:accepting", ({ detail }) => work() && show(detail.callId));
  document.addEventListener("click", (event) => {
    const later = event.target.closest("[data-open-leg]");
    if (later && !panel()) openTab({ id: "call", url: later.dataset.openLeg, kind: "wrap" }).then(focusOutcomes);
  });
}
