// The call's own tab: it opens when the call is answered, turns into the wrap-up, and goes when that is saved.

import htmx from "htmx.org";
import { closeTab, openTab, showTab } from "./tabs.js";
import { flush } from "./note.js";
import { focusOutcomes } from "./wrap-up.js";

const IN_HAND = new Set(["connecting", "talking", "hold", "wrap"]);
const work = () => document.querySelector("[data-call-url]");

async function openCall(call) {
  await openTab({ id: "call", url: work().dataset.callUrl.replace("/0/", `/${call}/`), label: "", kind: "call", focus: false });
  const question = document.querySelector("#call-head [data-first-focus]");
  (question ?? document.getElementById("note-text"))?.focus();
}

async function openForm(call) {
  const slot = document.getElementById("call-form");
  if (!slot || slot.querySelector("form")) return;
  await htmx.ajax("GET", work().dataset.wrapUrl.replace("/0/", `/${call}/`), { target: slot, swap: "innerHTML" });
  focusOutcomes();
}

function nameTab(tab) {
  const title = document.querySelector("#panel-call [data-wrap-title]")?.dataset.wrapTitle;
  if (title) tab.querySelector("[data-tab-label]").textContent = title;
}

async function follow({ detail: { now, before } }) {
  if (!work()) return;
  const panel = document.getElementById("panel-call");
  const shown = panel?.querySelector("[data-call]")?.dataset.call;
  if (!IN_HAND.has(now.look)) {
    flush();
    if (panel && !panel.querySelector("[data-later]")) closeTab("call");
    return;
  }
  if (shown !== now.call) {
    if (panel) closeTab("call");
    await openCall(now.call);
  }
  const tab = document.getElementById("tab-call");
  tab?.classList.toggle("sd-tab--wrap", now.look === "wrap");
  if (tab && now.look === "wrap") nameTab(tab);
  if (now.look === "wrap") {
    if (before.look !== "wrap") showTab("call");
    await openForm(now.call);
  }
}

export function startCallTab() {
  document.addEventListener("desk:change", follow);
  document.addEventListener("click", (event) => {
    const later = event.target.closest("[data-open-leg]");
    if (later && !document.getElementById("panel-call")) openTab({ id: "call", url: later.dataset.openLeg, kind: "wrap" }).then(focusOutcomes);
  });
}
