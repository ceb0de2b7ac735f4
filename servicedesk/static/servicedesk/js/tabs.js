// Tabs of the work area: at most eight, the call's pinned left, the oldest clean one goes first.

import htmx from "htmx.org";

const MOST = 8;
const bar = () => document.getElementById("tabs");
const panels = () => document.getElementById("panels");
const tabs = () => [...bar().querySelectorAll("[role=tab]")];
const panelOf = (id) => document.getElementById(`panel-${id}`);
const store = (list) => sessionStorage.setItem("tabs", JSON.stringify(list));
const stored = () => JSON.parse(sessionStorage.getItem("tabs") ?? "[]");

function remember() {
  store(tabs().filter((tab) => tab.dataset.kind === "ticket").map((tab) => ({ id: tab.dataset.id, url: tab.dataset.url, kind: "ticket" })));
}

function addTab({ id, url, kind }) {
  const tab = document.getElementById("tab-template").content.firstElementChild.cloneNode(true);
  Object.assign(tab.dataset, { id, url, kind });
  tab.id = `tab-${id}`;
  tab.setAttribute("aria-controls", `panel-${id}`);
  if (kind !== "ticket") {
    tab.classList.add(kind === "wrap" ? "sd-tab--wrap" : "sd-tab--call");
    document.getElementById("tab-home").after(tab);
  } else bar().append(tab);
  return tab;
}

function addPanel(id) {
  const panel = document.createElement("section");
  Object.assign(panel, { id: `panel-${id}`, className: "sd-tabpanel", hidden: true });
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", `tab-${id}`);
  panel.dataset.panel = id;
  panels().append(panel);
  return panel;
}

// A quiet tab loads out of sight until somebody shows it.
export async function openTab({ id, url, kind = "ticket", focus = true, quiet = false }) {
  if (panelOf(id)) return showTab(id);
  const tickets = tabs().filter((tab) => tab.dataset.kind === "ticket");
  const clean = tickets.filter((tab) => tab.querySelector("[data-draft]").hidden);
  if (tickets.length >= MOST) closeTab((clean[0] ?? tickets[0]).dataset.id);
  const tab = addTab({ id, url, kind });
  const panel = addPanel(id);
  tab.hidden = quiet;
  if (!quiet) showTab(id);
  await htmx.ajax("GET", url, { target: panel, swap: "innerHTML" });
  const title = panel.querySelector("[data-tab-title]")?.dataset.tabTitle;
  if (!title) return closeTab(id);
  tab.querySelector("[data-tab-label]").textContent = title;
  remember();
  tellShown();
  if (focus && !quiet) panel.querySelector("[data-first-focus], h1, h2")?.focus();
}

export function showTab(id) {
  const chosen = id && panelOf(id) ? id : "home";
  for (const tab of tabs()) {
    tab.setAttribute("aria-selected", tab.dataset.id === chosen);
    tab.tabIndex = tab.dataset.id === chosen ? 0 : -1;
  }
  for (const panel of panels().children) panel.hidden = panel.dataset.panel !== chosen;
  bar().hidden = tabs().every((tab) => tab.hidden || tab.dataset.id === "home");
  tellShown();
}

function tellShown() {
  const panel = [...panels().children].find((one) => !one.hidden);
  markRow(panel.dataset.panel);
  document.dispatchEvent(new CustomEvent("tab:shown", { detail: { id: panel.dataset.panel, panel } }));
}

// The list shows which of its tickets is open.
function markRow(id) {
  for (const row of document.querySelectorAll("#list [data-open-ticket]")) {
    const isOpen = row.dataset.openTicket.replace(/\D+/g, "") === id;
    row.classList.toggle("sd-row--on", isOpen);
    isOpen ? row.setAttribute("aria-current", "true") : row.removeAttribute("aria-current");
  }
}

export function closeTab(id) {
  const shown = !panelOf(id)?.hidden;
  panelOf(id)?.remove();
  document.getElementById(`tab-${id}`)?.remove();
  remember();
  if (shown) showTab(tabs().filter((tab) => !tab.hidden).at(-1).dataset.id);
  else showTab(tabs().find((tab) => tab.getAttribute("aria-selected") === "true")?.dataset.id);
}

// Heard before the link itself hears it: on the console a ticket opens beside the work, elsewhere on its page.
function openTicket(event) {
  const link = event.target.closest("[data-open-ticket]");
  if (!bar() || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  link.closest("dialog")?.close();
  openTab({ id: link.dataset.openTicket.replace(/\D+/g, ""), url: link.dataset.openTicket });
}

function onClick(event) {
  if (!bar()) return;
  const tab = event.target.closest("#tabs [role=tab]");
  if (event.target.closest("[data-close-tab]")) closeTab(tab.dataset.id);
  else if (tab) showTab(tab.dataset.id);
}

function onKey(event) {
  const tab = event.target.closest?.("#tabs [role=tab]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab) return;
  if (event.key === "Delete" && tab.dataset.kind === "ticket") return closeTab(tab.dataset.id);
  if (!step) return;
  const next = tabs().at((tabs().indexOf(tab) + step) % tabs().length);
  showTab(next.dataset.id);
  next.focus();
}

function markDrafts() {
  for (const tab of bar() ? tabs() : []) {
    const typed = [...(panelOf(tab.dataset.id)?.querySelectorAll("textarea") ?? [])].some((field) => field.value.trim());
    tab.querySelector("[data-draft]").hidden = !typed || tab.dataset.kind !== "ticket";
  }
}

async function restore() {
  if (!bar() || bar().dataset.restored) return;
  bar().dataset.restored = "yes";
  showTab("home");
  for (const tab of stored()) await openTab({ ...tab, focus: false });
  if (!document.getElementById("panel-call")) showTab("home");
}

export function startTabs() {
  document.addEventListener("click", openTicket, { capture: true });
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("input", markDrafts);
  document.addEventListener("htmx:after:swap", () => {
    restore();
    markDrafts();
    if (bar()) markRow(tabs().find((tab) => tab.getAttribute("aria-selected") === "true")?.dataset.id);
  });
  restore();
}
