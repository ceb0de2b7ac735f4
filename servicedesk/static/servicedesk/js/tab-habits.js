// How tabs are used: opened by links, moved through by arrows, marked while a draft is in them, restored after a reload.

import { bar, closeTab, openTab, panelOf, showTab, tabs } from "./tabs.js";

const numberIn = (link) => link.dataset.openTicket.replace(/\D+/g, "");

// Heard before the link itself hears it: on the console a ticket opens beside the work, elsewhere on its page.
function openTicket(event) {
  const link = event.target.closest("[data-open-ticket]");
  if (!bar() || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  link.closest("dialog")?.close();
  openTab({ id: numberIn(link), url: link.dataset.openTicket });
}

function onClick(event) {
  const tab = event.target.closest("#tabs [role=tab]");
  if (event.target.closest("[data-close-tab]")) closeTab(tab.dataset.id);
  else if (tab) showTab(tab.dataset.id);
}

function onKey(event) {
  const tab = event.target.closest?.("#tabs [role=tab]");
  if (!tab) return;
  if (event.key === "Delete" && tab.dataset.kind === "ticket") return closeTab(tab.dataset.id);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const shown = tabs().filter((one) => !one.hidden);
  const next = shown.at((shown.indexOf(tab) + step) % shown.length);
  showTab(next.dataset.id);
  next.focus();
}

function markDrafts() {
  for (const tab of bar() ? tabs() : []) {
    const fields = [...(panelOf(tab.dataset.id)?.querySelectorAll("textarea") ?? [])];
    tab.querySelector("[data-draft]").hidden = tab.dataset.kind !== "ticket" || !fields.some((field) => field.value.trim());
  }
}

// The list shows which of its tickets is open.
function markRows() {
  if (!bar()) return;
  const open = tabs().find((tab) => tab.getAttribute("aria-selected") === "true")?.dataset.id;
  for (const row of document.querySelectorAll("#list [data-open-ticket]")) {
    const isOpen = numberIn(row) === open;
    row.classList.toggle("sd-row--on", isOpen);
    isOpen ? row.setAttribute("aria-current", "true") : row.removeAttribute("aria-current");
  }
}

async function restore() {
  if (!bar() || bar().dataset.restored) return;
  bar().dataset.restored = "yes";
  showTab("home");
  for (const tab of JSON.parse(sessionStorage.getItem("tabs") ?? "[]")) await openTab({ ...tab, focus: false });
  if (!panelOf("call")) showTab("home");
}

export function startTabs() {
  document.addEventListener("click", openTicket, { capture: true });
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("input", markDrafts);
  document.addEventListener("tab:shown", markRows);
  document.addEventListener("htmx:after:swap", () => {
    restore();
    markDrafts();
    markRows();
  });
  restore();
}
